"""Money that the account imports itself: matched line by line, awaited, missed, never posted."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.accounting import Credit, CreditKind, Holds, Payment
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.planner.matching import Window, pair_up
from kashmag.planner.policy_check import policy_faults
from kashmag.plans.actions import AddPayment, CreateCreditNote, CreateInvoice, DocumentId
from kashmag.plans.import_problems import awaited_until
from kashmag.plans.policy import PaymentAction, PaymentRule, Policy
from kashmag.plans.questions import InvoicesByReference
from kashmag.testing.factories import ORDERED_ON, make_payment, make_refund, make_sale, pounds

HOOKS = Hooks()
POST = PaymentRule(PaymentAction.POST, method=1, bank_account=2)
MATCH = PaymentRule(PaymentAction.MATCH)
POLICY = Policy(payments={"paypal": MATCH, "checkmo": POST})
DAY = timedelta(days=1)
REFERENCES = ("M1-ORD-000000012", "M1-CRN-000000003")


def paypal(amount="12.00", key="TX1", on=ORDERED_ON):
    return Payment(key, "paypal", amount=pounds(amount), paid_on=on)


def line(amount="12.00", on=ORDERED_ON, note="from the bank feed", number=1):
    return kashflow.PaymentLine(number, Decimal(amount), date=on, note=note)


def case_of(*payments, refunds=(), policy=POLICY):
    sale = make_sale(payment_method="paypal")
    order = magento.Order(
        entity_id=12, increment_id=sale.number, state="processing", status="processing",
        base_currency_code="GBP",
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id="12", number=sale.number)
    reading = Reading(sale, payments=payments, refunds=refunds)
    return Case(document, order=order, reading=reading, policy=policy)


def planned(case, but=None, *, days=0):
    answers, _ = planner.assume_all(case, HOOKS)
    return planner.plan(case, answers.having(but or {}), HOOKS, today=ORDERED_ON + days * DAY)


def posted(case, *lines, returned=(), created=ORDERED_ON):
    """The documents of a case as the account has them, with these payment lines."""
    found = {}
    for number, action in enumerate(planned(case).actions, start=1000):
        if not isinstance(action, CreateInvoice | CreateCreditNote):
            continue
        draft = action.draft
        paid = lines if isinstance(action, CreateInvoice) else returned
        items = tuple(
            kashflow.LineItem(
                1, one.description, quantity=one.quantity, rate=one.rate,
                vat_level=one.vat_level, vat_amount=one.vat_amount,
            )
            for one in draft.line_items
        )  # fmt: skip
        found[InvoicesByReference(action.reference)] = (
            kashflow.Invoice(
                number, customer_code=draft.customer_code, created_date=created,
                customer_reference=draft.customer_reference, net_amount=draft.net,
                vat_amount=draft.vat, gross_amount=draft.gross, line_items=items,
                payment_lines=tuple(paid),
                total_paid_amount=sum((one.amount for one in paid), Decimal(0)),
            ),
        )  # fmt: skip
    return found


def codes(plan):
    return [problem.code for problem in plan.problems]


def answer(plan, key="TX1"):
    return next(one.answer for one in plan.decisions if one.question == f"payment {key}")


def test_an_order_is_posted_without_the_money_that_the_account_imports():
    plan = planned(case_of(paypal()))
    (invoice,) = [one for one in plan.actions if isinstance(one, CreateInvoice)]
    assert invoice.draft.payment_lines == ()
    assert codes(plan) == ["payment_awaited"]
    assert plan.problems[0].holds is Holds.NOTHING
    assert answer(plan) == "awaited from the account's own import"


def test_a_line_of_the_amount_and_a_near_day_is_the_payment():
    case = case_of(paypal())
    plan = planned(case, posted(case, line(on=ORDERED_ON + 2 * DAY)), days=400)
    assert codes(plan) == []
    assert plan.actions == ()
    assert answer(plan) == f"matched with the account's own import of {ORDERED_ON + 2 * DAY}"


@pytest.mark.parametrize(("days", "code"), [(7, "payment_awaited"), (8, "payment_not_imported")])
def test_it_is_awaited_for_some_days_and_then_missed(days, code):
    case = case_of(paypal())
    plan = planned(case, posted(case), days=days)
    assert codes(plan) == [code]
    assert plan.actions == ()
    assert not plan.is_held
    assert "TX1" in plan.problems[0].message


@pytest.mark.parametrize(
    ("lines", "days"),
    [((), 1), ((), 30), ((line("11.50"),), 1)],
    ids=["awaited", "missed", "other"],
)
def test_every_sentence_about_an_import_names_order_invoice_day_and_token(lines, days):
    case = case_of(paypal())
    (told,) = planned(case, posted(case, *lines), days=days).problems
    number = next(iter(posted(case).values()))[0].number
    assert f"of {ORDERED_ON} for order {case.document.number} " in told.message
    assert f"invoice {number} " in told.message
    assert told.payment == "TX1"
    until = ORDERED_ON + 7 * DAY if told.code == "payment_awaited" else None
    assert awaited_until(told.message) == until


def test_an_import_has_its_days_from_when_there_was_an_invoice_to_find():
    case = case_of(paypal())
    late = posted(case, created=ORDERED_ON + 20 * DAY)
    assert codes(planned(case, late, days=27)) == ["payment_awaited"]
    assert codes(planned(case, late, days=28)) == ["payment_not_imported"]


@pytest.mark.parametrize(
    ("found", "told"),
    [(line("11.50"), "shows 11.50 of"), (line(on=ORDERED_ON + 8 * DAY), "more than 7 days away"),
     (line("11.50", note="PayPal TX1"), "shows 11.50 of")],
)  # fmt: skip
def test_another_amount_or_a_far_day_holds_the_payment(found, told):
    case = case_of(paypal())
    plan = planned(case, posted(case, found))
    assert codes(plan) == ["payment_differs"]
    assert told in plan.problems[0].message
    assert plan.problems[0].holds is Holds.PAYMENT
    assert plan.actions == ()


def test_money_that_goes_the_other_way_is_nobodys_difference():
    case = case_of(paypal())
    assert codes(planned(case, posted(case, line("-12.00")))) == ["payment_awaited"]


def test_two_payments_of_one_amount_need_two_lines():
    case = case_of(paypal("6.00"), paypal("6.00", key="TX2"))
    both = posted(case, line("6.00"), line("6.00", number=2))
    assert codes(planned(case, both)) == []
    assert codes(planned(case, posted(case, line("6.00")))) == ["payment_awaited"]


def test_what_we_post_ourselves_is_no_import():
    mixed = case_of(paypal("6.00"), evolve(make_payment("6.00"), key="C1"))
    ours = line("6.00", note="checkmo C1")
    plan = planned(mixed, posted(mixed, ours))
    assert codes(plan) == ["payment_awaited"]
    assert codes(planned(mixed, posted(mixed, ours, line("6.00", number=2)))) == []


def test_money_given_back_is_looked_for_on_the_credit_note():
    case = case_of(paypal(), refunds=(make_refund(),))
    sale_paid = line()
    awaited = planned(case, posted(case, sale_paid), days=1)
    assert codes(awaited) == ["payment_awaited"]
    assert "-12.00" in awaited.problems[0].message
    matched = planned(case, posted(case, sale_paid, returned=[line("-12.00")]), days=30)
    assert codes(matched) == []
    assert answer(matched, "000000003").startswith("matched")
    missed = planned(case, posted(case, sale_paid), days=30)
    assert codes(missed) == ["payment_not_imported"]


def test_a_method_that_is_matched_needs_nothing_of_the_account():
    bank = kashflow.BankAccount(2, "Current")
    assert policy_faults(Policy(payments={"paypal": MATCH}), (), (bank,), ()) == ()


def test_credit_with_the_shop_is_imported_by_nobody():
    credit = Credit(CreditKind.STORE_CREDIT, pounds("2.00"))
    policy = evolve(POLICY, credits={"store_credit": MATCH})
    sale = evolve(make_sale(payment_method="paypal"), credits=(credit,))
    case = case_of(paypal("10.00"), policy=policy)
    case = evolve(case, reading=Reading(sale, payments=(paypal("10.00"),)))
    assert "unmapped_credit" in codes(planned(case))


DATES = st.dates(date(2026, 4, 1), date(2026, 4, 20))
AMOUNTS = st.sampled_from(["5.00", "6.00"])


@given(
    st.lists(st.tuples(AMOUNTS, DATES), max_size=4),
    st.lists(st.tuples(AMOUNTS, st.none() | DATES), max_size=4),
    st.integers(0, 9),
)
def test_as_many_payments_find_a_line_of_their_own_as_can(wanted, told, days):
    payments = [paypal(amount, f"TX{at}", on) for at, (amount, on) in enumerate(wanted)]
    lines = [line(amount, on, number=at) for at, (amount, on) in enumerate(told)]
    window = Window(days, date(2026, 5, 1))
    pairs = pair_up(payments, lines, window)
    assert len({one.id for one in pairs.values()}) == len(pairs)
    by_key = {one.key: one for one in payments}
    assert all(fits(by_key[key], one, days) for key, one in pairs.items())
    # Every way to give each payment another line, or none, brute force.
    slots = [*lines, *[None] * len(payments)]
    most = max(
        sum(one is not None and fits(payment, one, days) for payment, one in zip(payments, chosen))
        for chosen in set(permutations(range(len(slots)), len(payments)))
        for chosen in [[slots[at] for at in chosen]]
    )
    assert len(pairs) == most


def fits(payment, found, days):
    near = found.date is None or abs((found.date - payment.paid_on).days) <= days
    return found.amount == payment.amount.amount and near


@given(
    st.lists(st.tuples(AMOUNTS, DATES), max_size=2),
    st.lists(st.tuples(st.sampled_from(["5.00", "6.00", "7.00", "-5.00"]), DATES), max_size=3),
    st.integers(0, 40),
)
def test_whatever_the_invoice_shows_nothing_is_posted_and_every_payment_is_told(wanted, told, days):
    payments = [paypal(amount, f"TX{at}", on) for at, (amount, on) in enumerate(wanted)]
    case = case_of(*payments)
    lines = [line(amount, on, number=at) for at, (amount, on) in enumerate(told)]
    plan = planned(case, posted(case, *lines), days=days)
    assert not [one for one in plan.actions if isinstance(one, AddPayment)]
    troubled = {word for one in plan.problems for word in one.message.split()}
    decided = {one.question.removeprefix("payment ") for one in plan.decisions}
    assert {one.key for one in payments} <= troubled | decided
    matched = [one for one in plan.decisions if one.answer.startswith("matched")]
    assert len(matched) <= len(lines)
