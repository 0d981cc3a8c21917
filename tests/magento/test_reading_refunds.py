"""Refunds: each memo's own figures, and what is said of those that do not add up."""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag.accounting import CreditKind, Holds, LineKind

_spec = importlib.util.spec_from_file_location("docs", Path(__file__).with_name("documents.py"))
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)
order, row, reading, codes, both = docs.order, docs.row, docs.reading, docs.codes, docs.both
document, part = docs.document, docs.part

SHIPPING = {
    "item_applied_taxes": [
        {
            "type": "shipping",
            "applied_taxes": [{"percent": 20, "amount": 1, "base_amount": 1}],
        }
    ]
}
TOLD = order(
    row(1, "24.00", "4.00", quantity=2, qty_invoiced=2),
    row(2, "10.50", "0.50", rate=5, qty_invoiced=1),
    row(3, 0, parent_item_id=2),
    grand_total="40.50",
    tax="5.50",
    state="complete",
    extension=SHIPPING,
    **both(shipping_amount=5, shipping_tax_amount=1, total_invoiced="40.50"),
)


def memo(*rows, entity_id=7, gross, tax, **more):
    return document(*rows, entity_id=entity_id, grand_total=gross, tax=tax, **more)


def told_of(refund):
    return {
        line.key: (str(line.net.amount), str(line.vat.amount), line.vat_rate)
        for line in refund.lines
    }


def test_a_memo_has_its_own_figures_at_the_orders_percentages():
    found = reading(
        TOLD, (),
        [memo(part(1, 10, 2), part(2, 10, "0.50"), gross="28.50", tax="3.50",
              transaction_id="re_1", **both(shipping_amount=5, shipping_tax_amount=1))],
    )  # fmt: skip
    (refund,) = found.refunds
    assert told_of(refund) == {
        "item:1": ("10.00", "2.00", 20),
        "item:2": ("10.00", "0.50", 5),
        "shipping": ("5.00", "1.00", 20),
    }
    assert refund.gross.amount == Decimal("28.50")
    assert refund.refunded_on == date(2026, 4, 15)
    assert (refund.source_id, refund.number, refund.transaction_id) == ("7", "000000007", "re_1")
    assert refund.adjustment is None
    assert refund.lines[0].quantity == 1
    assert refund.lines[0].description == "Thing 1"
    assert refund.lines[2].kind is LineKind.CARRIAGE
    assert found.problems == ()


def test_discounts_of_a_memo_have_shippings_share_in_them():
    rows = part(
        1, 10, "1.60", **both(discount_amount="2.40", discount_tax_compensation_amount="0.40")
    )
    told = memo(rows, gross="13.50", tax="2.35", **both(
        discount_amount="-3.40", discount_tax_compensation_amount="0.55",
        shipping_amount=5, shipping_tax_amount="0.75",
    ))  # fmt: skip
    told |= both(grand_total=Decimal("14.50"))
    (refund,) = reading(TOLD, (), [told]).refunds
    assert told_of(refund)["item:1"][:2] == ("8.00", "1.60")
    assert told_of(refund)["shipping"][:2] == ("4.15", "0.75")


def test_memos_come_oldest_first():
    memos = [memo(part(1, 10, 2), entity_id=at, gross=12, tax=2) for at in (9, 8)]
    assert [one.number for one in reading(TOLD, (), memos).refunds] == ["000000008", "000000009"]


@pytest.mark.parametrize(
    ("adjustments", "amount"),
    [
        ({"adjustment_positive": 5, "adjustment_negative": 2}, 3),
        ({"adjustment_negative": 2}, -2),
        ({"adjustment": 4}, 4),
    ],
)
def test_an_adjustment_stands_apart(adjustments, amount):
    told = memo(part(1, 10, 2), gross=12 + amount, tax=2, **both(**adjustments))
    (refund,) = reading(TOLD, (), [told]).refunds
    assert refund.adjustment.amount == amount
    assert refund.gross.amount == 12 + amount
    assert sum(line.gross.amount for line in refund.lines) == 12


