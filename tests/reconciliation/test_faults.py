"""Every fault that is seeded into clean data is named, and only it."""

import importlib.util
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kashmag.plans.acceptances import Acceptance, acceptance_key
from kashmag.plans.drift_problems import posted_is_gone
from kashmag.reconciliation import (
    AccountDocument,
    AccountPayment,
    Agreed,
    Cause,
    DocumentKind,
    Figures,
    PaymentStanding,
    Remembered,
    Scheme,
    Standing,
    VatScheme,
    reconcile,
    vat_report,
)
from kashmag.reconciliation.as_text import report_text

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)

QUARTER, World = worlds.QUARTER, worlds.World
PENNY = Decimal("0.01")


def check(world):
    return reconcile(world.shop, world.account, world.memory, QUARTER)


def not_posted(world):
    return world.without_account(0).remembering(0, Remembered())


def failed(world):
    return world.without_account(0).remembering(0, Remembered("failed", "refused by KashFlow"))


def held_by_policy(world):
    world = world.without_account(0).remembering(0, Remembered())
    return world.with_shop(0, standing=Standing.HELD, reason="Two customers fit.")


def held_in_logbook(world):
    return world.without_account(0).remembering(0, Remembered("held", "Two customers fit."))


def skipped_by_rule(world):
    world = world.without_account(0).remembering(0, Remembered())
    return world.with_shop(0, standing=Standing.SKIPPED, reason="a test order")


def skipped_by_person(world):
    return world.without_account(0).remembering(
        0, Remembered("skipped", "a trade order", is_decided=True)
    )


def waited_when_it_was_read(world):
    """It was a new order then; it is paid now, and no run has come since."""
    return world.without_account(0).remembering(0, Remembered("skipped", "waiting: it is new"))


def changed_in_shop(world):
    bands = dict(world.shop[0].bands)
    band = next(iter(bands))
    bands[band] += Figures(Decimal("1.00"))
    return world.with_shop(0, bands=bands)


def cancelled_after_posting(world):
    return world.with_shop(0, standing=Standing.VOID, bands={}, payments=())


def changed_in_kashflow(world):
    bands = dict(world.account[0].bands)
    band = next(iter(bands))
    bands[band] += Figures(Decimal("1.00"))
    return world.with_account(0, bands=bands)


def vat_changed_in_kashflow(world):
    bands = dict(world.account[0].bands)
    band = next(iter(bands))
    bands[band] += Figures(Decimal(0), PENNY)
    return world.with_account(0, bands=bands)


def deleted(world):
    return world.without_account(0)


def marked_deleted(world):
    return world.with_account(0, is_deleted=True)


def typed_naming_the_number(world):
    shop = world.shop[0]
    world = world.without_account(0).remembering(0, Remembered())
    text = f"web order #{shop.order.lstrip('0')}, thanks"
    return world.adding(
        evolve(worlds.mirrored(shop, 77), reference="", texts=("by hand", text), customer_names=())
    )


def typed_alike(world):
    shop = world.shop[0]
    world = world.without_account(0).remembering(0, Remembered())
    days = timedelta(days=3 if shop.dated_on < date(2026, 6, 20) else -3)
    typed = evolve(
        worlds.mirrored(shop, 77),
        reference="phone",
        texts=("phone",),
        customer_names=("buyer 0",),
        issued_on=shop.dated_on + days,
    )
    return world.adding(typed)


def typed_and_skipped(world):
    skipped = Remembered("skipped", "skipped: typed already (ann)", is_decided=True)
    return typed_naming_the_number(world).remembering(0, skipped)


def typed_alike_and_skipped(world):
    skipped = Remembered("skipped", "skipped: typed already (ann)", is_decided=True)
    return typed_alike(world).remembering(0, skipped)


def credited_by_hand(world, text="refund by telephone for order {}"):
    shop = world.shop[0]
    note = AccountDocument(
        89,
        "goodwill",
        issued_on=shop.dated_on,
        currency=shop.currency,
        bands={"20": Figures(Decimal("-0.05"), Decimal("-0.01"))},
        customer_names=world.account[0].customer_names,
        texts=("goodwill", text.format(shop.order)),
    )
    return world.adding(note)


