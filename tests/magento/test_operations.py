"""Every operation goes to a route that Magento has, with the body that it wants."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest

from kashmag import magento
from kashmag.magento import (
    bulk,
    categories,
    configurables,
    credit_memos,
    customer_groups,
    customers,
    inventory,
    invoices,
    legacy_stock,
    orders,
    prices,
    product_attributes,
    products,
    shipments,
    source_items,
    store,
    taxes,
    transactions,
)
from kashmag.rest import codec
from kashmag.rest.operation import Effect, Operation

ROUTES = json.loads(
    (Path(__file__).parent.parent / "samples" / "magento" / "routes.json").read_text()
)
PATTERNS = [
    (method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path.rstrip("/"))) + "/?"))
    for method, path in ROUTES
]
ANY = magento.Criteria()
SOURCE_ITEM = magento.SourceItem(sku="A", source_code="leeds", quantity=Decimal("1.5"), status=1)
LINK = magento.StockSourceLink(stock_id=2, source_code="leeds", priority=1)
TRACK = magento.Track(order_id=1, parent_id=2, track_number="T", title="Mail", carrier_code="x")
BASE = magento.BasePrice(sku="A", price=Decimal("9.99"), store_id=0)
SPECIAL = magento.SpecialPrice(sku="A", price=Decimal(8), store_id=0)
TIER = magento.TierPrice(sku="A", price=Decimal(7), website_id=0, quantity=Decimal(3))
OPERATIONS: tuple[Operation[object], ...] = (
    orders.get(1), orders.matching(ANY), orders.item(1), orders.items_matching(ANY),
    orders.comments(1), orders.add_comment(1, "x", status="pending"), orders.status(1),
    orders.hold(1), orders.unhold(1), orders.cancel(1), orders.email(1),
    orders.invoice(1, magento.InvoiceRequest()), orders.ship(1, magento.ShipmentRequest()),
    orders.refund(1, magento.RefundRequest()),
    invoices.get(1), invoices.matching(ANY), invoices.comments(1), invoices.capture(1),
    invoices.add_comment(1, "x"),
    invoices.void(1), invoices.email(1),
    invoices.refund(1, magento.RefundRequest(), online=True),
    credit_memos.get(1), credit_memos.matching(ANY), credit_memos.comments(1),
    credit_memos.add_comment(1, "x"), credit_memos.email(1),
    shipments.get(1), shipments.matching(ANY), shipments.comments(1), shipments.label(1),
    shipments.add_comment(1, "x"),
    shipments.add_track(TRACK), shipments.delete_track(1), shipments.email(1),
    transactions.get(1), transactions.matching(ANY),
    customers.get(1), customers.matching(ANY), customers.create(magento.Customer(email="a@b.c")),
    customers.update(magento.Customer(id=1)), customers.delete(1), customers.address(1),
    customers.delete_address(1), customers.billing_address(1), customers.shipping_address(1),
    customer_groups.get(1), customer_groups.matching(ANY), customer_groups.default(),
    customer_groups.default(1), customer_groups.create(magento.CustomerGroup(code="x")),
    customer_groups.update(magento.CustomerGroup(id=1)), customer_groups.delete(1),
    products.get("A B"), products.matching(ANY), products.create(magento.Product(sku="A")),
    products.update(magento.Product(sku="A")), products.delete("A"), products.variants("A"),
    configurables.variant_options("A"),
    product_attributes.attribute("size"), product_attributes.attribute_options("size"),
    product_attributes.attribute_set(4), product_attributes.attributes_of_set(4),
    product_attributes.ATTRIBUTES.page(ANY), product_attributes.SETS.page(ANY),
    categories.tree(2, depth=1), categories.get(2), categories.matching(ANY),
    prices.base_prices("A"), prices.set_base_prices(BASE), prices.special_prices("A"),
    prices.set_special_prices(SPECIAL), prices.delete_special_prices(SPECIAL),
    prices.tier_prices("A"), prices.add_tier_prices(TIER), prices.replace_tier_prices(TIER),
    prices.delete_tier_prices(TIER),
    inventory.SOURCES.page(ANY), inventory.source("leeds"),
    inventory.create_source(magento.Source(source_code="x")),
    inventory.update_source(magento.Source(source_code="x")),
    inventory.STOCKS.page(ANY), inventory.stock(2), inventory.create_stock(magento.Stock(name="x")),
    inventory.update_stock(magento.Stock(stock_id=2)), inventory.delete_stock(2),
    inventory.stock_of_website("base"), inventory.LINKS.page(ANY), inventory.link(LINK),
    inventory.unlink(LINK), source_items.LISTING.page(ANY),
    source_items.save(SOURCE_ITEM), source_items.delete(SOURCE_ITEM),
    inventory.salable_quantity("A", 2), inventory.is_salable("A", 2),
    inventory.are_salable(2, "A", "B"),
    legacy_stock.get("A"), legacy_stock.status("A"), legacy_stock.low(5),
    legacy_stock.update("A", magento.StockItem(item_id=1, qty=Decimal(5))),
    store.views(), store.groups(), store.websites(), store.configs("uk"), store.currency(),
    store.countries(), store.country("GB"), store.modules(),
    taxes.RATES.page(ANY), taxes.RULES.page(ANY), taxes.CLASSES.page(ANY), taxes.rate(1),
    taxes.create_rate(magento.TaxRate(code="x")), taxes.update_rate(magento.TaxRate(id=1)),
    taxes.delete_rate(1), taxes.rule(1), taxes.create_rule(magento.TaxRule(code="x")),
    taxes.update_rule(magento.TaxRule(id=1)), taxes.delete_rule(1), taxes.tax_class(1),
    bulk.status("u"), bulk.detailed_status("u"), bulk.count("u", 4), bulk.LISTING.page(ANY),
)  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_an_operation_goes_to_a_route_that_exists(operation: Operation[object]) -> None:
    found = [m for m, p in PATTERNS if m == operation.method and p.fullmatch(operation.path)]
    assert found
    assert operation.name


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_only_reads_are_sent_without_thinking(operation: Operation[object]) -> None:
    if operation.method == "GET":
        assert operation.effect is Effect.READ
        assert operation.body is None
    elif operation.method == "PUT":
        assert operation.effect is Effect.ONCE
    elif operation.method == "POST" and operation.effect is Effect.READ:
        assert operation.path.endswith("-information")
    if operation.body is not None:
        codec.loads(operation.body)


def body(operation: Operation[object]) -> object:
    assert operation.body is not None
    return json.loads(operation.body)


def test_an_invoice_of_some_rows() -> None:
    request = magento.InvoiceRequest(items={1: 2, 5: Decimal("1.5")}, capture=True)
    assert body(orders.invoice(7, request)) == {
        "capture": True,
        "notify": False,
        "items": [{"order_item_id": 1, "qty": 2}, {"order_item_id": 5, "qty": 1.5}],
    }


def test_a_shipment_from_a_source_with_a_track() -> None:
    request = magento.ShipmentRequest(
        items={1: 2},
        tracks=(magento.NewTrack(track_number="TRK1", title="Royal Mail"),),
        source_code="leeds",
    )
    assert body(orders.ship(1, request)) == {
        "notify": False,
        "items": [{"order_item_id": 1, "qty": 2}],
        "tracks": [{"track_number": "TRK1", "title": "Royal Mail", "carrier_code": "custom"}],
        "arguments": {"extension_attributes": {"source_code": "leeds"}},
    }


def test_a_refund_says_what_of_shipping_only_when_told() -> None:
    some = magento.RefundRequest(
        items={2: 1}, shipping_amount=Decimal(0), return_to_stock=(2,), comment="sorry"
    )
    assert body(orders.refund(1, some)) == {
        "notify": False,
        "items": [{"order_item_id": 2, "qty": 1}],
        "append_comment": True,
        "comment": {"comment": "sorry", "is_visible_on_front": 0},
        "arguments": {
            "adjustment_positive": 0,
            "adjustment_negative": 0,
            "shipping_amount": 0,
            "extension_attributes": {"return_to_stock_items": [2]},
        },
    }
    told = body(orders.refund(1, magento.RefundRequest()))
    assert isinstance(told, dict)
    assert "shipping_amount" not in told["arguments"]


def test_money_is_printed_with_the_digits_it_has() -> None:
    operation = prices.set_base_prices(BASE, magento.BasePrice(sku="B", price=Decimal("0.10")))
    assert operation.body is not None
    assert b'"price": 9.99' in operation.body
    assert b'"price": 0.10' in operation.body


def test_what_is_not_said_is_not_sent() -> None:
    product = magento.Product(sku="A", price=Decimal(5), tier_prices=())
    assert body(products.update(product)) == {
        "product": {"sku": "A", "price": 5, "tier_prices": []}
    }


def test_a_customer_without_an_id_cannot_be_updated() -> None:
    with pytest.raises(ValueError, match="without an id"):
        customers.update(magento.Customer(email="a@b.c"))


def test_a_sku_is_encoded_whole_in_a_path() -> None:
    operation = products.get("WH/ODD SKU+03 é")
    assert operation.path == "/V1/products/WH%2FODD%20SKU%2B03%20%C3%A9"
    assert unquote(operation.path).endswith("WH/ODD SKU+03 é")


def test_a_write_can_be_done_later_and_a_read_cannot() -> None:
    write = source_items.save(SOURCE_ITEM)
    later = bulk.later(write)
    assert later.path == "/async/V1/inventory/source-items"
    assert (later.method, later.body, later.effect) == ("POST", write.body, Effect.ONCE)
    with pytest.raises(ValueError, match="reads"):
        bulk.later(orders.get(1))


def test_many_writes_go_as_one() -> None:
    operation = bulk.many("PUT", "/V1/products/bySku", [{"product": magento.Product(sku="A")}])
    assert operation.path == "/async/bulk/V1/products/bySku"
    assert body(operation) == [{"product": {"sku": "A"}}]


def test_operations_are_values() -> None:
    assert orders.get(1) == orders.get(1)
    assert len({orders.get(1), orders.get(1), orders.get(2)}) == 2
    assert orders.invoice(1, magento.InvoiceRequest()) != orders.invoice(
        2, magento.InvoiceRequest()
    )
