"""How an order is paid for. Invoices say what was paid: `magento.invoices`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from kashmag.magento.showing import shown
from kashmag.rest.codec import Json


@frozen(kw_only=True, repr=False)
class OrderPayment:
    """How an order is paid for; card fields are never shown."""

    __repr__ = shown

    account_status: str | None = None
    additional_data: str | None = field(default=None, repr=False)
    additional_information: tuple[Json, ...] = field(default=(), repr=False)
    address_status: str | None = None
    amount_authorized: Decimal | None = None
    amount_canceled: Decimal | None = None
    amount_ordered: Decimal | None = None
    amount_paid: Decimal | None = None
    amount_refunded: Decimal | None = None
    anet_trans_method: str | None = None
    base_amount_authorized: Decimal | None = None
    base_amount_canceled: Decimal | None = None
    base_amount_ordered: Decimal | None = None
    base_amount_paid: Decimal | None = None
    base_amount_paid_online: Decimal | None = None
    base_amount_refunded: Decimal | None = None
    base_amount_refunded_online: Decimal | None = None
    base_shipping_amount: Decimal | None = None
    base_shipping_captured: Decimal | None = None
    base_shipping_refunded: Decimal | None = None
    cc_approval: str | None = field(default=None, repr=False)
    cc_avs_status: str | None = field(default=None, repr=False)
    cc_cid_status: str | None = field(default=None, repr=False)
    cc_debug_request_body: str | None = field(default=None, repr=False)
    cc_debug_response_body: str | None = field(default=None, repr=False)
    cc_debug_response_serialized: str | None = field(default=None, repr=False)
    cc_exp_month: str | None = field(default=None, repr=False)
    cc_exp_year: str | None = field(default=None, repr=False)
    cc_last4: str | None = field(default=None, repr=False)
    cc_number_enc: str | None = field(default=None, repr=False)
    cc_owner: str | None = field(default=None, repr=False)
    cc_secure_verify: str | None = field(default=None, repr=False)
    cc_ss_issue: str | None = field(default=None, repr=False)
    cc_ss_start_month: str | None = field(default=None, repr=False)
    cc_ss_start_year: str | None = field(default=None, repr=False)
    cc_status: str | None = field(default=None, repr=False)
    cc_status_description: str | None = field(default=None, repr=False)
    cc_trans_id: str | None = field(default=None, repr=False)
    cc_type: str | None = field(default=None, repr=False)
    echeck_account_name: str | None = field(default=None, repr=False)
    echeck_account_type: str | None = field(default=None, repr=False)
    echeck_bank_name: str | None = field(default=None, repr=False)
    echeck_routing_number: str | None = field(default=None, repr=False)
    echeck_type: str | None = field(default=None, repr=False)
    entity_id: int | None = None
    last_trans_id: str | None = None
    method: str | None = None
    parent_id: int | None = None
    po_number: str | None = None
    protection_eligibility: str | None = None
    quote_payment_id: int | None = None
    shipping_amount: Decimal | None = None
    shipping_captured: Decimal | None = None
    shipping_refunded: Decimal | None = None
    extension_attributes: OrderPaymentExtension | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class OrderPaymentExtension:
    """What modules add to a payment."""

    __repr__ = shown

    notification_message: str | None = None
    vault_payment_token: Json = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True, repr=False)
class PaymentAdditionalInfo:
    """One named fact about a payment; an absent value is the text "null"."""

    __repr__ = shown

    key: str | None = None
    value: Json = field(default=None, repr=False)
    extra: Mapping[str, Json] = field(factory=dict)
