"""KashFlow's dialect of JSON: PascalCase with its oddities, dates that look like times, sentinels.

What lives here: names, dates, and reading and writing of this room's records and drafts. The
exact numbers and the keeping of unknown keys are `rest.codec`'s. Shapes live beside their
operations, one file per noun.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, TypeVar, cast

import attrs
from cattrs import Converter

from kashmag.errors import UnexpectedPayloadError
from kashmag.rest import codec
from kashmag.rest.codec import Json, JsonObject
from kashmag.rest.dialects import EXTRA, Dialect, is_optional
from kashmag.rest.wire import Response

T = TypeVar("T")

# Words that KashFlow prints in capitals; everything else is PascalCase.
_CAPITALS: Final = {
    word: word.upper()
    for word in ("vat", "cis", "cisrc", "pdf", "bfs", "ec", "api", "rest", "iris")
}

# The names that no rule yields. Sources: customer_detail, invoice_detail, bankaccounts_list,
# nominals_list, customers_search and stockoptions among the samples, and the published
# specification for the settings.
_ODD_NAMES: Final = {
    ("Contact", "first_name"): "Firstname",
    ("CustomerMatch", "key"): "key",
    ("CustomerMatch", "value"): "value",
    ("Invoice", "cisrc_vat_amount"): "CISRCVatAmount",
    ("InvoiceRow", "cisrc_vat_amount"): "CISRCVatAmount",
    ("BankTransaction", "vatable"): "VATAble",
    ("Nominal", "iris_coa_name"): "IRISCoAName",
    ("Nominal", "is_iris_coa"): "IsIRISCoA",
    ("VatSettings", "vat_registration_number"): "VatRegistrationNumber",
    ("VatSettings", "is_vat_registered"): "IsVatRegistered",
    ("VatSettings", "vat_rate"): "VatRate",
    ("VatSettings", "lock_transaction_after_vat"): "LockTransactionAfterVat",
    ("CompanyDetails", "vat_registered_in"): "VatRegisteredIn",
    ("Source", "payment_received_inc_vat"): "PaymentReceivedIncVAT",
    ("Country", "is_eu"): "IsEU",
    ("CountryVatRates", "vat_rates"): "VatRates",
    ("ApiSettings", "use_separate_soap_api_password"): "UseSeparateSOAPAPIPassword",
    ("ApiSettings", "access_to_specific_ip_addresses_only"): "AccessToSpecificIPAddressesOnly",
    ("BulkPayment", "reset_bank_reconciliation"): "resetBankReconciliation",
}

# "Never": customers without invoices have 1900, bank accounts without a start 1970 (samples
# customer_detail_legacy_sample, bankaccount_detail); year 1 is what .NET prints for no date.
_NEVER: Final = frozenset({date(1900, 1, 1), date(1970, 1, 1), date(1, 1, 1)})

# `2025-12-10 12:00:00`, also with ` +05:30` behind it, with a T, or bare. The clock is always
# noon because midnight is printed with a twelve-hour format; it says nothing.
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")


def wire_name(record: type, name: str) -> str:
    """The name that KashFlow gives to a field of ours."""
    odd = _ODD_NAMES.get((record.__name__, name))
    return odd or "".join(_CAPITALS.get(word, word.capitalize()) for word in name.split("_"))


def read_date(value: object, _: object = None) -> date:
    """Read the day out of a date; the clock and the offset carry no information."""
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("expected a date like 2026-01-20 12:00:00")
    return date(*map(int, found.groups()))


def read_optional_date(value: object, _: object = None) -> date | None:
    """Read a date; the sentinels of 1900 and 1970 and an empty text mean that there is none."""
    if value is None or value == "":
        return None
    day = read_date(value)
    return None if day in _NEVER else day


def write_date(day: date) -> str:
    """Print a date as KashFlow accepts it everywhere in a body."""
    return f"{day.isoformat()} 00:00:00"


def _teach(converter: Converter) -> None:
    converter.register_structure_hook(date, read_date)
    converter.register_unstructure_hook(date, write_date)
    converter.register_structure_hook_func(is_optional(date), read_optional_date)


_DIALECT: Final = Dialect(wire_name, _teach)


def read(kind: type[T], value: Json) -> T:
    """Read parsed JSON as a `kind`; UnexpectedPayloadError lists the path of every fault."""
    return _DIALECT.read(kind, value)


def write(record: object) -> JsonObject:
    """Print a record or draft as the JSON object that is sent.

    A record carries back every key that it arrived with. A draft says only what was decided:
    what is None or empty is left out.
    """
    return cast("JsonObject", _printed(record))


def _printed(value: object) -> Json:
    told = _DIALECT.write(value)
    kind = type(value)
    if not isinstance(told, dict) or hasattr(value, EXTRA) or not attrs.has(kind):
        return told
    optional = {
        wire_name(kind, one.name) for one in attrs.fields(kind) if one.default is not attrs.NOTHING
    }
    return {name: inner for name, inner in told.items() if inner != [] or name not in optional}


def dumps(value: object) -> bytes:
    """Encode a record, a draft, several of them, or plain JSON as a request body."""
    return codec.dumps(_printed(value))


def parse(response: Response) -> Json:
    """Parse a successful answer; UnexpectedPayloadError when it is no JSON."""
    try:
        return codec.loads(response.body)
    except ValueError:
        kind = response.content_type or "no content type"
        raise UnexpectedPayloadError(
            f"the answer is no JSON ({kind}, {len(response.body)} bytes)", paths=("$",)
        ) from None
