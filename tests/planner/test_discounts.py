"""Discounts on a nominal of their own: two lines that come to the one, or the one and why."""

from decimal import Decimal
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.accounting import LineKind, Refund
from kashmag.hooks.hooks import Hooks
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.planner.discounts import with_discounts_apart, with_discounts_in
from kashmag.planner.lines import Placement, shape
from kashmag.planner.policy_check import policy_faults
from kashmag.plans.actions import CreateCreditNote, CreateInvoice, DocumentId
from kashmag.plans.certificate import certify
from kashmag.plans.plan import from_json
from kashmag.plans.policy import ForeignVat, Nominals, PaymentAction, PaymentRule, Policy
from kashmag.plans.questions import Assumptions, NominalCodes, ProductsByCode, VatRates
from kashmag.rest.codec import dumps, loads
from kashmag.testing.factories import (
    ORDERED_ON,
    make_discount,
    make_line,
    make_refund,
    make_sale,
)
from kashmag.testing.strategies import refunds, sales

DISCOUNT = 4050
POLICY = Policy(
    payments={"checkmo": PaymentRule(PaymentAction.POST, method=1, bank_account=2)},
    nominals=Nominals(discount=DISCOUNT),
)
RECOMPUTING = {Assumptions(): kashflow.Assumptions(line_vat="recomputed")}
HOOKS = Hooks()
GOODS = Placement(4000, "MUG")


def case_of(sale, *, policy=POLICY, refunds=()):
    order = magento.Order(
        entity_id=12, increment_id=sale.number, state="processing", status="processing",
        base_currency_code="GBP",
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id="12", number=sale.number)
    return Case(document, order=order, reading=Reading(sale, refunds=refunds), policy=policy)


def planned(sale, but=None, **more):
    case = case_of(sale, **more)
    answers, _ = planner.assume_all(case, HOOKS)
    return planner.plan(case, answers.having(but or {}), HOOKS, today=ORDERED_ON)


def lines_of(plan, kind=CreateInvoice):
    draft = next(action for action in plan.actions if isinstance(action, kind)).draft
    return [
        (line.nominal_code, line.description, str(line.net), str(line.vat_amount), line.vat_level)
        for line in draft.line_items
    ]


def about(plan, thing):
    return next(one for one in plan.decisions if one.question == f"discount of {thing}")


def drafts_of(document, placed, decimals):
    sign = -1 if isinstance(document, Refund) else 1
    return [d for line, at in placed for d in shape(line, at, rate_decimals=decimals, sign=sign)]


@given(st.one_of(sales(), refunds()), st.sampled_from([2, 4]))
def test_with_and_without_discounts_apart_the_certificate_is_the_same(document, decimals):
    placed = [(line, GOODS) for line in document.lines]
    sign = -1 if isinstance(document, Refund) else 1
    usual = drafts_of(document, with_discounts_in(placed), decimals)
    apart = drafts_of(document, with_discounts_apart(placed, DISCOUNT), decimals)
    assert certify(document, apart) == certify(document, usual)
    assert len(apart) <= len(usual) + 2 * len(placed)
    for draft in apart:
        if draft.nominal_code == DISCOUNT:
            assert sign * draft.net <= 0
            assert sign * draft.vat_amount <= 0
            assert (draft.product_code, draft.quantity) == (None, 1)


@given(sales())
def test_every_discount_stands_right_behind_its_line_at_the_same_rate(sale):
    parts = with_discounts_apart([(line, GOODS) for line in sale.lines], DISCOUNT)
    for (line, at), (off, behind) in pairwise(parts):
        if behind.nominal_code == DISCOUNT:
            (sold,) = [one for one in sale.lines if one.key == line.key]
            assert at == GOODS
            assert off.vat_rate == line.vat_rate == sold.vat_rate
            assert line.net + off.net == sold.net
            assert line.vat + off.vat == sold.vat
    apart = [at.nominal_code for _, at in parts].count(DISCOUNT)
    assert apart == len([line for line in sale.lines if line.discount])


@settings(max_examples=60, deadline=None)
@given(sales(), st.booleans(), st.booleans())
def test_no_order_is_held_for_its_discounts(sale, recomputed, apart):
    but = RECOMPUTING if recomputed else {}
    usual = planned(sale, but, policy=evolve(POLICY, nominals=Nominals()))
    own = POLICY if apart else evolve(POLICY, nominals=Nominals(discount=None))
    plan = planned(sale, but, policy=own)
    assert [p.code for p in plan.problems] == [p.code for p in usual.problems]
    assert plan.certificate.by_rate == usual.certificate.by_rate
    if not apart:
        assert plan == usual
    assert from_json(loads(dumps(plan.to_json()))) == plan


