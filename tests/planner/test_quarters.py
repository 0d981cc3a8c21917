"""In which quarter a document lands: London's, whatever the shop's database and the clocks say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from kashmag import kashflow, planner
from kashmag.hooks.hooks import Hooks
from kashmag.magento import codec
from kashmag.magento.credit_memos import CreditMemo
from kashmag.magento.invoices import Invoice
from kashmag.planner.dates import first_open, issue_day, payment_day
from kashmag.plans.actions import CreateCreditNote, CreateInvoice
from kashmag.plans.policy import ClosedPeriod, PaymentAction, PaymentRule, Policy
from kashmag.plans.questions import AccountVat, Answers, FiledMonth
from kashmag.testing.checkout import Cart, CartLine, Release, TaxSettings, document_json, order_json
from kashmag.testing.strategies import as_order

HOOKS = Hooks()
LONDON = ZoneInfo("Europe/London")
POST = PaymentRule(PaymentAction.POST, method=1, bank_account=1)
POLICY = Policy(payments={"checkmo": POST})
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
LINE = CartLine(
    price=Decimal("12.00"), quantity=Decimal(1), rate=Decimal(20), discount=Decimal(0),
    fixed_tax=Decimal(0),
)  # fmt: skip
CART = Cart(lines=(LINE,), shipping=Decimal(0), shipping_discount=Decimal(0), conversion=Decimal(1))


def story(moment):
    """An order of one moment, paid and given back in the same."""
    settings, release = TaxSettings(), next(iter(Release))
    order = as_order(order_json(settings, CART, release=release, invoiced=True))
    order = evolve(order, created_at=moment, updated_at=moment)
    whole = [Decimal(1)]
    invoice = codec.read(Invoice, document_json(settings, CART, whole, kind="invoice", number=1))
    memo = codec.read(CreditMemo, document_json(settings, CART, whole, kind="memo", number=1))
    return order, evolve(invoice, created_at=moment, state=2), evolve(memo, created_at=moment)


def drafts_of(moment, policy=POLICY):
    order, invoice, memo = story(moment)
    case = planner.open_case(order, (invoice,), (memo,), policy)
    answers, _ = planner.assume_all(case, HOOKS)
    plan = planner.plan(case, answers, HOOKS, today=date(2033, 1, 1))
    found = [a.draft for a in plan.actions if isinstance(a, CreateInvoice | CreateCreditNote)]
    assert len(found) == 2, plan.summary()
    return found


def quarter(day):
    return day.year, (day.month - 1) // 3


@given(MOMENTS)
@example(datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC))  # the last second of the quarter, in summer
@example(datetime(2026, 6, 30, 23, 0, 0, tzinfo=UTC))  # the first of the next
@example(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
@example(datetime(2026, 9, 30, 23, 30, tzinfo=UTC))
@example(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))  # in winter, London is on UTC
@example(datetime(2027, 1, 1, 0, 0, 0, tzinfo=UTC))
@example(datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC))  # the clocks go forward on a quarter's end
@example(datetime(2024, 3, 31, 1, 0, 0, tzinfo=UTC))
@example(datetime(2024, 3, 31, 23, 30, tzinfo=UTC))  # and it is April in London
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))  # half past one comes twice
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example(datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC))
@example(datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC))
def test_every_document_and_payment_lands_in_the_quarter_that_london_had(moment):
    there = moment.astimezone(LONDON).date()
    for draft in drafts_of(moment):
        assert quarter(draft.issued_date) == quarter(there)
        assert draft.issued_date == there
        assert [line.date for line in draft.payment_lines] == [there]


@given(MOMENTS, st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "UTC"]))
def test_another_time_zone_is_the_settings_to_say(moment, zone):
    there = moment.astimezone(ZoneInfo(zone)).date()
    assert {one.issued_date for one in drafts_of(moment, evolve(POLICY, time_zone=zone))} == {there}


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
ENDS = st.none() | DAYS


@given(DAYS, ENDS, ENDS, st.sampled_from(ClosedPeriod))
def test_a_stated_return_closes_its_days_as_closed_books_do(day, closed, filed, rule):
    policy = Policy(books_closed_until=closed, vat_returns_filed_until=filed, closed_period=rule)
    moved, findings = issue_day("Order 1", day, policy, date(2027, 12, 31), Answers())
    shut = [end for end in (closed, filed) if end is not None and day <= end]
    if not shut:
        assert (moved, findings.problems, findings.decisions) == (day, (), ())
    elif rule is ClosedPeriod.HOLD:
        (problem,) = findings.problems
        is_closed = closed is not None and day <= closed
        assert problem.code == ("period_closed" if is_closed else "period_filed")
        assert is_closed or "policy.vat_returns_filed_until" in problem.message
    else:
        assert moved == first_open(day, policy) == max(shut) + timedelta(days=1)
        assert not findings.problems


@given(DAYS, st.integers(0, 3), st.integers(0, 3))
def test_what_is_stated_and_what_documents_show_are_one_chain(day, stated, shown):
    """The first open day lies behind the stated return and the filed months after it."""
    first, answers = day.replace(day=1), Answers()
    until = None
    for at in range(stated + shown):
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if at < stated:
            until = last
        else:
            answers = answers.having({FiledMonth(first): last})
        first = last + timedelta(days=1)
    policy = Policy(vat_returns_filed_until=until, closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    moved, _ = issue_day("Order 1", day, policy, date(2028, 12, 31), answers)
    assert moved == (first if stated + shown else day)


CASH = Answers({AccountVat(): kashflow.VatSettings(True, cash_accounting=kashflow.VatCash(True))})
ACCRUAL = Answers({AccountVat(): kashflow.VatSettings(True)})


@given(DAYS, ENDS, ENDS, st.booleans())
def test_only_under_cash_accounting_a_filed_return_is_closed_for_payments(day, closed, filed, cash):
    policy = Policy(
        books_closed_until=closed, vat_returns_filed_until=filed,
        closed_period=ClosedPeriod.FIRST_OPEN_DAY,
    )  # fmt: skip
    moved, findings = payment_day("Payment x", day, None, policy, CASH if cash else ACCRUAL)
    ends = (closed, filed) if cash else (closed,)
    shut = [end for end in ends if end is not None and day <= end]
    # Moved out of closed books, it may come to lie in a filed return.
    after = max(shut) + timedelta(days=1) if shut else day
    assert moved == (
        max(after, filed + timedelta(days=1)) if cash and filed and after <= filed else after
    )
    assert bool(findings.decisions) == (moved != day)


@pytest.mark.parametrize("cash", [True, False])
def test_a_payment_into_a_filed_quarter_is_held_under_cash_accounting(cash):
    policy = Policy(vat_returns_filed_until=date(2026, 3, 31))
    _, findings = payment_day(
        "Payment x of 12.00 GBP", date(2026, 3, 31), None, policy, CASH if cash else ACCRUAL
    )
    assert [one.code for one in findings.problems] == (["payment_in_filed_return"] if cash else [])
