"""VAT as the shop charged it: the rate is carried, never recomputed."""

from __future__ import annotations

from kashmag.accounting import SaleLine, VatTreatment
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.decisions import Decision, VatChoice


@hookimpl
def kashmag_choose_vat(line: SaleLine) -> Decision[VatChoice]:
    """The percentage on the line; 0 % is zero-rated unless a rule says exempt."""
    if line.vat_rate:
        return Decision(
            VatChoice(VatTreatment.STANDARD, line.vat_rate),
            because=f"the shop charged {line.vat_rate} %",
        )
    return Decision(
        VatChoice(VatTreatment.ZERO_RATED, line.vat_rate), because="the shop charged no VAT"
    )
