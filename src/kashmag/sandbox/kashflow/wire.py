"""KashFlow's handwriting: four-place decimals, noon dates, {Error, Message}, and its bad days."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from attrs import field, frozen

from kashmag.sandbox import json_text
from kashmag.sandbox.faults import Dialect, Kind, Reply

JSON: Final = b"application/json; charset=utf-8"
_FOUR: Final = Decimal("0.0001")
_PENNY: Final = Decimal("0.01")
ZERO: Final = Decimal("0.0000")
NO_DATE: Final = "1900-01-01 12:00:00"
NEVER_SET: Final = "1970-01-01 12:00:00"


@frozen
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    content_type: bytes = field(default=JSON, kw_only=True)
    location: str | None = field(default=None, kw_only=True)


class Refusal(Exception):  # noqa: N818  an answer on its way out, not a failure
    """An {Error, Message} answer, on its way out of a handler; nothing it did is kept."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message

    @property
    def answer(self) -> Answer:
        """The refusal as it is sent."""
        body = json_text.write({"Error": self.error, "Message": self.message})
        return Answer(self.status, body)


def ok(value: object) -> Answer:
    """200 with a JSON value."""
    return Answer(200, json_text.write(value))


def created(value: object, *, location: str | None = None) -> Answer:
    """201 with a JSON value."""
    return Answer(201, json_text.write(value), location=location)


NO_CONTENT: Final = Answer(204)
UNAUTHORISED: Final = Refusal(
    401, "InvalidSessionToken", "Session token provided is invalid."
).answer


def money(value: Decimal | int | None) -> Decimal:
    """The amount with the four decimals that the store keeps, half up."""
    return Decimal(value or 0).quantize(_FOUR, ROUND_HALF_UP)


def pence(value: Decimal) -> Decimal:
    """The amount rounded half up to pence, printed with four decimals."""
    return value.quantize(_PENNY, ROUND_HALF_UP).quantize(_FOUR)


def places(value: Decimal, decimals: int) -> Decimal:
    """The value rounded half up to so many decimals, printed with four."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP).quantize(_FOUR)


def noon(day: str | date | None) -> str | None:
    """A stored `YYYY-MM-DD` as it is printed: with a clock part that means nothing."""
    return None if day is None else f"{day} 12:00:00"


DIALECT: Final = Dialect(
    {
        Kind.SQL_TIMEOUT: Reply.json(
            400,
            {
                "Error": "-2146232060",
                "Message": "Execution Timeout Expired.  The timeout period elapsed prior to "
                "completion of the operation or the server is not responding.",
            },
        ),
        Kind.RATE_LIMITED: Reply(
            429,
            b'{"Error":"TooManyRequests","Message":"Too many requests."}',
            headers=(("Retry-After", "1"),),
        ),
        Kind.ERROR_500: Reply.json(
            500, {"Error": "InternalServerError", "Message": "An error has occurred."}
        ),
        Kind.ERROR_503: Reply.json(
            503, {"Error": "ServiceUnavailable", "Message": "The service is unavailable."}
        ),
    },
    rows="Data",
    identity="Id",
    optional=frozenset(
        {
            "EmailCount",
            "FileCount",
            "OverdueDays",
            "ProjectName",
            "ProjectGrossAmount",
            "CustomerKey",
            "FormattedDueAmount",
            "PackingSlipPermalink",
            "ReminderLetters",
            "CISRCNetAmount",
            "CISRCVatAmount",
            "CustomerDiscount",
            "SourceName",
            "AverageDaysToPay",
            "EnvelopeUrl",
            "DisplayName",
            "MarkedAsStale",
            "FeedSource",
            "IconId",
            "DisableDisallowed",
            "IRISCoAName",
        }
    ),
    poison={"GrossAmount": "#REF!", "OutstandingBalance": "#REF!", "Contacts": "#REF!"},
)
