"""UK VAT rules, dated, as data: they compare with what the shop charged and never change it.

They advise; they hold only where foreign VAT would land in the UK return. Where the money goes is
a nominal, which is policy; what a line's treatment is (zero-rated, exempt) a rule or plugin says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from kashmag.accounting.problems import Holds, Problem
from kashmag.accounting.sale import Address, LineKind, Sale, SaleLine
from kashmag.accounting.vat import plain_rate, shown_rate
from kashmag.planner.vat_rates_abroad import countries_with, rates_of
from kashmag.plans.cures import NOMINAL, cure


class Territory(Enum):
    """Where a supply goes, as UK VAT sees it."""

    GREAT_BRITAIN = "Great Britain"
    NORTHERN_IRELAND = "Northern Ireland"
    ISLE_OF_MAN = "the Isle of Man"
    CHANNEL_ISLANDS = "the Channel Islands"
    EU = "the EU"
    REST_OF_WORLD = "the rest of the world"
    UNKNOWN = "an unknown country"


@frozen
class UkRate:
    """A percentage of UK VAT, the days on which it is charged, and where that stands."""

    percent: Decimal
    since: date = field(kw_only=True)
    until: date | None = field(default=None, kw_only=True)
    source: str = field(kw_only=True)


UK_RATES: Final[tuple[UkRate, ...]] = (
    UkRate(Decimal(0), since=date(1973, 4, 1), source="VAT Act 1994, s. 30"),
    UkRate(
        Decimal("17.5"),
        since=date(1991, 4, 1),
        until=date(2008, 11, 30),
        source="Finance Act 1991, s. 13",
    ),
    UkRate(
        Decimal(15),
        since=date(2008, 12, 1),
        until=date(2009, 12, 31),
        source="VAT (Change of Rate) Order 2008, SI 2008/3020",
    ),
    UkRate(
        Decimal("17.5"),
        since=date(2010, 1, 1),
        until=date(2011, 1, 3),
        source="Finance Act 2009, s. 9",
    ),
    UkRate(Decimal(20), since=date(2011, 1, 4), source="Finance (No. 2) Act 2010, s. 3"),
    UkRate(Decimal(5), since=date(1997, 9, 1), source="VAT Act 1994, s. 29A"),
    UkRate(  # hospitality, holiday accommodation, attractions; at 5 % from 15 July 2020
        Decimal("12.5"),
        since=date(2021, 10, 1),
        until=date(2022, 3, 31),
        source="Finance Act 2021, s. 92",
    ),
)

# Goods leave the EU's VAT rules with the end of the transition period.
TRANSITION_ENDED: Final = date(2021, 1, 1)
EU_COUNTRIES: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MC", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
# Parts of member states outside the EU's VAT area (Directive 2006/112/EC, Art. 6), by postcode.
OUTSIDE_EU_VAT: Final = (
    ("ES", ("35", "38", "51", "52")),  # Canary Islands, Ceuta, Melilla
    ("FI", ("22",)),  # Aland
    ("DE", ("27498", "78266")),  # Heligoland, Buesingen
    ("IT", ("23041", "23030")),  # Livigno
    ("GR", ("63086",)),  # Mount Athos
    ("EL", ("63086",)),
    ("FR", ("971", "972", "973", "974", "976")),
)
# Postcode areas of the UK's form that are not Great Britain.
POSTCODE_AREAS: Final = (
    ("BT", Territory.NORTHERN_IRELAND),
    ("IM", Territory.ISLE_OF_MAN),
    ("JE", Territory.CHANNEL_ISLANDS),
    ("GY", Territory.CHANNEL_ISLANDS),
)
COUNTRY_TERRITORIES: Final = (
    ("IM", Territory.ISLE_OF_MAN),
    ("JE", Territory.CHANNEL_ISLANDS),
    ("GG", Territory.CHANNEL_ISLANDS),
    ("XI", Territory.NORTHERN_IRELAND),
)
# Where UK VAT is charged. Man is part of the UK for VAT (VAT Act 1994, s. 96; Customs and Excise
# Agreement 1979); Northern Ireland is for sales from Great Britain.
UK_VAT: Final = frozenset(
    {Territory.GREAT_BRITAIN, Territory.NORTHERN_IRELAND, Territory.ISLE_OF_MAN}
)
# What Magento calls things that are not goods.
SERVICES: Final = frozenset({"virtual", "downloadable"})


_HELD: Final = (
    "Set policy.foreign_vat to separate and name a nominal for it, or declare it by hand."
)
_APART: Final = (
    "Declare it in that country's return, or in that of the One Stop Shop: it is kept apart "
    "(policy.nominals.foreign_vat)."
)
_SEPARATE: Final = cure("policy", foreign_vat='"separate"') + cure(
    "policy.nominals", foreign_vat=NOMINAL
)


def is_uk_rate(percent: Decimal, day: date) -> bool:
    """Tell whether a percentage is one of UK VAT on a day."""
    return any(
        rate.percent == percent and rate.since <= day and (rate.until is None or day <= rate.until)
        for rate in UK_RATES
    )


def territory(address: Address) -> Territory:
    """Where an address lies for UK VAT: by country, and within one by postcode area."""
    country, postcode = address.country_code.upper(), address.postcode.upper().replace(" ", "")
    if country in ("GB", "UK"):
        area = "".join(letter for letter in postcode[:2] if letter.isalpha())
        return next((where for a, where in POSTCODE_AREAS if a == area), Territory.GREAT_BRITAIN)
    for code, where in COUNTRY_TERRITORIES:
        if code == country:
            return where
    if not country:
        return Territory.UNKNOWN
    if country not in EU_COUNTRIES:
        return Territory.REST_OF_WORLD
    outside = next((areas for code, areas in OUTSIDE_EU_VAT if code == country), ())
    return Territory.REST_OF_WORLD if postcode.startswith(outside or ("-",)) else Territory.EU


def destination(sale: Sale) -> Address:
    """Where it goes: to the delivery address, or, of things without one, to the buyer."""
    return sale.buyer.delivery or sale.buyer.billing


def advise(sale: Sale, *, foreign_vat_holds: bool = True) -> tuple[Problem, ...]:
    """Compare what was charged with the rules of the day.

    Foreign VAT holds, because it would be declared to HMRC; unless the policy sends it elsewhere.
    Everything else is advice and holds nothing. VAT of a day before the end of the transition
    period is only compared with the UK's rates.
    """
    address = destination(sale)
    where = territory(address)
    foreign = _foreign(sale, address, where, holds=foreign_vat_holds)
    if foreign or sale.ordered_on < TRANSITION_ENDED:
        return foreign
    return _advice(sale, address, where)


def foreign_rates(sale: Sale) -> frozenset[Decimal]:
    """The percentages charged that are no UK VAT: unknown here, or those of where it goes."""
    address, day = destination(sale), sale.ordered_on
    return frozenset(
        rate
        for rate in _charged_rates(sale.lines)
        if not is_uk_rate(rate, day) or rate in _local_rates(address, day)
    )


def _local_rates(address: Address, day: date) -> frozenset[Decimal]:
    """What could be charged at the destination as its own VAT, and not as the UK's."""
    if territory(address) in UK_VAT or day < TRANSITION_ENDED:
        return frozenset()
    return rates_of(_country(address), day)


