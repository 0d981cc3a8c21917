"""An order is never posted beside an invoice that looks like it, unless somebody said so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.plans.acceptances import Acceptance, acceptance_key
from kashmag.plans.actions import CreateInvoice, DocumentId
from kashmag.plans.plan import Plan
from kashmag.plans.policy import (
    BeforeGoLive,
    Lookalikes,
    NotOfTheShop,
    PaymentAction,
    PaymentRule,
    Policy,
    TestOrders,
)
from kashmag.plans.questions import (
    Accepted,
    Answers,
    CustomersByEmail,
    InvoicesByReference,
    TypedByHand,
)
from kashmag.testing.factories import ORDERED_ON, make_buyer, make_sale

HOOKS = Hooks()
TODAY = ORDERED_ON + timedelta(days=30)
POLICY = Policy(payments={"checkmo": PaymentRule(PaymentAction.POST, method=1, bank_account=2)})
ROBIN = kashflow.Customer(
    "ROBIN", "Robin Example", contacts=(kashflow.Contact(email=make_buyer().email),)
)


def case_of(policy: Policy = POLICY) -> Case:
    """An order of 12.00, number 000000012."""
    sale = make_sale()
    order = magento.Order(
        entity_id=12, increment_id=sale.number, state="processing", base_currency_code="GBP"
    )
    document = DocumentId("M", "order", entity_id="12", number=sale.number)
    return Case(document, order=order, reading=Reading(sale), policy=policy)


def typed(  # noqa: PLR0917
    number: int = 101,
    gross: str = "12.00",
    day: date | None = ORDERED_ON,
    reference: str = "",
    text: str = "A mug",
    currency: str = "GBP",
) -> kashflow.Invoice:
    line = kashflow.LineItem(
        1, text, quantity=Decimal(1), rate=Decimal(gross), vat_level=Decimal(0),
        vat_amount=Decimal(0),
    )  # fmt: skip
    return kashflow.Invoice(
        number, customer_code="ROBIN", customer_reference=reference, issued_date=day,
        net_amount=Decimal(gross), vat_amount=Decimal(0), gross_amount=Decimal(gross),
        total_paid_amount=Decimal(0), currency=kashflow.CurrencyRef(currency), line_items=(line,),
    )  # fmt: skip


def planned(
    case: Case,
    account: tuple[kashflow.Invoice, ...],
    *,
    known: bool = True,
    accepted: tuple[Acceptance, ...] = (),
) -> tuple[Plan, list[TypedByHand]]:
    """The plan beside what stands in the account, and what was asked of the customer's invoices."""
    answers, asked = Answers(), []
    while questions := planner.asking(case, answers, HOOKS):
        found, _ = planner.assumed_answers(questions, case.policy)
        for one in questions:
            match one:
                case CustomersByEmail() if known:
                    found = found.having({one: (ROBIN,)})
                case TypedByHand():
                    asked.append(one)
                    dated = [i for i in account if one.first <= (i.issued_date or one.first)]
                    near = tuple(i for i in dated if (i.issued_date or one.last) <= one.last)
                    found = found.having({one: near})
                case Accepted():
                    found = found.having({one: accepted})
                case _:
                    pass
        answers = answers.having({one: found[one] for one in found})
    return planner.plan(case, answers, HOOKS, today=TODAY), asked


days = st.integers(-40, 40).map(lambda n: ORDERED_ON + timedelta(days=n))
words = st.sampled_from(
    ("A mug", "Order 000000012", "shop no. 12", "000000013", "12.00", "00000012")
)
foreign = st.builds(
    typed,
    number=st.integers(100, 109),
    gross=st.sampled_from(("12.00", "12.0000", "12.01", "-12.00", "99.00")),
    day=st.one_of(st.none(), days),
    reference=st.sampled_from(("", "PO 7", "Order 000000012", "M1-ORD-000000012 paid")),
    text=words,
    currency=st.sampled_from(("GBP", "EUR")),
)
accounts = st.lists(foreign, max_size=4, unique_by=lambda one: one.number).map(tuple)


def looks_like_it(invoice: kashflow.Invoice) -> bool:
    """By the words of the documentation: it names the number, or has the gross on a near day."""
    told = [
        invoice.customer_reference or "",
        *(line.description or "" for line in invoice.line_items),
    ]
    day = invoice.issued_date
    is_near = day is None or abs((day - ORDERED_ON).days) <= 14
    if invoice.gross_amount <= 0 or invoice.currency.code != "GBP" or not is_near:  # type: ignore[union-attr]
        return False
    return any("000000012" in text for text in told) or (
        day is not None and invoice.gross_amount == 12
    )


