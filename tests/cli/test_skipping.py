"""`kashmag errors skip` as its user runs it, and how documents are named."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.cli.options import ASKED, Common
from kashmag.cli.order_names import OrderName
from kashmag.cli.queue import list_groups, skip_one
from kashmag.cli.syncing import run_flow
from kashmag.errors import SettingsError

POLICY = """
[policy]
go_live = 2020-01-01
[policy.payments]
checkmo = { action = "post", method = 1, bank_account = 1 }
"""
numbers = st.text("0123456789", min_size=1, max_size=10)
stores = st.sampled_from(["1", "eu", "uk_trade"])


async def test_an_order_is_skipped_before_there_is_a_logbook(shop, capsys):
    assert await skip_one("000000006", "a friend's order", Common()) == 0
    assert "order 000000006: skipped" in capsys.readouterr().err
    await run_flow("orders", ASKED, Common(True))
    told = json.loads(capsys.readouterr().out)["documents"]
    (one,) = [one for one in told if one["order"]["increment_id"] == "000000006"]
    assert one["outcome"] == "skipped"
    assert "a friend's order" in one["reason"]


@pytest.mark.parametrize("name", ["999999999", "memo:999999999", "order:999999999"])
async def test_what_neither_side_has_is_a_fault_of_usage(shop, name):
    with pytest.raises(SettingsError, match="neither the logbook nor the shop has it"):
        await skip_one(name, "a slip", Common())


async def test_every_name_that_errors_list_gives_is_one_that_skip_takes(shop, capsys):
    await run_flow("orders", ASKED, Common())
    await list_groups(Common(True))
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert group["documents"] == ["000000001", "memo:000000001", "memo:000000002"]
    for name in reversed(group["documents"]):
        assert await skip_one(name, "by hand", Common()) == 0
    capsys.readouterr()
    assert await list_groups(Common(True)) == 0


@given(numbers, stores)
def test_a_document_is_named_by_kind_store_and_number(number, store):
    read = OrderName.parse_document
    assert read(number) == OrderName(number)
    assert read(f"{store}:{number}") == OrderName(number, store)
    assert read(f"memo:{number}") == read(f"credit_memo:{number}")
    assert read(f"memo:{store}:{number}") == OrderName(f"credit_memo:{number}", store)
    assert read(f"customer:{number}") == OrderName(f"customer:{number}")
    key = f"M:order:{number}"
    assert read(key) == OrderName(key)


@pytest.mark.parametrize("name", ["memo:", "memo: ", "customer:", "memo::7", ":7"])
def test_a_kind_without_a_number_is_no_document(name):
    with pytest.raises(SettingsError, match="is no"):
        OrderName.parse_document(name)
