"""KashFlow's truth in KashFlow's words: records, drafts, operations and their client.

Say the room with the name: `kashflow.Customer`, `kashflow.InvoiceDraft`. The operations of a noun
are in its module: `kashflow.invoices.get(1042)` is a value, `client.send` carries it out.
"""

from kashmag.kashflow import (
    account,
    assumptions,
    bank_accounts,
    checks,
    codec,
    countries,
    currencies,
    customers,
    documents,
    invoices,
    nominals,
    notes,
    payments,
    products,
    quotes,
    routes,
    sources,
    vat_rates,
)
from kashmag.kashflow.account import Account, ApiSettings, CompanyDetails, Metadata
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.bank_accounts import (
    BankAccount,
    BankAccounts,
    BankTransaction,
    BankTransactionFilter,
    PaymentType,
)
from kashmag.kashflow.checks import Check, Finding, Known
from kashmag.kashflow.client import Client
from kashmag.kashflow.countries import Countries, Country, CountryVatRates, RateBands
from kashmag.kashflow.currencies import Currencies, Currency, CurrencyDraft, CurrencyRef
from kashmag.kashflow.customer_client import Customers
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
from kashmag.kashflow.customers import CustomerFilter
from kashmag.kashflow.documents import Documents
from kashmag.kashflow.emails import EmailDraft
from kashmag.kashflow.invoice_client import Invoices
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
from kashmag.kashflow.invoices import Created, InvoiceFilter
from kashmag.kashflow.listing import Page
from kashmag.kashflow.nominals import Nominal, NominalDraft, NominalProduct, Nominals
from kashmag.kashflow.notes import Note, NoteDraft, Notes
from kashmag.kashflow.payment_records import (
    BulkPayment,
    BulkPaymentDraft,
    BulkPaymentItem,
    BulkPaymentItemDraft,
    Credit,
    PaymentDraft,
    PaymentLine,
    PaymentMethod,
)
from kashmag.kashflow.payments import Payments
from kashmag.kashflow.products import (
    Product,
    ProductDraft,
    Products,
    StockOptions,
    StockOverview,
    StockRow,
)
from kashmag.kashflow.quotes import (
    Quote,
    QuoteCategory,
    QuoteConversion,
    QuoteDraft,
    QuoteFilter,
    Quotes,
)
from kashmag.kashflow.signin import SignIn
from kashmag.kashflow.sources import Source, SourceCustomer, SourceDraft, Sources
from kashmag.kashflow.vat_rates import VatCash, VatLock, VatRate, VatRates, VatSettings

__all__ = [
    "ASSUMED",
    "Account",
    "Address",
    "AdvancePayment",
    "ApiSettings",
    "Assumptions",
    "BankAccount",
    "BankAccounts",
    "BankTransaction",
    "BankTransactionFilter",
    "BulkPayment",
    "BulkPaymentDraft",
    "BulkPaymentItem",
    "BulkPaymentItemDraft",
    "Check",
    "Client",
    "CompanyDetails",
    "Contact",
    "Countries",
    "Country",
    "CountryVatRates",
    "Created",
    "Credit",
    "Currencies",
    "Currency",
    "CurrencyDraft",
    "CurrencyRef",
    "Customer",
    "CustomerDraft",
    "CustomerFilter",
    "CustomerMatch",
    "CustomerStatistics",
    "CustomerTransaction",
    "Customers",
    "DeliveryAddress",
    "Documents",
    "EmailDraft",
    "Finding",
    "Invoice",
    "InvoiceDraft",
    "InvoiceDue",
    "InvoiceFilter",
    "InvoiceRow",
    "Invoices",
    "Known",
    "LineDraft",
    "LineItem",
    "Metadata",
    "NamedFlag",
    "NamedText",
    "Nominal",
    "NominalDraft",
    "NominalProduct",
    "Nominals",
    "Note",
    "NoteDraft",
    "Notes",
    "Page",
    "PaymentDraft",
    "PaymentLine",
    "PaymentMethod",
    "PaymentTerms",
    "PaymentType",
    "Payments",
    "Product",
    "ProductDraft",
    "Products",
    "Quote",
    "QuoteCategory",
    "QuoteConversion",
    "QuoteDraft",
    "QuoteFilter",
    "Quotes",
    "RateBands",
    "ReminderLetter",
    "SignIn",
    "Source",
    "SourceCustomer",
    "SourceDraft",
    "Sources",
    "StockOptions",
    "StockOverview",
    "StockRow",
    "VatCash",
    "VatLock",
    "VatRate",
    "VatRates",
    "VatSettings",
    "account",
    "assumptions",
    "bank_accounts",
    "checks",
    "codec",
    "countries",
    "currencies",
    "customers",
    "documents",
    "invoices",
    "line_net",
    "nominals",
    "notes",
    "payments",
    "products",
    "quotes",
    "routes",
    "sources",
    "vat_rates",
]
