"""The bookkeeper's settings, one by one: what each changes in the plan, and what it holds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.accounting import Holds
from kashmag.hooks.hooks import Hooks
from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.planner.dates import due_day, filing_questions, issue_day, payment_day
from kashmag.planner.policy_check import policy_faults
from kashmag.plans.actions import AddPayment, CreateInvoice, DocumentId
from kashmag.plans.policy import (
    ClosedPeriod,
    ForeignVat,
    Nominals,
    PaymentAction,
    PaymentRule,
    Policy,
    Terms,
)
from kashmag.plans.questions import (
    AccountVat,
    Answers,
    BankAccounts,
    CustomerByCode,
    FiledMonth,
    InvoicesByReference,
    ShopProduct,
    ShopTaxClasses,
    VatRates,
)
from kashmag.testing.factories import ORDERED_ON, make_line, make_payment, make_sale

CHEQUE = PaymentRule(PaymentAction.POST, method=1, bank_account=2)
POLICY = Policy(payments={"checkmo": CHEQUE})
TODAY = ORDERED_ON + timedelta(days=30)
HOOKS = Hooks()
BANK = kashflow.BankAccount(2, "Current")
CLASSES = (magento.TaxClass(class_id=2, class_name="Taxable Goods"),
           magento.TaxClass(class_id=7, class_name="Insurance"))  # fmt: skip


def case_of(sale=None, *, policy=POLICY, payments=()):
    sold = sale or make_sale()
    order = magento.Order(
        entity_id=int(sold.source_id), increment_id=sold.number, state="processing",
        status="processing", base_currency_code="GBP",
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id=sold.source_id, number=sold.number)
    return Case(document, order=order, reading=Reading(sold, payments=payments), policy=policy)


def planned(case, but=None):
    answers, _ = planner.assume_all(case, HOOKS)
    return planner.plan(case, answers.having(but or {}), HOOKS, today=TODAY)


def product(sku="MUG", **attributes):
    told = tuple(
        CustomAttribute(attribute_code=code, value=value) for code, value in attributes.items()
    )
    return {ShopProduct(sku): magento.Product(sku=sku, custom_attributes=told),
            ShopTaxClasses(): CLASSES}  # fmt: skip


def invoice_of(plan):
    return next(action for action in plan.actions if isinstance(action, CreateInvoice))


def codes(plan):
    return {problem.code for problem in plan.problems}


def zero_sale():
    return make_sale(make_line("10.00", "0.00", rate="0"))


def decided(plan, question):
    return next(one for one in plan.decisions if one.question == question)


# Nominals


@pytest.mark.parametrize("name", ["Insurance", "7"])
def test_goods_of_a_tax_class_go_to_its_nominal(name):
    policy = evolve(POLICY, nominals_by_tax_class={name: 4050})
    plan = planned(case_of(policy=policy), product(tax_class_id="7"))
    assert invoice_of(plan).draft.line_items[0].nominal_code == 4050
    because = decided(plan, "product of MUG").because
    assert f"policy.nominals_by_tax_class.{name}" in because


def test_an_attribute_goes_before_the_tax_class():
    policy = evolve(
        POLICY,
        nominals_by_tax_class={"Insurance": 4050},
        nominals_by_attribute={"brand": {"12": 4060}},
    )
    both = product(tax_class_id="7", brand="12")
    assert (
        invoice_of(planned(case_of(policy=policy), both)).draft.line_items[0].nominal_code == 4060
    )
    other = product(tax_class_id="7", brand="13")
    assert (
        invoice_of(planned(case_of(policy=policy), other)).draft.line_items[0].nominal_code == 4050
    )


def test_products_are_only_asked_for_where_a_setting_hangs_on_them():
    asked = planner.asking(case_of(), Answers(), HOOKS)
    assert not [one for one in asked if isinstance(one, ShopProduct | ShopTaxClasses)]
    policy = evolve(POLICY, margin_tax_classes=("Second-hand",))
    asked = planner.asking(case_of(policy=policy), Answers(), HOOKS)
    assert ShopProduct("MUG") in asked


def test_a_gift_card_that_is_sold_is_a_liability_outside_the_scope_of_vat():
    card = evolve(make_line("50.00", "0.00", rate="0", sku="CARD"), product_type="giftcard")
    policy = evolve(POLICY, nominals=Nominals(vouchers=2150))
    (line,) = invoice_of(planned(case_of(make_sale(card), policy=policy))).draft.line_items
    assert (line.nominal_code, line.vat_exempt) == (2150, True)


# VAT


def test_zero_per_cent_is_exempt_only_for_an_exempt_tax_class():
    policy = evolve(POLICY, exempt_tax_classes=("Insurance",))
    exempt = planned(case_of(zero_sale(), policy=policy), product(tax_class_id="7"))
    zero = planned(case_of(zero_sale(), policy=policy), product(tax_class_id="2"))
    assert invoice_of(exempt).draft.line_items[0].vat_exempt
    assert not invoice_of(zero).draft.line_items[0].vat_exempt


def test_margin_goods_are_held():
    policy = evolve(POLICY, margin_tax_classes=("Insurance",))
    plan = planned(case_of(policy=policy), product(tax_class_id="7"))
    assert plan.is_held
    assert codes(plan) == {"margin_goods"}
    assert not planned(case_of(policy=policy), product(tax_class_id="2")).is_held


def test_a_product_that_is_gone_is_held_where_its_tax_class_decides():
    policy = evolve(POLICY, margin_tax_classes=("Insurance",))
    gone = {ShopProduct("MUG"): None, ShopTaxClasses(): CLASSES}
    assert codes(planned(case_of(policy=policy), gone)) == {"product_gone"}
    only_exempt = evolve(POLICY, exempt_tax_classes=("Insurance",))
    assert not planned(case_of(policy=only_exempt), gone).is_held  # VAT was charged: not exempt
    assert planned(case_of(zero_sale(), policy=only_exempt), gone).is_held


def test_an_account_without_vat_registration_takes_no_vat():
    plan = planned(case_of(), {AccountVat(): kashflow.VatSettings(False)})
    assert codes(plan) == {"vat_not_registered"}
    assert plan.is_held
    without = planned(case_of(zero_sale()), {AccountVat(): kashflow.VatSettings(False)})
    assert not without.is_held


def test_what_was_posted_while_the_account_was_registered_is_held_by_no_run():
    """Its later payments are posted; `reconcile` and `vat` tell of the registration, once."""
    gone = {AccountVat(): kashflow.VatSettings(False)}
    plan = planned(case_of(payments=(make_payment(),)), {**posted(planned(case_of())), **gone})
    assert codes(plan) == set()
    assert [type(one) for one in plan.actions] == [AddPayment]


@pytest.mark.parametrize("cash", [True, False])
def test_cash_accounting_changes_the_return_and_no_invoice(cash):
    settings = kashflow.VatSettings(True, cash_accounting=kashflow.VatCash(cash))
    assert planned(case_of(), {AccountVat(): settings}).digest == planned(case_of()).digest


def test_foreign_vat_is_held_or_goes_to_its_own_nominal():
    german = make_sale(make_line("10.00", "1.90", rate="19"))
    assert "foreign_vat" in codes(planned(case_of(german)))
    policy = evolve(POLICY, foreign_vat=ForeignVat.SEPARATE, nominals=Nominals(foreign_vat=4900))
    rates = {VatRates(): tuple(kashflow.VatRate(n, Decimal(n)) for n in (20, 19, 0))}
    plan = planned(case_of(german, policy=policy), rates)
    assert not plan.is_held
    assert invoice_of(plan).draft.line_items[0].nominal_code == 4900


# Days


def test_a_payment_in_closed_books_is_held_or_dated_to_the_first_open_day():
    sale = make_sale()
    closed = evolve(POLICY, books_closed_until=ORDERED_ON + timedelta(days=2))
    late = evolve(make_payment(), paid_on=ORDERED_ON + timedelta(days=2))
    held = planned(case_of(sale, policy=closed, payments=(late,)))
    assert "payment_in_closed_books" in codes(held)
    moved = evolve(closed, closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    plan = planned(case_of(sale, policy=moved, payments=(late,)))
    (line,) = invoice_of(plan).draft.payment_lines
    assert line.date == ORDERED_ON + timedelta(days=3)
    assert str(late.paid_on) in line.note
    assert line.note.split()[-1] == late.key


def test_a_locked_bank_account_holds_the_payment_and_not_the_invoice():
    locked = evolve(BANK, transaction_lock_enabled=True, transaction_lock_date=ORDERED_ON)
    plan = planned(case_of(payments=(make_payment(),)), {BankAccounts(): (locked,)})
    assert codes(plan) >= {"bank_account_locked"}
    assert not plan.is_held
    moved = evolve(POLICY, locked_bank=ClosedPeriod.FIRST_OPEN_DAY)
    plan = planned(case_of(policy=moved, payments=(make_payment(),)), {BankAccounts(): (locked,)})
    assert invoice_of(plan).draft.payment_lines[0].date > ORDERED_ON


def posted(plan, **changes):
    draft = invoice_of(plan).draft
    lines = tuple(
        kashflow.LineItem(
            n, line.description, quantity=line.quantity, rate=line.rate, vat_level=line.vat_level,
            vat_amount=line.vat_amount, nominal_code=line.nominal_code,
        )
        for n, line in enumerate(draft.line_items, start=1)
    )  # fmt: skip
    payments = tuple(
        kashflow.PaymentLine(n, one.amount, date=one.date, note=one.note)
        for n, one in enumerate(draft.payment_lines, start=1)
    )
    invoice = kashflow.Invoice(
        1001, customer_code=draft.customer_code, customer_reference=draft.customer_reference,
        net_amount=draft.net, vat_amount=draft.vat, gross_amount=draft.gross, line_items=lines,
        payment_lines=payments, total_paid_amount=sum((p.amount for p in payments), Decimal(0)),
    )  # fmt: skip
    return {InvoicesByReference(draft.customer_reference): (evolve(invoice, **changes),)}


def test_a_payment_that_is_posted_already_minds_no_later_lock():
    paid = case_of(payments=(make_payment(),))
    locked = evolve(BANK, transaction_lock_enabled=True, transaction_lock_date=TODAY)
    closed = evolve(POLICY, books_closed_until=TODAY - timedelta(days=1))
    case = case_of(policy=closed, payments=(make_payment(),))
    plan = planned(case, posted(planned(paid)) | {BankAccounts(): (locked,)})
    assert not codes(plan)
    assert plan.skipped_because.startswith("already posted")


def test_a_document_in_a_filed_return_gets_no_payment_from_us():
    unpaid = planned(case_of())
    case = case_of(payments=(make_payment(),))
    plan = planned(case, posted(unpaid, vat_return_id=5))
    assert codes(plan) == {"document_locked"}
    assert not [one for one in plan.actions if isinstance(one, AddPayment)]
    assert all(one.holds is Holds.PAYMENT for one in plan.problems)
    open_one = planned(case, posted(unpaid))
    assert [one for one in open_one.actions if isinstance(one, AddPayment)]


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
)
def test_a_moved_payment_is_dated_on_the_first_day_on_which_nothing_is_closed(day, closed, locked):
    account = evolve(BANK, transaction_lock_enabled=True, transaction_lock_date=locked)
    policy = Policy(
        books_closed_until=closed,
        closed_period=ClosedPeriod.FIRST_OPEN_DAY,
        locked_bank=ClosedPeriod.FIRST_OPEN_DAY,
    )
    moved, findings = payment_day("Payment x", day, account, policy)
    shut = [one for one in (closed, locked) if one is not None and day <= one]
    assert moved == (max(shut) + timedelta(days=1) if shut else day)
    assert not findings.problems
    assert bool(findings.decisions) == bool(shut)


TERMS = kashflow.PaymentTerms


@pytest.mark.parametrize(
    ("source", "terms", "due", "because"),
    [
        (Terms.POLICY, TERMS("AfterIssuedDate", 30), date(2026, 1, 22), "payment_days is 7"),
        (
            Terms.CUSTOMER,
            TERMS("AfterIssuedDate", 30),
            date(2026, 2, 14),
            "30 days after the issue",
        ),
        (
            Terms.CUSTOMER,
            TERMS("AfterMonthEnd", 14),
            date(2026, 2, 14),
            "14 days after the month's",
        ),
        (Terms.CUSTOMER, TERMS("SomethingNew", 14), date(2026, 1, 22), "payment_days is 7"),
        (Terms.CUSTOMER, None, date(2026, 1, 22), "payment_days is 7"),
    ],
)
def test_an_invoice_is_due_by_the_policys_days_or_the_customers_terms(source, terms, due, because):
    policy = Policy(terms=source, payment_days=7)
    day, told = due_day(date(2026, 1, 15), policy, terms)
    assert day == due
    assert because in told.decisions[0].because


def test_an_existing_customers_terms_date_the_invoice():
    first = planned(case_of())
    code = invoice_of(first).draft.customer_code
    known = kashflow.Customer(code, "Robin Example", payment_terms=TERMS("AfterIssuedDate", 30))
    policy = evolve(POLICY, terms=Terms.CUSTOMER)
    plan = planned(case_of(policy=policy), {CustomerByCode(code): known})
    assert invoice_of(plan).draft.due_date == ORDERED_ON + timedelta(days=30)


def test_credit_control_is_off_unless_asked_for_and_never_chases_who_has_paid():
    asked = evolve(POLICY, credit_control=True)
    paid = (make_payment(),)
    for policy, payments, chased in (
        (POLICY, (), False),
        (POLICY, paid, False),
        (asked, (), True),
        (asked, paid, False),
    ):
        draft = invoice_of(planned(case_of(policy=policy, payments=payments))).draft
        assert draft.automatic_credit_control_enabled is chased


# The account has it, or not


NOMINALS = tuple(kashflow.Nominal(code, name=name) for code, name in ((4000, "Sales"), (4100, "P")))
METHODS = (kashflow.PaymentMethod(1, "Cheque"),)


def test_a_policy_that_names_what_the_account_has_has_no_faults():
    assert policy_faults(POLICY, NOMINALS, (BANK,), METHODS) == ()


def test_each_missing_thing_is_one_sentence_with_the_nearest_that_is_there():
    policy = Policy(
        nominals=Nominals(4001),
        nominals_by_tax_class={"Books": 4005},
        payments={"checkmo": PaymentRule(PaymentAction.POST, method=3, bank_account=9)},
        store={"eu": {"nominals": Nominals(4010)}},
    )
    assert policy_faults(policy, NOMINALS, (BANK,), METHODS) == (
        "policy.nominals.goods is 4001, a nominal that the account does not have; "
        "the nearest is 4000 (Sales)",
        "policy.nominals_by_tax_class.Books is 4005, a nominal that the account does not have; "
        "the nearest is 4000 (Sales)",
        "policy.store.eu.nominals.goods is 4010, a nominal that the account does not have; "
        "the nearest is 4000 (Sales)",
        "policy.payments.checkmo.bank_account is 9, a bank account that the account does not "
        "have; the nearest is 2 (Current)",
        "policy.payments.checkmo.method is 3, a payment method that the account does not have; "
        "the nearest is 1 (Cheque)",
    )


def test_what_is_left_to_the_account_needs_no_bank_account():
    policy = Policy(payments={"paypal": PaymentRule(PaymentAction.LEAVE, bank_account=99)})
    assert policy_faults(policy, NOMINALS, (BANK,), METHODS) == ()


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 5), st.booleans())
def test_a_filed_return_closes_its_months_and_no_others(day, months, moves):
    answers, first, last = Answers(), day.replace(day=1), None
    for _ in range(months):
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        answers = answers.having({FiledMonth(first): last})
        first = last + timedelta(days=1)
    rule = ClosedPeriod.FIRST_OPEN_DAY if moves else ClosedPeriod.HOLD
    policy = Policy(closed_period=rule)
    asked = [one.first for one in filing_questions(day, answers)]
    assert len(asked) == months + 1
    issued, findings = issue_day("Order 1", day, policy, date(2027, 12, 31), answers)
    if not months:
        assert (issued, findings.problems, findings.decisions) == (day, (), ())
    elif moves:
        assert issued == last + timedelta(days=1)
        assert not findings.problems
    else:
        assert [one.code for one in findings.problems] == ["period_filed"]