@given(accounts)
def test_an_order_is_never_posted_beside_what_looks_like_it_and_nothing_else_holds_it(account):
    plan, _ = planned(case_of(), account)
    alike = sorted(one.number for one in account if looks_like_it(one))
    told = [one for one in plan.problems if one.code == "lookalike"]
    assert len(told) == len(alike)
    assert all(f"Invoice {number}" in " ".join(p.message for p in told) for number in alike)
    assert plan.is_held is bool(alike)
    assert [type(one) for one in plan.actions] == [CreateInvoice]


@given(accounts, st.data())
def test_a_persons_word_is_about_the_invoices_that_it_named(account, data):
    said = data.draw(
        st.sets(st.sampled_from([one.number for one in account])) if account else st.just(set())
    )
    plan, _ = planned(case_of(), tuple(one for one in account if one.number in said))
    told = [one for one in plan.problems if one.code == "lookalike"]
    accepted = tuple(Acceptance(acceptance_key(one.message), because="a gift") for one in told)
    plan, _ = planned(case_of(), account, accepted=accepted)
    left = {one.number for one in account if looks_like_it(one)} - said
    assert plan.is_held is bool(left)
    if not left:
        assert len([one for one in plan.decisions if one.because == "a gift"]) == len(told)


@given(accounts)
def test_the_policy_may_post_it_or_say_what_is_not_of_the_shop(account):
    posting = case_of(evolve(POLICY, lookalikes=Lookalikes.POST))
    plan, asked = planned(posting, account)
    assert (plan.is_held, asked) == (False, [])
    rules = (
        NotOfTheShop(customers=("robin",)),
        NotOfTheShop(invoices=tuple(one.number for one in account)),
        NotOfTheShop(references=("PO", "Order", "M1-ORD-000000012 paid")),
    )
    for number, rule in enumerate(rules):
        some = account if number < 2 else tuple(one for one in account if one.customer_reference)
        plan, _ = planned(case_of(evolve(POLICY, not_of_the_shop=rule)), some)
        assert not plan.is_held


def test_the_customer_that_is_there_is_asked_about_once_and_no_other():
    case = case_of()
    first = ORDERED_ON - timedelta(days=14)
    last = ORDERED_ON + timedelta(days=14)
    assert planned(case, ())[1] == [TypedByHand("ROBIN", first=first, last=last)]
    assert planned(case, (), known=False)[1] == []
    tests = evolve(POLICY, test_orders=TestOrders(("example.com",)))
    assert planned(case_of(tests), ())[1] == []


def test_what_is_posted_is_not_held_again():
    case = case_of()
    (action,) = planned(case, ())[0].actions
    posted = evolve(typed(gross="12.00"), customer_reference=action.reference)
    answers, _ = planner.assume_all(case, HOOKS)
    answers = answers.having(
        {
            InvoicesByReference(action.reference): (posted,),
            CustomersByEmail(make_buyer().email): (ROBIN,),
        }
    )
    assert not any(isinstance(one, TypedByHand) for one in planner.asking(case, answers, HOOKS))


def test_before_go_live_it_is_told_with_the_one_cause_and_does_not_forbid_to_post():
    case = case_of(evolve(POLICY, go_live=TODAY))
    plan, _ = planned(case, (typed(),))
    (problem,) = plan.problems
    assert problem.code == "before_go_live"
    assert "Invoice 101" in problem.remedy
    (proposal,) = plan.proposals
    assert not plan.taking(proposal, because="both are right", rule="person").is_held
    posting = case_of(evolve(POLICY, go_live=TODAY, before_go_live=BeforeGoLive.POST))
    assert [one.code for one in planned(posting, (typed(),))[0].problems] == ["lookalike"]


def test_the_sentence_names_both_and_the_remedy_says_how_to_go_on():
    (problem,) = planned(case_of(), (typed(gross="11.0000", text="Order 000000012"),))[0].problems
    assert problem.message == (
        f"Invoice 101 of {ORDERED_ON} over 11.00 looks like order 000000012 (names the order's "
        "number, where the order comes to 12.00 GBP), and was typed by hand."
    )
    for way in ("errors adopt 000000012 101", "errors skip", "errors accept", "not_of_the_shop"):
        assert way in problem.remedy
