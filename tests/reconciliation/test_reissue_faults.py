"""What people do to reversals and reissued invoices is named as what it is, and only it."""

import importlib.util
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.reconciliation import (
    AccountPayment,
    Cause,
    Figures,
    PaymentStanding,
    ShopPayment,
    Standing,
    reconcile,
    vat_report,
)

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

QUARTER = worlds.QUARTER
WELL = {Cause.REVERSED, Cause.REISSUED}
INVOICE, REVERSAL = 1000, 1001  # the first order's first two documents
POUND = Figures(Decimal("1.00"))


def at(world, number):
    return next(at for at, one in enumerate(world.account) if one.number == number)


def held(world, number):
    return world.account[at(world, number)]


def live(world):
    """The number of the first order's last invoice."""
    own = [one.number for one in world.account if one.number < INVOICE + 100]
    return max(own)


def more(bands):
    band = next(iter(bands))
    return {**bands, band: bands[band] + POUND}


def edited(world, number, **changes):
    return world.with_account(at(world, number), **changes)


def without(world, number):
    return world.without_account(at(world, number))


def again(world, number):
    return world.adding(evolve(held(world, number), number=5000, payments=()))


def another_day(day):
    return day + timedelta(days=1 if day < QUARTER.last else -1)


def reversal_edited(world):
    return edited(world, REVERSAL, bands=more(held(world, REVERSAL).bands))


def invoice_edited_since(world):
    return edited(world, INVOICE, bands=more(held(world, INVOICE).bands))


def reversal_at_another_rate(world):
    bands = dict(held(world, REVERSAL).bands)
    band = next(iter(bands))
    figures = bands.pop(band)
    return edited(world, REVERSAL, bands={**bands, "17.5": Figures(figures.gross)})


def reversal_at_another_exchange_rate(world):
    return edited(world, REVERSAL, exchange_rate=Decimal("1.5"))


def reversal_of_another_day(world):
    return edited(world, REVERSAL, issued_on=another_day(held(world, REVERSAL).issued_on))


def reversal_of_the_next_quarter(world):
    return edited(world, REVERSAL, issued_on=QUARTER.last + timedelta(days=3))


def reversal_deleted(world):
    return without(world, REVERSAL)


def reversed_twice(world):
    return again(world, REVERSAL)


def invoice_deleted(world):
    return without(world, INVOICE)


def invoice_twice(world):
    return again(world, INVOICE)


def reissue_deleted(world):
    return without(world, live(world))


def reissue_edited(world):
    return edited(world, live(world), bands=more(held(world, live(world)).bands))


def reissue_twice(world):
    return again(world, live(world))


def reissue_of_another_day(world):
    return edited(world, live(world), issued_on=QUARTER.last + timedelta(days=3))


def changed_in_shop_again(world):
    return world.with_shop(0, bands=more(world.shop[0].bands))


def cancelled_after_the_reissue(world):
    return world.with_shop(0, standing=Standing.VOID, bands={}, payments=())


def reissue_typed_by_hand(world):
    """Somebody deleted it and typed it himself, naming the order."""
    typed = evolve(
        held(world, live(world)), number=77, reference="", texts=(f"order {world.shop[0].order}",)
    )
    world = without(world, live(world)).adding(typed)
    return evolve(world, memory={})


DOCUMENTS = {
    reversal_edited: Cause.CHANGED_IN_KASHFLOW,
    invoice_edited_since: Cause.CHANGED_IN_KASHFLOW,
    reversal_at_another_rate: Cause.WRONG_RATE,
    reversal_at_another_exchange_rate: Cause.CHANGED_IN_KASHFLOW,
    reversal_of_another_day: Cause.WRONG_DATE,
    reversal_of_the_next_quarter: Cause.WRONG_DATE,
    reversal_deleted: Cause.DELETED,
    reversed_twice: Cause.DOUBLE,
    invoice_deleted: Cause.DELETED,
    invoice_twice: Cause.DOUBLE,
    reissue_deleted: Cause.DELETED,
    reissue_edited: Cause.CHANGED_IN_KASHFLOW,
    reissue_twice: Cause.DOUBLE,
    reissue_of_another_day: Cause.WRONG_DATE,
    changed_in_shop_again: Cause.CHANGED_IN_SHOP,
    cancelled_after_the_reissue: Cause.CHANGED_IN_SHOP,
    reissue_typed_by_hand: Cause.TYPED_BY_HAND,
}


