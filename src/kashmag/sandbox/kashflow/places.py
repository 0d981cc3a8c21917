"""Countries, and addresses with their country's name filled in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.wire import Answer, money, ok

_BANDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "IE": {
        "SuperReducedRate": ("4.8",),
        "ReducedRate": ("9", "13.5"),
        "StandardRate": ("23",),
        "ParkingRate": ("13.5",),
    },
    "DE": {
        "SuperReducedRate": (),
        "ReducedRate": ("7",),
        "StandardRate": ("19",),
        "ParkingRate": (),
    },
    "FR": {
        "SuperReducedRate": ("2.1",),
        "ReducedRate": ("5.5", "10"),
        "StandardRate": ("20",),
        "ParkingRate": (),
    },
}


def filled_address(account: Account, body: Record) -> Record:
    """An address as it is kept; the country's name follows from its code."""
    code = body.get("CountryCode")
    country = account.store.get("countries", (code or "").upper())
    return {
        "CountryName": country["Name"] if country else body.get("CountryName"),
        "CountryCode": code,
        **{name: body.get(name) for name in ("Line1", "Line2", "Line3", "Line4", "PostCode")},
    }


def _countries(account: Account, _: Request) -> Answer:
    return ok(account.all_seen("countries"))


def _vat_rates(account: Account, request: Request) -> Answer:
    date = request.query.get("date", "")
    if date and not (len(date) == 8 and date.isdecimal()):
        raise account.invalid(f"date is YYYYMMDD, not {date!r}")
    return ok(
        [
            {
                "CountryCode": country["Code"],
                "CountryName": country["Name"],
                "VatRates": {
                    name: [money(Decimal(rate)) for rate in rates]
                    for name, rates in _BANDS[country["Code"]].items()
                },
            }
            for country in account.all_seen("countries")
            if country["Code"] in _BANDS
        ]
    )


ROUTES: Final = (
    Route("GET", "/countries", _countries),
    Route("GET", "/countries/vatrates", _vat_rates, query=words("date:text")),
)
