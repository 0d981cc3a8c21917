"""VAT as the shop charged it: the rate is carried, never recomputed."""

from __future__ import annotations

from kashmag.accounting import SaleLine, VatTreatment
from kashmag.accounting.vat import shown_rate
from kashmag.hooks.hookspecs import hookimpl
from kashmag.hooks.shop_products import GIFT_CARD, named_class
from kashmag.plans.decisions import Decision, VatChoice
from kashmag.plans.policy import Policy
from kashmag.plans.questions import Answers


@hookimpl
def kashmag_choose_vat(line: SaleLine, answers: Answers, policy: Policy) -> Decision[VatChoice]:
    """The percentage on the line; 0 % is zero-rated unless its tax class is exempt."""
    if line.vat_rate:
        return Decision(
            VatChoice(VatTreatment.STANDARD, line.vat_rate),
            because=f"the shop charged {shown_rate(line.vat_rate)} %",
        )
    if line.product_type == GIFT_CARD:
        return Decision(
            VatChoice(VatTreatment.OUTSIDE_SCOPE, line.vat_rate),
            because="a voucher is no supply until it is used",
        )
    if exempt := named_class(line, policy.exempt_tax_classes, answers):
        return Decision(
            VatChoice(VatTreatment.EXEMPT, line.vat_rate),
            because=f"policy.exempt_tax_classes has {exempt}",
        )
    return Decision(
        VatChoice(VatTreatment.ZERO_RATED, line.vat_rate), because="the shop charged no VAT"
    )
