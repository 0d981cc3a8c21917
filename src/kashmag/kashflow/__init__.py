"""KashFlow's truth in KashFlow's words: records, drafts, operations and their client.

Say the room with the name: `kashflow.Customer`, `kashflow.InvoiceDraft`.
"""

from kashmag.kashflow.account import ApiSettings, CompanyDetails, Metadata
from kashmag.kashflow.bank_accounts import BankAccount, BankTransaction, PaymentType
from kashmag.kashflow.countries import Country, CountryVatRates, RateBands
from kashmag.kashflow.currencies import Currency, CurrencyDraft, CurrencyRef
from kashmag.kashflow.customer_records import (
    Address,
    AdvancePayment,
    Contact,
    Customer,
    CustomerDraft,
    CustomerMatch,
    CustomerStatistics,
    CustomerTransaction,
    DeliveryAddress,
    NamedFlag,
    NamedText,
    PaymentTerms,
)
from kashmag.kashflow.invoice_records import (
    Invoice,
    InvoiceDraft,
    InvoiceDue,
    InvoiceRow,
    LineDraft,
    LineItem,
    ReminderLetter,
    line_net,
)
from kashmag.kashflow.nominals import Nominal, NominalDraft, NominalProduct
from kashmag.kashflow.notes import Note, NoteDraft
from kashmag.kashflow.payments import (
    BulkPayment,
    BulkPaymentDraft,
    BulkPaymentItem,
    BulkPaymentItemDraft,
    Credit,
    PaymentDraft,
    PaymentLine,
    PaymentMethod,
    PaymentStatus,
)
from kashmag.kashflow.products import Product, ProductDraft, StockOptions, StockOverview, StockRow
from kashmag.kashflow.quotes import Quote, QuoteCategory, QuoteConversion, QuoteDraft
from kashmag.kashflow.sources import Source, SourceCustomer, SourceDraft
from kashmag.kashflow.vat_rates import VatCash, VatLock, VatRate, VatSettings

__all__ = [
    "Address",
    "AdvancePayment",
    "ApiSettings",
    "BankAccount",
    "BankTransaction",
    "BulkPayment",
    "BulkPaymentDraft",
    "BulkPaymentItem",
    "BulkPaymentItemDraft",
    "CompanyDetails",
    "Contact",
    "Country",
    "CountryVatRates",
    "Credit",
    "Currency",
    "CurrencyDraft",
    "CurrencyRef",
    "Customer",
    "CustomerDraft",
    "CustomerMatch",
    "CustomerStatistics",
    "CustomerTransaction",
    "DeliveryAddress",
    "Invoice",
    "InvoiceDraft",
    "InvoiceDue",
    "InvoiceRow",
    "LineDraft",
    "LineItem",
    "Metadata",
    "NamedFlag",
    "NamedText",
    "Nominal",
    "NominalDraft",
    "NominalProduct",
    "Note",
    "NoteDraft",
    "PaymentDraft",
    "PaymentLine",
    "PaymentMethod",
    "PaymentStatus",
    "PaymentTerms",
    "PaymentType",
    "Product",
    "ProductDraft",
    "Quote",
    "QuoteCategory",
    "QuoteConversion",
    "QuoteDraft",
    "RateBands",
    "ReminderLetter",
    "Source",
    "SourceCustomer",
    "SourceDraft",
    "StockOptions",
    "StockOverview",
    "StockRow",
    "VatCash",
    "VatLock",
    "VatRate",
    "VatSettings",
    "line_net",
]