def test_a_memo_of_only_an_adjustment_has_no_lines():
    told = memo(gross=5, tax=0, **both(adjustment_positive=5))
    (refund,) = reading(TOLD, (), [told]).refunds
    assert refund.lines == ()
    assert refund.returned.amount == 5


def test_what_went_back_to_a_gift_card_is_not_returned_in_money():
    told = memo(part(1, 10, 2), gross=7, tax=2, extension_attributes=both(
        gift_cards_amount=3, customer_balance_amount=2))  # fmt: skip
    (refund,) = reading(TOLD, (), [told]).refunds
    assert refund.gross.amount == 12
    assert refund.returned.amount == 7
    assert {one.kind for one in refund.credits} == {CreditKind.GIFT_CARD, CreditKind.STORE_CREDIT}


def test_fractions_are_rounded_half_up_once():
    told = memo(part(1, "10.0033", "2.0017"), gross="12.005", tax="2.0017")
    (refund,) = reading(TOLD, (), [told]).refunds
    assert refund.gross.amount == Decimal("12.01")
    assert told_of(refund)["item:1"][:2] == ("10.01", "2.00")


def test_a_cancelled_memo_and_an_open_one_are_nothing_and_are_said():
    found = reading(
        TOLD, (), [memo(gross=12, tax=2, state=3), memo(entity_id=8, gross=12, tax=2, state=1)]
    )
    assert found.refunds == ()
    assert [(p.code, p.holds, p.document) for p in found.problems] == [
        ("memo_cancelled", Holds.NOTHING, "000000007"),
        ("memo_open", Holds.NOTHING, "000000008"),
    ]
    assert [(p.message, p.remedy) for p in found.problems] == [
        (
            "Credit memo 000000007 was cancelled in Magento: nothing was given back.",
            "Nothing has to be done.",
        ),
        (
            "Credit memo 000000008 is still open in Magento: nothing was given back.",
            "Refund or cancel it in Magento.",
        ),
    ]


SENTENCES = {
    "credit_memo_does_not_meet": "The rows of credit memo 000000007 come to 12.00 GBP, its total "
    "is 12.01.",
    "credit_memo_vat_does_not_meet": "The VAT of the rows of credit memo 000000007 comes to 2.00, "
    "its tax is 2.50.",
    "credit_memo_rate_unknown": "SKU-3 of credit memo 000000007 carries VAT, and its order does "
    "not say at what percentage.",
    "credit_memo_row_unknown": "In credit memo 000000007 SKU-99 is no row of its order.",
    "credit_memo_negative_quantity": "In credit memo 000000007 SKU-1 has the quantity -1.",
    "memo_incomplete": "Credit memo 000000007 has no ",
}
REMEDIES = {
    "credit_memo_does_not_meet": "Compare rows and total in Magento; a module may have changed "
    "one of them.",
    "credit_memo_vat_does_not_meet": "Find out which module changed the tax, and enter the memo "
    "by hand.",
    "credit_memo_rate_unknown": "Read the order with all of its rows, or enter the memo by hand.",
    "credit_memo_row_unknown": "Read the order with all of its rows, or enter the memo by hand.",
    "credit_memo_negative_quantity": "Read the order with all of its rows, or enter the memo by "
    "hand.",
    "memo_incomplete": "Read the credit memo with all of its fields.",
}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (memo(part(1, 10, 2), gross="12.01", tax=2), "credit_memo_does_not_meet"),
        (memo(part(1, 10, 2), gross=12, tax="2.50"), "credit_memo_vat_does_not_meet"),
        (memo(part(99, 10, 2), gross=12, tax=2), "credit_memo_row_unknown"),
        (memo(part(3, 10, 2), gross=12, tax=2), "credit_memo_rate_unknown"),
        (memo(part(1, 10, 2, quantity=-1), gross=12, tax=2), "credit_memo_negative_quantity"),
        ({**memo(part(1, 10, 2), gross=12, tax=2), "base_grand_total": None}, "memo_incomplete"),
        ({**memo(part(1, 10, 2), gross=12, tax=2), "created_at": None}, "memo_incomplete"),
    ],
)
def test_a_memo_that_does_not_hold_holds_the_plan_and_names_itself(told, code):
    found = reading(TOLD, (), [told])
    assert [(p.code, p.holds, p.document) for p in found.problems] == [
        (code, Holds.PLAN, "000000007")
    ]
    assert found.refunds == ()
    assert found.sale is not None
    assert found.problems[0].message.startswith(SENTENCES[code])
    assert found.problems[0].remedy == REMEDIES[code]
    assert found.is_held


