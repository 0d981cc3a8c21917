"""The story behind the recordings, told again: same baskets, same calls, same documents.

Nine orders are placed at the times of the real ones and everything that was done to them by REST is
done again; orders, invoices, credit memos and shipments must come out as the real shop served them.
"""

import json
from decimal import Decimal

import pytest

from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.baskets import Address, Basket, Line
from kashmag.sandbox.magento.discounting import CartRule
from kashmag.sandbox.magento.package_data import recorded_documents

GUEST = Address(
    "Guest",
    "Buyer",
    street=("1 High St",),
    city="Manchester",
    postcode="M1 1AE",
    telephone="0161 000",
    region="Greater Manchester",
    company="Ltd & Co",
)


def line(sku, price, quantity=1, **named):
    return Line(sku, Decimal(price), quantity=Decimal(quantity), **named)


def mug(quantity=1):
    return line("WH-MUG-01", 12, quantity, name="Mug, blue", product_id=1, cost=Decimal(4))


def pen(quantity=1):
    return line("WH-PEN-02", "9.99", quantity, name="Pen", product_id=2, cost=Decimal("3.33"))


def book(quantity=1):
    return line(
        "BOOK-ZERO",
        "7.49",
        quantity,
        name="Book zero rated",
        tax_class=4,
        product_id=3,
        cost=Decimal("2.5"),
    )


TEE = line(
    "TEE-M",
    "19.99",
    name="Tee",
    product_type="configurable",
    product_id=10,
    children=(line("TEE-M", 0, name="Tee M", product_id=8, cost=Decimal("6.66")),),
)
BUNDLE = line(
    "BUNDLE-1-WH-MUG-01-WH-PEN-02",
    0,
    2,
    name="Desk bundle",
    product_type="bundle",
    product_id=11,
    children=(mug(), pen(2)),
)
TEN = CartRule(1, "by_percent", amount=Decimal(10), coupon="TEN")


def guest(email, *lines, **named):
    standard = {"billing": GUEST, "shipping_price": Decimal("4.95")}
    return Basket(email, lines, **(standard | named))


# Order number to the basket that it was made from.
BASKETS = {
    1: guest("guest1@example.com", mug(2), pen(3)),
    2: guest(
        "jane@example.com", TEE, pen(7), book(), customer_id=1, customer_group=1, rules=(TEN,)
    ),
    6: guest("bundle@example.com", BUNDLE),
    7: guest("cancel@example.com", pen()),
    8: guest("hold@example.com", pen()),
}

LEEDS = {"arguments": {"extension_attributes": {"source_code": "leeds"}}}
NOTHING_SHIPPED = {"shipping_amount": 0}


def rows(*pairs):
    return [{"order_item_id": item, "qty": quantity} for item, quantity in pairs]


# Time, address, body: the calls that were recorded, or stand in the logs beside the recordings.
CALLS = (
    ("07:53:54", "orders/1/comments", {"statusHistory": {"comment": "hello", "parent_id": 1}}),
    ("07:53:55", "orders/1/comments", {"statusHistory": {"comment": "hello2", "parent_id": 1}}),
    ("07:53:57", "order/1/invoice", {"capture": True, "items": rows((1, 1))}),
    ("07:53:58", "order/1/invoice", {"capture": True}),
    ("07:54:01", "order/1/ship", {"items": rows((1, 2)), **LEEDS}),
    ("07:54:04", "order/1/ship", LEEDS),
    (
        "07:54:05",
        "order/1/refund",
        {
            "items": rows((2, 1)),
            "arguments": {
                "shipping_amount": 0,
                "adjustment_positive": 0,
                "adjustment_negative": 0,
            },
        },
    ),
    (
        "07:54:07",
        "order/1/refund",
        {
            "items": rows((1, 1)),
            "arguments": {
                "shipping_amount": 2,
                "adjustment_positive": 1.5,
                "adjustment_negative": 0.25,
            },
        },
    ),
    ("07:54:11", "order/2/invoice", {"capture": True}),
    ("07:54:38", "order/2/refund", {"items": rows((5, 3)), "arguments": NOTHING_SHIPPED}),
    ("07:54:39", "order/2/refund", {"items": rows((3, 1)), "arguments": NOTHING_SHIPPED}),
    ("07:54:44", "orders/7/cancel", None),
    ("07:54:47", "orders/8/hold", None),
    ("07:54:48", "order/6/invoice", {"capture": True}),
)

# What is not modelled, or is another's each time: keys, addresses of other buyers, sent e-mails.
BESIDE_THE_POINT = {
    "protect_code",
    "tax_item_id",
    "tax_id",
    "product_option",
    "billing_address",
    "address",
    "increment_id",
    "entity_id",
    "billing_address_id",
    "shipping_address_id",
    "parent_id",
    "customer_firstname",
    "customer_lastname",
    "customer_note_notify",
    "customer_taxvat",
    "tracks",
    "comments",
    "customer_email",
}


def bare(value):
    """A document without what is beside the point."""
    if isinstance(value, dict):
        return {name: bare(held) for name, held in value.items() if name not in BESIDE_THE_POINT}
    if isinstance(value, list):
        return [bare(each) for each in value]
    return value


@pytest.fixture
async def told_again(clock, speaking_to):
    sandbox = MagentoSandbox(clock=clock)
    known = recorded_documents("orders")
    originals = {order["entity_id"]: order for order in known["order"]}
    for number in range(1, 10):
        clock.set(originals[number]["created_at"][11:])
        if number in BASKETS:
            order = sandbox.place(BASKETS[number])
            assert order["entity_id"] == number
            # Rows of the orders left out in between have taken numbers, too.
            assert len(order["items"]) == len(originals[number]["items"])
        else:
            sandbox.add_orders([originals[number]])
            sandbox.shop.shelf("counter").put("order", {"value": number})
            last = max(item["item_id"] for item in originals[number]["items"])
            sandbox.shop.shelf("counter").put("order_item", {"value": last})
    async with speaking_to(sandbox) as client:
        for at, address, body in CALLS:
            clock.set(at)
            response = await client.post(f"/rest/V1/{address}", json=body)
            assert response.status_code == 200, (address, response.text)
        yield client


def recorded(kind, number):
    return next(
        json.loads(json.dumps(each, default=float))
        for each in recorded_documents("orders")[kind]
        if each["entity_id"] == number
    )


@pytest.mark.parametrize("number", [1, 2, 6, 7, 8])
async def test_an_order_ends_as_the_real_one_did(number, told_again):
    ours = (await told_again.get(f"/rest/V1/orders/{number}")).json()
    assert bare(ours) == bare(recorded("order", number))


@pytest.mark.parametrize(("ours", "theirs"), [(1, 1), (2, 2), (3, 3), (4, 5)])
async def test_an_invoice_is_the_real_one(ours, theirs, told_again):
    found = (await told_again.get(f"/rest/V1/invoices/{ours}")).json()
    assert bare(found) == bare(recorded("invoice", theirs))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_a_credit_memo_is_the_real_one(number, told_again):
    found = (await told_again.get(f"/rest/V1/creditmemo/{number}")).json()
    assert bare(found) == bare(recorded("credit_memo", number))


@pytest.mark.parametrize("number", [1, 2])
async def test_a_shipment_is_the_real_one(number, told_again):
    found = (await told_again.get(f"/rest/V1/shipment/{number}")).json()
    assert bare(found) == bare(recorded("shipment", number))
