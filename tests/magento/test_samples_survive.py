"""Every recorded answer decodes into its record and comes out again without loss."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kashmag import magento
from kashmag.magento import bulk, categories, codec, configurables, legacy_stock
from kashmag.magento import product_attributes as attributes
from kashmag.rest import codec as json_codec
from kashmag.rest.codec import Json

SAMPLES = Path(__file__).parent.parent / "samples" / "magento"
RECORDED = json.loads((SAMPLES / "recorded.json").read_text())
SUCCESSES = sorted(
    name
    for name, told in RECORDED.items()
    if told["status"] < 300 and "json" in told["content_type"]
)

# Route to the kind of its answer, or of the rows in it. A kind of None: read as JSON.
KINDS: tuple[tuple[str, type | None], ...] = (
    (r"/orders(/\d+)?", magento.Order),
    (r"/orders/items(/\d+)?", magento.OrderItem),
    (r"/orders/\d+/comments", magento.OrderComment),
    (r"/invoices(/\d+)?", magento.Invoice),
    (r"/invoices/\d+/comments", magento.InvoiceComment),
    (r"/creditmemos|/creditmemo/\d+", magento.CreditMemo),
    (r"/creditmemo/\d+/comments", magento.CreditMemoComment),
    (r"/shipments|/shipment/\d+", magento.Shipment),
    (r"/transactions(/\d+)?", magento.Transaction),
    (r"/customers/search|/customers/\d+", magento.Customer),
    (r"/customerGroups/search", magento.CustomerGroup),
    (r"/products|/products/(?!attribute|base|special)[^/]+|/configurable-products/.*/children",
     magento.Product),
    (r"/configurable-products/.*/options/all", configurables.ConfigurableOption),
    (r"/products/attributes/\w+", attributes.ProductAttribute),
    (r"/products/attribute-sets/sets/list", attributes.AttributeSet),
    (r"/products/base-prices-information", magento.BasePrice),
    (r"/products/base-prices", magento.PriceFault),
    (r"/categories", categories.CategoryTree),
    (r"/inventory/sources", magento.Source),
    (r"/inventory/stocks|/inventory/stock-resolver/.*", magento.Stock),
    (r"/inventory/stock-source-links", magento.StockSourceLink),
    (r"/inventory/source-items", magento.SourceItem),
    (r"/stockItems/.*", magento.StockItem),
    (r"/stockStatuses/.*", legacy_stock.StockStatus),
    (r"/store/storeConfigs", magento.StoreConfig),
    (r"/store/storeViews", magento.StoreView),
    (r"/store/storeGroups", magento.StoreGroup),
    (r"/store/websites", magento.Website),
    (r"/directory/currency", magento.CurrencyInformation),
    (r"/directory/countries/\w+", magento.Country),
    (r"/taxRates/search", magento.TaxRate),
    (r"/taxRules/search", magento.TaxRule),
    (r"/taxClasses/search", magento.TaxClass),
    (r"/bulk", bulk.BulkOperation),
    (r"/bulk/[^/]+/status", bulk.BulkStatus),
    (r"/bulk/[^/]+/detailed-status", bulk.DetailedBulkStatus),
    (r"/bulk/.*/operation-status/\d+|/modules|/orders/\d+/statuses|.*salable.*", None),
    (r"/products/.*/stockItems/\d+", None),
    (r"/order/.*|/invoice/.*|.*/(cancel|hold|unhold|capture|void)", None),
    (r"/products/special-price|.*source-items-delete|/coupons/.*|/salesRules/.*", None),
)  # fmt: skip


def kind_of(name: str) -> type | None:
    path = urlsplit(RECORDED[name]["path"]).path
    if "/async/" in path:
        return bulk.AcceptedBulk
    route = re.sub(r"^/rest(/\w+)?/V1", "", path)
    found = [kind for pattern, kind in KINDS if re.fullmatch(pattern, route)]
    assert found, f"{name}: no kind is known for {route}"
    return found[0]


def same(one: Json, other: Json) -> bool:
    """Equal, numbers by value but never mistaken for truth or text."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    numbers = (int, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return isinstance(one, bool) == isinstance(other, bool) and one == other
    return type(one) is type(other) and one == other


def survives(kind: type, wire: Json) -> None:
    record = codec.read(kind, wire)
    assert same(wire, json_codec.loads(codec.dumps(record)))


@pytest.mark.parametrize("name", SUCCESSES)
def test_a_recorded_answer_survives(name: str) -> None:
    wire = json_codec.loads((SAMPLES / "recorded" / f"{name}.json").read_bytes())
    kind = kind_of(name)
    if kind is None or isinstance(wire, bool | int | Decimal):
        assert same(wire, json_codec.loads(json_codec.dumps(wire)))
        return
    rows = wire["items"] if isinstance(wire, dict) and "total_count" in wire else wire
    for row in rows if isinstance(rows, list) else [rows]:
        survives(kind, row)


EXAMPLES = {
    "order": magento.Order,
    "creditmemo": magento.CreditMemo,
    "invoice": magento.Invoice,
    "customer": magento.Customer,
    "product": magento.Product,
    "transaction": magento.Transaction,
    "source_items_search": magento.SourceItem,
    "sources": magento.Source,
    "stocks": magento.Stock,
    "stock_item": magento.StockItem,
    "stock_resolver": magento.Stock,
    "store_configs": magento.StoreConfig,
    "store_views": magento.StoreView,
    "tax_rates": magento.TaxRate,
    "bulk_accepted": bulk.AcceptedBulk,
    "bulk_status": bulk.BulkStatus,
    "bulk_detailed": bulk.DetailedBulkStatus,
}
FOUND = sorted(
    path.stem
    for path in (SAMPLES / "examples").glob("*.json")
    if not path.stem.endswith("_request")
    and path.stem.removeprefix("recorded_").startswith(tuple(EXAMPLES))
)


@pytest.mark.parametrize("name", FOUND)
def test_an_example_survives(name: str) -> None:
    wire = json_codec.loads((SAMPLES / "examples" / f"{name}.json").read_bytes())
    stem = name.removeprefix("recorded_")
    kind = next(
        EXAMPLES[start] for start in sorted(EXAMPLES, reverse=True) if stem.startswith(start)
    )
    rows = wire["items"] if isinstance(wire, dict) and "total_count" in wire else wire
    for row in rows if isinstance(rows, list) else [rows]:
        survives(kind, row)


def test_most_of_what_arrives_is_typed() -> None:
    wire = json_codec.loads((SAMPLES / "recorded" / "order_guest_simple.json").read_bytes())
    order = codec.read(magento.Order, wire)
    assert [key for key, value in order.extra.items() if value not in (None, [])] == []
    for item in order.items:
        assert [key for key, value in item.extra.items() if value not in (None, [])] == []


def test_a_third_partys_fields_survive() -> None:
    name = "recorded_order_configurable_canceled"
    wire = json_codec.loads((SAMPLES / "examples" / f"{name}.json").read_bytes())
    order = codec.read(magento.Order, wire)
    assert order.extension_attributes is not None
    assert {"vendor_branch_city", "vendor_extra_fee"} <= set(order.extension_attributes.extra)
