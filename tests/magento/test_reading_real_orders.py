"""Real orders of a real shop, under tax configurations that differ, judged by other arithmetic."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag import magento
from kashmag.accounting import CreditKind, Holds, LineKind, Money
from kashmag.magento import codec
from kashmag.magento.reading import Basis, CurrencyBasis, read
from kashmag.rest.codec import loads

SAMPLES = Path(__file__).parents[1] / "samples" / "magento"
_spec = importlib.util.spec_from_file_location("walk", Path(__file__).with_name("corpus_walk.py"))
walk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(walk)

CORPUS = {name: rest for name, *rest in walk.documents(SAMPLES / "corpus")}
BASE, ORDERED = Basis(CurrencyBasis.BASE), Basis(CurrencyBasis.ORDER)


def example(name, kind=magento.Order):
    return codec.read(kind, loads((SAMPLES / "examples" / f"{name}.json").read_bytes()))


def pounds(amount):
    return Money(Decimal(amount), "GBP")


@pytest.mark.parametrize("basis", [BASE, ORDERED], ids=["base", "order"])
@pytest.mark.parametrize("name", CORPUS)
def test_a_real_order_is_read_to_the_penny(name, basis):
    verdict, faults, reading = walk.judge(*CORPUS[name], basis)
    assert faults == []
    assert verdict in ("exact", "void")
    assert not reading.is_held


def test_a_cancelled_order_owes_nothing_and_is_no_problem():
    reading = walk.read_raw(*CORPUS["RB/1395"], BASE)
    assert reading.is_void
    assert reading.sale is None
    assert reading.problems == ()


def test_a_partly_cancelled_order_is_what_was_not_cancelled():
    order, invoices, memos = CORPUS["TG/1379"]
    sale = walk.read_raw(order, invoices, memos, BASE).sale
    left = Decimal(str(order["base_grand_total"])) - Decimal(str(order["base_total_canceled"]))
    assert sale.gross == pounds(left)
    assert sum(line.quantity for line in sale.lines if line.kind is LineKind.GOODS) < sum(
        Decimal(str(item["qty_ordered"])) for item in order["items"]
    )


def test_a_partly_cancelled_order_without_its_invoices_is_held():
    order, _, _ = CORPUS["TG/1379"]
    reading = walk.read_raw(order, [], [], BASE)
    assert reading.sale is None
    assert [p.code for p in reading.problems] == ["partly_cancelled_without_invoices"]


def test_a_partly_cancelled_order_with_half_of_its_invoices_is_held():
    order, invoices, _ = CORPUS["TG/1379"]
    wrong = [{**invoices[0], "grand_total": 1, "base_grand_total": 1, "items": []}]
    reading = walk.read_raw(order, wrong, [], BASE)
    assert [p.code for p in reading.problems] == ["invoice_does_not_meet"]


def test_an_order_of_fractions_of_a_penny_is_what_was_paid():
    order, invoices, memos = CORPUS["RA/467"]
    assert Decimal(str(order["grand_total"])) == Decimal("78.7825")
    sale = walk.read_raw(order, invoices, memos, ORDERED).sale
    assert sale.gross == Money(Decimal("78.78"), "USD")
    assert sale.exchange_rate == Decimal("1.2619")


def test_memos_that_miss_their_order_are_posted_and_said():
    order, invoices, memos = CORPUS["TC/187"]
    reading = walk.read_raw(order, invoices, memos, ORDERED)
    said = [p for p in reading.problems if p.code == "memos_miss_order"]
    assert [p.holds for p in said] == [Holds.NOTHING]
    assert said[0].document == memos[0]["increment_id"]
    assert str(reading.refunds[0].gross) in said[0].message


def test_an_adjustment_is_kept_apart_from_the_lines():
    order, invoices, memos = CORPUS["TD/1363"]
    refund = walk.read_raw(order, invoices, memos, ORDERED).refunds[0]
    adjustment = Decimal(str(memos[0].get("adjustment_positive") or 0)) - Decimal(
        str(memos[0].get("adjustment_negative") or 0)
    )
    assert refund.adjustment.amount == adjustment
    assert sum(line.gross.amount for line in refund.lines) == refund.gross.amount - adjustment


def test_credits_are_no_discounts():
    sale = read(example("order_giftcard_storecredit_ee"), (), (), BASE).sale
    assert sale.gross == pounds("120.00")
    assert {one.kind: one.amount for one in sale.credits} == {
        CreditKind.GIFT_CARD: pounds("50.00"),
        CreditKind.STORE_CREDIT: pounds("20.00"),
    }
    assert sale.owed == pounds("50.00")
    assert sale.vat == pounds("20.00")


def test_stacked_taxes_hold_unless_they_may_be_combined():
    order = example("recorded_order_stacked_tax_rates")
    held = read(order, (), (), BASE)
    assert held.sale.vat == Money(Decimal("6.25"), "USD")
    assert [(p.code, p.holds) for p in held.problems] == [("stacked_taxes", Holds.PLAN)]
    combined = read(order, (), (), evolve(BASE, stacked_taxes=type(BASE.stacked_taxes).COMBINE))
    assert [p.holds for p in combined.problems] == [Holds.NOTHING]
    assert {one.rate for one in combined.sale.by_rate} == {Decimal("5.3")}


def test_an_edited_order_is_void_and_its_replacement_is_a_sale():
    told = loads((SAMPLES / "examples" / "orders_search_edited_pair.json").read_bytes())
    first, second = (codec.read(magento.Order, one) for one in told["items"])
    assert read(first, (), (), BASE).is_void
    assert read(second, (), (), BASE).sale.gross == pounds("96.00")


def test_both_kinds_of_bundle_count_their_money_once():
    sale = read(example("order_bundle"), (), (), BASE).sale
    assert sale.gross == pounds("158.60")


def test_the_two_currencies_of_an_order_are_each_exact():
    order = example("order_multicurrency_discount_shipping_tax")
    assert read(order, (), (), BASE).sale.gross == pounds("204.66")
    own = read(order, (), (), ORDERED).sale
    assert own.gross == Money(Decimal("239.46"), "EUR")
    assert own.exchange_rate == Decimal("1.17")


def test_a_partial_refund_with_adjustments_keeps_its_figures():
    reading = read(
        example("order_partially_refunded"),
        [example("invoice", magento.Invoice)],
        [example("creditmemo_partial_with_adjustments", magento.CreditMemo)],
        BASE,
    )
    assert [one.gross for one in reading.refunds] == [pounds("31.50")]
    assert reading.payments[0].amount == pounds("115.20")
    assert reading.payments[0].key == reading.payments[0].transaction_id
