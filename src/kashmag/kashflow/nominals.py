"""Nominals: the accounts that lines are posted to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.rest.codec import Json


@frozen
class NominalProduct:
    """The values that a nominal fills into a line by itself."""

    code: str | None = None
    name: str | None = None
    auto_fill_line_item: bool | None = field(default=None, kw_only=True)
    price: Decimal | None = field(default=None, kw_only=True)
    whole_sale_price: Decimal | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    description: str | None = field(default=None, kw_only=True)
    in_use: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class Nominal:
    """An account of the chart of accounts; `code` is its key."""

    code: int
    name: str = ""
    id: int | None = field(default=None, kw_only=True)
    type: str | None = field(default=None, kw_only=True)
    nom_type: int | None = field(default=None, kw_only=True)
    sa103_code: int | None = field(default=None, kw_only=True)
    cis_rate: Decimal | None = field(default=None, kw_only=True)
    compliance_code: str | None = field(default=None, kw_only=True)
    disallowed: bool | None = field(default=None, kw_only=True)
    archived: bool | None = field(default=None, kw_only=True)
    digital_service: bool | None = field(default=None, kw_only=True)
    pre_payments: bool | None = field(default=None, kw_only=True)
    is_product: int | None = field(default=None, kw_only=True)
    include_in_ec_sales_list: bool | None = field(default=None, kw_only=True)
    auto_fill_line_item: bool | None = field(default=None, kw_only=True)
    price: Decimal | None = field(default=None, kw_only=True)
    whole_sale_price: Decimal | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    description: str | None = field(default=None, kw_only=True)
    manage_stock_level: bool | None = field(default=None, kw_only=True)
    quantity_in_stock: Decimal | None = field(default=None, kw_only=True)
    stock_warning_quantity: Decimal | None = field(default=None, kw_only=True)
    increment_stock_levels_on_purchase: bool | None = field(default=None, kw_only=True)
    purchase_nominal_code: int | None = field(default=None, kw_only=True)
    purchase_sub_nominal_code: str | None = field(default=None, kw_only=True)
    purchase_nominal_id: int | None = field(default=None, kw_only=True)
    purchase_sub_nominal_id: int | None = field(default=None, kw_only=True)
    special: int | None = field(default=None, kw_only=True)
    classification: str | None = field(default=None, kw_only=True)
    control_account_classification: str | None = field(default=None, kw_only=True)
    allow_delete: bool | None = field(default=None, kw_only=True)
    default_product: NominalProduct | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class NominalDraft:
    """What is sent to create a nominal.

    With `create_when_not_present` KashFlow answers with the nominal that has the code already,
    so that creating it twice does no harm.
    """

    code: int
    name: str
    type: str | None = field(default=None, kw_only=True)
    nom_type: int | None = field(default=None, kw_only=True)
    vat_rate: Decimal | None = field(default=None, kw_only=True)
    vat_exempt: bool | None = field(default=None, kw_only=True)
    price: Decimal | None = field(default=None, kw_only=True)
    description: str | None = field(default=None, kw_only=True)
    create_when_not_present: bool = field(default=True, kw_only=True)
