"""Orders from before `go_live`: one cause, whatever else is in them, and a way out of it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.magento.reading.problems import absurd
from kashmag.planner import Case
from kashmag.plans.actions import CreateInvoice, DocumentId
from kashmag.plans.plan import Plan, from_json
from kashmag.plans.policy import BeforeGoLive, PaymentAction, PaymentRule, Policy
from kashmag.plans.proposals import Way
from kashmag.plans.questions import InvoicesByReference
from kashmag.testing.factories import ORDERED_ON, make_payment, make_refund, make_sale

CHEQUE = PaymentRule(PaymentAction.POST, method=1, bank_account=2)
HOOKS = Hooks()
TODAY = ORDERED_ON + timedelta(days=30)
LATER = ORDERED_ON + timedelta(days=1)

policies = st.builds(
    Policy,
    go_live=st.just(LATER),
    books_closed_until=st.sampled_from((None, ORDERED_ON)),
    payments=st.sampled_from(({}, {"checkmo": CHEQUE})),
)


@st.composite
def cases(draw: st.DrawFn, policies: st.SearchStrategy[Policy] = policies) -> Case:
    sale = make_sale()
    if draw(st.booleans()):
        reading = Reading(
            sale,
            payments=draw(st.sampled_from(((), (make_payment(),)))),
            refunds=draw(st.sampled_from(((), (make_refund(adjustment="1.20"),)))),
        )
    else:
        reading = Reading(None, problems=(absurd(sale.number),))
    state = draw(st.sampled_from(("processing", "complete", "closed", "unheard-of")))
    order = magento.Order(
        entity_id=int(sale.source_id), increment_id=sale.number, state=state, status=state,
        base_currency_code="GBP",
        created_at=datetime.combine(ORDERED_ON, time(12), tzinfo=UTC),
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id=sale.source_id, number=sale.number)
    return Case(document, order=order, reading=reading, policy=draw(policies))


def planned(case: Case, *posted: kashflow.Invoice) -> Plan:
    answers, _ = planner.assume_all(case, HOOKS)
    answers = answers.having({InvoicesByReference(case.document.reference): posted})
    return planner.plan(case, answers, HOOKS, today=TODAY)


@given(cases())
def test_whatever_else_is_wrong_an_order_from_before_that_day_has_one_cause(case: Case) -> None:
    plan = planned(case)
    assert [one.code for one in plan.problems] == ["before_go_live"]
    (problem,) = plan.problems
    assert "errors adopt" in problem.remedy
    assert "errors skip" in problem.remedy
    assert plan.proposals or "It could not be posted yet: " in problem.remedy
    for one in plan.proposals:
        assert "--by post" in problem.remedy
        taken = plan.taking(one, because="never typed", rule="person")
        assert not taken.is_held
        assert {a.key for a in one.actions} == {a.key for a in taken.actions}
        posting = evolve(case, policy=evolve(case.policy, before_go_live=BeforeGoLive.POST))
        assert set(taken.problems) == set(planned(posting).problems)  # nothing is lost in silence
        assert from_json(plan.to_json()) == plan


@given(cases())
def test_the_policy_skips_all_of_them_or_takes_them_like_any_other(case: Case) -> None:
    skipping = evolve(case, policy=evolve(case.policy, before_go_live=BeforeGoLive.SKIP))
    plan = planned(skipping)
    assert (plan.actions, plan.problems) == ((), ())
    assert "before go_live" in plan.skipped_because
    posting = evolve(case, policy=evolve(case.policy, before_go_live=BeforeGoLive.POST))
    without = evolve(case, policy=evolve(case.policy, go_live=None))
    assert planned(posting) == planned(without)


@given(cases(policies.map(lambda one: evolve(one, go_live=ORDERED_ON))))
def test_an_order_of_that_day_is_like_any_other(case: Case) -> None:
    assert planned(case) == planned(evolve(case, policy=evolve(case.policy, go_live=None)))


def test_what_is_posted_or_adopted_goes_on_and_what_waits_or_is_void_asks_nobody() -> None:
    policy = Policy(go_live=LATER, payments={"checkmo": CHEQUE})
    sale = make_sale()
    order = magento.Order(entity_id=1, increment_id=sale.number, state="new", status="new")
    document = DocumentId("M", "order", entity_id="1", number=sale.number)
    waiting = Case(document, order=order, reading=Reading(sale), policy=policy)
    for state in ("new", "canceled"):
        plan = planned(evolve(waiting, order=evolve(order, state=state, status=state)))
        assert (plan.problems, plan.actions) == ((), ())
    due = evolve(waiting, order=evolve(order, state="processing", status="processing"))
    (proposal,) = planned(due).proposals
    assert proposal.way is Way.POST
    draft = next(one for one in planned(due).actions if isinstance(one, CreateInvoice)).draft
    lines = tuple(
        kashflow.LineItem(
            at, one.description, quantity=one.quantity, rate=one.rate,
            vat_level=one.vat_level, vat_amount=one.vat_amount, nominal_code=one.nominal_code,
        )
        for at, one in enumerate(draft.line_items, start=1)
    )  # fmt: skip
    typed = kashflow.Invoice(
        7,
        customer_reference=document.reference,
        net_amount=draft.net,
        vat_amount=draft.vat,
        gross_amount=draft.gross,
        total_paid_amount=draft.gross * 0,
        line_items=lines,
    )
    plan = planned(due, typed)
    assert not plan.is_held
    assert [one.number for one in plan.adoptions] == [7]