def typed_for_nobody(world):
    return world.adding(
        AccountDocument(
            88,
            "trade counter",
            issued_on=date(2026, 5, 5),
            bands={"20": Figures(Decimal(50), Decimal(10))},
            customer_names=("Somebody else",),
            texts=("trade counter",),
        )
    )


def double_by_reference(world):
    return world.adding(evolve(worlds.mirrored(world.shop[0], 5000), payments=()))


def double_typed_by_hand(world):
    shop = world.shop[0]
    typed = evolve(worlds.mirrored(shop, 5000), reference="", texts=(f"order {shop.order}",))
    return world.adding(evolve(typed, payments=()))


def wrong_date(world):
    day = world.shop[0].dated_on
    other = day + timedelta(days=1 if day < QUARTER.last else -1)
    return world.with_account(0, issued_on=other)


def wrong_date_outside(world):
    return world.with_account(0, issued_on=QUARTER.last + timedelta(days=1))


def wrong_rate(world):
    bands = dict(world.account[0].bands)
    band, figures = next(iter(bands.items()))
    other = "17.5"
    del bands[band]
    bands[other] = Figures(figures.gross)
    return world.with_account(0, bands=bands)


ZERO_RATED = {"20": Figures(Decimal(5), Decimal(1)), "0": Figures(Decimal(10))}
EXEMPT = {"20": Figures(Decimal(5), Decimal(1)), "exempt": Figures(Decimal(10))}


def posted_with(world, bands):
    """The first document has these figures, and no money."""
    world = world.with_shop(0, bands=bands, payments=())
    world = world.with_account(0, **evolve_of(worlds.mirrored(world.shop[0], 1000)))
    return world.remembering(0, worlds.agreed(world.shop[0], 1000))


def evolve_of(document):
    return {"bands": document.bands, "payments": (), "particulars": document.particulars}


def exempt_for_zero(world):
    return posted_with(world, ZERO_RATED).with_account(0, bands=EXEMPT)


def zero_for_exempt(world):
    return posted_with(world, EXEMPT).with_account(0, bands=ZERO_RATED)


def particular(world, **changes):
    return world.with_account(0, particulars=evolve(world.account[0].particulars, **changes))


def nominal_changed(world):
    nominals = dict(world.account[0].particulars.nominals)
    net = nominals.pop(4000)
    return particular(world, nominals={**nominals, 4999: net})


def part_of_a_nominal_moved(world):
    nominals = dict(world.account[0].particulars.nominals)
    nominals[4000] -= PENNY
    return particular(world, nominals={**nominals, 4999: PENNY})


def moved_to_another_customer(world):
    world = world.with_account(0, customer_names=("M-ELSE", "Somebody else"))
    return particular(world, customer="M-ELSE")


def reference_emptied(world):
    return world.with_account(0, reference="", texts=())


def reference_of_nothing(world):
    return world.with_account(0, reference="M1-ORD-999999999")


def reference_of_another(world):
    assume(len(world.account) > 1)
    return world.with_account(0, reference=world.account[1].reference)


def references_exchanged(world):
    assume(len(world.account) > 1)
    first, second = (one.reference for one in world.account[:2])
    return world.with_account(0, reference=second).with_account(1, reference=first)


def due_date_changed(world):
    return particular(world, due_on=date(2027, 1, 1))


def archived(world):
    return world.with_account(0, is_archived=True)


def with_payment(world, standing=PaymentStanding.POST):
    """The first document has one payment, of its gross, in the middle of the quarter."""
    shop = world.shop[0]
    posts = standing is PaymentStanding.POST
    payment = worlds.ShopPayment(
        "txnZ",
        shop.figures.gross,
        method="checkmo",
        paid_on=date(2026, 5, 15),
        standing=standing,
        kashflow_method=1 if posts else None,
        bank_account=11 if posts else None,
    )
    world = world.with_shop(0, payments=(payment,))
    world = world.with_account(0, payments=(worlds.line(payment),))
    return world.remembering(0, worlds.agreed(world.shop[0], 1000))


def payment_missing(world):
    """It arrived after the invoice was posted, and no run has come since."""
    world = with_payment(world).with_account(0, payments=())
    known = world.memory[world.shop[0].key]
    return world.remembering(0, evolve(known, agreed=evolve(known.agreed, payments=())))


def payment_deleted(world):
    return with_payment(world).with_account(0, payments=())