def test_an_incomplete_memo_says_what_it_lacks():
    whole = memo(part(1, 10, 2), gross=12, tax=2)
    for field, what in (("base_grand_total", "grand total."), ("created_at", "date.")):
        (problem,) = reading(TOLD, (), [{**whole, field: None}]).problems
        assert problem.message.endswith(what)


def test_a_row_without_money_is_no_line():
    told = memo(part(1, 10, 2), part(3, 0), gross=12, tax=2)
    assert list(told_of(reading(TOLD, (), [told]).refunds[0])) == ["item:1"]


def test_more_back_than_was_invoiced_is_held():
    memos = [memo(part(1, 20, 4, quantity=2), gross=24, tax=4),
             memo(part(2, 10, "0.50"), gross="17.51", tax="0.50", entity_id=8,
                  **both(adjustment_positive="7.01"))]  # fmt: skip
    found = reading(TOLD, (), memos)
    assert [(p.code, p.document, p.holds) for p in found.problems] == [
        ("memo_above_invoiced", "000000008", Holds.PLAN)
    ]
    assert found.problems[0].message == (
        "With credit memo 000000008 more is given back than was invoiced: 1.01 GBP too much."
    )
    assert found.problems[0].remedy == (
        "Compare the order's credit memos with its invoices in Magento."
    )


def test_more_units_back_than_were_invoiced_are_held():
    memos = [memo(part(1, 10, 2, quantity=2), gross=12, tax=2),
             memo(part(1, 5, 1), gross=6, tax=1, entity_id=8)]  # fmt: skip
    found = reading(TOLD, (), memos)
    assert codes(found) == ["memo_above_invoiced"]
    assert "1 of Thing 1 too much" in found.problems[0].message


def test_an_order_read_before_its_last_invoice_believes_the_invoices():
    early = {**TOLD, **both(total_invoiced=12)}
    early["items"] = [{**one, "qty_invoiced": 0} for one in TOLD["items"]]
    invoice = document(part(1, 20, 4, quantity=2), part(2, 10, "0.50"), entity_id=5,
                       grand_total="40.50", tax="5.50", state=1)  # fmt: skip
    back = memo(part(1, 20, 4, quantity=2), gross=24, tax=4)
    assert reading(early, [invoice], [back]).problems == ()
    assert codes(reading(early, [], [back])) == ["memo_above_invoiced"]
    assert codes(reading(early, [{**invoice, "state": 3}], [back])) == ["memo_above_invoiced"]


def test_shipping_below_nothing_is_posted_and_said():
    told = memo(part(1, 10, 2), gross="11.00", tax=2, **both(discount_amount=-1))
    found = reading(TOLD, (), [told])
    assert told_of(found.refunds[0])["shipping"] == ("-1.00", "0.00", 20)
    assert [(p.code, p.holds) for p in found.problems] == [
        ("memo_shipping_below_nothing", Holds.NOTHING)
    ]
    assert found.problems[0].message == (
        "Credit memo 000000007 takes back 1.00 GBP more discount of shipping than shipping; it is "
        "posted as Magento has it."
    )
    assert found.problems[0].remedy == (
        "Name the shipping amount when refunding orders with discounted shipping."
    )
    assert found.problems[0].document == "000000007"


