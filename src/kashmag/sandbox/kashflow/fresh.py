"""A fresh account: what a new UK trading company finds in it, before the first customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.banking import kept_account
from kashmag.sandbox.kashflow.nominals import kept_nominal
from kashmag.sandbox.kashflow.quotes import OPEN
from kashmag.sandbox.kashflow.wire import money

_NOMINALS: Final = (
    (4000, "Sale of Goods"),
    (4010, "Sale of Goods, EU"),
    (4020, "Sale of Services"),
    (4100, "Carriage Charged"),
    (4200, "Fees and Surcharges"),
    (4300, "Gift Cards and Vouchers"),
    (4905, "Postage Recharged"),
    (5000, "Cost of Goods"),
    (7500, "Bank and Card Charges"),
    (7900, "Suspense Account"),
    (8000, "Discounts Allowed"),
)
_METHODS: Final = (
    (1, "Bank Transfer"),
    (2, "Credit / Debit Card"),
    (3, "PayPal"),
    (4, "Cheque"),
    (5, "Cash"),
)
_BANKS: Final = (("Current Account", 1200), ("Card Clearing", 1201), ("PayPal", 1202))
_VAT: Final = ((71001, 20), (71002, 5), (71003, 0))
_CURRENCIES: Final = (
    (40101, "GBP", "1", "British Pounds", "£"),
    (40102, "EUR", "1.15", "Euros", "€"),
    (40103, "USD", "1.25", "US Dollars", "$"),
)
_COUNTRIES: Final = (
    ("GB", "United Kingdom", False),
    ("IE", "Ireland", True),
    ("EL", "Greece", True),
    ("FR", "France", True),
    ("DE", "Germany", True),
    ("ES", "Spain", True),
    ("IT", "Italy", True),
    ("NL", "Netherlands", True),
    ("BE", "Belgium", True),
    ("AT", "Austria", True),
    ("DK", "Denmark", True),
    ("SE", "Sweden", True),
    ("FI", "Finland", True),
    ("PL", "Poland", True),
    ("PT", "Portugal", True),
    ("LU", "Luxembourg", True),
    ("CZ", "Czech Republic", True),
    ("CH", "Switzerland", False),
    ("NO", "Norway", False),
    ("US", "United States", False),
    ("CA", "Canada", False),
    ("AU", "Australia", False),
    ("NZ", "New Zealand", False),
    ("JP", "Japan", False),
    ("GG", "Guernsey", False),
    ("JE", "Jersey", False),
    ("IM", "Isle of Man", False),
)


def furnish(account: Account) -> None:
    """Put into an empty account what every account has."""
    store = account.store
    for identity, name in _METHODS:
        store.put("payment_methods", identity, {"Id": identity, "Name": name})
    for code, name in _NOMINALS:
        kind = "Turnover" if code < 5000 else "Expense"
        body = {"Code": code, "Name": name, "Type": kind}
        store.put("nominals", code, kept_nominal(account, body, {}))
    for number, (name, code) in enumerate(_BANKS, 1):
        method = {"Id": number}
        body = {"AccountName": name, "Code": code, "IsDefaultAccount": number == 1}
        body["DefaultInvoicePaymentType"] = body["DefaultPurchasePaymentType"] = method
        store.put("bank_accounts", number, kept_account(account, body, {}))
    for identity, rate in _VAT:
        text = f"{rate}%"
        store.put(
            "vat_rates", identity, {"VATId": identity, "VATRate": money(rate), "VATText": text}
        )
    for identity, iso, per_pound, name, symbol in _CURRENCIES:
        currency = {
            "Id": identity,
            "Code": iso,
            "ExchangeRate": money(Decimal(per_pound)),
            "Name": name,
            "Symbol": symbol,
            "DisplaySymbolOnRight": False,
        }
        store.put("currencies", identity, currency)
    for identity, (iso, name, is_eu) in enumerate(_COUNTRIES, 1):
        country = {"Id": identity, "Code": iso, "Name": name, "IsEU": is_eu}
        store.put("countries", iso, country)
    source = {"Id": 9012, "Name": "Web shop", "CostOfSource": money(0)}
    store.put("sources", 9012, source)
    store.put("quote_categories", 1, OPEN)
