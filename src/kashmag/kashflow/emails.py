"""E-mails that KashFlow sends for the account."""

from __future__ import annotations

from attrs import field, frozen


@frozen
class EmailDraft:
    """An e-mail to be sent.

    `entity_type`, `entity_number` and `entity_id` tie it to a document; the words that
    `entity_type` takes are unpublished.
    """

    to: str
    subject: str
    body: str
    cc: str | None = field(default=None, kw_only=True)
    bcc: str | None = field(default=None, kw_only=True)
    is_html: bool | None = field(default=None, kw_only=True)
    sender_address: str | None = field(default=None, kw_only=True)
    sender_name: str | None = field(default=None, kw_only=True)
    cust_code: str | None = field(default=None, kw_only=True)
    entity_id: int | None = field(default=None, kw_only=True)
    entity_number: int | None = field(default=None, kw_only=True)
    entity_type: str | None = field(default=None, kw_only=True)
    sub_entity_type: str | None = field(default=None, kw_only=True)
    template_number: int | None = field(default=None, kw_only=True)
