"""The first promise, over everything that Magento can make: to the penny, or held."""

from collections import Counter
from decimal import Decimal

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.accounting import Refund, Sale, round_money, total_of
from kashmag.magento.reading import Basis, CurrencyBasis, read
from kashmag.planner.lines import Placement, shape
from kashmag.plans.certificate import certify
from kashmag.testing.checkout import Release, order_json, total
from kashmag.testing.strategies import as_order, order_stories, refunds, sales

BASES = st.sampled_from([Basis(CurrencyBasis.BASE), Basis(CurrencyBasis.ORDER)])
PLACEMENTS = st.builds(
    Placement,
    st.sampled_from([4000, 4100]),
    st.sampled_from([None, "MUG"]),
    keeps_whole_units=st.booleans(),
)
DECIMALS = st.sampled_from([2, 4])


def shaped(document, placement, decimals):
    sign = -1 if isinstance(document, Refund) else 1
    return [
        draft
        for line in document.lines
        for draft in shape(line, placement, rate_decimals=decimals, sign=sign)
    ]


def computed_totals(story, basis):
    is_base = basis.currency is CurrencyBasis.BASE
    rate = Decimal(1) if is_base else story.cart.conversion
    return total(story.settings, story.cart, rate)


def pennies(amount):
    return round_money(amount, "GBP").amount


def sale_or_reason(reading):
    """The sale; None only where row totals of that release do not tell enough, and it says so."""
    if reading.sale is None:
        assert {p.code for p in reading.problems} <= {"ambiguous_rows", "rows_do_not_meet"}
    return reading.sale


@settings(max_examples=300, deadline=None)
@given(order_stories(), BASES, PLACEMENTS, DECIMALS)
def test_what_the_buyer_paid_is_what_the_invoice_says(story, basis, placement, decimals):
    reading = read(story.order, (), (), basis)
    sale, totals = sale_or_reason(reading), computed_totals(story, basis)
    if sale is None:
        return
    assert sale.gross.amount == pennies(totals.grand_total)
    assert reading.problems == ()
    certificate = certify(sale, shaped(sale, placement, decimals))
    assert certificate.exact
    assert certificate.gross == sale.gross.amount


@settings(max_examples=200, deadline=None)
@given(order_stories(releases=(Release.V2_3_1,)), BASES)
def test_vat_is_carried_per_rate_to_the_penny(story, basis):
    sale = sale_or_reason(read(story.order, (), (), basis))
    totals = computed_totals(story, basis)
    if sale is None:
        return
    charged = Counter()
    for line, row in zip(story.cart.lines, totals.rows, strict=True):
        charged[line.rate] += row.tax
    charged[story.settings.shipping_rate] += totals.shipping.tax
    found = {one.rate: one.vat.amount for one in sale.by_rate}
    for rate, vat in charged.items():
        assert found.get(rate, 0) == pennies(vat)


@settings(max_examples=200, deadline=None)
@given(order_stories(releases=(Release.V2_3_1,)), BASES)
def test_every_line_is_within_a_penny_of_what_the_shop_computed(story, basis):
    sale = sale_or_reason(read(story.order, (), (), basis))
    totals = computed_totals(story, basis)
    if sale is None:
        return
    lines = {line.key: line for line in sale.lines}
    for at, row in enumerate(totals.rows):
        line = lines[f"item:{100 + at}"]
        assert abs(line.gross.amount - row.gross) < Decimal("0.0101")
        assert abs(line.vat.amount - row.tax) < Decimal("0.0151")


@settings(max_examples=150, deadline=None)
@given(order_stories(releases=(Release.V2_4_7,), decimal_quantities=False), BASES)
def test_an_order_without_discounts_is_never_held(story, basis):
    lines = tuple(evolve(line, discount=Decimal(0)) for line in story.cart.lines)
    cart = evolve(story.cart, lines=lines, shipping_discount=Decimal(0))
    for release in Release:
        told = as_order(order_json(story.settings, cart, release=release))
        assert read(told, (), (), basis).problems == ()


@settings(max_examples=150, deadline=None)
@given(order_stories(decimal_quantities=False), BASES)
def test_the_release_of_magento_changes_nothing(story, basis):
    told = {
        release: read(
            as_order(order_json(story.settings, story.cart, release=release)), (), (), basis
        )
        for release in Release
    }
    read_well = [one.sale.lines for one in told.values() if one.sale is not None]
    assert read_well
    assert all(lines == read_well[0] for lines in read_well)


