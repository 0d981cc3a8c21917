"""Accounts that compute VAT themselves: shapes that survive it, or none."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.accounting import Money, SaleLine
from kashmag.planner.lines import Placement
from kashmag.planner.recomputed import MOST_PARTS, recomputed_vat, shape_recomputed

PLAIN = Placement(4000)
STOCKED = Placement(4000, "MUG", keeps_whole_units=True)


def line(net, vat, *, quantity="1", rate="20", key="item:1"):
    return SaleLine(
        key, "Mug", net=Money(Decimal(net), "GBP"), vat=Money(Decimal(vat), "GBP"),
        vat_rate=Decimal(rate), quantity=Decimal(quantity),
    )  # fmt: skip


@st.composite
def baskets(draw):
    lines = []
    for at in range(draw(st.integers(0, 4))):
        net, rate = (
            Decimal(draw(st.integers(-500, 20_000))) / 100,
            draw(st.sampled_from([20, 5, 0])),
        )
        off = draw(st.integers(-4, 4)) if rate else 0
        vat = (net * rate / 100).quantize(Decimal("0.01")) + Decimal(off) / 100
        quantity = draw(st.integers(1, 9))
        one = line(net, vat, quantity=quantity, rate=rate, key=f"item:{at}")
        lines.append((one, draw(st.sampled_from([PLAIN, STOCKED]))))
    return lines


@settings(max_examples=150, deadline=None)
@given(baskets(), st.sampled_from([2, 4]), st.sampled_from([1, -1]))
def test_a_shape_that_is_found_survives_recomputing(basket, decimals, sign):
    drafts = shape_recomputed(basket, rate_decimals=decimals, sign=sign)
    if drafts is None:
        return
    assert len(drafts) <= 2 * MOST_PARTS * max(len(basket), 1)
    for rate in {one.vat_rate for one, _ in basket}:
        here = [d for d in drafts if d.vat_level == rate]
        sold = [one for one, _ in basket if one.vat_rate == rate]
        assert sum(recomputed_vat(d) for d in here) == sign * sum(s.vat.amount for s in sold)
        assert sum(d.quantity * d.rate for d in here) == sign * sum(s.net.amount for s in sold)
        assert all(d.vat_amount == recomputed_vat(d) for d in here)


@settings(max_examples=100, deadline=None)
@given(baskets())
def test_stocked_units_are_kept(basket):
    drafts = shape_recomputed(basket, rate_decimals=4)
    if drafts is not None:
        sold = sum(one.quantity for one, placement in basket if placement is STOCKED)
        assert sum(d.quantity for d in drafts if d.product_code) == sold


def test_what_agrees_already_stays_one_line():
    (draft,) = shape_recomputed([(line("30.00", "6.00", quantity="3"), PLAIN)], rate_decimals=2)
    assert (draft.quantity, draft.rate, draft.vat_amount) == (3, 10, 6)


def test_a_penny_more_is_found_by_dividing():
    drafts = shape_recomputed([(line("10.00", "2.01"), PLAIN)], rate_decimals=2)
    assert sum(recomputed_vat(d) for d in drafts) == Decimal("2.01")
    assert sum(d.net for d in drafts) == 10
    assert drafts[0].description == f"Mug (part 1 of {len(drafts)})"


def test_a_penny_may_come_from_another_line_of_the_same_percentage():
    basket = [(line("10.00", "2.01"), PLAIN), (line("0.02", "-0.01", key="item:2"), PLAIN)]
    drafts = shape_recomputed(basket, rate_decimals=2)
    assert len(drafts) == 2
    assert [d.vat_amount for d in drafts] == [2, 0]


def test_stocked_units_are_divided_into_lines_of_whole_units():
    drafts = shape_recomputed([(line("9.92", "2.00", quantity="8"), STOCKED)], rate_decimals=2)
    assert sum(d.quantity for d in drafts) == 8
    assert sum(recomputed_vat(d) for d in drafts) == Decimal("2.00")


def test_quantity_goes_into_the_text_of_parts():
    drafts = shape_recomputed([(line("10.00", "2.01", quantity="4"), PLAIN)], rate_decimals=2)
    assert drafts[0].description.startswith("4 x Mug (part 1 of ")


def test_vat_that_no_rounding_explains_has_no_shape():
    assert shape_recomputed([(line("10.00", "3.00"), PLAIN)], rate_decimals=2) is None
    assert shape_recomputed([(line("10.00", "1.00", rate="0"), PLAIN)], rate_decimals=2) is None


def test_nothing_sold_is_nothing_shaped():
    assert shape_recomputed([], rate_decimals=2) == ()


def test_lines_stay_in_their_order():
    basket = [
        (line("10.00", "0.50", rate="5"), PLAIN),
        (line("10.00", "2.00", key="item:2"), PLAIN),
        (line("20.00", "1.00", rate="5", key="item:3"), PLAIN),
    ]
    assert [d.net for d in shape_recomputed(basket, rate_decimals=2)] == [10, 10, 20]
