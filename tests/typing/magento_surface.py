"""What type checkers see of the Magento client; checked, never run."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import assert_type

from attrs import frozen

from kashmag import magento
from kashmag.magento import bulk, orders, prices, source_items
from kashmag.rest.authentication import Authentication
from kashmag.rest.caller import Exchange
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options
from kashmag.rest.pacing import PacingPolicy
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import AsgiTransport, HttpxTransport, Proxy, Tls, Transport
from kashmag.rest.wire import Request, Response


async def records(shop: magento.Client) -> None:
    order = await shop.orders.get(42)
    assert_type(order, magento.Order)
    assert_type(order.entity_id, int)
    assert_type(order.grand_total, Decimal | None)
    assert_type(order.created_at, datetime | None)
    assert_type(order.items, tuple[magento.OrderItem, ...])
    assert_type(order.items[0].qty_ordered, Decimal | None)
    assert_type(order.items[0].parent_item, magento.OrderItem | None)
    assert_type(order.billing_address, magento.OrderAddress | None)
    assert_type(order.extra, Mapping[str, Json])
    if order.extension_attributes is not None:
        assert_type(order.extension_attributes.gift_cards_amount, Decimal | None)
        assert_type(
            order.extension_attributes.shipping_assignments,
            tuple[magento.ShippingAssignment, ...],
        )
    assert_type(await shop.invoices.get(1), magento.Invoice)
    assert_type(await shop.credit_memos.get(1), magento.CreditMemo)
    assert_type(await shop.shipments.get(1), magento.Shipment)
    assert_type(await shop.transactions.of_order(1), tuple[magento.Transaction, ...])
    assert_type(await shop.customers.by_email("a@b.c"), tuple[magento.Customer, ...])
    assert_type(await shop.products.get("A"), magento.Product)
    assert_type(await shop.inventory.salable_quantity("A", 1), Decimal)
    assert_type(await shop.inventory.is_salable("A", 1), bool)
    assert_type(await shop.store.modules(), tuple[str, ...])
    assert_type(await shop.store.configs(), tuple[magento.StoreConfig, ...])
    assert_type(await shop.taxes.rate(1), magento.TaxRate)


async def searches(shop: magento.Client, since: datetime) -> None:
    criteria = magento.Criteria().updated_since(since).where("status", "in", ["a", "b"])
    assert_type(criteria, magento.Criteria)
    assert_type(shop.orders.matching(criteria), AsyncIterator[magento.Order])
    async for order in shop.orders.matching(criteria):
        assert_type(order, magento.Order)
    async for page in shop.customers.pages():
        assert_type(page, magento.Page[magento.Customer])
    async for row in shop.orders.items.matching():
        assert_type(row, magento.OrderItem)
    async for rate in shop.taxes.rates.matching():
        assert_type(rate, magento.TaxRate)
    assert_type(await shop.products.first(), magento.Product | None)
    assert_type(await shop.invoices.count(), int | None)
    magento.Criteria().where("status", "equals", "x")  # type: ignore[arg-type]  # pyright: ignore
    magento.Criteria().where("total", "gt", 1.5)  # type: ignore[arg-type]  # pyright: ignore


async def writes(shop: magento.Client) -> None:
    request = magento.InvoiceRequest(items={1: 2, 3: Decimal("1.5")}, capture=True)
    assert_type(await shop.orders.invoice(1, request), int)
    assert_type(await shop.orders.ship(1), int)
    assert_type(await shop.orders.refund(1, magento.RefundRequest()), int)
    assert_type(await shop.orders.cancel(1), bool)
    item = magento.SourceItem(sku="A", source_code="x", quantity=Decimal(1))
    assert_type(await shop.inventory.source_items.save(item), None)
    price = magento.BasePrice(sku="A", price=Decimal(1))
    assert_type(await shop.products.prices.set_base(price), tuple[magento.PriceFault, ...])
    assert_type(await shop.customers.create(magento.Customer(email="a@b.c")), magento.Customer)
    magento.SourceItem(sku="A")  # type: ignore[call-arg]  # pyright: ignore
    await shop.orders.refund(1)  # type: ignore[call-arg]  # pyright: ignore


@frozen
class Coupon:
    """A shape of one's own."""

    coupon_id: int


async def operations(shop: magento.Client) -> None:
    assert_type(orders.get(42), Operation[magento.Order])
    assert_type(orders.matching(magento.Criteria()), Operation[magento.Page[magento.Order]])
    assert_type(await shop.send(orders.get(42)), magento.Order)
    assert_type(await shop.raw(orders.get(42)), Response)
    own = magento.read_route("/V1/coupons/1", magento.reads(Coupon))
    assert_type(await shop.send(own, Options(retries=0, scope="all")), Coupon)
    anything = magento.write_route("POST", "/V1/x", magento.as_json, body={"a": 1})
    assert_type(await shop.send(anything), Json)
    item = magento.SourceItem(sku="A", source_code="x", quantity=Decimal(1))
    later = bulk.later(source_items.save(item))
    assert_type(await shop.send(later), magento.AcceptedBulk)
    assert_type(prices.base_prices("A"), Operation[tuple[magento.BasePrice, ...]])
    assert_type(magento.orders.get(42), Operation[magento.Order])
    asked: Operation[object] = magento.inventory.is_salable("A", 1)
    print(asked)


class MyTransport:
    """What users write to send bytes their own way."""

    async def send(self, request: Request) -> Response:
        return Response(200)

    async def aclose(self) -> None: ...


def clients(auth: magento.OAuth1) -> None:
    transport: Transport = MyTransport()
    proof: Authentication = magento.AdminToken("a", "b", one_time_code=lambda: "1")

    def told(exchange: Exchange) -> None:
        assert_type(exchange.response, Response | None)

    magento.Client("https://shop.example", auth=auth)
    magento.Client(
        "https://shop.example",
        auth=proof,
        store="all",
        transport=transport,
        options=Options(retries=1),
        retry=RetryPolicy(retries=5),
        pacing=PacingPolicy(most=2),
        read_only=True,
        observers=[told],
    )
    secure = HttpxTransport(proxy=Proxy("http://proxy.example:3128"), tls=Tls(verify=True))
    magento.Client("https://shop.example", auth=magento.Bearer("x"), transport=secure)
    magento.Client("https://shop.example", auth="token")  # type: ignore[arg-type]  # pyright: ignore
    magento.Client("https://shop.example")  # type: ignore[call-arg]  # pyright: ignore


def in_process(app: object) -> None:
    AsgiTransport(app)  # type: ignore[arg-type]  # pyright: ignore
