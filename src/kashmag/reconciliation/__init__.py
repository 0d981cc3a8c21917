"""The shop's documents beside the accounts': compared, every difference named by its cause.

Pure: both sides and the logbook's memory come as values, a `Report` or `VatReport` comes out. Who
reads the two sides is `engine.reconciling`; what is printed is in `as_json`, `as_csv`, `as_html`.
"""

from kashmag.reconciliation.account_side import account_document
from kashmag.reconciliation.causes import Cause, Difference
from kashmag.reconciliation.comparing import reconcile
from kashmag.reconciliation.counting import Scheme, VatScheme
from kashmag.reconciliation.documents import (
    AccountDocument,
    AccountPayment,
    Agreed,
    DocumentKind,
    Particulars,
    PaymentStanding,
    Remembered,
    ShopDocument,
    ShopPayment,
    Standing,
)
from kashmag.reconciliation.figures import Figures, Period
from kashmag.reconciliation.report import Report
from kashmag.reconciliation.shop_side import expected_answers, shop_documents
from kashmag.reconciliation.vat import VatReport, scheme_of, vat_report

__all__ = [
    "AccountDocument",
    "AccountPayment",
    "Agreed",
    "Cause",
    "Difference",
    "DocumentKind",
    "Figures",
    "Particulars",
    "PaymentStanding",
    "Period",
    "Remembered",
    "Report",
    "Scheme",
    "ShopDocument",
    "ShopPayment",
    "Standing",
    "VatReport",
    "VatScheme",
    "account_document",
    "expected_answers",
    "reconcile",
    "scheme_of",
    "shop_documents",
    "vat_report",
]
