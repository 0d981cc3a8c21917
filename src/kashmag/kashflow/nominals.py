"""Nominals: the accounts that lines are posted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.kashflow.comparing import shape
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.routes import do, path, read, send
from kashmag.kashflow.updating import Updatable, Update, update
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.options import Options


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


def get(code: int) -> Operation[Nominal]:
    """Read one nominal."""
    return read(Nominal, path("nominals", code), name="nominals.get")


def get_by_id(nominal_id: int) -> Operation[Nominal]:
    """Read one nominal by its internal id."""
    return read(Nominal, path("nominals", "Id", nominal_id), name="nominals.get_by_id")


def every(
    *, kind: str | None = None, area: str | None = None, search_text: str | None = None
) -> Operation[tuple[Nominal, ...]]:
    """Read the chart of accounts, or a part of it, in one answer."""
    asking = (("type", kind), ("area", area), ("searchText", search_text))
    return read(tuple[Nominal, ...], "/nominals", asking=asking, name="nominals.every")


def create(draft: NominalDraft) -> Operation[Nominal]:
    """Create a nominal; harmless to repeat where the draft says so."""
    effect = Effect.REPEATABLE if draft.create_when_not_present else Effect.ONCE
    return send(Nominal, "POST", "/nominals", body=draft, effect=effect, name="nominals.create")


def create_discount(name: str) -> Operation[Nominal]:
    """Create a nominal for discounts. A private route of the web application."""
    body = {"Name": name}
    return send(
        Nominal, "POST", "/internal/discountnominal", body=body, name="nominals.create_discount"
    )


def replace(code: int, nominal: Nominal) -> Operation[None]:
    """Replace the whole record."""
    return do(
        "PUT", path("nominals", code), body=nominal, effect=Effect.ONCE, name="nominals.replace"
    )


def delete(code: int, *, assigned_code: int) -> Operation[None]:
    """Delete a nominal; its transactions go to `assigned_code`."""
    return do(
        "DELETE",
        path("nominals", code),
        asking=(("assignedCode", assigned_code),),
        name="nominals.delete",
    )


UPDATABLE: Final = Updatable[int, Nominal](
    noun="nominal",
    get=get,
    replace=replace,
    key=lambda nominal: nominal.code,
    counting=shape(
        """Code Name Type NomType Sa103Code CISRate Disallowed ComplianceCode Archived
        DigitalService PrePayments IncludeInECSalesList IsProduct AutoFillLineItem Price
        WholeSalePrice VATRate VATExempt Description ManageStockLevel QuantityInStock
        StockWarningQuantity IncrementStockLevelsOnPurchase PurchaseNominalCode
        PurchaseSubNominalCode"""
    ),
)


class Nominals:
    """The chart of accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, code: int, options: Options | None = None) -> Nominal:
        """Read one nominal."""
        return await self._connection.call(get(code), options)

    async def every(
        self, *, search_text: str | None = None, options: Options | None = None
    ) -> tuple[Nominal, ...]:
        """Read the chart of accounts in one answer."""
        return await self._connection.call(every(search_text=search_text), options)

    async def create(self, draft: NominalDraft, options: Options | None = None) -> Nominal:
        """Create a nominal."""
        return await self._connection.call(create(draft), options)

    async def update(
        self,
        code: int,
        change: Callable[[Nominal], Nominal],
        *,
        seen: Nominal | None = None,
        options: Options | None = None,
    ) -> Nominal:
        """Read a nominal, apply the change, write it, read it back (see `updating`)."""
        return await update(self._connection, UPDATABLE, Update(code, change, seen), options)

    async def delete(
        self, code: int, *, assigned_code: int, options: Options | None = None
    ) -> None:
        """Delete a nominal; its transactions go to `assigned_code`."""
        await self._connection.call(delete(code, assigned_code=assigned_code), options)
