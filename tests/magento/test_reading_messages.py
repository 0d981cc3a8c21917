"""What reading says: each problem's code, sentence, remedy and hold, word for word."""

from decimal import Decimal

import pytest

from kashmag.accounting import Holds, Money, Problem
from kashmag.magento.reading import problems

D = Decimal
SAID = [
    (
        problems.missing("12", "grand total"),
        Problem(
            "grand_total_missing",
            "Order 12 has no grand total.",
            remedy="Give the order its grand total in Magento, or read it with all of its fields.",
        ),
    ),
    (
        problems.missing("12", "date", holds=Holds.NOTHING),
        Problem(
            "date_missing",
            "Order 12 has no date.",
            remedy="Give the order its date in Magento, or read it with all of its fields.",
            holds=Holds.NOTHING,
        ),
    ),
    (
        problems.absurd("12"),
        Problem(
            "absurd_figures",
            "Order 12 or one of its documents has a figure of more than 28 digits.",
            remedy="Find out which module wrote it, and enter the order by hand.",
        ),
    ),
    (
        problems.negative_quantity("12", "item:3", D("-2")),
        Problem(
            "negative_quantity",
            "Order 12 has a row item:3 with the quantity -2.",
            remedy="Find out which module made it and enter the order by hand.",
        ),
    ),
    (
        problems.unknown_total("12", D("1.5"), "GBP", named=("a", "b")),
        Problem(
            "unknown_total",
            "Order 12 has 1.50 GBP in its total that no row, shipping, tax, discount or credit "
            "explains. The document has a, b of that amount.",
            remedy="Name the field that holds it, and what it is, in policy.totals.",
            settings='[policy.totals]\na = "fee"   # or "gift_card", "store_credit", "ignored"\n',
        ),
    ),
    (
        problems.unknown_total("12", D("1.5"), "GBP", named=()),
        Problem(
            "unknown_total",
            "Order 12 has 1.50 GBP in its total that no row, shipping, tax, discount or credit "
            "explains.",
            remedy="Name the field that holds it, and what it is, in policy.totals.",
        ),
    ),
    (
        problems.rows_do_not_meet("12", D("10.1234"), D("12"), "GBP"),
        Problem(
            "rows_do_not_meet",
            "The rows of order 12 come to 10.1234 GBP with shipping and fees, 12.00 is owed: "
            "1.8766 is missing.",
            remedy="Compare rows and total in Magento; a module may have changed one of them.",
        ),
    ),
    (
        problems.ambiguous("12", D("1"), D("2.5"), "item:3"),
        Problem(
            "ambiguous_rows",
            "The rows of order 12 can be read in two ways that both come to its total: item:3 is "
            "1.00 or 2.50.",
            remedy="Find out how this shop fills row_total, and enter the order by hand.",
        ),
    ),
    (
        problems.vat_does_not_meet("12", D("1"), D("2"), "GBP"),
        Problem(
            "vat_does_not_meet",
            "The VAT of the lines of order 12 comes to 1.00 GBP, its tax is 2.00.",
            remedy="Find out which module changed the tax, and enter the order by hand.",
        ),
    ),
    (
        problems.rates_do_not_meet("12", D("17.5000"), D("1"), D("2")),
        Problem(
            "rates_do_not_meet",
            "At 17.5 % the lines of order 12 carry 1.00 of VAT, the order lists 2.00.",
            remedy="Find out which module changed the tax, and enter the order by hand.",
        ),
    ),
    (
        problems.rate_unknown("12", "Mug", D("1")),
        Problem(
            "rate_unknown",
            "Mug of order 12 carries 1.00 of VAT, and no percentage explains it.",
            remedy="Read the order with its extension attributes, or enter it by hand.",
        ),
    ),
    (
        problems.stacked_taxes("12", ("item 1", "shipping"), holds=Holds.NOTHING),
        Problem(
            "stacked_taxes",
            "Order 12 carries more than one tax on item 1, shipping; a KashFlow line has one "
            "percentage.",
            remedy="Enter the order by hand, or let stacked taxes be combined by settings.",
            holds=Holds.NOTHING,
            settings='[policy]\nstacked_taxes = "combine"\n',
        ),
    ),
    (
        problems.amount_ordered_differs("12", D("1"), D("2"), "GBP"),
        Problem(
            "amount_ordered_differs",
            "Order 12 comes to 1.00 GBP, its payment was for 2.00.",
            remedy="Find out what the buyer agreed to pay; an edit may have changed only one of "
            "them.",
        ),
    ),
    (
        problems.currency_mixed("12", "Credit memo 7", "USD", "GBP"),
        Problem(
            "currency_mixed",
            "Credit memo 7 of order 12 is in USD, the order in GBP.",
            remedy="Read the documents of one order from one shop.",
            document="7",
        ),
    ),
    (
        problems.currency_mixed("12", "Invoice 7", "", "GBP"),
        Problem(
            "currency_mixed",
            "Invoice 7 of order 12 is in no currency, the order in GBP.",
            remedy="Read the documents of one order from one shop.",
            document="7",
        ),
    ),
    (
        problems.of_another_order("12", "Credit memo 7", 99),
        Problem(
            "document_of_another_order",
            "Credit memo 7 belongs to the order with the id 99, not to order 12.",
            remedy="Hand in only the order's own invoices and credit memos.",
            document="7",
        ),
    ),
    (
        problems.cancelled_without_invoices("12", D("5"), "GBP"),
        Problem(
            "partly_cancelled_without_invoices",
            "Order 12 is cancelled in part (5.00 GBP), and none of its Magento invoices is here to "
            "say what was not.",
            remedy="Read the order together with its Magento invoices.",
        ),
    ),
    (
        problems.invoices_do_not_meet("12", D("5"), D("6"), "GBP"),
        Problem(
            "invoices_do_not_meet",
            "The Magento invoices of order 12 come to 5.00 GBP, and 6.00 was not cancelled.",
            remedy="Read all of the order's Magento invoices; invoice or cancel what is left of "
            "it.",
        ),
    ),
    (
        problems.document_does_not_meet("credit_memo", "7", D("5"), D("6"), "GBP"),
        Problem(
            "credit_memo_does_not_meet",
            "The rows of credit memo 7 come to 5.00 GBP, its total is 6.00.",
            remedy="Compare rows and total in Magento; a module may have changed one of them.",
            document="7",
        ),
    ),
    (
        problems.paid_above_owed("12", Money(D("5"), "GBP"), Money(D("4"), "GBP")),
        Problem(
            "paid_above_owed",
            "The paid Magento invoices of order 12 come to 5.00 GBP, only 4.00 GBP is owed.",
            remedy="Find the invoice that is there twice, and enter the payments by hand.",
            holds=Holds.PAYMENT,
        ),
    ),
    (
        problems.payment_undated("5"),
        Problem(
            "payment_undated",
            "The paid Magento invoice 5 has no date.",
            remedy="Read the invoice with all of its fields.",
            holds=Holds.PAYMENT,
            document="5",
        ),
    ),
    (
        problems.memo_problem("code", "7", "Said.", "Do.", holds=Holds.PAYMENT),
        Problem("code", "Said.", remedy="Do.", holds=Holds.PAYMENT, document="7"),
    ),
]


@pytest.mark.parametrize(("found", "expected"), SAID, ids=[one.code for one, _ in SAID])
def test_a_problem_is_said_in_full(found, expected):
    assert found == expected


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1", "1.00"),
        ("1.5000", "1.50"),
        ("1.2345", "1.2345"),
        ("-0.5", "-0.50"),
        ("1E+3", "1000.00"),
    ],
)
def test_amounts_show_their_pence_and_no_needless_zeros(amount, shown):
    assert problems.shown(D(amount)) == shown