@settings(max_examples=150, deadline=None)
@given(order_stories(releases=(Release.V2_4_7,)), BASES, st.randoms(use_true_random=False))
def test_permuting_rows_changes_nothing_but_their_order(story, basis, random):
    rows = list(story.order.items)
    random.shuffle(rows)
    one = read(story.order, (), (), basis)
    other = read(evolve(story.order, items=tuple(rows)), (), (), basis)
    assert other.problems == one.problems
    if one.sale is not None:
        assert set(other.sale.lines) == set(one.sale.lines)
        assert other.sale.by_rate == one.sale.by_rate


@settings(max_examples=150, deadline=None)
@given(order_stories(), BASES)
def test_no_line_is_counted_twice_or_left_out(story, basis):
    sale = read(story.order, (), (), basis).sale
    if sale is None:
        return
    keys = [line.key for line in sale.lines]
    assert len(set(keys)) == len(keys)
    goods = {key for key in keys if key.startswith("item:") and "fpt" not in key}
    assert goods == {f"item:{100 + at}" for at in range(len(story.cart.lines))}


@settings(max_examples=150, deadline=None)
@given(order_stories(refunded=True, releases=(Release.V2_4_7,), decimal_quantities=False), BASES)
def test_refunds_of_everything_cancel_the_sale(story, basis):
    reading = read(story.order, story.invoices, story.credit_memos, basis)
    if sale_or_reason(reading) is None:
        return
    assert not reading.is_held
    assert len(reading.refunds) == len(story.credit_memos)
    if any(problem.code == "memos_miss_order" for problem in reading.problems):
        return
    back = Counter()
    for refund in reading.refunds:
        for one in refund.by_rate:
            back[one.rate, "net"] += one.net.amount
            back[one.rate, "vat"] += one.vat.amount
    for one in reading.sale.by_rate:
        assert back[one.rate, "net"] == one.net.amount
        assert back[one.rate, "vat"] == one.vat.amount


@settings(max_examples=100, deadline=None)
@given(order_stories(refunded=True, releases=(Release.V2_4_7,)), BASES)
def test_an_invoice_that_is_paid_pays_what_is_owed_and_no_more(story, basis):
    reading = read(story.order, story.invoices, (), basis)
    if sale_or_reason(reading) is None:
        return
    paid = total_of((one.amount for one in reading.payments), reading.sale.currency)
    assert paid == reading.sale.owed


@given(sales(), PLACEMENTS, DECIMALS)
def test_any_sale_has_exact_shapes(sale, placement, decimals):
    assert certify(sale, shaped(sale, placement, decimals)).exact


@given(refunds(), PLACEMENTS, DECIMALS)
def test_any_refund_without_adjustment_has_exact_shapes(refund, placement, decimals):
    certificate = certify(refund, shaped(refund, placement, decimals))
    assert certificate.exact == (not refund.adjustment)
    assert certificate.gross == -refund.gross.amount


@given(sales(), PLACEMENTS)
def test_splitting_a_line_in_two_changes_nothing(sale, placement):
    lines = shaped(sale, placement, 4)
    parted = []
    for line in lines:
        half = (line.vat_amount / 2).quantize(Decimal("0.01"))
        one = Decimal(1)
        if line.quantity > 1 and (one * line.rate) == (one * line.rate).quantize(Decimal("0.01")):
            parted.append(evolve(line, quantity=one, vat_amount=half))
            parted.append(
                evolve(line, quantity=line.quantity - 1, vat_amount=line.vat_amount - half)
            )
        else:
            parted.append(line)
    assert certify(sale, parted) == certify(sale, lines)


@given(sales(), PLACEMENTS, DECIMALS, st.data())
def test_a_penny_anywhere_is_noticed(sale, placement, decimals, data):
    lines = shaped(sale, placement, decimals)
    if not lines:
        return
    at = data.draw(st.integers(0, len(lines) - 1))
    wrong = evolve(lines[at], vat_amount=lines[at].vat_amount + Decimal("0.01"))
    assert not certify(sale, [*lines[:at], wrong, *lines[at + 1 :]]).exact
    assert not certify(sale, lines[:at] + lines[at + 1 :]).exact or not (
        lines[at].rate or lines[at].vat_amount
    )


@given(sales())
def test_a_sale_is_its_rates_put_together(sale: Sale):
    assert total_of((one.gross for one in sale.by_rate), "GBP") == sale.gross
    assert sale.net + sale.vat == sale.gross