def _foreign(sale: Sale, address: Address, where: Territory, *, holds: bool) -> tuple[Problem, ...]:
    """VAT that is no UK VAT: by its percentage, or by where it goes."""
    day, found = sale.ordered_on, []
    for rate in sorted(foreign_rates(sale), reverse=True):
        is_local = rate in _local_rates(address, day)
        elsewhere = [code for code in countries_with(rate, day) if code != "GB"]
        of = _country(address) if is_local else "/".join(elsewhere) or "no country known here"
        amount = next(total.vat for total in sale.by_rate if total.rate == rate)
        found.append(
            Problem(
                "foreign_vat",
                f"Order {sale.number} of {day} to {where.value} ({address.country_code or '?'}) "
                f"carries {amount} of VAT at {shown_rate(rate)} %, "
                + ("which is that country's rate" if is_local else "which is no UK rate")
                + f" ({of}); it must not land in the UK return.",
                remedy=_HELD if holds else _APART,
                holds=Holds.PLAN if holds else Holds.NOTHING,
                settings=_SEPARATE if holds else "",
            )
        )
    return tuple(found)


def _advice(sale: Sale, address: Address, where: Territory) -> tuple[Problem, ...]:
    charged = [line for line in sale.lines if line.vat and line.net]
    goods = [line for line in charged if not _is_service(line)]
    if where is Territory.UNKNOWN:
        return (
            _advised(
                "destination_unknown",
                f"Order {sale.number} has no country; its VAT cannot be compared with any rule.",
                "Complete the order's addresses in Magento.",
            ),
        )
    if where not in UK_VAT and goods:
        return (
            _advised(
                "uk_vat_on_export",
                f"Order {sale.number} sends goods to {where.value} ({address.country_code}) with "
                f"UK VAT on {len(goods)} of {len(sale.lines)} lines; exports are zero-rated.",
                "Check the tax rules of the shop; the VAT that was charged is owed either way.",
            ),
        )
    if where is Territory.EU and charged and sale.buyer.vat_number:
        return (
            _advised(
                "uk_vat_on_business_service",
                f"Order {sale.number} charges UK VAT on services to a business in the EU "
                f"({address.country_code}) that gave a VAT number.",
                "Check whether the supply is outside the scope of UK VAT (reverse charge).",
            ),
        )
    return _zero_at_home(sale, where)


def _zero_at_home(sale: Sale, where: Territory) -> tuple[Problem, ...]:
    """Carriage without VAT on goods with it: the carriage follows the goods."""
    if where not in UK_VAT:
        return ()
    taxed = any(line.vat and line.kind is LineKind.GOODS for line in sale.lines)
    untaxed = all(line.vat or line.kind is not LineKind.GOODS for line in sale.lines)
    carriage = [
        line
        for line in sale.lines
        if line.kind is LineKind.CARRIAGE and line.net.amount > 0 and not line.vat_rate
    ]
    if not (taxed and untaxed and carriage):
        return ()
    return (
        _advised(
            "carriage_without_vat",
            f"Order {sale.number} carries VAT on all of its goods and none on its carriage of "
            f"{carriage[0].net}; carriage follows the goods.",
            "Check the tax class of shipping in the shop (VAT Notice 700/24).",
        ),
    )


def _advised(code: str, message: str, remedy: str) -> Problem:
    return Problem(code, message, remedy=remedy, holds=Holds.NOTHING)


def _charged_rates(lines: Sequence[SaleLine]) -> list[Decimal]:
    """The percentages at which anything was charged, highest first."""
    return sorted({plain_rate(line.vat_rate) for line in lines if line.vat}, reverse=True)


def _is_service(line: SaleLine) -> bool:
    return line.kind is LineKind.GOODS and line.product_type in SERVICES


def _country(address: Address) -> str:
    """The country whose VAT an address could be charged; islands by their postcode too."""
    code = address.country_code.upper()
    if code in ("GB", "UK") and address.postcode.upper().startswith("JE"):
        return "JE"
    return code
