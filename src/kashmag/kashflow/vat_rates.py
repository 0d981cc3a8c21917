"""VAT rates and VAT settings of the account. Documents carry the percentage, never the id."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


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
