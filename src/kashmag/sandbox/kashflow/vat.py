"""VAT rates and settings."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route
from kashmag.sandbox.kashflow.wire import NO_CONTENT, Answer, created, money, ok

VAT_NUMBER: Final = "GB000000000"


def _rates(account: Account, _: Request) -> Answer:
    return ok(account.all_seen("vat_rates"))


def _add(account: Account, request: Request) -> Answer:
    rate = money(request.path["rate"])
    known = account.store.all("vat_rates")
    if rate < 0 or rate > 100 or any(r["VATRate"] == rate for r in known):
        raise account.invalid(f"VAT rate {rate} is there already, or is none")
    identity = max((r["VATId"] for r in known), default=71_000) + 1
    entry = {"VATId": identity, "VATRate": rate, "VATText": f"{rate.normalize():f}%"}
    account.store.put("vat_rates", identity, entry)
    return created(entry)


def _remove(account: Account, request: Request) -> Answer:
    # Adding names the percentage, removing the id: the vendor's page has it so.
    identity = request.path["rate"]
    if identity != int(identity):
        raise account.missing("vat_rates", str(identity))
    account.seen("vat_rates", int(identity))
    account.store.drop("vat_rates", int(identity))
    return NO_CONTENT


def _settings_record(account: Account) -> Record:
    chosen = account.store.get("settings", "vat") or {}
    return {
        "VatRegistrationNumber": VAT_NUMBER,
        "IsVatRegistered": chosen.get("IsRegistered", True),
        "VatRate": money(20),
        "CalculateTaxOnIndividualUnitPrice": account.switches.calculate_tax_on_unit_price,
        "LockTransactionAfterVat": {
            "IsLocked": account.switches.locked_documents == "refuse",
            "PartnerControls": False,
        },
        "CashAccounting": {
            "IsInvoiceOnCashAccounting": chosen.get("IsOnCash", False),
            "IsPurchaseOnCashAccounting": False,
        },
    }


def _settings(account: Account, _: Request) -> Answer:
    return ok(_settings_record(account))


ROUTES: Final = (
    Route("GET", "/vat/settings/vatrates", _rates),
    Route("POST", "/vat/settings/vatrates/{rate:number}", _add),
    Route("DELETE", "/vat/settings/vatrates/{rate:number}", _remove),
    Route("GET", "/vat/settings", _settings),
    # Misleading names: both answer with the settings.
    Route("GET", "/vatrates", _settings),
    Route("GET", "/settings/vatrates", _settings),
)
