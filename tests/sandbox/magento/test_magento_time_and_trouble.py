"""What moves `updated_at`, what is late, what is broken, and what survives being killed."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag.errors import SettingsError
from kashmag.sandbox.faults import Faults, Kind
from kashmag.sandbox.faults.rules import Rule
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.shop import singular
from kashmag.sandbox.magento.stock import salable
from kashmag.sandbox.workload import fill

LOG = Path(__file__).parents[2] / "samples" / "magento" / "recorded" / "updated_at_log.json"
HOME = Address("Ann", "Example", street=("1 High St",), city="York", postcode="YO1 7HH")
LEEDS = {"arguments": {"extension_attributes": {"source_code": "leeds"}}}


def basket(*, email="ann@example.com", quantity=2):
    service = Line("VIRT-GIFT", Decimal(25), product_type="virtual")
    mug = Line("WH-MUG-01", Decimal(12), quantity=Decimal(quantity))
    return Basket(email, (mug, service), billing=HOME, shipping_price=Decimal("4.95"))


# The steps of the experiment that was recorded, as calls.
STEPS = {
    "comment, no status": ("orders/1/comments", {"statusHistory": {"comment": "hello"}}),
    "hold": ("orders/1/hold", None),
    "unhold": ("orders/1/unhold", None),
    "invoice 1 mug": ("order/1/invoice", {"items": [{"order_item_id": 1, "qty": 1}]}),
    "ship 1 mug (partial)": (
        "order/1/ship",
        {"items": [{"order_item_id": 1, "qty": 1}], **LEEDS},
    ),
    "add track": ("shipment/track", {"entity": {"parent_id": 1, "track_number": "T1"}}),
    "invoice rest": ("order/1/invoice", {}),
    "invoice comment": ("invoices/comments", {"entity": {"comment": "c", "parent_id": 1}}),
    "credit memo 1 virtual": (
        "order/1/refund",
        {"items": [{"order_item_id": 2, "qty": 1}], "arguments": {"shipping_amount": 0}},
    ),
    "credit memo comment": ("creditmemo/1/comments", {"entity": {"comment": "c"}}),
    "ship rest (completes)": ("order/1/ship", LEEDS),
    "comment on complete": ("orders/1/comments", {"statusHistory": {"comment": "bye"}}),
}


async def test_updated_at_moves_as_it_was_seen_to(clock, recorded_shop, speaking_to):
    sandbox = MagentoSandbox(clock=clock)
    sandbox.place(basket())
    async with speaking_to(sandbox) as client:

        async def standing():
            order = (await client.get("/rest/V1/orders/1")).json()
            return order["updated_at"], order["state"], order["status"]

        for step in json.loads(LOG.read_text("utf-8")):
            clock.turn(seconds=3)
            before = await standing()
            address, body = STEPS[step["step"]]
            response = await client.post(f"/rest/V1/{address}", json=body)
            assert response.status_code == 200, (step["step"], response.text)
            after = await standing()
            assert (before != after) is step["changed"], step["step"]
            assert after[1:] == tuple(step["after"][1:]), step["step"]


async def test_deleting_a_customer_leaves_his_orders_but_not_his_number(
    clock, recorded_shop, speaking_to
):
    sandbox = recorded_shop(clock=clock)
    async with speaking_to(sandbox) as client:
        before = (await client.get("/rest/V1/orders/2")).json()
        clock.turn(hours=1)
        assert (await client.delete("/rest/V1/customers/1")).json() is True
        after = (await client.get("/rest/V1/orders/2")).json()
    assert "customer_id" not in after
    assert after["customer_is_guest"] == 0
    assert after["updated_at"] == before["updated_at"]


async def test_a_late_order_appears_with_an_older_stamp(clock, speaking_to, criteria):
    faults = Faults.of(Rule(Kind.LATE_COMMIT, seconds=60))
    sandbox = MagentoSandbox(clock=clock, faults=faults)
    order = sandbox.place(basket())
    async with speaking_to(sandbox) as client:
        clock.turn(seconds=30)
        hidden = (await client.get("/rest/V1/orders", params=criteria(page_size=5))).json()
        missing = await client.get("/rest/V1/orders/1")
        clock.turn(seconds=31)
        seen = (await client.get("/rest/V1/orders", params=criteria(page_size=5))).json()
    assert (hidden["total_count"], missing.status_code) == (0, 404)
    assert seen["items"][0]["created_at"] == order["created_at"]


async def test_a_replica_shows_a_new_document_after_its_lag(clock, speaking_to, criteria):
    faults = Faults.of(Rule(Kind.READ_AFTER_WRITE_LAG, seconds=3))
    sandbox = MagentoSandbox(clock=clock, faults=faults)
    sandbox.place(basket())
    async with speaking_to(sandbox) as client:
        clock.turn(seconds=4)
        number = (await client.post("/rest/V1/order/1/invoice", json={})).json()
        early = await client.get(f"/rest/V1/invoices/{number}")
        listed = (await client.get("/rest/V1/invoices", params=criteria(page_size=5))).json()
        clock.turn(seconds=4)
        late = await client.get(f"/rest/V1/invoices/{number}")
    assert (early.status_code, listed["total_count"], late.status_code) == (404, 0, 200)


async def test_a_poison_record_breaks_its_page_and_no_other(speaking_to, criteria):
    faults = Faults.of(Rule(Kind.POISON_RECORD, probability=0.2), seed=3)
    sandbox = MagentoSandbox(faults=faults)
    fill(sandbox, 20, seed=1)
    async with speaking_to(sandbox) as client:
        whole = await client.get("/rest/V1/orders", params=criteria(page_size=50))
        alone = [
            (await client.get("/rest/V1/orders", params=criteria(("entity_id", "eq", number))))
            for number in range(1, 21)
        ]
    broken = [response.status_code == 500 for response in alone]
    assert whole.status_code == 500
    assert any(broken)
    assert not all(broken)


async def test_the_same_faults_give_the_same_run_twice(clock, speaking_to, criteria):
    async def run():
        sandbox = MagentoSandbox(
            clock=clock, faults=Faults.named("error_500,unknown_field", seed=11)
        )
        sandbox.load_recorded()
        async with speaking_to(sandbox) as client:
            return [
                (await client.get(f"/rest/V1/orders/{number}")).status_code
                for number in [*range(1, 13)] * 3
            ]

    first = await run()
    assert first == await run()
    assert 500 in first


async def test_maintenance_speaks_html_and_names_no_time(speaking_to):
    sandbox = MagentoSandbox(faults=Faults.of(Rule(Kind.MAINTENANCE)))
    async with speaking_to(sandbox) as client:
        response = await client.get("/rest/V1/orders/1")
    assert response.status_code == 503
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Retry-After" not in response.headers


KILLED = """
import os, signal, sys, asyncio, httpx
from pathlib import Path
from kashmag.sandbox.magento import MagentoSandbox
sandbox = MagentoSandbox(state=Path(sys.argv[1]))
sandbox.load_recorded()
async def main():
    transport = httpx.ASGITransport(app=sandbox.app)
    headers = {"Authorization": "Bearer " + sandbox.credentials.bearer_token}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://shop.example", headers=headers
    ) as client:
        response = await client.post("/rest/V1/order/4/invoice", json={})
        print(response.json(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


def test_what_was_answered_survives_being_killed(tmp_path):
    state = tmp_path / "shop.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(state)],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONWARNINGS": "default"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    number = int(json.loads(done.stdout))
    with MagentoSandbox(state=state) as sandbox:
        assert number in [invoice["entity_id"] for invoice in sandbox.invoices()]
        order = next(each for each in sandbox.orders() if each["entity_id"] == 4)
        assert order["total_paid"] == order["grand_total"]
        # The next number does not repeat one that was given.
        assert sandbox.invoice(5)["entity_id"] > number


def test_a_shop_that_is_opened_again_is_the_same(tmp_path):
    state = tmp_path / "shop.sqlite"
    with MagentoSandbox(state=state) as first:
        fill(first, 30, seed=2)
        orders, census = first.orders(), first.census()
    with MagentoSandbox(state=state) as second:
        assert second.orders() == orders
        assert second.census() == census
        again = second.orders()[0]
        assignment = again["extension_attributes"]["shipping_assignments"][0]
        assert assignment["items"] == again["items"]


def test_loading_the_recorded_orders_twice_changes_nothing(recorded_shop):
    sandbox = recorded_shop()
    before = sandbox.orders()
    sandbox.load_recorded()
    assert sandbox.orders() == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("orders", "order"),
        ("credit_memo", "credit_memo"),
        ("tax_classes", "tax_class"),
        ("categories", "category"),
        ("source_items", "source_item"),
    ],
)
def test_documents_are_loaded_by_the_name_of_their_kind(name, kind):
    assert singular(name) == kind


