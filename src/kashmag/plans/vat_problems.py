"""Problems of VAT: a registration, a rate or a nominal that the account or the settings lack."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kashmag.accounting.money import Money
from kashmag.accounting.problems import Problem
from kashmag.accounting.vat import shown_rate
from kashmag.plans.cures import NOMINAL, cure


def vat_not_the_shops(number: str, line: str, charged: Decimal, chosen: Decimal) -> Problem:
    """A rule chose another rate than the buyer was charged."""
    return Problem(
        "vat_not_the_shops",
        f'A rule puts "{line}" of order {number} at {shown_rate(chosen)} % VAT; the shop charged '
        f"{shown_rate(charged)} %.",
        remedy="Correct the tax set-up of the shop, or the rule.",
    )


def vat_rate_missing(
    number: str, rate: Decimal, known: Iterable[Decimal], *, is_undecided: bool
) -> Problem:
    """The account does not have this VAT rate.

    `is_undecided` tells VAT of another country of which no setting says yet what becomes of it.
    """
    first = "Decide what becomes of VAT of other countries (policy.foreign_vat); then add"
    rates = ", ".join(f"{shown_rate(one)} %" for one in sorted(set(known), reverse=True))
    return Problem(
        "vat_rate_missing",
        f"Order {number} has VAT at {shown_rate(rate)} %, which the account does not have "
        f"({rates}).",
        remedy=f"{first if is_undecided else 'Add'} the rate in KashFlow; the next run posts it.",
    )


def vat_not_registered(number: str, vat: Money) -> Problem:
    """VAT was charged, and the account is not registered for it."""
    return Problem(
        "vat_not_registered",
        f"Order {number} charges {vat} of VAT, and the account is not registered for VAT.",
        remedy="Correct the tax set-up of the shop, or the VAT registration in KashFlow.",
    )


def foreign_nominal_missing(number: str, rate: Decimal) -> Problem:
    """Foreign VAT is to be kept apart, and no nominal is named for it."""
    return Problem(
        "foreign_nominal_missing",
        f"Order {number} has foreign VAT at {shown_rate(rate)} %, and policy.nominals.foreign_vat "
        "is not set.",
        remedy="Name a nominal for it: policy.nominals.foreign_vat = CODE.",
        settings=cure("policy.nominals", foreign_vat=NOMINAL),
    )
