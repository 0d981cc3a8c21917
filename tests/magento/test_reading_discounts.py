"""What came off a row: proved by Magento's own figures whichever way it taxes, or doubted."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.magento.reading import read
from kashmag.testing.checkout import Release, total
from kashmag.testing.strategies import order_stories

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, both = docs.order, docs.row, docs.reading, docs.both
part, document, BASE, ORDERED = docs.part, docs.document, docs.BASE, docs.ORDERED
EITHER = pytest.mark.parametrize("basis", [BASE, ORDERED], ids=["base", "order"])
MODERN = (Release.V2_3_1, Release.V2_4_7, Release.V2_4_8)


def fields(**told):
    return both(**{name: Decimal(value) for name, value in told.items()})


def discounted(net, tax, *, off, compensation="0", price, price_incl_tax, quantity=1, rate=20):
    """A row as REST serves it, after a discount."""
    gross = Decimal(net) + Decimal(tax)
    return row(
        1, gross, tax, rate=rate, quantity=quantity,
        **fields(
            row_total=str(Decimal(net) - Decimal(compensation)), price=price,
            price_incl_tax=price_incl_tax, discount_amount=off,
            discount_tax_compensation_amount=compensation,
        ),
    )  # fmt: skip


def of(told, *, off, invoices=(), memos=(), basis=BASE, compensation="0", **more):
    """The reading of an order of one discounted row."""
    gross, tax = told["row_total_incl_tax"], told["tax_amount"]
    whole = order(
        told, grand_total=gross, tax=tax, coupon_code="TEN",
        **fields(
            discount_amount=str(-Decimal(off)), discount_tax_compensation_amount=compensation
        ),
        **more,
    )  # fmt: skip
    return reading(whole, invoices, memos, basis=basis)


def figures(line):
    discount = line.discount
    return line.discount_doubt or (str(discount.net.amount), str(discount.vat.amount))


@settings(max_examples=200, deadline=None)
@given(
    order_stories(refunded=True, releases=MODERN, decimal_quantities=False),
    st.sampled_from([BASE, ORDERED]),
)
def test_what_a_row_would_have_cost_is_what_the_checkout_computed(story, basis):
    found = read(story.order, story.invoices, story.credit_memos, basis)
    if found.sale is None:
        return
    rate = Decimal(1) if basis is BASE else story.cart.conversion
    computed = total(story.settings, story.cart, rate)
    rows = {f"item:{100 + at}": one for at, one in enumerate(computed.rows)}
    rows["shipping"] = computed.shipping
    for line in (one for document in (found.sale, *found.refunds) for one in document.lines):
        assert line.discount_doubt == ""
        if line.discount:
            assert line.discount.net.amount + line.net.amount == rows[line.key].row
            before = line.gross + line.discount.net + line.discount.vat
            assert before.amount == rows[line.key].row_incl_tax


@settings(max_examples=200, deadline=None)
@given(order_stories(releases=MODERN), st.sampled_from([BASE, ORDERED]))
def test_without_its_invoices_a_discount_is_the_computed_one_or_doubted(story, basis):
    sale = read(story.order, (), (), basis).sale
    if sale is None:
        return
    rate = Decimal(1) if basis is BASE else story.cart.conversion
    computed = total(story.settings, story.cart, rate)
    for at, taxed in enumerate(computed.rows):
        line = next(one for one in sale.lines if one.key == f"item:{100 + at}")
        assert bool(line.discount or line.discount_doubt) or taxed.discount < Decimal("0.01")
        if line.discount:
            before = line.gross + line.discount.net + line.discount.vat
            assert abs(before.amount - taxed.row_incl_tax) <= Decimal("0.0151")


@settings(max_examples=100, deadline=None)
@given(order_stories(), st.sampled_from([BASE, ORDERED]))
def test_only_what_was_discounted_has_a_discount(story, basis):
    sale = read(story.order, (), (), basis).sale
    if sale is None:
        return
    for at, line in enumerate(story.cart.lines):
        sold = next(one for one in sale.lines if one.key == f"item:{100 + at}")
        if not line.discount:
            assert sold.discount is None
            assert sold.discount_doubt == ""


@EITHER
def test_in_prices_with_vat_the_vat_of_a_discount_is_the_compensation(basis):
    told = discounted(
        "90.00", "18.00", off="12.00", compensation="2.00", price="100", price_incl_tax="120"
    )
    (line,) = of(told, off="12.00", compensation="2.00", basis=basis).sale.lines
    assert figures(line) == ("10.00", "2.00")
    assert line.discount.label == "TEN"


def test_a_price_with_vat_that_says_otherwise_is_a_doubt():
    told = discounted(
        "90.00", "18.00", off="12.00", compensation="2.00", price="100", price_incl_tax="119.90"
    )
    (line,) = of(told, off="12.00", compensation="2.00").sale.lines
    assert figures(line) == "its price with VAT is not what it comes to with its discount"


def test_vat_before_discount_is_none_of_the_discount():
    told = discounted("90.00", "20.00", off="10.00", price="100", price_incl_tax="120")
    (line,) = of(told, off="10.00").sale.lines
    assert figures(line) == ("10.00", "0.00")


def test_in_prices_without_vat_the_price_of_one_is_enough_for_one():
    told = discounted("90.00", "18.00", off="10.00", price="100", price_incl_tax="120")
    (line,) = of(told, off="10.00").sale.lines
    assert figures(line) == ("10.00", "2.00")


def several():
    return discounted(
        "90.05", "18.01", off="10.00", price="33.35", price_incl_tax="40.02", quantity=3
    )


def invoice_of(*, gross="120.06", net="100.05", quantity=3, number=5):
    # 20.01 on 100.05; three of 40.02 come to 120.06.
    told = part(
        1, net, "18.01", quantity=quantity,
        **fields(row_total_incl_tax=gross, discount_amount="10.00"),
    )  # fmt: skip
    return document(
        told, entity_id=number, grand_total="108.06", tax="18.01", **fields(discount_amount="-10"),
    )  # fmt: skip


def test_of_several_only_the_invoice_tells_what_vat_there_was():
    (line,) = of(several(), off="10.00").sale.lines
    assert figures(line) == "no Magento invoice of all of it says what VAT it had before"
    (line,) = of(several(), off="10.00", invoices=[invoice_of()]).sale.lines
    assert figures(line) == ("10.00", "2.00")


def test_an_invoice_of_other_figures_or_of_a_part_tells_nothing():
    for other in (invoice_of(net="100.04"), invoice_of(quantity=2)):
        (line,) = of(several(), off="10.00", invoices=[other]).sale.lines
        assert figures(line) == "no Magento invoice of all of it says what VAT it had before"


def test_an_invoice_whose_vat_is_not_of_the_percentage_is_a_doubt():
    (line,) = of(several(), off="10.00", invoices=[invoice_of(gross="121.50")]).sale.lines
    assert figures(line) == "its VAT before and after are not those of its percentage"


def test_a_cancelled_invoice_tells_nothing():
    cancelled = {**invoice_of(), "state": 3}
    (line,) = of(several(), off="10.00", invoices=[cancelled]).sale.lines
    assert line.discount is None


def test_a_price_that_is_not_the_row_is_a_doubt():
    told = discounted(
        "90.00", "18.00", off="12.00", compensation="2.00", price="99", price_incl_tax="120"
    )
    (line,) = of(told, off="12.00", compensation="2.00").sale.lines
    assert figures(line) == "its price is not what it comes to with its discount"


def test_discounts_that_do_not_come_to_the_orders_are_a_doubt():
    told = discounted(
        "90.00", "18.00", off="12.00", compensation="2.00", price="100", price_incl_tax="120"
    )
    (line,) = of(told, off="12.50", compensation="2.00").sale.lines
    assert figures(line) == "the discounts of the rows do not come to the order's"


def test_at_no_percentage_there_is_no_vat_in_a_discount():
    told = discounted("9.00", "0", off="1.00", price="10", price_incl_tax="10", rate=0)
    (line,) = of(told, off="1.00").sale.lines
    assert figures(line) == ("1.00", "0.00")
    told = discounted("9.00", "0", off="1.00", price="10", price_incl_tax="12", rate=0)
    (line,) = of(told, off="1.00").sale.lines
    assert figures(line) == "it has no VAT now, and its price had some"


def test_what_was_put_on_is_no_discount():
    told = discounted("11.00", "2.20", off="-1.00", price="10", price_incl_tax="12")
    (line,) = of(told, off="-1.00").sale.lines
    assert figures(line) == "1 was put on, not taken off"


def shipped(*, discount, net_tax, compensation, memo=None):
    """A mug, and carriage of 6.00 with VAT that a coupon made cheaper."""
    net, tax = net_tax
    goods = row(1, "12.00", "2.00")
    total_tax = Decimal("2.00") + Decimal(tax)
    taxed = {"percent": 20, "amount": Decimal(tax), "base_amount": Decimal(tax)}
    listed = {"percent": 20, "amount": total_tax, "base_amount": total_tax}
    told = order(
        goods,
        grand_total=Decimal("12.00") + Decimal(net) + Decimal(tax),
        tax=total_tax,
        shipping_description="Courier",
        **fields(
            shipping_amount="5.00", shipping_incl_tax="6.00", shipping_tax_amount=tax,
            shipping_discount_amount=discount, discount_amount=f"-{discount}",
            shipping_discount_tax_compensation_amount=compensation,
        ),
        extension={
            "applied_taxes": [listed],
            "item_applied_taxes": [{"type": "shipping", "applied_taxes": [taxed]}],
        },
    )  # fmt: skip
    return reading(told, (), memo or ())


@pytest.mark.parametrize(
    ("discount", "net_tax", "compensation", "expected"),
    [
        ("1.20", ("4.00", "0.80"), "0.20", ("1.00", "0.20")),  # prices with VAT
        ("1.00", ("4.00", "0.80"), "0", ("1.00", "0.20")),  # prices without
        ("1.00", ("4.00", "1.00"), "0", ("1.00", "0.00")),  # VAT before discount
        ("6.00", ("0.00", "0.00"), "1.00", ("5.00", "1.00")),  # carriage is free
    ],
)
def test_carriage_has_its_discount(discount, net_tax, compensation, expected):
    found = shipped(discount=discount, net_tax=net_tax, compensation=compensation)
    line = next(one for one in found.sale.lines if one.key == "shipping")
    assert figures(line) == expected
    assert line.vat_rate == 20


def test_a_credit_memo_mirrors_what_came_off():
    told = discounted(
        "90.00", "18.00", off="12.00", compensation="2.00", price="100", price_incl_tax="120"
    )
    of_one = part(
        1, "100.00", "18.00",
        **fields(
            row_total_incl_tax="120", discount_amount="12",
            discount_tax_compensation_amount="2",
        ),
    )  # fmt: skip
    memo = document(
        of_one, entity_id=7, grand_total="108", tax="18",
        **fields(discount_amount="-12", discount_tax_compensation_amount="2"),
    )  # fmt: skip
    found = of(
        {**told, "qty_invoiced": 1},
        off="12.00",
        compensation="2.00",
        memos=[memo],
        **fields(total_invoiced="108"),
    )
    (line,) = found.refunds[0].lines
    assert figures(line) == ("10.00", "2.00")
    assert line.discount.label == "TEN"
