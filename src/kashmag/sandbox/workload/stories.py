"""What happens to an order from the day it is placed: paid, shipped, refunded, changed, dropped.

A story is a plan in values; `telling` makes a shop live through it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Final

from attrs import evolve, field, frozen

from kashmag.sandbox.magento.baskets import Basket, Line
from kashmag.sandbox.magento.discounting import CartRule
from kashmag.sandbox.workload.goods import Catalogue, catalogue
from kashmag.sandbox.workload.people import Person, abroad, customer, guest
from kashmag.sandbox.workload.profile import ShopProfile


class Deed(Enum):
    """One kind of thing that happens to an order."""

    INVOICE = "invoice"
    SHIP = "ship"
    REFUND_ALL = "refund_all"
    REFUND_PIECE = "refund_piece"
    REFUND_GOODWILL = "refund_goodwill"
    CANCEL = "cancel"
    HOLD = "hold"
    UNHOLD = "unhold"
    EDIT = "edit"
    COMMENT = "comment"


@frozen
class Event:
    """Something that happens at a time."""

    deed: Deed
    at: datetime
    basket: Basket | None = field(default=None, kw_only=True)
    """What the order is edited into."""


@frozen
class Story:
    """An order and everything that happens to it, in the order of its happening."""

    number: int
    """Counted from 1."""
    placed_at: datetime
    basket: Basket
    events: tuple[Event, ...]


_RULES: Final = (
    CartRule(1, "by_percent", amount=Decimal(10), coupon="WELCOME10"),
    CartRule(2, "by_percent", amount=Decimal(15), coupon="SPRING15", apply_to_shipping=True),
    CartRule(3, "by_percent", amount=Decimal("33.33"), coupon="THIRD"),
    CartRule(4, "cart_fixed", amount=Decimal(5), coupon="FIVER"),
    CartRule(5, "by_fixed", amount=Decimal("0.50"), coupon="HALFOFF"),
    CartRule(6, "by_percent", amount=Decimal(0), coupon="POSTFREE", free_shipping=True),
)
_QUANTITIES: Final = (1,) * 12 + (2,) * 5 + (3,) * 2 + (4, 6, 12)
_PAYMENTS: Final = (
    ("checkmo", "Check / Money order", 0.1),
    ("banktransfer", "Bank Transfer Payment", 0.2),
    ("stripe_payments", "Card", 0.45),
    ("paypal_express", "PayPal Express Checkout", 0.25),
)


def generate(count: int, *, seed: int, shop: ShopProfile | None = None) -> Iterator[Story]:
    """Tell of `count` orders over the shop's days, in the order of their placing.

    The same count, seed and shop give the same stories. Memory stays bounded: nothing is kept but
    the catalogue and the orders of one day.
    """
    profile = shop or ShopProfile()
    goods = catalogue(seed, profile)
    for number, moment in enumerate(_moments(count, seed, profile), 1):
        yield _story(number, moment, goods, profile, seed)


def _moments(count: int, seed: int, shop: ShopProfile) -> Iterator[datetime]:
    """The times of the orders: more before Christmas, fewer at night."""
    days = [shop.start + timedelta(days=day) for day in range(shop.days)]
    weights = [shop.months[day.month - 1] * shop.weekdays[day.weekday()] for day in days]
    whole, passed, told = sum(weights), 0.0, 0
    for day, weight in zip(days, weights, strict=True):
        passed += weight
        until = round(count * passed / whole)
        dice = Random(f"{seed}:{day.date()}")  # noqa: S311 - seeded on purpose
        seconds = sorted(int(dice.triangular(0, 86_399, 72_000)) for _ in range(until - told))
        for second in seconds:
            yield day + timedelta(seconds=second)
        told = until


def _story(number: int, moment: datetime, goods: Catalogue, shop: ShopProfile, seed: int) -> Story:
    dice = Random(f"{seed}:order:{number}")  # noqa: S311 - seeded on purpose
    person = _buyer(dice, shop, seed)
    basket = _basket(dice, person, goods, shop)
    return Story(number, moment, basket, tuple(_events(dice, moment, basket, shop)))


def _buyer(dice: Random, shop: ShopProfile, seed: int) -> Person:
    if not shop.customers or dice.random() < shop.guests:
        return guest(dice, shop.trade)
    # Some customers come back often, most do not.
    number = int(shop.customers * dice.random() ** 2) + 1
    return customer(seed, number, shop.trade)


def _basket(dice: Random, person: Person, goods: Catalogue, shop: ShopProfile) -> Basket:
    lines: dict[str, Line] = {}
    for _ in range(min(1 + int(dice.expovariate(0.7)), 12)):
        line = goods.pick(dice)
        lines[line.sku] = evolve(line, quantity=Decimal(dice.choice(_QUANTITIES)))
    stores, shares = zip(*shop.stores.items(), strict=True)
    worth = sum(line.price * line.quantity for line in lines.values())
    is_free = worth >= shop.free_shipping_from
    method, title, _ = dice.choices(_PAYMENTS, [share for *_, share in _PAYMENTS])[0]
    with_coupon = dice.random() < shop.coupons
    return Basket(
        person.email,
        tuple(lines.values()),
        billing=person.address,
        shipping=abroad(dice, person) if dice.random() < shop.exports else None,
        customer_id=person.customer_id,
        customer_group=0 if person.customer_id is None else 1,
        customer_taxvat=person.taxvat,
        store_id=dice.choices(stores, shares)[0],
        shipping_method="freeshipping_freeshipping" if is_free else "flatrate_flatrate",
        shipping_description="Free Shipping - Free" if is_free else "Flat Rate - Fixed",
        shipping_price=Decimal(0) if is_free else shop.shipping_price,
        payment_method=method,
        payment_title=title,
        rules=(dice.choice(_RULES),) if with_coupon else (),
    )


def _events(dice: Random, moment: datetime, basket: Basket, shop: ShopProfile) -> Iterator[Event]:
    fate = dice.random()
    at = moment + timedelta(minutes=dice.randint(1, 90))
    if fate < shop.unpaid:
        return
    fate -= shop.unpaid
    if fate < shop.cancelled:
        yield Event(Deed.CANCEL, at + timedelta(hours=dice.randint(1, 72)))
        return
    fate -= shop.cancelled
    if fate < shop.held:
        yield Event(Deed.HOLD, at)
        if dice.random() < 0.5:
            return
        at += timedelta(hours=dice.randint(2, 48))
        yield Event(Deed.UNHOLD, at)
    elif fate < shop.held + shop.edited:
        yield Event(Deed.EDIT, at, basket=_edited(dice, basket))
        at += timedelta(minutes=dice.randint(5, 60))
    yield from _fulfilment(dice, at, basket, shop)


def _edited(dice: Random, basket: Basket) -> Basket:
    place = dice.randrange(len(basket.lines))
    lines = list(basket.lines)
    lines[place] = evolve(lines[place], quantity=lines[place].quantity + 1)
    return evolve(basket, lines=tuple(lines))


def _fulfilment(dice: Random, at: datetime, basket: Basket, shop: ShopProfile) -> Iterator[Event]:
    at += timedelta(minutes=dice.randint(0, 30))
    yield Event(Deed.INVOICE, at)
    if dice.random() < 0.1:
        yield Event(Deed.COMMENT, at + timedelta(minutes=1))
    if not basket.is_virtual:
        at += timedelta(hours=dice.randint(2, 50))
        yield Event(Deed.SHIP, at)
    if dice.random() < shop.refunded:
        at += timedelta(days=dice.randint(1, 28), minutes=dice.randint(0, 600))
        refunds = (Deed.REFUND_ALL, Deed.REFUND_PIECE, Deed.REFUND_PIECE, Deed.REFUND_GOODWILL)
        yield Event(dice.choice(refunds), at)