def test_a_memo_that_comes_to_less_than_nothing_is_held():
    """A wholly discounted order given back: Magento takes off too much discount of shipping."""
    told = memo(part(1, 0, 0), gross="-1.20", tax=0, **both(discount_amount="-1.20"))
    found = reading({**TOLD, **both(total_refunded="-1.20")}, (), [told])
    assert found.refunds == ()
    assert found.is_held
    (said,) = found.problems
    assert (said.code, said.document) == ("memo_below_nothing", "000000007")
    assert said.message == (
        "Credit memo 000000007 comes to -1.20 GBP: it takes off more than it gives back, and no "
        "money can have moved."
    )


@pytest.mark.parametrize("gross", ["-0.004", "0"])
def test_a_memo_that_comes_to_nothing_is_posted(gross):
    told = memo(part(1, 0, 0), gross=gross, tax=0, **both(discount_amount=gross))
    found = reading(TOLD, (), [told])
    assert [refund.gross.amount for refund in found.refunds] == [0]
    assert not found.is_held


def test_memos_of_everything_that_miss_the_order_are_said_with_both_sums():
    everything = [
        memo(part(1, 20, 4, quantity=2), part(2, 10, "0.50"), gross="40.30", tax="5.50",
             **both(shipping_amount="4.80", shipping_tax_amount=1))
    ]  # fmt: skip
    found = reading(TOLD, (), everything)
    assert [(p.code, p.holds) for p in found.problems] == [("memos_miss_order", Holds.NOTHING)]
    assert found.problems[0].message == (
        "The credit memos of the fully refunded order 000000012 come to 40.30 GBP of 40.50 GBP; "
        "they are posted as Magento has them."
    )
    assert found.problems[0].remedy == (
        "Nothing has to be done; Magento takes off too much of a discount on shipping, and rounds "
        "parts apart."
    )
    assert found.problems[0].document == "000000007"


def test_memos_of_everything_that_meet_the_order_say_nothing():
    memos = [
        memo(part(1, 10, 2), gross=12, tax=2),
        memo(part(1, 10, 2), part(2, 10, "0.50"), gross="28.50", tax="3.50", entity_id=8,
             **both(shipping_amount=5, shipping_tax_amount=1)),
    ]  # fmt: skip
    assert reading(TOLD, (), memos).problems == ()


def test_a_held_sale_has_no_refunds():
    wrong = {**TOLD, **both(tax_amount=7)}
    found = reading(wrong, (), [memo(part(1, 10, 2), gross=12, tax=2)])
    assert found.sale is None
    assert found.refunds == ()


def test_a_levy_comes_back_with_its_row():
    levied = order(
        row(1, "15.00", "2.00", qty_invoiced=1,
            **both(row_total=10, weee_tax_applied_row_amount=3)),
        grand_total="15.00", tax="2.00", **both(total_invoiced=15),
    )  # fmt: skip
    told = memo(part(1, 10, 2, **both(weee_tax_applied_row_amount=3)), gross=15, tax=2)
    found = reading(levied, (), [told])
    assert told_of(found.refunds[0])["item:1:fpt:0"] == ("3.00", "0.00", 0)
    assert found.problems == ()
    levy = found.refunds[0].lines[1]
    assert (levy.kind, levy.description) == (LineKind.FEE, "Fixed product tax: Thing 1")


def test_the_vat_of_a_levy_comes_back_at_its_percentage():
    listed = (
        '[{"title":"WEEE","row_amount":3,"row_amount_incl_tax":"3.60",'
        '"base_row_amount":3,"base_row_amount_incl_tax":"3.60"}]'
    )
    levied = order(
        row(1, "15.60", "2.00", qty_invoiced=1, weee_tax_applied=listed,
            **both(row_total=10, row_total_incl_tax="15.60")),
        grand_total="15.60", tax="2.60", **both(total_invoiced="15.60"),
    )  # fmt: skip
    told = memo(part(1, 10, 2, weee_tax_applied=listed), gross="15.60", tax="2.60")
    found = reading(levied, (), [told])
    assert told_of(found.refunds[0])["item:1:fpt:0"] == ("3.00", "0.60", 20)


