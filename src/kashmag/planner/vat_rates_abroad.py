"""VAT rates of other countries, dated, as data: to recognise foreign VAT, never to charge it.

From the member states' published rates (European Commission, "VAT rates applied in the Member
States", and the tax authorities named); only what a UK shop may meet. `until` is the last day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen


@frozen
class ForeignRate:
    """A percentage that one country charges, from a day on, perhaps until a day."""

    country: str
    percent: Decimal
    since: date | None = None
    until: date | None = None

    def applies_on(self, day: date) -> bool:
        """Tell whether it was charged on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def _standing(country: str, *percents: str) -> tuple[ForeignRate, ...]:
    return tuple(ForeignRate(country, Decimal(percent)) for percent in percents)


def _changed(country: str, day: date, before: str, after: str) -> tuple[ForeignRate, ...]:
    eve = date.fromordinal(day.toordinal() - 1)
    return (
        ForeignRate(country, Decimal(before), until=eve),
        ForeignRate(country, Decimal(after), since=day),
    )


FOREIGN_RATES: Final[tuple[ForeignRate, ...]] = (
    *_standing("AT", "20", "13", "10"),
    *_standing("BE", "21", "12", "6"),
    *_standing("BG", "20", "9"),
    *_standing("CY", "19", "9", "5", "3"),
    *_changed("CZ", date(2024, 1, 1), "15", "12"),
    *_standing("CZ", "21"),
    ForeignRate("CZ", Decimal(10), until=date(2023, 12, 31)),
    *_standing("DE", "19", "7"),
    ForeignRate("DE", Decimal(16), date(2020, 7, 1), date(2020, 12, 31)),
    ForeignRate("DE", Decimal(5), date(2020, 7, 1), date(2020, 12, 31)),
    *_standing("DK", "25"),
    ForeignRate("EE", Decimal(20), until=date(2023, 12, 31)),
    ForeignRate("EE", Decimal(22), date(2024, 1, 1), date(2025, 6, 30)),
    ForeignRate("EE", Decimal(24), since=date(2025, 7, 1)),
    *_standing("EE", "13", "9", "5"),
    *_standing("ES", "21", "10", "4"),
    *_changed("FI", date(2024, 9, 1), "24", "25.5"),
    *_standing("FI", "14", "13.5", "10"),
    *_standing("FR", "20", "10", "5.5", "2.1"),
    *_standing("GR", "24", "13", "6"),
    *_standing("HR", "25", "13", "5"),
    *_standing("HU", "27", "18", "5"),
    *_standing("IE", "23", "13.5", "9", "4.8"),
    ForeignRate("IE", Decimal(21), date(2020, 9, 1), date(2021, 2, 28)),
    *_standing("IT", "22", "10", "5", "4"),
    *_standing("LT", "21", "12", "9", "5"),
    *_standing("LU", "17", "16", "14", "13", "8", "7", "3"),
    *_standing("LV", "21", "12", "5"),
    *_standing("MC", "20", "10", "5.5", "2.1"),
    *_standing("MT", "18", "12", "7", "5"),
    *_standing("NL", "21", "9"),
    *_standing("PL", "23", "8", "5"),
    *_standing("PT", "23", "13", "6"),
    *_changed("RO", date(2025, 8, 1), "19", "21"),
    *_standing("RO", "11", "9", "5"),
    *_standing("SE", "25", "12", "6"),
    *_standing("SI", "22", "9.5", "5"),
    *_changed("SK", date(2025, 1, 1), "20", "23"),
    *_standing("SK", "19", "10", "5"),
    # Outside the EU. Jersey's GST is 5 % (GST (Jersey) Law 2007), as the UK's reduced rate is.
    *_standing("JE", "5"),
    *_standing("NO", "25", "15", "12"),
    *_changed("CH", date(2024, 1, 1), "7.7", "8.1"),
    *_standing("CH", "2.6", "2.5", "3.8", "3.7"),
    *_standing("AU", "10"),
    *_standing("NZ", "15"),
)


def rates_of(country: str, day: date) -> frozenset[Decimal]:
    """The percentages that a country is known to charge on a day."""
    code = "GR" if country == "EL" else country
    return frozenset(
        rate.percent for rate in FOREIGN_RATES if rate.country == code and rate.applies_on(day)
    )


def countries_with(percent: Decimal, day: date) -> tuple[str, ...]:
    """The countries that are known to charge a percentage on a day."""
    return tuple(
        sorted({r.country for r in FOREIGN_RATES if r.percent == percent and r.applies_on(day)})
    )