def test_a_discounted_row_is_what_it_would_have_cost_and_what_came_off():
    sale = make_sale(make_line("9.00", "1.80", quantity="4", discount=make_discount()))
    plan = planned(sale)
    assert lines_of(plan) == [
        (4000, "Mug", "10.00", "2.00", 20),
        (DISCOUNT, "Discount (SPRING10): Mug", "-1.00", "-0.20", 20),
    ]
    note = about(plan, "MUG")
    assert note.answer == "nominal 4050: 1.00 GBP and 0.20 GBP VAT"
    assert note.because == "policy.nominals.discount"
    assert str(plan.certificate) == "9.00 + 1.80 VAT = 10.80 GBP (20 %: 9.00 + 1.80; exact)"


def test_without_a_nominal_a_row_is_what_it_came_to_and_nothing_is_said():
    line = make_line("9.00", "1.80", discount=make_discount())
    plan = planned(make_sale(line), policy=evolve(POLICY, nominals=Nominals()))
    assert lines_of(plan) == [(4000, "Mug", "9.00", "1.80", 20)]
    assert plan == planned(
        make_sale(evolve(line, discount=None)), policy=evolve(POLICY, nominals=Nominals())
    )


def test_a_discount_that_is_not_proved_stays_in_its_line_and_says_why():
    line = evolve(make_line("9.00", "1.80"), discount_doubt="nobody told")
    plan = planned(make_sale(line))
    assert lines_of(plan) == [(4000, "Mug", "9.00", "1.80", 20)]
    assert about(plan, "MUG").answer == "the line is posted after discount"
    assert about(plan, "MUG").because == "nobody told"
    assert not plan.is_held


def test_a_discount_on_carriage_is_at_the_rate_of_carriage():
    waived = make_discount("4.00", "0.80", label="FREESHIP")
    carriage = make_line("0.00", "0.00", kind=LineKind.CARRIAGE, key="shipping", discount=waived)
    sale = make_sale(make_line("12.00", "0.00", rate="0", sku="BOOK"), carriage)
    assert lines_of(planned(sale))[1:] == [
        (4100, "Carriage", "4.00", "0.80", 20),
        (DISCOUNT, "Discount (FREESHIP): Carriage", "-4.00", "-0.80", 20),
    ]
    assert len(lines_of(planned(sale, policy=evolve(POLICY, nominals=Nominals())))) == 1


def test_carriage_that_was_waived_is_no_line_where_that_is_not_proved():
    carriage = evolve(
        make_line("0.00", "0.00", kind=LineKind.CARRIAGE, key="shipping"), discount_doubt="no tax"
    )
    plan = planned(make_sale(make_line(), carriage))
    assert len(lines_of(plan)) == 1
    assert about(plan, "shipping").because == "no tax"


def test_a_credit_note_takes_back_the_price_and_gives_back_the_discount():
    line = make_line("9.00", "1.80", discount=make_discount(label=""))
    plan = planned(make_sale(line), refunds=(make_refund([line]),))
    price, off = lines_of(plan, CreateCreditNote)
    assert price[2:4] == ("-10.00", "-2.00")
    assert off[0] == DISCOUNT
    assert off[1].endswith("(order 000000012): Discount: Mug")
    assert off[2:4] == ("1.00", "0.20")
    assert about(plan, "MUG").answer == about(plan, "MUG in credit memo 000000003").answer


def test_vat_before_discount_leaves_a_discount_without_vat_at_its_rate():
    line = make_line("9.00", "2.00", discount=make_discount("1.00", "0.00"))
    plan = planned(make_sale(line))
    assert [one[2:] for one in lines_of(plan)] == [("10.00", "2.00", 20), ("-1.00", "0.00", 20)]
    assert plan.certificate.exact


def test_an_account_that_recomputes_vat_has_its_discounts_apart_where_that_comes_out():
    line = make_line("9.00", "1.80", discount=make_discount())
    plan = planned(make_sale(line), RECOMPUTING)
    assert [one[0] for one in lines_of(plan)] == [4000, DISCOUNT]


