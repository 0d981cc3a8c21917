"""A customer is changed within its whole record, or not at all; over the stand-in shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import deepcopy

import pytest
from attrs import evolve

from kashmag import magento
from kashmag.errors import ConflictError
from kashmag.rest.operation import Effect
from kashmag.rest.transport import AsgiTransport
from kashmag.sandbox.magento import MagentoSandbox


@pytest.fixture
def stand_in():
    made = MagentoSandbox(seed=1)
    made.load_recorded()
    yield made
    made.close()


@pytest.fixture
async def shop(stand_in: MagentoSandbox) -> AsyncIterator[magento.Client]:
    told = stand_in.credentials
    keys = magento.OAuth1(
        consumer_key=told.consumer_key,
        consumer_secret=told.consumer_secret,
        access_token=told.access_token,
        access_token_secret=told.access_token_secret,
    )
    async with magento.Client(
        "http://shop.example", auth=keys, transport=AsgiTransport(stand_in.app)
    ) as client:
        yield client


async def test_all_else_is_written_back_as_it_was(shop, stand_in) -> None:
    before = deepcopy(next(iter(stand_in.shop.customers)))
    await shop.customers.change(before["id"], lambda one: evolve(one, taxvat="GB999999973"))
    after = deepcopy(stand_in.shop.customers.get(before["id"]))
    assert after.pop("taxvat") == "GB999999973"
    before.pop("taxvat", None)
    assert after.pop("updated_at") >= before.pop("updated_at")
    assert after == before


async def test_no_change_writes_nothing(shop, stand_in) -> None:
    number = next(iter(stand_in.shop.customers))["id"]
    before = deepcopy(stand_in.shop.customers.get(number))
    await shop.customers.change(number, lambda one: one)
    assert stand_in.shop.customers.get(number) == before


async def test_an_edit_between_two_looks_is_seen_and_nothing_is_sent(shop, stand_in) -> None:
    number = next(iter(stand_in.shop.customers))["id"]

    def change(one: magento.Customer) -> magento.Customer:
        # Somebody at the shop saves the same customer while we think.
        held = stand_in.shop.customers.get(number)
        stand_in.load(customers=[{**held, "lastname": "Typed Meanwhile"}])
        return evolve(one, taxvat="GB999999973")

    with pytest.raises(ConflictError, match="edited meanwhile"):
        await shop.customers.change(number, change)
    assert stand_in.shop.customers.get(number).get("taxvat") != "GB999999973"


def test_a_rewrite_is_never_sent_twice_and_leaves_the_shop_its_own_times() -> None:
    one = magento.Customer(id=7, email="a@example.com", prefix="Dr")
    operation = magento.customers.rewrite(one)
    assert operation.effect is Effect.ONCE
    assert b"updated_at" not in (operation.body or b"")
    assert b"Dr" in (operation.body or b"")
