"""VAT rates and VAT settings of the account. Documents carry the percentage, never the id."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.connection import Connection
from kashmag.kashflow.routes import do, path, read
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


@frozen
class VatRate:
    """A VAT rate of the account; `vat_rate` is the percentage."""

    vat_id: int
    vat_rate: Decimal
    vat_text: str | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class VatLock:
    """Whether documents are locked once they sit in a VAT return."""

    is_locked: bool | None = None
    partner_controls: bool | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class VatCash:
    """Whether VAT is accounted for when money moves."""

    is_invoice_on_cash_accounting: bool | None = None
    is_purchase_on_cash_accounting: bool | None = None
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class VatSettings:
    """How the account treats VAT; only what matters for posting, the rest is in `extra`.

    With `calculate_tax_on_individual_unit_price` KashFlow rounds VAT per unit, not per line.
    """

    is_vat_registered: bool | None = None
    vat_registration_number: str | None = None
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    calculate_tax_on_individual_unit_price: bool | None = field(default=None, kw_only=True)
    lock_transaction_after_vat: VatLock | None = field(default=None, kw_only=True)
    cash_accounting: VatCash | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


def every() -> Operation[tuple[VatRate, ...]]:
    """Read the account's VAT rates; routes with likelier names answer with the settings."""
    return read(tuple[VatRate, ...], "/vat/settings/vatrates", name="vat_rates.every")


def add(percentage: Decimal) -> Operation[None]:
    """Add a VAT rate."""
    route = path("vat", "settings", "vatrates", format(percentage, "f"))
    return do("POST", route, effect=Effect.ONCE, name="vat_rates.add")


def delete(vat_id: int) -> Operation[None]:
    """Remove a VAT rate by its id, which is not the percentage."""
    return do("DELETE", path("vat", "settings", "vatrates", vat_id), name="vat_rates.delete")


def settings() -> Operation[VatSettings]:
    """Read how the account treats VAT."""
    return read(VatSettings, "/vat/settings", name="vat_rates.settings")


class VatRates:
    """The VAT rates and settings of an account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def every(self, options: Options | None = None) -> tuple[VatRate, ...]:
        """Read the account's VAT rates."""
        return await self._connection.call(every(), options)

    async def add(self, percentage: Decimal, options: Options | None = None) -> None:
        """Add a VAT rate."""
        await self._connection.call(add(percentage), options)

    async def delete(self, vat_id: int, options: Options | None = None) -> None:
        """Remove a VAT rate by its id."""
        await self._connection.call(delete(vat_id), options)

    async def settings(self, options: Options | None = None) -> VatSettings:
        """Read how the account treats VAT."""
        return await self._connection.call(settings(), options)