def paid():
    """One order, posted and paid on 20 April, changed, reversed and posted again on 4 May."""
    shop = worlds.ShopDocument(
        "M:order:0:invoice",
        kind=worlds.DocumentKind.INVOICE,
        number="000000001",
        order="000000001",
        reference="M1-ORD-000000001",
        dated_on=date(2026, 4, 20),
        issue_on=date(2026, 4, 20),
        bands={"20": Figures(Decimal("50.00"), Decimal("10.00"))},
        payments=(
            ShopPayment(
                "txn1",
                Decimal("48.00"),
                method="checkmo",
                paid_on=date(2026, 4, 20),
                standing=PaymentStanding.POST,
                kashflow_method=1,
                bank_account=11,
            ),
        ),
    )
    before = {"20": Figures(Decimal("40.00"), Decimal("8.00"))}
    account, memory = worlds.Told(shop, INVOICE, [before], [date(2026, 5, 4)], False).posted()
    return worlds.World((shop,), account, memory)


def line_of(world, number, **changes):
    (line,) = held(world, number).payments
    return edited(world, number, payments=(evolve(line, **changes),))


def not_taken_up(world):
    return edited(world, live(world), payments=())


def not_returned(world):
    return edited(world, REVERSAL, payments=())


def left_behind(world):
    return not_taken_up(not_returned(world))


def taken_up_on_another_bank_account(world):
    return line_of(world, live(world), bank_account=44)


def taken_up_on_another_day(world):
    return line_of(world, live(world), paid_on=date(2026, 5, 9))


def returned_with_another_amount(world):
    return line_of(world, REVERSAL, amount=Decimal("-47.00"))


def first_payment_deleted(world):
    return edited(world, INVOICE, payments=())


def first_payment_edited(world):
    return line_of(world, INVOICE, amount=Decimal("49.00"))


def typed_on_the_reversed_invoice(world):
    typed = AccountPayment(Decimal("5.00"), 9, paid_on=date(2026, 5, 6), note="cash")
    return edited(world, INVOICE, payments=(*held(world, INVOICE).payments, typed))


def gone_from_the_shop(world):
    return world.with_shop(0, payments=())


MONEY = {
    not_taken_up: Cause.PAYMENT_MISSING,
    not_returned: Cause.DOUBLE,
    left_behind: Cause.PAYMENT_ELSEWHERE,
    taken_up_on_another_bank_account: Cause.PAYMENT_ELSEWHERE,
    taken_up_on_another_day: Cause.WRONG_DATE,
    returned_with_another_amount: Cause.CHANGED_IN_KASHFLOW,
    first_payment_deleted: Cause.DELETED,
    first_payment_edited: Cause.CHANGED_IN_KASHFLOW,
    typed_on_the_reversed_invoice: Cause.TYPED_BY_HAND,
    gone_from_the_shop: Cause.CHANGED_IN_SHOP,
}
FAULTS = sorted({**DOCUMENTS, **MONEY}, key=lambda fault: fault.__name__)


def named(report):
    return [one.cause for one in report.differences if one.cause not in WELL]


def check(world, period=QUARTER):
    return reconcile(world.shop, world.account, world.memory, period)


@pytest.mark.parametrize("fault", DOCUMENTS, ids=lambda fault: fault.__name__)
@settings(max_examples=25)
@given(world=worlds.reissued_worlds(max_size=2))
def test_a_fault_in_a_reissued_order_is_named_and_only_it(fault, world):
    report = check(fault(world))
    assert named(report) == [DOCUMENTS[fault]]
    assert report.balances


@pytest.mark.parametrize("fault", MONEY, ids=lambda fault: fault.__name__)
def test_a_fault_in_money_that_moved_is_named_and_only_it(fault):
    report = check(fault(paid()))
    assert named(report) == [MONEY[fault]]
    assert report.balances


@given(
    st.one_of(worlds.reissued_worlds(), st.builds(paid)),
    st.lists(st.sampled_from(FAULTS), min_size=1, max_size=4),
    worlds.periods,
    st.booleans(),
)
def test_whatever_is_done_to_them_together_the_differences_add_up(world, faults, period, forgets):
    for fault in faults:
        try:
            world = fault(world)
        except (StopIteration, ValueError):  # what it would change is gone, or never was
            continue
    world = evolve(world, memory={}) if forgets else world
    assert check(world, period).balances
    assert vat_report(world.shop, world.account, world.memory, period).balances


@pytest.mark.parametrize(
    ("fault", "causes"),
    [
        (reversal_edited, {Cause.DIFFERENT}),
        (reversal_deleted, {Cause.DOUBLE}),
        (reissue_deleted, {Cause.NOT_POSTED}),
        (invoice_deleted, {Cause.DELETED}),
        (reissue_edited, {Cause.DIFFERENT}),
    ],
)
def test_without_a_logbook_it_is_named_as_far_as_the_account_tells(fault, causes):
    report = check(evolve(fault(paid()), memory={}))
    assert set(named(report)) == causes
    assert report.balances
