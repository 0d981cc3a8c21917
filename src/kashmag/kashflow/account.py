"""The account itself: its counters, its company, and how its API may be used."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.kashflow.connection import Connection
from kashmag.kashflow.currencies import CurrencyRef
from kashmag.kashflow.customer_records import Address, PaymentTerms
from kashmag.kashflow.routes import read
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options


@frozen
class Metadata:
    """Counters of the account; reading them is a cheap proof that a session is good."""

    total_bank_balance: Decimal | None = None
    total_customer_count: int | None = None
    total_invoice_count: int | None = field(default=None, kw_only=True)
    total_login_count: int | None = field(default=None, kw_only=True)
    total_nominal_count: int | None = field(default=None, kw_only=True)
    total_product_count: int | None = field(default=None, kw_only=True)
    total_supplier_count: int | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class CompanyDetails:
    """Whose accounts these are; only what matters for posting, the rest is in `extra`."""

    company_name: str | None = None
    home_currency: CurrencyRef | None = None
    vat_registered: bool | None = field(default=None, kw_only=True)
    vat_registered_in: str | None = field(default=None, kw_only=True)
    vat_number: str | None = field(default=None, kw_only=True)
    is_demo_account: bool | None = field(default=None, kw_only=True)
    subscription_status: int | None = field(default=None, kw_only=True)
    accounting_type: int | None = field(default=None, kw_only=True)
    address: Address | None = field(default=None, kw_only=True)
    payment_terms: PaymentTerms | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


@frozen
class ApiSettings:
    """How the API may be used; the account's own keys are left in `extra`, which is not shown."""

    api_enabled: bool | None = None
    rest_api_enabled: bool | None = None
    access_to_specific_ip_addresses_only: bool | None = field(default=None, kw_only=True)
    use_separate_soap_api_password: bool | None = field(default=None, kw_only=True)
    extra: Mapping[str, Json] = field(factory=dict, kw_only=True, hash=False, repr=False)


def metadata() -> Operation[Metadata]:
    """Read the account's counters."""
    return read(Metadata, "/metadata", name="account.metadata")


def company_details() -> Operation[CompanyDetails]:
    """Read whose accounts these are."""
    return read(CompanyDetails, "/settings/companydetails", name="account.company_details")


def api_settings() -> Operation[ApiSettings]:
    """Read how the API may be used."""
    return read(ApiSettings, "/settings/api", name="account.api_settings")


class Account:
    """The account itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def metadata(self, options: Options | None = None) -> Metadata:
        """Read the account's counters; the cheapest proof that a session is good."""
        return await self._connection.call(metadata(), options)

    async def company_details(self, options: Options | None = None) -> CompanyDetails:
        """Read whose accounts these are: home currency, VAT registration, demo or not."""
        return await self._connection.call(company_details(), options)

    async def api_settings(self, options: Options | None = None) -> ApiSettings:
        """Read how the API may be used."""
        return await self._connection.call(api_settings(), options)