def test_where_it_does_not_come_out_the_line_is_posted_after_discount_and_that_is_said():
    # One mug of KashFlow's stock cannot be divided: 20 % of 0.03 is a penny, of 0.02 it is none.
    mug = kashflow.Product("MUG", 4000, manage_stock_level=True)
    policy = evolve(POLICY, stock_baseline=True)
    whole = make_line("0.02", "0.00", discount=make_discount("0.01", "0.00"))
    plan = planned(make_sale(whole), {**RECOMPUTING, ProductsByCode("MUG"): (mug,)}, policy=policy)
    assert lines_of(plan) == [(4000, "Mug", "0.02", "0.00", 20)]
    assert "KashFlow computes VAT itself" in about(plan, "MUG").because
    assert not plan.is_held


def test_foreign_vat_lands_whole_on_its_own_nominal():
    sale = make_sale(make_line("9.00", "2.07", rate="23", discount=make_discount("1.00", "0.23")))
    irish = evolve(sale.buyer.billing, country_code="IE", postcode="D01 0AA")
    abroad = evolve(sale, buyer=evolve(sale.buyer, billing=irish, delivery=irish))
    apart = Nominals(discount=DISCOUNT, foreign_vat=4900)
    policy = evolve(POLICY, foreign_vat=ForeignVat.SEPARATE, nominals=apart)
    plan = planned(abroad, {VatRates(): (kashflow.VatRate(1, Decimal(23)),)}, policy=policy)
    assert [one[0] for one in lines_of(plan)] == [4900]
    assert about(plan, "MUG").because == "its VAT has a nominal of its own"


def test_an_exempt_line_has_an_exempt_discount():
    line = evolve(make_line("45.00", "0.00", rate="0"), product_type="giftcard")
    card = evolve(line, discount=make_discount("5.00", "0.00"))
    own = Nominals(vouchers=2150, discount=DISCOUNT)
    plan = planned(make_sale(card), policy=evolve(POLICY, nominals=own))
    items = next(a for a in plan.actions if isinstance(a, CreateInvoice)).draft.line_items
    assert [(one.nominal_code, one.vat_exempt) for one in items] == [(2150, True), (DISCOUNT, True)]


def test_a_product_keeps_its_code_and_its_units_and_the_discount_is_no_product():
    line = make_line("8.97", "1.79", quantity="3", discount=make_discount("1.03", "0.21"))
    shown = planned(make_sale(line), policy=evolve(POLICY, nominals=Nominals(discount=DISCOUNT)))
    items = next(a for a in shown.actions if isinstance(a, CreateInvoice)).draft.line_items
    sold = [one.quantity for one in items if one.nominal_code != DISCOUNT]
    assert sum(sold) == 3


def test_a_store_view_may_have_a_nominal_of_its_own():
    line = make_line("9.00", "1.80", discount=make_discount())
    policy = evolve(POLICY, store={"eu": {"nominals": Nominals(discount=4051)}})
    plan = planned(make_sale(line), policy=policy.for_store("eu"))
    assert lines_of(plan)[1][0] == 4051


def test_a_nominal_that_the_account_lacks_is_named_before_and_held_then():
    having = (kashflow.Nominal(4000), kashflow.Nominal(4100))
    (fault,) = policy_faults(POLICY, having, (), ())
    assert fault.startswith("policy.nominals.discount is 4050")
    sale = make_sale(make_line("9.00", "1.80", discount=make_discount()))
    plan = planned(sale, {NominalCodes(): having})
    assert [p.code for p in plan.problems] == ["nominal_missing"]


@pytest.mark.parametrize("figures", [("-1.00", "0.00"), ("1.00", "-0.20"), ("0.00", "0.00")])
def test_what_takes_nothing_off_is_no_discount(figures):
    with pytest.raises(ValueError, match="is no discount"):
        make_discount(*figures)


def test_a_line_has_a_discount_of_its_own_currency_and_no_doubt_of_it():
    euros = evolve(make_discount(), net=evolve(make_discount().net, currency="EUR"), vat=evolve(
        make_discount().vat, currency="EUR"))  # fmt: skip
    with pytest.raises(ValueError, match="another currency"):
        make_line(discount=euros)
    with pytest.raises(ValueError, match="proved and doubted"):
        evolve(make_line(discount=make_discount()), discount_doubt="who knows")
