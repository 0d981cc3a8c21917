"""Making a shop live through stories, or turning stories into documents one at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from attrs import frozen

from kashmag.sandbox.faults import Faults
from kashmag.sandbox.magento.amounts import carries_money, is_dynamic
from kashmag.sandbox.magento.baskets import Basket, Line
from kashmag.sandbox.magento.catalogue import new_product, set_attribute
from kashmag.sandbox.magento.changing import (
    cancel_order,
    comment_order,
    edit_order,
    hold_order,
    place,
    unhold_order,
)
from kashmag.sandbox.magento.crediting import refund_order
from kashmag.sandbox.magento.documents import Document, amount
from kashmag.sandbox.magento.furniture import furnish
from kashmag.sandbox.magento.invoicing import invoice_order
from kashmag.sandbox.magento.paying import capture
from kashmag.sandbox.magento.refunding import Refund
from kashmag.sandbox.magento.sandbox import MagentoSandbox
from kashmag.sandbox.magento.settings import ShopSettings
from kashmag.sandbox.magento.shipping import ship_order
from kashmag.sandbox.magento.shop import Shop
from kashmag.sandbox.magento.states import can_refund, can_ship
from kashmag.sandbox.magento.stock import put_source_item
from kashmag.sandbox.magento.store import Shelf, Store
from kashmag.sandbox.workload.goods import catalogue
from kashmag.sandbox.workload.profile import ShopProfile
from kashmag.sandbox.workload.stories import Deed, Event, Story, generate

_GOODWILL = Decimal(5)


@frozen
class Told:
    """The documents that one story has left behind; an edited order comes with its replacement."""

    story: Story
    orders: tuple[Document, ...]
    invoices: tuple[Document, ...]
    credit_memos: tuple[Document, ...]
    shipments: tuple[Document, ...]
    transactions: tuple[Document, ...]


def documents(count: int, *, seed: int, shop: ShopProfile | None = None) -> Iterator[Told]:
    """Turn stories into documents as the REST API serves them, in bounded memory."""
    profile = shop or ShopProfile()
    room = _empty_shop(profile, seed)
    for story in generate(count, seed=seed, shop=profile):
        tell(room, story)
        yield Told(
            story,
            _taken(room.orders),
            _taken(room.invoices),
            _taken(room.credit_memos),
            _taken(room.shipments),
            _taken(room.transactions, "transaction_id"),
        )
        room.store.commit()


def fill(sandbox: MagentoSandbox, count: int, *, seed: int, shop: ShopProfile | None = None) -> int:
    """Stock a sandbox, and let it live through `count` stories; how many orders there are now."""
    profile = shop or ShopProfile()
    room = sandbox.shop
    _stock(room, seed, profile)
    for story in generate(count, seed=seed, shop=profile):
        _register(room, story.basket, story.placed_at)
        tell(room, story)
        if story.number % 500 == 0:
            room.store.commit()
    room.store.commit()
    return len(room.orders)


def tell(shop: Shop, story: Story) -> None:
    """Let a shop live through a story."""
    with shop.pretending(story.placed_at):
        order = place(shop, story.basket)
    for event in story.events:
        with shop.pretending(event.at):
            order = _happen(shop, order, event)


def _happen(shop: Shop, order: Document, event: Event) -> Document:
    """Do one thing to an order; the order to go on with."""
    match event.deed:
        case Deed.INVOICE:
            capture(shop, order)
            invoice_order(shop, order)
        case Deed.SHIP:
            if can_ship(order):
                ship_order(shop, order, source=shop.settings.default_source)
        case Deed.REFUND_ALL | Deed.REFUND_PIECE | Deed.REFUND_GOODWILL:
            if can_refund(order):
                refund_order(shop, order, _refund(order, event.deed))
        case Deed.CANCEL:
            cancel_order(shop, order)
        case Deed.HOLD:
            hold_order(shop, order)
        case Deed.UNHOLD:
            unhold_order(shop, order)
        case Deed.COMMENT:
            comment_order(shop, order, {"comment": "Packed with care."})
        case Deed.EDIT:
            assert event.basket is not None
            return edit_order(shop, order, event.basket)
    return order


def _refund(order: Document, deed: Deed) -> Refund:
    if deed is Deed.REFUND_ALL:
        return Refund()
    if deed is Deed.REFUND_GOODWILL and amount(order["base_grand_total"]) > _GOODWILL:
        return Refund(
            {}, shipping=Decimal(0), adjustment_positive=_GOODWILL, names_adjustments=True
        )
    piece = next(
        item
        for item in order["items"]
        if carries_money(order, item) and not is_dynamic(order, item)
    )
    return Refund({piece["item_id"]: Decimal(1)}, shipping=Decimal(0))


def _empty_shop(profile: ShopProfile, seed: int) -> Shop:
    shop = Shop(
        ShopSettings(profile.tax),
        Store(),
        clock=lambda: datetime.now(UTC),
        faults=Faults.none(),
        seed=seed,
    )
    furnish(shop)
    return shop


def _taken(shelf: Shelf, key: str = "entity_id") -> tuple[Document, ...]:
    """Take all documents off a shelf."""
    found = tuple(shelf)
    for document in found:
        shelf.remove(document[key])
    return found


def _stock(shop: Shop, seed: int, profile: ShopProfile) -> None:
    """Put the catalogue on the shelves, with plenty of everything."""
    with shop.pretending(profile.start):
        for line in catalogue(seed, profile).lines:
            for each in (line, *line.children):
                if each.sku.lower() not in shop.products:
                    _shelve(shop, each)


def _shelve(shop: Shop, line: Line) -> None:
    product = new_product(shop, line.sku) | {
        "name": line.name,
        "price": line.price,
        "type_id": line.product_type,
        "weight": line.weight,
    }
    set_attribute(product, "tax_class_id", str(line.tax_class))
    shop.add("product", [product])
    put_source_item(shop, line.sku, shop.settings.default_source, Decimal(100_000), 1)


def _register(shop: Shop, basket: Basket, moment: datetime) -> None:
    """Give a registered buyer an account, when he buys for the first time."""
    if basket.customer_id is None or basket.customer_id in shop.customers:
        return
    stamp = shop.stamp(moment)
    home = basket.billing
    region = {"region_code": home.region, "region": home.region, "region_id": 0}
    address = {
        "id": basket.customer_id,
        "customer_id": basket.customer_id,
        "region": region,
        "region_id": 0,
        "country_id": home.country,
        "street": list(home.street),
        "telephone": home.telephone,
        "postcode": home.postcode,
        "city": home.city,
        "firstname": home.firstname,
        "lastname": home.lastname,
        "default_shipping": True,
        "default_billing": True,
    }
    if home.company:
        address["company"] = home.company
    customer: Document = {
        "id": basket.customer_id,
        "group_id": 1,
        "default_billing": str(basket.customer_id),
        "default_shipping": str(basket.customer_id),
        "created_at": stamp,
        "updated_at": stamp,
        "created_in": "Default Store View",
        "email": basket.email,
        "firstname": home.firstname,
        "lastname": home.lastname,
        "store_id": 1,
        "website_id": 1,
        "addresses": [address],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
    }
    if basket.customer_taxvat:
        customer["taxvat"] = basket.customer_taxvat
    shop.add("customer", [customer])
