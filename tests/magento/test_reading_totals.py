"""Totals beside goods: shipping, fees, levies, wrapping, credits, and what nobody explains."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.accounting import CreditKind, Holds, LineKind
from kashmag.magento.reading import Basis, CurrencyBasis, TotalKind

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes, figures = docs.order, docs.row, docs.reading, docs.codes, docs.figures
BASE, ORDERED, both = docs.BASE, docs.ORDERED, docs.both
EITHER = pytest.mark.parametrize("basis", [BASE, ORDERED], ids=["base", "order"])


def taxes(*things):
    """What the order lists: (type, item id or None, percent, amount)."""
    listed, applied = [], {}
    for kind, item_id, percent, amount in things:
        tax = {"percent": percent, "amount": amount, "base_amount": amount}
        listed.append({"type": kind, "item_id": item_id, "applied_taxes": [tax]})
        applied[percent] = applied.get(percent, Decimal(0)) + Decimal(str(amount))
    return {
        "item_applied_taxes": listed,
        "applied_taxes": [
            {"percent": percent, "amount": amount, "base_amount": amount}
            for percent, amount in applied.items()
        ],
    }


@EITHER
def test_shipping_is_a_line_with_its_own_vat_after_its_own_discount(basis):
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="17.40",
        tax="2.90",
        **both(
            shipping_amount=5,
            shipping_tax_amount=Decimal("0.90"),
            shipping_discount_amount=Decimal("0.60"),
            shipping_discount_tax_compensation_amount=Decimal("0.10"),
            discount_amount=Decimal("-0.60"),
        ),
        shipping_description="Royal Mail",
        extension=taxes(("product", 1, 20, "2.00"), ("shipping", None, 20, "0.90")),
    )
    found = reading(told, basis=basis)
    assert figures(found)["shipping"] == ("4.50", "0.90", "20")
    carriage = next(line for line in found.sale.lines if line.kind is LineKind.CARRIAGE)
    assert carriage.description == "Royal Mail"
    assert found.sale.gross.amount == Decimal("17.40")


def test_free_shipping_is_no_line():
    found = reading(order(row(1, "12.00", "2.00"), grand_total="12.00", tax="2.00"))
    assert list(figures(found)) == ["item:1"]


def test_shipping_whose_percentage_is_not_listed_has_the_one_that_the_sums_leave():
    told = order(
        row(1, "12.00", "2.00"),
        row(2, "10.50", "0.50", rate=5),
        grand_total="28.50",
        tax="3.50",
        **both(shipping_amount=5, shipping_tax_amount=1),
        extension={
            "applied_taxes": taxes(("", None, 20, 3), ("", None, 5, "0.5"))["applied_taxes"]
        },
    )
    assert figures(reading(told))["shipping"] == ("5.00", "1.00", "20")


def test_shipping_whose_percentage_nothing_tells_is_held():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="17.55",
        tax="2.55",
        **both(shipping_amount=5, shipping_tax_amount=Decimal("0.55")),
    )
    found = reading(told)
    assert found.sale is None
    assert codes(found) == ["rate_unknown"]
    assert "Shipping" in found.problems[0].message
    assert "0.55" in found.problems[0].message


@EITHER
def test_gift_wrapping_is_fees_with_their_own_vat(basis):
    prefix = {"gw_price": "3.00", "gw_tax_amount": "0.60", "gw_items_price": "2.0000"}
    prefix |= {"gw_card_price": "1.00", "gw_card_tax_amount": "0.20", "gw_items_tax_amount": ""}
    base = {
        name.replace("gw_items_", "gw_items_base_").replace("gw_card_", "gw_card_base_")
        if "items" in name or "card" in name
        else name.replace("gw_", "gw_base_"): value
        for name, value in prefix.items()
    }
    listed = taxes(("product", 1, 20, 2), ("quote_gw", None, 20, "0.60"),
                   ("printed_card_gw", None, 20, "0.20"))  # fmt: skip
    told = order(
        row(1, "12.00", "2.00"), grand_total="18.80", tax="2.80", extension=prefix | base | listed
    )
    found = figures(reading(told, basis=basis))
    assert found["fee:gift_wrapping"] == ("3.00", "0.60", "20")
    assert found["fee:gift_wrapping_items"] == ("2.00", "0.00", "0")
    assert found["fee:printed_card"] == ("1.00", "0.20", "20")


@EITHER
def test_a_custom_fee_is_named_by_the_document(basis):
    fee = {
        "custom_fee_code": "eco",
        "custom_fee_label": "Eco contribution",
        "custom_fee_amount": 2,
        "base_custom_fee_amount": 2,
    }
    told = order(
        row(1, "12.00", "2.00"), grand_total="14.00", tax="2.00", extension={"custom_fees": [fee]}
    )
    found = reading(told, basis=basis)
    line = found.sale.lines[1]
    assert (line.key, line.description, line.kind) == ("fee:eco", "Eco contribution", LineKind.FEE)
    assert figures(found)["fee:eco"] == ("2.00", "0.00", "0")


@EITHER
def test_a_fee_of_an_extension_is_read_where_the_document_names_it_and_the_sums_prove_it(basis):
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="13.50",
        tax="2.00",
        extension={"cod_fee": "1.50", "base_cod_fee": "1.50", "loyalty_points": 150},
    )
    found = reading(told, basis=basis)
    assert figures(found)["fee:cod_fee"] == ("1.50", "0.00", "0")
    assert found.sale.lines[1].description == "Cod fee"
    assert found.problems == ()


def test_a_fee_with_vat_has_what_the_taxes_leave_for_it():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="14.40",
        tax="2.40",
        extension={
            "payment_fee": {"label": "Card surcharge", "surcharge_amount": 2},
            **taxes(("product", 1, 20, 2), ("payment_fee", None, 20, "0.40")),
        },
    )
    found = reading(told)
    (fee,) = [line for line in found.sale.lines if line.kind is LineKind.FEE]
    assert fee.description == "Card surcharge"
    assert (str(fee.net.amount), str(fee.vat.amount), fee.vat_rate) == ("2.00", "0.40", 20)


def test_a_fee_told_with_its_vat_is_split_by_the_tax():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="14.40",
        tax="2.40",
        extension={
            "cod_fee_incl_tax": "2.40",
            **taxes(("product", 1, 20, 2), ("x", None, 20, "0.4")),
        },
    )
    (fee,) = [line for line in reading(told).sale.lines if line.kind is LineKind.FEE]
    assert (str(fee.net.amount), str(fee.vat.amount)) == ("2.00", "0.40")


def test_two_fees_that_together_are_the_gap_are_two_lines():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="15.75",
        tax="2.00",
        extension={"cod_fee": "1.50", "handling_charge": "2.25", "insurance_fee": "9.00"},
    )
    found = figures(reading(told))
    assert found["fee:cod_fee"][0] == "1.50"
    assert found["fee:handling_charge"][0] == "2.25"
    assert "fee:insurance_fee" not in found


def test_fees_that_explain_the_gap_in_two_ways_are_held():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="15.00",
        tax="2.00",
        extension={"cod_fee": "1.00", "handling_charge": "2.00", "insurance_fee": "3.00"},
    )
    found = reading(told)
    assert found.sale is None
    assert codes(found) == ["unknown_total"]


def test_an_unexplained_amount_is_named_and_never_spread():
    told = order(row(1, "12.00", "2.00"), grand_total="13.37", tax="2.00", subtotal="10.00")
    found = reading(told)
    assert found.sale is None
    assert codes(found) == ["unknown_total"]
    assert "1.37 GBP" in found.problems[0].message
    assert found.problems[0].holds is Holds.PLAN


def test_an_amount_that_is_called_no_fee_is_held_with_its_name():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="10.50",
        tax="2.00",
        subtotal="10.00",
        extension={"club_saving": "-1.50"},
    )
    found = reading(told)
    assert codes(found) == ["unknown_total"]
    assert "club_saving" in found.problems[0].message


def test_points_that_happen_to_be_the_gap_are_no_fee():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="13.50",
        tax="2.00",
        subtotal="10.00",
        extension={"reward_balance_change": "1.50"},
    )
    assert reading(told).sale is None


def test_what_was_invoiced_of_a_fee_is_no_second_fee():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="13.50",
        tax="2.00",
        extension={"cod_fee": "1.50", "cod_fee_invoiced": "1.50", "cod_fee_refunded": "1.50"},
    )
    assert [key for key in figures(reading(told)) if "fee" in key] == ["fee:cod_fee"]


@pytest.mark.parametrize(
    ("kind", "credit"),
    [
        (TotalKind.GIFT_CARD, CreditKind.GIFT_CARD),
        (TotalKind.STORE_CREDIT, CreditKind.STORE_CREDIT),
        (TotalKind.REWARD_POINTS, CreditKind.REWARD_POINTS),
    ],
)
def test_settings_say_what_a_strange_total_is(kind, credit):
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="7.00",
        tax="2.00",
        extension={"voucher_amount": "-5.00", "base_voucher_amount": "-5.00"},
    )
    assert reading(told).sale is None
    sale = reading(told, basis=evolve(BASE, totals={"voucher_amount": kind})).sale
    assert sale.gross.amount == 12
    assert [(one.kind, one.amount.amount) for one in sale.credits] == [(credit, 5)]
    assert sale.owed.amount == 7


def test_settings_name_a_fee_whose_name_says_nothing():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="13.50",
        tax="2.00",
        extension={"mw_extra_one": "1.25", "mw_extra_one_tax": "0.25"},
    )
    assert reading(told).sale is None
    wise = evolve(BASE, totals={"mw_extra_one": TotalKind.FEE})
    found = reading({**told, **both(tax_amount=Decimal("2.25"))}, basis=wise)
    assert figures(found)["fee:mw_extra_one"] == ("1.25", "0.25", "20")


def test_an_ignored_total_is_no_hint_and_no_fee():
    told = order(
        row(1, "12.00", "2.00"), grand_total="13.50", tax="2.00", extension={"cod_fee": "1.50"}
    )
    deaf = evolve(BASE, totals={"cod_fee": TotalKind.IGNORED})
    assert reading(told, basis=deaf).sale is None


@EITHER
def test_a_levy_is_a_line_of_its_own(basis):
    told = order(
        row(
            1, "27.00", "4.00", quantity=2,
            **{**both(row_total=20, row_total_incl_tax=27), "base_row_total_incl_tax": "25.50"},
            weee_tax_applied=(
                '[{"title":"WEEE","amount":1.5,"row_amount":3,"amount_incl_tax":1.5,'
                '"row_amount_incl_tax":3,"base_amount":1.5,"base_row_amount":3,'
                '"base_amount_incl_tax":1.5,"base_row_amount_incl_tax":3}]'
            ),
        ),
        grand_total="27.00",
        tax="4.00",
    )  # fmt: skip
    found = reading(told, basis=basis)
    assert figures(found) == {
        "item:1": ("20.00", "4.00", "20"),
        "item:1:fpt:0": ("3.00", "0.00", "0"),
    }
    assert found.sale.lines[1].description == "WEEE: Thing 1"


def test_a_levy_with_vat_carries_it_at_its_rows_percentage():
    told = order(
        row(
            1, "27.60", "4.00", **both(row_total=20, row_total_incl_tax="27.60"),
            weee_tax_applied=(
                '[{"title":"WEEE","row_amount":"3","row_amount_incl_tax":"3.6",'
                '"base_row_amount":"3","base_row_amount_incl_tax":"3.6"}]'
            ),
        ),
        grand_total="27.60",
        tax="4.60",
    )  # fmt: skip
    assert figures(reading(told))["item:1:fpt:0"] == ("3.00", "0.60", "20")


@EITHER
def test_a_levy_that_is_only_an_amount_is_read_too(basis):
    told = order(
        row(1, "15.00", "2.00", **both(row_total=10, weee_tax_applied_row_amount=3),
            weee_tax_applied="not json"),
        grand_total="15.00",
        tax="2.00",
    )  # fmt: skip
    found = figures(reading(told, basis=basis))
    assert found["item:1:fpt:0"] == ("3.00", "0.00", "0")
    assert found["item:1"] == ("10.00", "2.00", "20")


def test_base_figures_are_read_where_an_extension_gives_only_one_amount_and_currencies_agree():
    told = order(
        row(1, "12.00", "2.00"), grand_total="13.50", tax="2.00", extension={"cod_fee": "1.50"}
    )
    assert figures(reading(told))["fee:cod_fee"][0] == "1.50"
    foreign = {**told, "order_currency_code": "EUR", "base_to_order_rate": 1}
    assert reading(foreign).sale is None
    assert reading(foreign, basis=ORDERED).sale is not None


def test_an_amount_deep_in_a_list_is_named_by_its_label():
    told = order(
        row(1, "12.00", "2.00"),
        grand_total="13.50",
        tax="2.00",
        extension={
            "totals": {"items": [{"code": "fooman_fee", "label": "Handling", "amount": "1.5"}]}
        },
    )
    fee = reading(told).sale.lines[1]
    assert fee.description == "Handling"


def test_the_time_zone_must_exist():
    with pytest.raises(Exception, match="Nowhere"):
        Basis(CurrencyBasis.BASE, time_zone="Europe/Nowhere")