def test_a_fee_of_an_extension_comes_back_where_the_memo_names_it():
    fee = {"cod_fee": "1.50", "base_cod_fee": "1.50"}
    charged = order(row(1, "12.00", "2.00", qty_invoiced=1), grand_total="13.50", tax="2.00",
                    extension=fee, **both(total_invoiced="13.50"))  # fmt: skip
    told = memo(part(1, 10, 2), gross="13.50", tax=2, extension_attributes=fee)
    assert told_of(reading(charged, (), [told]).refunds[0])["fee:cod_fee"] == ("1.50", "0.00", 0)
    bare = memo(part(1, 10, 2), gross="13.50", tax=2)
    assert codes(reading(charged, (), [bare])) == ["credit_memo_does_not_meet"]


@pytest.mark.parametrize("row_total", ["10.00", "7.60", "8.00"])
def test_a_memo_of_a_customised_shop_is_read_by_its_own_total(row_total):
    # 10.00 before discount, 7.60 after it, 8.00 net after everything: 9.60 in all cases.
    rows = part(
        1,
        row_total,
        "1.60",
        **both(discount_amount="2.40", discount_tax_compensation_amount="0.40"),
    )
    told = memo(
        rows,
        gross="9.60",
        tax="1.60",
        **both(discount_amount="-2.40", discount_tax_compensation_amount="0.40"),
    )
    found = reading(TOLD, (), [told])
    assert told_of(found.refunds[0]) == {"item:1": ("8.00", "1.60", 20)}
    assert found.problems == ()


def test_a_memo_that_two_meanings_fit_is_held():
    rows = (
        part(1, "9.00", 2, **both(discount_tax_compensation_amount=1, discount_amount=1)),
        part(2, "9.00", 0, **both(discount_tax_compensation_amount=-1, discount_amount=1)),
    )
    told = memo(*rows, gross="20.00", tax=2, **both(discount_amount=-2))
    assert codes(reading(TOLD, (), [told])) == ["credit_memo_does_not_meet"]


def test_a_fee_with_vat_comes_back_at_the_percentage_that_the_order_had():
    fee = {"cod_fee": "1.50", "base_cod_fee": "1.50"}
    listed = [{"type": "cod_fee", "applied_taxes": [{"percent": 20, "amount": "0.3"}]}]
    charged = order(row(1, "12.00", "2.00", qty_invoiced=1), grand_total="13.80", tax="2.30",
                    extension={**fee, "item_applied_taxes": listed},
                    **both(total_invoiced="13.80"))  # fmt: skip
    told = memo(part(1, 10, 2), gross="13.80", tax="2.30", extension_attributes=fee)
    (refund,) = reading(charged, (), [told]).refunds
    assert told_of(refund)["fee:cod_fee"] == ("1.50", "0.30", 20)
    assert (refund.lines[1].kind, refund.lines[1].description) == (LineKind.FEE, "Cod fee")


def test_shipping_that_the_order_did_not_charge_is_given_back_by_its_plain_name():
    charged = order(row(1, "12.00", "2.00", qty_invoiced=1), grand_total="12.00", tax="2.00",
                    **both(total_invoiced=12))  # fmt: skip
    told = memo(gross=5, tax=0, **both(shipping_amount=5))
    (refund,) = reading(charged, (), [told]).refunds
    assert [(line.key, line.description) for line in refund.lines] == [("shipping", "Shipping")]
    taxed = memo(gross=6, tax=1, **both(shipping_amount=5, shipping_tax_amount=1))
    assert codes(reading(charged, (), [taxed])) == ["credit_memo_rate_unknown"]
