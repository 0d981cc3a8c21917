"""One item to suspense: what a person's decision about it changes in the plan, and what not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag import kashflow, magento, planner
from kashmag.accounting import LineKind
from kashmag.hooks.hooks import Hooks
from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.reading import Reading
from kashmag.planner import Case
from kashmag.plans.actions import CreateCreditNote, CreateInvoice, CreateProduct, DocumentId
from kashmag.plans.plan import from_json
from kashmag.plans.policy import ForeignVat, Nominals, Policy, UnknownSku
from kashmag.plans.questions import (
    AccountVat,
    NominalCodes,
    ShopProduct,
    ShopTaxClasses,
    SkippedItem,
    SkippedItems,
    VatRates,
)
from kashmag.rest.codec import dumps, loads
from kashmag.testing.factories import ORDERED_ON, make_line, make_refund, make_sale
from kashmag.testing.strategies import sales

HOOKS = Hooks()
SUSPENSE = 9998
POLICY = Policy(nominals=Nominals(suspense=SUSPENSE))
HOLDING = evolve(POLICY, unknown_sku=UnknownSku.HOLD)
CLASSES = (magento.TaxClass(class_id=7, class_name="Second-hand"),)
BECAUSE = "skipped by ann: a gift that was never in stock"


def case_of(sale, *, policy=POLICY, refunds=()):
    order = magento.Order(
        entity_id=int(sale.source_id), increment_id=sale.number, state="processing",
        status="processing", base_currency_code="GBP",
    )  # fmt: skip
    document = DocumentId("M", "order", entity_id=sale.source_id, number=sale.number)
    return Case(document, order=order, reading=Reading(sale, refunds=refunds), policy=policy)


def planned(case, *items, but=None):
    answers, _ = planner.assume_all(case, HOOKS)
    skipped = tuple(SkippedItem(item, because=BECAUSE) for item in items)
    answers = answers.having({SkippedItems("M:order:12"): skipped, **(but or {})})
    return planner.plan(case, answers, HOOKS, today=ORDERED_ON + timedelta(days=30))


def drafts_of(plan, kind=CreateInvoice):
    return [line for one in plan.actions if isinstance(one, kind) for line in one.draft.line_items]


def codes(plan):
    return {problem.code for problem in plan.problems}


def of_class_7(sku="MUG"):
    told = (CustomAttribute(attribute_code="tax_class_id", value="7"),)
    return {ShopProduct(sku): magento.Product(sku=sku, custom_attributes=told),
            ShopTaxClasses(): CLASSES}  # fmt: skip


@given(sales(), st.data())
def test_skipped_items_move_to_suspense_and_no_figure_changes(sale, data):
    goods = [line.key for line in sale.lines if line.kind is LineKind.GOODS]
    skipped = data.draw(st.sets(st.sampled_from(goods)) if goods else st.just(set()))
    before, after = planned(case_of(sale)), planned(case_of(sale), *skipped)
    assert after.certificate == before.certificate
    assert {p.code for p in after.problems} == {p.code for p in before.problems}
    was, now = drafts_of(before), drafts_of(after)
    figures = [
        (one.quantity, one.rate, one.vat_level, one.vat_amount, one.vat_exempt) for one in was
    ]
    assert figures == [
        (one.quantity, one.rate, one.vat_level, one.vat_amount, one.vat_exempt) for one in now
    ]
    moved = [b for a, b in zip(was, now, strict=True) if a != b]
    assert all((one.nominal_code, one.product_code) == (SUSPENSE, None) for one in moved)
    assert {one.nominal_code for one in now} - {one.nominal_code for one in was} <= {SUSPENSE}
    assert bool(moved) == bool(skipped)
    assert from_json(loads(dumps(after.to_json()))) == after


@given(sales(), st.data())
def test_an_unknown_item_holds_until_it_is_skipped_and_the_others_go_on_holding(sale, data):
    goods = [line.key for line in sale.lines if line.kind is LineKind.GOODS]
    skipped = data.draw(st.sets(st.sampled_from(goods)) if goods else st.just(set()))
    plan = planned(case_of(sale, policy=HOLDING), *skipped)
    assert ("unknown_sku" in codes(plan)) == bool(set(goods) - skipped)


def test_the_line_names_the_sku_and_the_plan_says_who_decided_and_why():
    plan = planned(case_of(make_sale(), policy=HOLDING), "MUG")
    assert not plan.is_held
    (line,) = drafts_of(plan)
    assert line.description == "Mug (SKU MUG)"
    (note,) = [one for one in plan.decisions if one.question == "product of MUG"]
    assert (note.answer, note.because, note.rule) == (
        f"nominal {SUSPENSE} (suspense)", BECAUSE, "person",
    )  # fmt: skip


def test_the_credit_note_of_a_skipped_item_goes_to_suspense_too():
    plan = planned(case_of(make_sale(), policy=HOLDING, refunds=(make_refund(),)), "MUG")
    assert not plan.is_held
    (line,) = drafts_of(plan, CreateCreditNote)
    assert (line.nominal_code, line.product_code, line.rate) == (SUSPENSE, None, -10)
    assert "SKU MUG" in line.description


def test_a_skipped_item_becomes_no_product():
    policy = evolve(POLICY, unknown_sku=UnknownSku.CREATE)
    assert [a for a in planned(case_of(make_sale(), policy=policy)).actions
            if isinstance(a, CreateProduct)]  # fmt: skip
    plan = planned(case_of(make_sale(), policy=policy), "MUG")
    assert not [a for a in plan.actions if isinstance(a, CreateProduct)]


def test_without_a_suspense_nominal_the_order_stays_held():
    policy = Policy(unknown_sku=UnknownSku.HOLD)
    plan = planned(case_of(make_sale(), policy=policy), "MUG")
    assert plan.is_held
    assert codes(plan) == {"suspense_missing"}
    (problem,) = plan.problems
    assert problem.message == (
        f"Item MUG of order 000000012 is {BECAUSE}; policy.nominals.suspense, where its money "
        "would go, is not set."
    )


@pytest.mark.parametrize(
    ("but", "code"),
    [(of_class_7(), "margin_goods"),
     ({ShopProduct("MUG"): None, ShopTaxClasses(): CLASSES}, "product_gone")],
)  # fmt: skip
def test_what_the_item_is_holds_no_longer(but, code):
    case = case_of(make_sale(), policy=evolve(POLICY, margin_tax_classes=("Second-hand",)))
    assert codes(planned(case, but=but)) == {code}
    assert not planned(case, "MUG", but=but).is_held


def test_the_nominal_of_the_item_is_not_needed_any_more():
    known = {NominalCodes(): (kashflow.Nominal(SUSPENSE),)}
    case = case_of(make_sale())
    assert codes(planned(case, but=known)) == {"nominal_missing"}
    assert not planned(case, "MUG", but=known).is_held


def test_what_holds_for_other_reasons_holds_still():
    not_registered = {AccountVat(): kashflow.VatSettings(False)}
    assert codes(planned(case_of(make_sale()), "MUG", but=not_registered)) == {"vat_not_registered"}
    no_rate = {VatRates(): ()}
    assert codes(planned(case_of(make_sale()), "MUG", but=no_rate)) == {"vat_rate_missing"}
    missing = {NominalCodes(): (kashflow.Nominal(4000),)}
    assert codes(planned(case_of(make_sale()), "MUG", but=missing)) == {"nominal_missing"}


def test_vat_of_another_country_never_lands_in_suspense():
    german = make_sale(make_line("10.00", "1.90", rate="19"))
    assert "foreign_vat" in codes(planned(case_of(german), "MUG"))
    policy = evolve(
        POLICY, foreign_vat=ForeignVat.SEPARATE,
        nominals=Nominals(suspense=SUSPENSE, foreign_vat=4900),
    )  # fmt: skip
    rates = {VatRates(): (kashflow.VatRate(1, Decimal(19)),)}
    (line,) = drafts_of(planned(case_of(german, policy=policy), "MUG", but=rates))
    assert (line.nominal_code, line.product_code) == (4900, None)


def test_carriage_is_no_item():
    sale = make_sale(make_line(), make_line("4.00", "0.80", kind=LineKind.CARRIAGE))
    plan = planned(case_of(sale), "carriage:MUG", "")
    assert SUSPENSE not in {line.nominal_code for line in drafts_of(plan)}