def import_missing(world):
    return with_payment(world, PaymentStanding.LEAVE).with_account(0, payments=())


def match_missing(world):
    return with_payment(world, PaymentStanding.MATCH).with_account(0, payments=())


def match_on_another_invoice_of_the_buyer(world):
    world = with_payment(world, PaymentStanding.MATCH)
    world = world.with_shop(0, payments=(evolve(world.shop[0].payments[0], within_days=7),))
    line = evolve(world.account[0].payments[0], id=9, paid_on=date(2026, 5, 20))
    world = world.with_account(0, payments=())
    assume(len(world.account) > 1)
    # The next document's own money would fit as well: it has none.
    world = world.with_shop(1, payments=()).with_account(1, payments=(line,))
    return world.with_account(1, customer_names=world.account[0].customer_names)


def match_dated_after_the_quarter(world):
    """Paid on the last day, and imported two days later: a run takes it for the payment."""
    world = with_payment(world, PaymentStanding.MATCH)
    last = date(2026, 6, 30)
    payment = evolve(world.shop[0].payments[0], within_days=7, paid_on=last)
    line = evolve(world.account[0].payments[0], paid_on=last + timedelta(days=2))
    return world.with_shop(0, payments=(payment,)).with_account(0, payments=(line,))


def match_dated_long_after_the_quarter(world):
    world = match_dated_after_the_quarter(world)
    line = evolve(world.account[0].payments[0], paid_on=date(2026, 7, 20))
    return world.with_account(0, payments=(line,))


def payment_held(world):
    world = with_payment(world, PaymentStanding.HELD)
    return world.with_account(0, payments=())


def payment_on_another_invoice(world):
    world = with_payment(world)
    line = world.account[0].payments[0]
    world = world.with_account(0, payments=())
    assume(len(world.account) > 1)
    return world.with_account(1, payments=(*world.account[1].payments, evolve(line, id=9)))


def payment_on_another_bank_account(world):
    world = with_payment(world)
    line = evolve(world.account[0].payments[0], bank_account=44)
    return world.with_account(0, payments=(line,))


def payment_of_another_amount(world):
    world = with_payment(world)
    line = world.account[0].payments[0]
    return world.with_account(0, payments=(evolve(line, amount=line.amount + 1),))


def payment_of_another_day(world):
    world = with_payment(world)
    line = evolve(world.account[0].payments[0], paid_on=date(2026, 5, 16))
    return world.with_account(0, payments=(line,))


def payment_twice(world):
    world = with_payment(world)
    line = world.account[0].payments[0]
    return world.with_account(0, payments=(line, evolve(line, id=9)))


def payment_typed_by_hand(world):
    world = with_payment(world)
    line = world.account[0].payments[0]
    typed = evolve(line, id=9, note="cash", amount=line.amount + 3)
    return world.with_account(0, payments=(line, typed))


def rounding_in_the_shop(world):
    return world.with_shop(0, rounding=Figures(-PENNY, PENNY))


def double_typed_alike(world):
    """Typed by hand for an order that is posted, without its number."""
    shop = world.shop[0]
    typed = evolve(
        worlds.mirrored(shop, 77), reference="", texts=(), payments=(), customer_names=("buyer 0",)
    )
    return world.adding(typed)


def held_before_go_live(world):
    """Nothing tells that it was touched since `go_live`; yet a run has read and held it."""
    world = world.without_account(0).remembering(0, Remembered("held", "older than go_live."))
    return world.with_shop(0, standing=Standing.SKIPPED, codes=("before_go_live",))


