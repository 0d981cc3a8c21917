"""What the accounts must know, in Decimal and without any vendor: money, VAT, sale, refund."""

from kashmag.accounting.money import Money, minor_units, round_money, spread, total_of
from kashmag.accounting.payment import Credit, CreditKind, Payment
from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.refund import Refund
from kashmag.accounting.sale import Address, Buyer, Discount, LineKind, Sale, SaleLine
from kashmag.accounting.vat import VatTotal, VatTreatment, by_rate

__all__ = [
    "Address",
    "Buyer",
    "Credit",
    "CreditKind",
    "Discount",
    "Holds",
    "LineKind",
    "Money",
    "Payment",
    "Problem",
    "Refund",
    "Sale",
    "SaleLine",
    "VatTotal",
    "VatTreatment",
    "by_rate",
    "minor_units",
    "round_money",
    "spread",
    "total_of",
]