def test_a_kind_that_the_shop_does_not_keep_is_refused():
    with pytest.raises(SettingsError, match="it keeps: attribute"):
        MagentoSandbox().load(carts=[])


def test_an_edited_order_is_cancelled_and_replaced(clock):
    sandbox = MagentoSandbox(clock=clock)
    old = sandbox.place(basket())
    new = sandbox.edit(old["entity_id"], basket(quantity=3))
    replaced, replacement = sandbox.orders()
    assert replaced["state"] == "canceled"
    assert replaced["grand_total"] == old["grand_total"]
    assert new["increment_id"] == f"{old['increment_id']}-1"
    assert replaced["relation_child_real_id"] == new["increment_id"]
    assert replacement["relation_parent_real_id"] == old["increment_id"]


def test_touching_moves_the_stamp_and_nothing_else(clock, recorded_shop):
    sandbox = recorded_shop(clock=clock)
    before = sandbox.orders()[0]
    sandbox.touch(1)
    after = sandbox.orders()[0]
    assert after["updated_at"] == "2026-11-23 09:00:00"
    assert {**before, "updated_at": None} == {**after, "updated_at": None}


def test_stock_is_reserved_when_ordered_and_leaves_when_shipped(clock, recorded_shop):

    sandbox = recorded_shop(clock=clock)
    start = salable(sandbox.shop, "WH-MUG-01", 2)
    order = sandbox.place(basket(quantity=5))
    ordered = salable(sandbox.shop, "WH-MUG-01", 2)
    on_hand = sandbox.shop.source_items.get("wh-mug-01|leeds")["quantity"]
    sandbox.invoice(order["entity_id"])
    sandbox.ship(order["entity_id"])
    shipped = salable(sandbox.shop, "WH-MUG-01", 2)
    left = sandbox.shop.source_items.get("wh-mug-01|leeds")["quantity"]
    assert (start - ordered, ordered - shipped) == (5, 0)
    assert on_hand - left == 5


def test_a_cancelled_order_gives_its_stock_back(clock, recorded_shop):

    sandbox = recorded_shop(clock=clock)
    start = salable(sandbox.shop, "WH-MUG-01", 2)
    order = sandbox.place(basket(quantity=5))
    assert sandbox.cancel(order["entity_id"])
    assert not sandbox.cancel(order["entity_id"])
    assert salable(sandbox.shop, "WH-MUG-01", 2) == start


async def test_the_page_shows_what_is_in_the_shop(recorded_shop, speaking_to):
    async with speaking_to(recorded_shop()) as client:
        page = await client.get("/")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "000000012" not in page.text
    assert "000000011" in page.text
    assert "jane@example.com" in page.text


@pytest.mark.parametrize("moment", [datetime(2026, 11, 23, 9, 0, tzinfo=UTC)])
def test_the_clock_of_the_shop_may_be_wrong(moment):
    faults = Faults.of(Rule(Kind.CLOCK_SKEW, seconds=-420))
    sandbox = MagentoSandbox(clock=lambda: moment, faults=faults)
    assert sandbox.place(basket())["created_at"] == "2026-11-23 08:53:00"
