"""Over the whole walk, from an order's JSON to a plan: what must hold of every plan there is."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow, planner
from kashmag.hooks.hooks import Hooks
from kashmag.plans.actions import AddPayment, CreateCreditNote, CreateCustomer, CreateInvoice
from kashmag.plans.nameless import nameless
from kashmag.plans.plan import from_json
from kashmag.plans.policy import (
    Adjustments,
    ClosedPeriod,
    CurrencyChoice,
    Nominals,
    Numbering,
    PaymentAction,
    PaymentRule,
    Policy,
    UnknownSku,
)
from kashmag.plans.questions import Answers, Assumptions, InvoicesByReference
from kashmag.rest.codec import dumps, loads
from kashmag.testing.strategies import order_stories

HOOKS = Hooks()
TODAY = date(2030, 1, 1)
POST = PaymentRule(PaymentAction.POST, method=1, bank_account=1)
POLICIES = st.builds(
    Policy,
    st.sampled_from(["M", "WEB"]),
    numbering=st.sampled_from(Numbering),
    currency=st.sampled_from(CurrencyChoice),
    adjustments=st.sampled_from(Adjustments),
    unknown_sku=st.sampled_from(UnknownSku),
    nominals=st.builds(
        Nominals, discount=st.sampled_from([None, 4050]), adjustments=st.sampled_from([None, 4905])
    ),
    payments=st.sampled_from([{}, {"checkmo": POST}]),
    payment_days=st.integers(0, 60),
)
BELIEFS = st.builds(
    kashflow.Assumptions,
    rate_decimals=st.sampled_from([2, 4]),
    line_vat=st.sampled_from(["kept", "recomputed"]),
)
STORIES = st.booleans().flatmap(lambda refunded: order_stories(refunded=refunded))


def case_of(story, policy):
    return planner.open_case(story.order, story.invoices, story.credit_memos, policy)


def answered(case, beliefs=None):
    answers, _ = planner.assumed_answers(planner.asking(case, Answers(), HOOKS), case.policy)
    return answers if beliefs is None else answers.having({Assumptions(): beliefs})


def plan_of(case, answers):
    return planner.plan(case, answers, HOOKS, today=TODAY)


@settings(max_examples=150, deadline=None)
@given(STORIES, POLICIES, BELIEFS)
def test_every_document_that_is_planned_is_exact_or_the_plan_is_held(story, policy, beliefs):
    case = case_of(story, policy)
    plan = plan_of(case, answered(case, beliefs))
    documents = [a for a in plan.actions if isinstance(a, CreateInvoice | CreateCreditNote)]
    for action in documents:
        exact = sum(line.quantity * line.rate + line.vat_amount for line in action.draft.line_items)
        if not plan.is_held:
            assert action.certificate.exact
            assert exact == action.certificate.gross
    assert plan.is_held or documents or plan.skipped_because
    assert all(problem.message and problem.remedy for problem in plan.problems)


@settings(max_examples=100, deadline=None)
@given(STORIES, POLICIES, BELIEFS)
def test_a_nominal_for_discounts_changes_no_figure_and_holds_nothing(story, policy, beliefs):
    without = evolve(policy, nominals=evolve(policy.nominals, discount=None))
    apart = evolve(policy, nominals=evolve(policy.nominals, discount=4050))
    plans = []
    for own in (without, apart):
        case = case_of(story, own)
        plans.append(plan_of(case, answered(case, beliefs)))
    usual, divided = plans
    assert divided.problems == usual.problems
    assert divided.certificate == usual.certificate
    for one, other in zip(usual.actions, divided.actions, strict=True):
        if not isinstance(one, CreateInvoice | CreateCreditNote):
            assert one == other
            continue
        sign = 1 if isinstance(one, CreateInvoice) else -1
        assert other.certificate == one.certificate
        assert {line.nominal_code for line in one.draft.line_items} <= {4000, 4100, 4200, 4905}
        for line in other.draft.line_items:
            if line.nominal_code == 4050:
                assert sign * line.net <= 0
                assert sign * line.vat_amount <= 0


@settings(max_examples=75, deadline=None)
@given(
    order_stories(refunded=True),
    POLICIES,
    st.sampled_from(["books_closed_until", "vat_returns_filed_until"]),
    st.dates(date(2026, 3, 1), date(2026, 5, 31)),
)
def test_a_document_dated_otherwise_than_its_own_day_says_its_own_day(story, policy, closed, until):
    """In its lines, so that it stands in KashFlow where a bookkeeper looks; and only then."""
    moving = evolve(policy, closed_period=ClosedPeriod.FIRST_OPEN_DAY, **{closed: until})
    case = case_of(story, moving)
    plan, usual = plan_of(case, answered(case)), plan_of(case_of(story, policy), answered(case))
    days = {case.document.reference: case.reading.sale.ordered_on} if case.reading.sale else {}
    for one in case.reading.refunds:
        days[case.document.credit_reference(one.number)] = one.refunded_on
    before = {one.key: one for one in usual.actions}
    for action in plan.actions:
        if not isinstance(action, CreateInvoice | CreateCreditNote):
            continue
        own, issued = days[action.reference], action.draft.issued_date
        assert issued == (own if until < own else until + timedelta(days=1))
        first, *others = action.draft.line_items
        told, *rest = before[action.key].draft.line_items
        assert first.description.startswith(told.description)
        extra = first.description.removeprefix(told.description)
        assert (str(own) in extra, str(issued) in extra) == (issued != own, issued != own)
        assert bool(extra) == (issued != own)
        assert evolve(first, description=told.description) == told
        assert others == rest


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_the_same_inputs_give_the_same_plan_which_survives_being_stored(story, policy):
    case = case_of(story, policy)
    plan = plan_of(case, answered(case))
    again = plan_of(case_of(story, policy), answered(case))
    assert plan == again
    assert plan.digest == again.digest
    stored = from_json(loads(dumps(plan.to_json())))
    assert stored == plan
    assert stored.digest == plan.digest


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_a_plan_without_its_people_tells_the_same_deeds_and_figures(story, policy):
    case = case_of(story, policy)
    plan = plan_of(case, answered(case))
    left = nameless(plan)
    assert from_json(loads(dumps(left.to_json()))) == left == nameless(left)
    assert [(one.key, one.reference) for one in left.actions] == [
        (one.key, one.reference) for one in plan.actions
    ]
    assert left.certificate == plan.certificate
    for before, after in zip(plan.actions, left.actions, strict=True):
        if isinstance(before, CreateInvoice | CreateCreditNote):
            assert (after.draft.net, after.draft.vat) == (before.draft.net, before.draft.vat)
            assert after.draft.payment_lines == before.draft.payment_lines
    told, buyer = dumps(left.to_json()).decode(), story.order.billing_address
    people = [story.order.customer_email, *((buyer.street or ()) if buyer else ())]
    assert not [one for one in people if one and len(one) > 3 and one in told]


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_asking_ends_and_what_is_answered_is_not_asked_again(story, policy):
    case = case_of(story, policy)
    asked = planner.asking(case, Answers(), HOOKS)
    assert len(set(asked)) == len(asked)
    assert planner.asking(case, answered(case), HOOKS) == ()


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_money_on_a_document_never_exceeds_it_and_nothing_is_paid_twice(story, policy):
    case = case_of(story, policy)
    for action in plan_of(case, answered(case)).actions:
        if isinstance(action, CreateInvoice | CreateCreditNote):
            lines = action.draft.payment_lines
            paid, gross = sum((line.amount for line in lines), Decimal(0)), action.draft.gross
            assert abs(paid) <= abs(gross)
            assert len({line.note for line in lines}) == len(lines)


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_once_posted_the_order_is_left_alone(story, policy):
    """What a plan creates is, read back, exactly what the next plan wants to find."""
    case = case_of(story, policy)
    answers = answered(case)
    plan = plan_of(case, answers)
    if plan.is_held:
        return
    posted = {}
    for number, action in enumerate(plan.actions, start=1001):
        if isinstance(action, CreateInvoice | CreateCreditNote):
            posted[InvoicesByReference(action.reference)] = (as_posted(action, number),)
    after = plan_of(case, answers.having(posted))
    wanted = {a.key for a in plan.actions if isinstance(a, CreateInvoice | CreateCreditNote)}
    assert {adoption.key for adoption in after.adoptions} == wanted
    assert not after.is_held
    assert not [a for a in after.actions if isinstance(a, CreateCustomer | CreateInvoice)]
    assert not [a for a in after.actions if a.kind in {"create_credit_note", "add_payment"}]


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES)
def test_money_that_was_held_and_is_let_through_later_goes_on_every_document_once(story, policy):
    """Invoices and memos of one order share their numbers, and money is often named by them."""
    held = case_of(story, evolve(policy, payments={}))
    case = case_of(story, evolve(policy, payments={"checkmo": POST}))
    answers = answered(case)
    documents = [
        action
        for action in plan_of(held, answers).actions
        if isinstance(action, CreateInvoice | CreateCreditNote)
    ]
    posted = {
        InvoicesByReference(action.reference): (as_posted(action, number),)
        for number, action in enumerate(documents, start=1001)
    }
    at_once, later = plan_of(case, answers), plan_of(case, answers.having(posted))
    if at_once.is_held:
        return
    assert not later.is_held
    added = [action for action in later.actions if isinstance(action, AddPayment)]
    assert len({action.key for action in added}) == len(added)
    assert Counter((one.invoice_reference, one.payment.amount) for one in added) == Counter(
        (action.reference, line.amount)
        for action in at_once.actions
        if isinstance(action, CreateInvoice | CreateCreditNote)
        for line in action.draft.payment_lines
    )


@settings(max_examples=75, deadline=None)
@given(STORIES, POLICIES, st.data())
def test_whatever_is_changed_on_a_posted_invoice_is_drift(story, policy, data):
    case = case_of(story, policy)
    answers = answered(case)
    plan = plan_of(case, answers)
    invoices = [action for action in plan.actions if isinstance(action, CreateInvoice)]
    if plan.is_held or not invoices or not invoices[0].draft.line_items:
        return
    posted = as_posted(invoices[0], 1001)
    at = data.draw(st.integers(0, len(posted.line_items) - 1))
    off = data.draw(st.sampled_from([Decimal("0.01"), Decimal("-0.01"), Decimal("100")]))
    lines = list(posted.line_items)
    lines[at] = evolve(lines[at], vat_amount=lines[at].vat_amount + off)
    changed = evolve(posted, line_items=tuple(lines))
    drift = plan_of(case, answers.having({InvoicesByReference(invoices[0].reference): (changed,)}))
    assert "posted_differs" in {problem.code for problem in drift.problems}
    assert drift.is_held


def as_posted(action, number):
    """The draft as an account that keeps what it is sent would show it."""
    draft = action.draft
    paid = tuple(
        kashflow.PaymentLine(at, line.amount, date=line.date, note=line.note)
        for at, line in enumerate(draft.payment_lines, start=1)
    )
    return kashflow.Invoice(
        number,
        customer_code=draft.customer_code,
        customer_reference=draft.customer_reference,
        net_amount=draft.net,
        vat_amount=draft.vat,
        gross_amount=draft.gross,
        total_paid_amount=sum((line.amount for line in paid), Decimal(0)),
        payment_lines=paid,
        line_items=tuple(
            kashflow.LineItem(
                at,
                line.description,
                quantity=line.quantity,
                rate=line.rate,
                vat_level=line.vat_level,
                vat_amount=line.vat_amount,
                nominal_code=line.nominal_code,
            )
            for at, line in enumerate(draft.line_items, start=1)
        ),
    )