FAULTS = {
    double_typed_alike: Cause.DOUBLE,
    held_before_go_live: Cause.HELD,
    not_posted: Cause.NOT_POSTED,
    failed: Cause.NOT_POSTED,
    held_by_policy: Cause.HELD,
    held_in_logbook: Cause.HELD,
    skipped_by_rule: Cause.SKIPPED,
    skipped_by_person: Cause.SKIPPED,
    waited_when_it_was_read: Cause.NOT_POSTED,
    changed_in_shop: Cause.CHANGED_IN_SHOP,
    cancelled_after_posting: Cause.CHANGED_IN_SHOP,
    changed_in_kashflow: Cause.CHANGED_IN_KASHFLOW,
    vat_changed_in_kashflow: Cause.CHANGED_IN_KASHFLOW,
    deleted: Cause.DELETED,
    marked_deleted: Cause.DELETED,
    typed_naming_the_number: Cause.TYPED_BY_HAND,
    typed_alike: Cause.TYPED_BY_HAND,
    typed_and_skipped: Cause.SKIPPED,
    typed_alike_and_skipped: Cause.SKIPPED,
    credited_by_hand: Cause.TYPED_BY_HAND,
    typed_for_nobody: Cause.TYPED_BY_HAND,
    double_by_reference: Cause.DOUBLE,
    double_typed_by_hand: Cause.DOUBLE,
    wrong_date: Cause.WRONG_DATE,
    wrong_date_outside: Cause.WRONG_DATE,
    wrong_rate: Cause.WRONG_RATE,
    exempt_for_zero: Cause.EXEMPTION,
    zero_for_exempt: Cause.EXEMPTION,
    nominal_changed: Cause.NOMINAL,
    part_of_a_nominal_moved: Cause.NOMINAL,
    moved_to_another_customer: Cause.CUSTOMER,
    reference_emptied: Cause.REFERENCE,
    reference_of_nothing: Cause.REFERENCE,
    reference_of_another: Cause.REFERENCE,
    due_date_changed: Cause.DUE_DATE,
    archived: Cause.ARCHIVED,
    payment_missing: Cause.PAYMENT_MISSING,
    payment_deleted: Cause.DELETED,
    import_missing: Cause.PAYMENT_MISSING,
    match_missing: Cause.PAYMENT_MISSING,
    match_on_another_invoice_of_the_buyer: Cause.PAYMENT_ELSEWHERE,
    match_dated_after_the_quarter: Cause.IMPORT_DATED,
    match_dated_long_after_the_quarter: Cause.WRONG_DATE,
    payment_held: Cause.HELD,
    payment_on_another_invoice: Cause.PAYMENT_ELSEWHERE,
    payment_on_another_bank_account: Cause.PAYMENT_ELSEWHERE,
    payment_of_another_amount: Cause.CHANGED_IN_KASHFLOW,
    payment_of_another_day: Cause.WRONG_DATE,
    payment_twice: Cause.DOUBLE,
    payment_typed_by_hand: Cause.TYPED_BY_HAND,
    rounding_in_the_shop: Cause.ROUNDING,
}


@given(worlds.clean_worlds())
def test_clean_data_raises_no_difference_and_balances(world):
    report = check(world)
    assert report.differences == ()
    assert report.is_clean
    assert report.balances
    assert all(not one.difference for one in report.totals)


@given(worlds.clean_worlds())
def test_clean_data_needs_no_logbook(world):
    report = check(evolve(world, memory={}))
    assert report.differences == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@settings(max_examples=25)
@given(world=worlds.clean_worlds(max_size=4))
def test_a_seeded_fault_is_named_and_only_it(fault, world):
    report = check(fault(world))
    assert [one.cause for one in report.differences] == [FAULTS[fault]]
    assert report.balances


