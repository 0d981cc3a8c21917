"""One plan per order: what it does, what it holds, and why, against what exists already."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.accounting import Credit, CreditKind, Holds, LineKind
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.plans.actions import (
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    DocumentId,
    Pending,
)
from kashmag.plans.plan import from_json
from kashmag.plans.policy import (
    Adjustments,
    ClosedPeriod,
    CurrencyChoice,
    ForeignVat,
    Nominals,
    Numbering,
    OrderOutcome,
    PaymentAction,
    PaymentRule,
    Policy,
    UnknownSku,
)
from kashmag.plans.questions import (
    Answers,
    Assumptions,
    BankAccounts,
    CustomerByCode,
    CustomersByEmail,
    HomeCurrency,
    InvoiceByNumber,
    InvoicesByReference,
    NominalCodes,
    ProductsByCode,
    VatRates,
)
from kashmag.testing.factories import (
    ORDERED_ON,
    make_buyer,
    make_line,
    make_payment,
    make_refund,
    make_sale,
    pounds,
)

CHEQUE = PaymentRule(PaymentAction.POST, method=1, bank_account=2)
POLICY = Policy(payments={"checkmo": CHEQUE})
TODAY = ORDERED_ON + timedelta(days=30)
HOOKS = Hooks()


def case_of(sale=None, *, state="processing", policy=POLICY, payments=(), refunds=()):
    sold = sale or make_sale()
    order = magento.Order(
        entity_id=int(sold.source_id),
        increment_id=sold.number,
        state=state,
        status=state,
        base_currency_code="GBP",
    )
    document = DocumentId("M", "order", entity_id=sold.source_id, number=sold.number)
    reading = Reading(sold, payments=payments, refunds=refunds)
    return Case(document, order=order, reading=reading, policy=policy)


def answered(case, **known):
    """Everything that is asked, from the policy, but for what the test knows better."""
    answers, _ = planner.assumed_answers(planner.asking(case, Answers(), HOOKS), case.policy)
    return answers.having(known.get("but", {}))


def planned(case, but=None, *, today=TODAY):
    return planner.plan(case, answered(case, but=but or {}), HOOKS, today=today)


def codes(plan):
    return {problem.code for problem in plan.problems}


def invoice_of(action, *, number=1001, payments=None):
    """The draft as KashFlow would have it after posting."""
    draft = action.draft
    lines = tuple(
        kashflow.LineItem(
            n,
            line.description,
            quantity=line.quantity,
            rate=line.rate,
            vat_level=line.vat_level,
            vat_amount=line.vat_amount,
            nominal_code=line.nominal_code,
        )
        for n, line in enumerate(draft.line_items, start=1)
    )
    sent = draft.payment_lines if payments is None else payments
    paid = tuple(
        kashflow.PaymentLine(n, line.amount, date=line.date, note=line.note)
        for n, line in enumerate(sent, start=1)
    )
    return kashflow.Invoice(
        number,
        customer_code=draft.customer_code,
        customer_reference=draft.customer_reference,
        net_amount=draft.net,
        vat_amount=draft.vat,
        gross_amount=draft.gross,
        total_paid_amount=sum((line.amount for line in paid), Decimal(0)),
        line_items=lines,
        payment_lines=paid,
    )


def test_a_paid_order_becomes_customer_and_invoice_with_its_payment():
    plan = planned(case_of(payments=(make_payment(),)))
    customer, invoice = plan.actions
    assert isinstance(customer, CreateCustomer)
    assert isinstance(invoice, CreateInvoice)
    assert invoice.draft.customer_code == customer.draft.code
    assert invoice.draft.customer_reference == "M1-ORD-000000012"
    assert invoice.draft.issued_date == invoice.draft.due_date == ORDERED_ON
    (line,) = invoice.draft.payment_lines
    assert (line.amount, line.method, line.account_id) == (Decimal("12.00"), 1, 2)
    assert line.note == "checkmo 000000034"
    assert invoice.draft.number is None
    assert plan.certificate is not None
    assert plan.certificate.exact
    assert not plan.is_held
    assert not plan.problems


def test_the_same_inputs_give_the_same_plan_and_digest_and_it_reloads():
    case = case_of(payments=(make_payment(),), refunds=(make_refund(),))
    first, second = planned(case), planned(case)
    assert first == second
    assert first.digest == second.digest
    assert from_json(first.to_json()) == first
    assert from_json(first.to_json()).digest == first.digest


@pytest.mark.parametrize("state", ["new", "pending_payment", "payment_review"])
def test_an_order_that_waits_asks_nothing_and_proves_its_figures(state):
    case = case_of(state=state)
    assert planner.asking(case, Answers(), HOOKS) == ()
    plan = planned(case)
    assert plan.actions == ()
    assert plan.skipped_because.startswith("waiting")
    assert plan.certificate is not None
    assert plan.certificate.exact


def test_a_status_can_be_mapped_by_the_policy():
    policy = evolve(POLICY, statuses={"fraud": OrderOutcome.WAIT})
    case = case_of(policy=policy)
    case = evolve(case, order=evolve(case.order, status="fraud"))
    assert planned(case).skipped_because == "waiting: the policy maps status fraud"


def test_a_state_that_nobody_knows_is_held():
    plan = planned(case_of(state="teleported"))
    assert plan.is_held
    assert codes(plan) == {"unknown_state"}


def test_a_cancelled_order_is_skipped_and_drift_where_it_was_posted():
    posted = invoice_of(planned(case_of()).actions[-1])
    case = case_of(state="canceled")
    case = evolve(case, reading=Reading(is_void=True))
    assert planned(case).skipped_because == "cancelled: nothing is owed on it"
    drift = planned(case, {InvoicesByReference("M1-ORD-000000012"): (posted,)})
    assert codes(drift) == {"void_but_posted"}


def test_a_complete_order_without_proved_money_says_so_and_is_invoiced_all_the_same():
    plan = planned(case_of(state="complete"))
    assert codes(plan) == {"payment_missing"}
    assert not plan.is_held
    assert isinstance(plan.actions[-1], CreateInvoice)


def test_a_method_outside_the_table_holds_the_payment_and_not_the_invoice():
    plan = planned(case_of(payments=(make_payment(method="klarna"),)))
    (problem,) = plan.problems
    assert (problem.code, problem.holds) == ("unmapped_payment_method", Holds.PAYMENT)
    assert plan.actions[-1].draft.payment_lines == ()


def test_a_method_that_is_left_to_the_account_posts_no_payment():
    left = PaymentRule(PaymentAction.LEAVE)
    policy = evolve(POLICY, payments={"paypal_express": left})
    plan = planned(case_of(policy=policy, payments=(make_payment(method="paypal_express"),)))
    assert plan.problems == ()
    assert plan.actions[-1].draft.payment_lines == ()


def test_a_posted_order_is_left_alone():
    case = case_of(payments=(make_payment(),))
    posted = invoice_of(planned(case).actions[-1])
    plan = planned(case, {InvoicesByReference("M1-ORD-000000012"): (posted,)})
    assert plan.actions == ()
    assert plan.skipped_because == "already posted as 1001"
    assert [adoption.number for adoption in plan.adoptions] == [1001]


def test_a_later_payment_is_added_once():
    unpaid = invoice_of(planned(case_of()).actions[-1])
    case = case_of(payments=(make_payment(),))
    there = {InvoicesByReference("M1-ORD-000000012"): (unpaid,)}
    (action,) = planned(case, there).actions
    assert isinstance(action, AddPayment)
    assert (action.invoice_number, action.payment.amount) == (1001, Decimal("12.00"))
    paid = invoice_of(planned(case_of()).actions[-1], payments=(action.payment,))
    assert planned(case, {InvoicesByReference("M1-ORD-000000012"): (paid,)}).actions == ()


def test_money_that_somebody_typed_in_already_is_not_posted_again():
    typed = kashflow.PaymentDraft(ORDERED_ON, Decimal("12.00"), method=1, account_id=2, note="chq")
    paid = invoice_of(planned(case_of()).actions[-1], payments=(typed,))
    case = case_of(payments=(make_payment(),))
    plan = planned(case, {InvoicesByReference("M1-ORD-000000012"): (paid,)})
    assert plan.actions == ()
    assert codes(plan) == {"entered_by_hand"}


def test_an_invoice_that_was_changed_there_is_drift():
    posted = invoice_of(planned(case_of()).actions[-1])
    changed = evolve(posted, gross_amount=Decimal("11.99"))
    plan = planned(case_of(), {InvoicesByReference("M1-ORD-000000012"): (changed,)})
    assert codes(plan) == {"posted_differs"}
    assert plan.is_held
    assert plan.actions == ()


def test_a_reference_that_stands_twice_is_held():
    posted = invoice_of(planned(case_of()).actions[-1])
    twice = (posted, evolve(posted, number=1002))
    plan = planned(case_of(), {InvoicesByReference("M1-ORD-000000012"): twice})
    assert codes(plan) == {"posted_twice"}


def test_a_credit_memo_becomes_a_negative_invoice_tied_to_its_original():
    plan = planned(case_of(payments=(make_payment(),), refunds=(make_refund(),)))
    note = plan.actions[-1]
    assert isinstance(note, CreateCreditNote)
    assert note.draft.customer_reference == "M1-CRN-000000003"
    assert note.original == Pending("M:order:12:invoice")
    assert note.draft.gross == Decimal("-12.00")
    assert [line.amount for line in note.draft.payment_lines] == [Decimal("-12.00")]
    resolved = note.resolved({"M:order:12:invoice": 1001})
    assert (
        resolved.draft.line_items[0].description == "Refund of invoice 1001 (order 000000012): Mug"
    )
    assert resolved.fingerprint == note.fingerprint


def test_an_adjustment_is_held_until_a_policy_says_how_it_carries_vat():
    plan = planned(case_of(refunds=(make_refund(adjustment="1.20"),)))
    assert codes(plan) == {"adjustment_held"}
    assert plan.is_held


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Adjustments.NO_VAT, [("0", "1.20", "0.00")]),
        (Adjustments.STANDARD, [("20", "1.00", "0.20")]),
        (Adjustments.PRO_RATA, [("20", "0.50", "0.10"), ("0", "0.60", "0.00")]),
    ],
)
def test_a_policy_says_how_adjustments_carry_vat(rule, expected):
    policy = evolve(POLICY, adjustments=rule, nominals=Nominals(adjustments=4905))
    sale = make_sale(make_line("10.00", "2.00"), make_line("12.00", "0.00", rate="0", sku="BOOK"))
    refund = make_refund([make_line("10.00", "2.00")], adjustment="1.20")
    plan = planned(case_of(sale, policy=policy, refunds=(refund,)))
    assert not plan.is_held
    lines = [line for line in plan.actions[-1].draft.line_items if line.nominal_code == 4905]
    assert [
        (str(line.vat_level), str(-line.rate * line.quantity), str(-line.vat_amount))
        for line in lines
    ] == expected


def test_before_go_live_nothing_is_posted():
    plan = planned(case_of(policy=evolve(POLICY, go_live=date(2026, 5, 1))))
    assert codes(plan) == {"before_go_live"}
    assert plan.is_held


def test_closed_books_hold_or_move_to_the_first_open_day():
    closed = evolve(POLICY, books_closed_until=ORDERED_ON)
    assert codes(planned(case_of(policy=closed))) == {"period_closed"}
    moved = evolve(closed, closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    plan = planned(case_of(policy=moved))
    assert not plan.is_held
    assert plan.actions[-1].draft.issued_date == ORDERED_ON + timedelta(days=1)
    assert any("books are closed" in decision.because for decision in plan.decisions)
    (told,) = [d.answer for d in plan.decisions if d.question.startswith("date of Order")]
    assert told.endswith("as its first line says")
    first = plan.actions[-1].draft.line_items[0].description
    assert f"(of {ORDERED_ON}, dated {ORDERED_ON + timedelta(days=1)})" in first


def test_an_order_from_the_future_is_held():
    plan = planned(case_of(), today=ORDERED_ON - timedelta(days=3))
    assert codes(plan) == {"dated_in_future"}


def test_a_rate_or_nominal_that_the_account_does_not_have_is_held():
    only_zero = (kashflow.VatRate(1, Decimal(0)),)
    plan = planned(case_of(), {VatRates(): only_zero, NominalCodes(): ()})
    assert codes(plan) == {"vat_rate_missing", "nominal_missing"}


def test_a_foreign_home_currency_is_held():
    assert codes(planned(case_of(), {HomeCurrency(): "EUR"})) == {"currency_not_home"}


def test_a_bank_account_must_exist_and_be_open_on_the_day():
    case = case_of(payments=(make_payment(),))
    assert codes(planned(case, {BankAccounts(): ()})) == {"bank_account_missing"}
    locked = kashflow.BankAccount(
        2, "Clearing", transaction_lock_enabled=True, transaction_lock_date=ORDERED_ON
    )
    assert codes(planned(case, {BankAccounts(): (locked,)})) == {"bank_account_locked"}


def test_under_order_numbering_the_invoice_has_the_orders_number():
    policy = evolve(POLICY, numbering=Numbering.ORDER)
    plan = planned(case_of(policy=policy, refunds=(make_refund(),)))
    assert [action.draft.number for action in plan.actions[1:]] == [12, 500_000_003]
    taken = kashflow.Invoice(
        12,
        customer_reference="by hand",
        net_amount=Decimal(1),
        vat_amount=Decimal(0),
        gross_amount=Decimal(1),
        total_paid_amount=Decimal(0),
    )
    assert codes(planned(case_of(policy=policy), {InvoiceByNumber(12): taken})) == {"number_taken"}


def test_an_order_or_memo_that_is_numbered_among_further_numbers_is_held():
    policy = evolve(POLICY, numbering=Numbering.ORDER, further_numbers_from=10)
    assert codes(planned(case_of(policy=policy))) == {"number_reserved"}
    policy = evolve(policy, further_numbers_from=500_000_001)
    assert codes(planned(case_of(policy=policy))) == set()
    assert codes(planned(case_of(policy=policy, refunds=(make_refund(),)))) == {"number_reserved"}


@pytest.mark.parametrize("number", ["WEB000000012", "3000000001", "000000012-1"])
def test_a_number_that_cannot_be_an_invoice_number_is_held(number):
    policy = evolve(POLICY, numbering=Numbering.ORDER)
    plan = planned(case_of(make_sale(number=number), policy=policy))
    assert codes(plan) == {"unusable_number"}


def customer(code, email="robin@example.com", **more):
    return kashflow.Customer(code, "Robin", contacts=(kashflow.Contact(email=email),), **more)


def test_the_one_customer_with_the_buyers_email_is_matched_whatever_the_case():
    ours = (customer("ROBIN1", "Robin@Example.com"),)
    plan = planned(case_of(), {CustomersByEmail("robin@example.com"): ours})
    (invoice,) = plan.actions
    assert invoice.draft.customer_code == "ROBIN1"


def test_two_customers_with_one_email_are_a_problem_and_no_guess():
    both = (customer("ROBIN1"), customer("ROBIN2"))
    plan = planned(case_of(), {CustomersByEmail("robin@example.com"): both})
    assert codes(plan) == {"ambiguous_customer"}
    with_archived = (customer("ROBIN1", is_archived=True), customer("ROBIN2"))
    plan = planned(case_of(), {CustomersByEmail("robin@example.com"): with_archived})
    assert plan.actions[-1].draft.customer_code == "ROBIN2"


def test_a_buyer_whose_only_account_is_archived_is_held_and_gets_no_second_one():
    archived = (customer("ROBIN1", is_archived=True),)
    plan = planned(case_of(), {CustomersByEmail("robin@example.com"): archived})
    assert codes(plan) == {"archived_customer"}
    assert not any(isinstance(action, CreateCustomer) for action in plan.actions)
    code = planned(case_of()).actions[0].draft.code
    ours = customer(code, is_archived=True)
    plan = planned(case_of(), {CustomerByCode(code): ours})
    assert codes(plan) == {"archived_customer"}


def test_the_computed_code_is_found_again_even_under_another_email():
    case = case_of()
    code = planned(case).actions[0].draft.code
    renamed = customer(code, "new@example.com")
    (invoice,) = planned(case, {CustomerByCode(code): renamed}).actions
    assert invoice.draft.customer_code == code


@pytest.mark.parametrize(
    "setting",
    [
        {"discount_rate": Decimal(5)},
        {"is_cis_reverse_charge": True},
        {"apply_withholding_tax": True},
        {"currency": kashflow.CurrencyRef("EUR")},
    ],
)
def test_a_customer_whose_settings_would_change_the_sums_is_held(setting):
    odd = (customer("ROBIN1", **setting),)
    plan = planned(case_of(), {CustomersByEmail("robin@example.com"): odd})
    assert codes(plan) == {"unsuitable_customer"}


def test_a_sku_is_the_product_with_exactly_that_code():
    mug = kashflow.Product("MUG", 4001)
    plan = planned(case_of(), {ProductsByCode("MUG"): (mug, kashflow.Product("MUG2", 4001))})
    (line,) = plan.actions[-1].draft.line_items
    assert (line.product_code, line.nominal_code) == ("MUG", 4001)
    assert "nominal_missing" in codes(plan)


def test_a_stocked_product_is_left_off_until_a_stock_baseline_is_accepted():
    mug = {ProductsByCode("MUG"): (kashflow.Product("MUG", 4000, manage_stock_level=True),)}
    (line,) = planned(case_of(), mug).actions[-1].draft.line_items
    assert line.product_code is None
    accepted = evolve(POLICY, stock_baseline=True)
    (line,) = planned(case_of(policy=accepted), mug).actions[-1].draft.line_items
    assert line.product_code == "MUG"


def test_an_unknown_sku_is_a_plain_line_or_held_by_policy():
    (line,) = planned(case_of()).actions[-1].draft.line_items
    assert (line.product_code, line.nominal_code) == (None, 4000)
    holding = evolve(POLICY, unknown_sku=UnknownSku.HOLD)
    assert codes(planned(case_of(policy=holding))) == {"unknown_sku"}


def test_an_unknown_sku_becomes_one_product_by_policy_before_the_invoice_that_names_it():
    creating = evolve(POLICY, unknown_sku=UnknownSku.CREATE)
    sale = make_sale(make_line(key="a"), make_line(key="b"))
    plan = planned(case_of(sale, policy=creating, refunds=(make_refund(),)))
    kinds = [action.kind for action in plan.actions]
    assert kinds == ["create_customer", "create_product", "create_invoice", "create_credit_note"]
    assert {line.product_code for line in plan.actions[2].draft.line_items} == {"MUG"}
    assert from_json(plan.to_json()) == plan


def test_carriage_and_fees_have_nominals_of_their_own():
    sale = make_sale(
        make_line(),
        make_line("4.00", "0.80", kind=LineKind.CARRIAGE),
        make_line("1.00", "0.20", kind=LineKind.FEE),
    )
    lines = planned(case_of(sale)).actions[-1].draft.line_items
    assert [line.nominal_code for line in lines] == [4000, 4100, 4200]


def test_a_gift_card_is_a_payment_by_policy_and_never_a_discount():
    sale = evolve(make_sale(), credits=(Credit(CreditKind.GIFT_CARD, pounds("5.00")),))
    plan = planned(case_of(sale, payments=(make_payment("7.00"),)))
    assert codes(plan) == {"unmapped_credit"}
    policy = evolve(POLICY, credits={"gift_card": evolve(CHEQUE, bank_account=9)})
    plan = planned(case_of(sale, policy=policy, payments=(make_payment("7.00"),)))
    invoice = plan.actions[-1]
    assert invoice.draft.gross == Decimal("12.00")
    assert [(line.amount, line.account_id) for line in invoice.draft.payment_lines] == [
        (Decimal("7.00"), 2),
        (Decimal("5.00"), 9),
    ]


def test_what_is_taken_for_granted_offline_is_said():
    case = case_of()
    _, assumed = planner.assumed_answers(planner.asking(case, Answers(), HOOKS), case.policy)
    assert "nothing is posted yet" in assumed
    assert "the account has VAT at 20 %, 5 % and 0 %" in assumed


def abroad(rate="23", net="10.00", vat="2.30"):
    sale = make_sale(make_line(net, vat, rate=rate))
    irish = evolve(sale.buyer.billing, country_code="IE", postcode="D01 0AA")
    return evolve(sale, buyer=evolve(sale.buyer, billing=irish, delivery=irish))


def test_foreign_vat_is_held_or_kept_apart_by_policy():
    held = planned(case_of(abroad()))
    assert {"foreign_vat", "vat_rate_missing"} <= codes(held)
    having = {VatRates(): (kashflow.VatRate(1, Decimal(23)),)}
    apart = evolve(POLICY, foreign_vat=ForeignVat.SEPARATE)
    assert "foreign_nominal_missing" in codes(planned(case_of(abroad(), policy=apart), having))
    named = evolve(apart, nominals=Nominals(foreign_vat=4700))
    plan = planned(case_of(abroad(), policy=named), having)
    assert not plan.is_held
    assert [line.nominal_code for line in plan.actions[-1].draft.line_items] == [4700]


@given(st.sampled_from(["23", "20", "5"]), st.sampled_from(ForeignVat), st.booleans())
def test_a_missing_rate_asks_for_what_is_not_set_yet_and_adding_it_posts(rate, foreign, is_named):
    policy = evolve(
        POLICY,
        foreign_vat=foreign,
        nominals=Nominals(foreign_vat=4700 if is_named else None),
    )
    sale = abroad() if rate == "23" else make_sale(make_line("10.00", "2.00", rate=rate))
    case = case_of(sale, policy=policy)
    lacking = {VatRates(): (kashflow.VatRate(1, Decimal(0)),)}
    told = {one.code: one for one in planned(case, lacking).problems}
    remedy = told["vat_rate_missing"].remedy
    assert "the next run posts it" in remedy
    assert "by hand" not in remedy
    is_undecided = rate == "23" and foreign is ForeignVat.HOLD
    assert ("policy.foreign_vat" in remedy) == is_undecided
    if foreign is ForeignVat.SEPARATE and is_named:
        assert not any("Set policy" in one.remedy for one in told.values())
    # What the remedies ask for, done: the next run posts it.
    having = {VatRates(): (kashflow.VatRate(1, Decimal(rate)),)}
    decided = evolve(policy, foreign_vat=ForeignVat.SEPARATE, nominals=Nominals(foreign_vat=4700))
    assert not planned(case_of(sale, policy=decided), having).is_held


def test_in_an_account_that_recomputes_vat_the_lines_are_divided_until_it_comes_out_right():
    recomputing = {Assumptions(): kashflow.Assumptions(line_vat="recomputed")}
    sale = make_sale(make_line("10.03", "1.99"))  # half up, 10.03 at 20 % would be 2.01
    plan = planned(case_of(sale), recomputing)
    assert not plan.is_held
    lines = plan.actions[-1].draft.line_items
    assert sum(line.vat_amount for line in lines) == Decimal("1.99")
    for line in lines:
        exact = line.quantity * line.rate * line.vat_level / 100
        assert abs(line.vat_amount - exact) <= Decimal("0.005")


def test_where_no_division_comes_out_right_such_an_account_holds_the_order():
    recomputing = {Assumptions(): kashflow.Assumptions(line_vat="recomputed")}
    plan = planned(case_of(make_sale(make_line("10.00", "1.00"))), recomputing)
    assert codes(plan) == {"no_exact_shape"}
    assert plan.is_held


def test_what_is_set_of_adjustments_is_not_asked_for_again():
    refund = make_refund(adjustment="1.00")
    ruled = evolve(POLICY, adjustments=Adjustments.NO_VAT)
    (problem,) = planned(case_of(policy=ruled, refunds=(refund,))).problems
    assert "policy.adjustments" not in problem.remedy + problem.settings
    assert "[policy.nominals]" in problem.settings
    named = evolve(POLICY, nominals=Nominals(adjustments=4300))
    (problem,) = planned(case_of(policy=named, refunds=(refund,))).problems
    assert "nominals" not in problem.remedy + problem.settings


def test_export_evidence_is_pointed_out_before_and_after_the_invoice_is_posted():
    buyer = make_buyer()
    abroad = evolve(buyer, delivery=evolve(buyer.billing, country_code="US"))
    case = case_of(make_sale(make_line(vat="0.00", rate="0"), buyer=abroad))
    due = planned(case)
    there = {InvoicesByReference("M1-ORD-000000012"): (invoice_of(due.actions[-1]),)}
    for plan in (due, planned(case, there)):
        assert [one.code for one in plan.problems if one.holds is Holds.NOTHING] == [
            "export_evidence"
        ]


def answer_of(plan, question):
    return next((one.answer for one in plan.decisions if one.question == question), "")


@pytest.mark.parametrize("state", ["processing", "complete"])
def test_no_order_that_is_due_is_called_unpaid(state):
    told = answer_of(planned(case_of(state=state, payments=(make_payment(),))), "status")
    assert told.startswith("to be invoiced")
    assert "unpaid" not in told


@pytest.mark.parametrize(
    ("gone", "told"), [("5.0000", "5.00 is not invoiced"), (None, ""), ("0", "")]
)
def test_an_order_that_was_cancelled_in_part_says_so(gone, told):
    case = case_of()
    canceled = None if gone is None else Decimal(gone)
    case = evolve(case, order=evolve(case.order, base_total_canceled=canceled))
    assert answer_of(planned(case), "cancelled in part") == told


def test_what_a_cancelled_part_came_to_is_told_in_the_currency_that_is_posted():
    case = case_of(policy=evolve(POLICY, currency=CurrencyChoice.ORDER))
    order = evolve(case.order, base_total_canceled=Decimal(5), total_canceled=Decimal(6))
    assert answer_of(planned(evolve(case, order=order)), "cancelled in part").startswith("6.00")
