"""The client on bad days: nothing missed when reading, nothing done twice when writing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kashmag import magento
from kashmag.errors import BrokenError, NoAnswerError, RateLimitedError, UnreachableError
from kashmag.magento import Criteria
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.faults import BAD_DAYS, Faults
from kashmag.sandbox.magento import MagentoSandbox

HASTY = RetryPolicy(
    retries=6, first_wait=timedelta(milliseconds=1), longest_wait=timedelta(milliseconds=4)
)


def sandbox(day: str, seed: int) -> MagentoSandbox:
    made = MagentoSandbox(seed=seed, faults=Faults.named(day, seed=seed))
    made.load_recorded()
    return made


def client(made: MagentoSandbox) -> magento.Client:
    told = made.credentials
    auth = magento.OAuth1(
        consumer_key=told.consumer_key,
        consumer_secret=told.consumer_secret,
        access_token=told.access_token,
        access_token_secret=told.access_token_secret,
    )
    wire = AsgiTransport(made.app)
    return magento.Client("http://shop.example", auth=auth, transport=wire, retry=HASTY)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("day", sorted(set(BAD_DAYS) - {"slow", "maintenance"}))
async def test_a_walk_sees_all_orders_or_names_those_it_cannot(day: str, seed: int) -> None:
    broken: list[magento.BrokenRecord] = []
    walk = client(sandbox(day, seed)).orders.matching(
        Criteria(page_size=3), on_broken=broken.append
    )
    seen = [one.entity_id async for one in walk]
    assert seen == [one for one in range(1, 13) if one not in {bad.key for bad in broken}]
    assert day == "poison_record" or not broken


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "day", ["cut_before", "cut_after", "error_500_after", "error_503", "rate_limited", "mixed"]
)
async def test_a_write_is_done_once_or_its_fate_is_said_to_be_unknown(day: str, seed: int) -> None:
    made = sandbox(day, seed)
    shop = client(made)
    done, unknown = set[str](), set[str]()
    for number in range(8):
        text = f"note {number}"
        try:
            await shop.orders.add_comment(1, text, status="complete")
            done.add(text)
        except (NoAnswerError, BrokenError):
            unknown.add(text)
        except (UnreachableError, RateLimitedError):
            pass
    found = [one.comment for one in await shop.orders.comments(1)]
    ours = [one for one in found if one is not None and one.startswith("note ")]
    assert len(ours) == len(set(ours))
    assert done <= set(ours) <= done | unknown