ACCEPTABLE = {
    changed_in_shop,
    changed_in_kashflow,
    vat_changed_in_kashflow,
    wrong_date,
    wrong_date_outside,
    wrong_rate,
    exempt_for_zero,
    zero_for_exempt,
    nominal_changed,
    part_of_a_nominal_moved,
    moved_to_another_customer,
    reference_emptied,
    reference_of_nothing,
    reference_of_another,
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@settings(max_examples=10)
@given(world=worlds.clean_worlds(max_size=4))
def test_what_was_accepted_is_named_as_that_and_whatever_else_is_wrong_is_not(fault, world):
    world = fault(world).with_shop(0, accepted="the client said so")
    report = check(world)
    cause = Cause.ACCEPTED if fault in ACCEPTABLE else FAULTS[fault]
    assert [one.cause for one in report.differences] == [cause]
    assert report.balances
    vat = vat_report(world.shop, world.account, world.memory, QUARTER)
    assert vat.is_clean or not report.is_clean
    if fault in ACCEPTABLE:
        assert report.differences[0].message.endswith("It is accepted: the client said so.")
        assert report.is_clean


@given(
    world=worlds.clean_worlds(max_size=3).filter(
        lambda world: world.shop[0].kind is DocumentKind.INVOICE
    ),
    text=st.sampled_from(("order {}", "M1-ORD-{}", "half of invoice 1000", "INV-1000", "1000.00")),
    is_customers=st.booleans(),
)
def test_a_credit_note_by_hand_is_for_the_order_that_it_names(world, text, is_customers):
    """The number of an invoice counts only on the account of its customer."""
    shop = world.shop[0]
    world = credited_by_hand(world, text)
    if not is_customers:
        at = len(world.account) - 1
        world = world.with_account(at, customer_names=("Somebody else",))
    (one,) = check(world).differences
    assert one.cause is Cause.TYPED_BY_HAND
    assert one.delta.gross == Decimal("-0.06")
    is_named = "{}" in text or (text == "half of invoice 1000" and is_customers)
    assert (one.key, one.order) == ((shop.key, shop.order) if is_named else ("", ""))
    (told,) = vat_report(world.shop, world.account, world.memory, QUARTER).differences
    assert told.causes == (Cause.TYPED_BY_HAND,)


@pytest.mark.parametrize("number", [1000, 1001])
@given(world=worlds.clean_worlds(max_size=3))
def test_a_deletion_is_accepted_of_the_number_that_was_posted_and_of_no_other(number, world):
    shop = world.shop[0]
    key = acceptance_key(posted_is_gone(shop.reference, number).message)
    order = world.memory.get(shop.order_key, Remembered())
    known = evolve(order, accepted=(Acceptance(key, because="agreed"),))
    world = evolve(deleted(world), memory={**world.memory, shop.order_key: known})
    report = check(world)
    vat = vat_report(world.shop, world.account, world.memory, QUARTER)
    cause = Cause.ACCEPTED if number == 1000 else Cause.DELETED
    assert [one.cause for one in report.differences] == [cause]
    assert report.is_clean is vat.is_clean is (number == 1000)
    assert report.balances
    assert vat.balances


@settings(max_examples=50)
@given(
    world=worlds.clean_worlds(max_size=3),
    standing=st.sampled_from([PaymentStanding.LEAVE, PaymentStanding.MATCH]),
    less=st.integers(1, 500),
    day=worlds.days,
)
def test_an_import_of_another_amount_is_named_once_as_that(world, standing, less, day):
    world = with_payment(world, standing)
    payment = evolve(world.shop[0].payments[0], within_days=7)
    wrong = payment.amount * (1 + Decimal(less) / 1000)
    line = AccountPayment(wrong.quantize(PENNY), 5, paid_on=day, note="")
    assume(line.amount != payment.amount)
    world = world.with_shop(0, payments=(payment,)).with_account(0, payments=(line,))
    world = world.remembering(0, worlds.agreed(evolve(world.shop[0], payments=()), 1000))
    report = check(world)
    (found,) = report.differences
    assert found.cause is Cause.OTHER_AMOUNT
    assert found.paid == (line.amount if day in QUARTER else 0) - payment.amount
    assert str(line.amount) in found.message
    assert report.balances


@given(worlds.clean_worlds(), st.booleans())
def test_a_currency_that_was_edited_is_one_change_in_kashflow(world, is_remembered):
    world = world.with_account(0, currency="USD", is_foreign=True, exchange_rate=Decimal("1.3"))
    memory = world.memory if is_remembered else {}
    report = check(evolve(world, memory=memory))
    assert len({one.message for one in report.differences}) == 1
    (one,) = [one for one in report.differences if one.needs_a_person]
    assert one.cause is (Cause.CHANGED_IN_KASHFLOW if is_remembered else Cause.DIFFERENT)
    assert {one.currency for one in report.differences} == {"GBP", "USD"}
    assert report.balances
    assert "1 difference needs a person" in report_text(report, whence="anew")


AWAITING = {PaymentStanding.LEAVE, PaymentStanding.MATCH}


@settings(max_examples=50)
@given(
    world=worlds.clean_worlds(max_size=3),
    standing=st.sampled_from(sorted(PaymentStanding, key=lambda one: one.name)),
    made=st.none() | worlds.days,
    days=st.integers(0, 30),
    today=worlds.days,
)
def test_an_import_is_awaited_for_its_days_and_then_missing(world, standing, made, days, today):
    """From the payment, or from when there was an invoice to find; for nothing else."""
    world = with_payment(world, standing)
    payment = evolve(world.shop[0].payments[0], within_days=days)
    world = world.with_shop(0, payments=(payment,)).with_account(0, payments=(), made_on=made)
    world = world.remembering(0, worlds.agreed(evolve(world.shop[0], payments=()), 1000))
    told = (world.shop, world.account, world.memory, QUARTER)
    (found,) = reconcile(*told, today=today).differences
    until = max(payment.paid_on, made or payment.paid_on) + timedelta(days=days)
    awaited = standing in AWAITING and today <= until
    assert (found.cause is Cause.IMPORT_AWAITED) == awaited
    assert found.needs_a_person != awaited
    assert found.paid == -payment.amount
    if standing in AWAITING:
        for named in (payment.token, payment.amount, payment.paid_on, found.order, 1000):
            assert str(named) in found.message
    (late,) = reconcile(*told).differences
    assert late.cause is not Cause.IMPORT_AWAITED


EDITS = [
    nominal_changed,
    moved_to_another_customer,
    reference_emptied,
    due_date_changed,
    archived,
]


@given(worlds.clean_worlds(max_size=4), st.sets(st.sampled_from(EDITS), min_size=2))
def test_edits_that_change_no_figure_are_named_each_by_itself(world, edits):
    for edit in edits:
        world = edit(world)
    report = check(world)
    assert {one.cause for one in report.differences} == {FAULTS[edit] for edit in edits}
    assert len(report.differences) == len(edits)
    assert not any(one.delta or one.paid for one in report.differences)


@given(worlds.clean_worlds(max_size=4))
def test_exchanged_references_are_two_edits_and_nothing_is_lost(world):
    report = check(references_exchanged(world))
    causes = {one.cause for one in report.differences}
    assert causes <= {Cause.REFERENCE}
    inside = [one for one in world.shop[:2] if one.dated_on in QUARTER]
    assert len(report.differences) == len(inside)


@given(worlds.clean_worlds(max_size=4), st.sampled_from(EDITS))
def test_an_invoice_that_was_adopted_is_never_taken_for_an_edit(world, edit):
    """Nothing but its number is known of it; whoever typed it chose nominal, customer and day."""
    number, key = world.account[0].number, world.shop[0].key
    world = evolve(world, memory={**world.memory, key: adopted(number)})
    assert [one.cause for one in check(edit(world)).differences if one.needs_a_person] == []


def adopted(number):
    return Remembered("posted", agreed=Agreed(number))


@settings(max_examples=25)
@given(world=worlds.clean_worlds(max_size=4))
def test_an_import_on_an_invoice_of_another_buyer_is_not_taken_for_it(world):
    world = match_on_another_invoice_of_the_buyer(world)
    report = check(world.with_account(1, customer_names=("M-SOMEBODY",)))
    causes = sorted(one.cause.name for one in report.differences)
    assert causes == ["PAYMENT_MISSING", "TYPED_BY_HAND"]
    assert report.balances


@given(
    worlds.clean_worlds(max_size=4),
    st.lists(st.sampled_from(sorted(FAULTS, key=lambda fault: fault.__name__)), max_size=3),
)
def test_whatever_goes_wrong_together_the_differences_add_up(world, faults):
    for fault in faults:
        if world.account:
            try:
                world = fault(world)
            except (IndexError, StopIteration):
                continue
    report = check(world)
    assert report.balances
    for scheme in (Scheme(), Scheme(VatScheme.CASH)):
        vat = vat_report(world.shop, world.account, world.memory, QUARTER, scheme=scheme)
        assert vat.balances
        assert vat.is_clean or not report.is_clean


@given(worlds.clean_worlds(), st.integers(0, 60), st.integers(0, 60))
def test_the_differences_add_up_whatever_the_period_cuts(world, first, length):
    start = date(2026, 3, 25) + timedelta(days=first)
    period = worlds.Period(start, start + timedelta(days=length))
    world = wrong_date(payment_of_another_day(world))
    assert reconcile(world.shop, world.account, world.memory, period).balances


def test_a_document_dated_by_policy_is_named_but_asks_nobody():
    world = posted_on(date(2026, 4, 6)).with_shop(0, issue_on=date(2026, 4, 6))
    for known in (world, evolve(world, memory={})):  # one that was adopted is not remembered
        report = check(known)
        assert [one.cause for one in report.differences] == [Cause.MOVED_DATE]
        assert report.is_clean
        assert report.balances


def posted_on(day):
    """The clean world, its invoice posted with another day than the order's."""
    world = clean().with_account(0, issued_on=day)
    known = world.memory[world.shop[0].key]
    return world.remembering(0, evolve(known, agreed=evolve(known.agreed, issued_on=day)))


def test_a_day_that_a_person_gave_it_is_no_policy_whatever_the_policy_says_now():
    moved = (
        clean().with_account(0, issued_on=date(2026, 7, 1)).with_shop(0, issue_on=date(2026, 7, 1))
    )
    report = check(moved)
    assert [one.cause for one in report.differences] == [Cause.WRONG_DATE]
    assert report.balances
    paid = payment_of_another_day(clean())
    payment = evolve(paid.shop[0].payments[0], post_on=date(2026, 5, 16))
    found = check(paid.with_shop(0, payments=(payment,)))
    assert [one.cause for one in found.differences] == [Cause.WRONG_DATE]
    assert found.differences[0].is_payment


def test_a_policy_that_would_date_it_anew_is_no_difference():
    report = check(posted_on(date(2026, 4, 6)))
    assert report.differences == ()
    outside = check(posted_on(date(2026, 7, 6)))
    assert [one.cause for one in outside.differences] == [Cause.MOVED_DATE]
    assert outside.balances


def test_both_sides_changed_gives_a_difference_for_each():
    report = check(changed_in_kashflow(changed_in_shop(changed_in_shop(clean()))))
    assert [one.cause for one in report.differences] == [
        Cause.CHANGED_IN_SHOP,
        Cause.CHANGED_IN_KASHFLOW,
    ]
    assert report.balances


def test_without_a_logbook_nothing_says_which_side_changed():
    report = check(evolve(changed_in_kashflow(clean()), memory={}))
    assert [one.cause for one in report.differences] == [Cause.DIFFERENT]


def test_a_payment_is_called_by_its_order_and_money_by_its_pence():
    """Magento's invoices have numbers of their own, which look like another order's."""
    world = with_payment(clean())
    line = evolve(world.account[0].payments[0], amount=Decimal("7.3500"))
    (found,) = check(world.with_account(0, payments=(line,))).differences
    assert "for order 000000001" in found.message
    assert "stands as 7.35." in found.message


def test_rates_are_told_in_words():
    for fault, words in (
        (exempt_for_zero, ("zero-rated", "exempt from VAT")),
        (wrong_rate, ("stands at another VAT rate",)),
    ):
        (found,) = check(fault(clean())).differences
        assert all(each in found.message for each in words), found.message
        assert "VAT at exempt" not in found.message


def test_waiting_orders_are_counted_and_are_no_difference():
    world = evolve(clean(), shop=(*clean().shop, worlds.waiting(9)))
    report = check(world)
    assert report.differences == ()
    assert report.waiting == 1


@given(world=worlds.clean_worlds(max_size=4), data=st.data())
def test_what_is_posted_and_waits_in_the_shop_counts_as_it_did(world, data):
    """On hold, or by a setting that was withdrawn: nothing is changed and nothing is asked."""
    waits = world
    for at in data.draw(st.sets(st.integers(0, len(world.shop) - 1), min_size=1)):
        waits = waits.with_shop(at, standing=Standing.WAITING)
    before, after = check(world), check(waits)
    assert after.differences == before.differences == ()
    assert (after.totals, after.by_rate, after.money, after.waiting) == (
        before.totals,
        before.by_rate,
        before.money,
        0,
    )
    vat = [vat_report(one.shop, one.account, one.memory, QUARTER) for one in (world, waits)]
    assert vat[0].by_rate == vat[1].by_rate


def clean():
    """One invoice of 1 April without payments."""
    day = date(2026, 4, 3)
    shop = worlds.ShopDocument(
        "M:order:0:invoice",
        kind=worlds.DocumentKind.INVOICE,
        number="000000001",
        order="000000001",
        reference="M1-ORD-000000001",
        dated_on=day,
        issue_on=day,
        bands={"20": Figures(Decimal("49.10"), Decimal("9.82"))},
    )
    return World((shop,), (worlds.mirrored(shop, 1000),), {shop.key: worlds.agreed(shop, 1000)})
