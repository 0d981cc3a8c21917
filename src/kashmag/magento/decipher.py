"""What Magento's answers mean: a success as it is, anything else as an error. Pure.

Source: reference of the REST responses of 2.4.7-p3 (tests/samples/magento/errors.json). Messages
are translated by store view, so nothing here depends on their English: status, envelope,
parameters and report id decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final

from kashmag.errors import (
    BrokenError,
    ConflictError,
    InvalidError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    RemoteError,
    SignInError,
    UnexpectedPayloadError,
)
from kashmag.rest import codec
from kashmag.rest.codec import Json
from kashmag.rest.operation import Operation
from kashmag.rest.wire import Response

# A server's fault wears any status: newer code answers 400 for database errors.
_REPORT: Final = re.compile(r"(?:Report ID:\s*|report[ /]api/)([\w.-]*\d[\w.-]*)|\b(webapi-\w+)")
_DATABASE: Final = re.compile(r"SQLSTATE\[|Deadlock found|Lock wait timeout|MySQL server has gone")
_PLACEHOLDER: Final = re.compile(r"%(\d+|[A-Za-z_]\w*)")
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
# Magento refuses timestamps more than 600 s ahead of its own clock.
SKEW_LIMIT: Final = timedelta(seconds=600)
LONGEST: Final = 600


def decipher(response: Response, operation: Operation[object]) -> Response:
    """Return a success as it is, or raise the error that the answer means."""
    del operation
    if not response.is_success:
        raise _refusal(response)
    if _is_page(response):
        raise UnexpectedPayloadError(
            f"a web page came instead of JSON: {_page_says(response)}; something in front of the "
            "shop answered, or the URL is not its REST API",
            paths=("$",),
        )
    if _is_cut_short(response.body):
        raise NoAnswerError("the answer was cut short")
    if response.body[:12] == b'{"messages":':
        raise BrokenError(_told(response), code=_report_id(_told(response)))
    return response


def explain(error: SignInError, response: Response, *, proof: str, now: datetime) -> SignInError:
    """The same refusal, saying what it may mean for this way of proving oneself.

    Magento gives one answer for a bad token and for a missing permission. `proof` is the name of
    the authentication's class.
    """
    causes = {
        "OAuth1": "one of the integration's four values is wrong or revoked, or the integration "
        "lacks that permission, or a proxy in front hides https from the shop",
        "Bearer": "the token is wrong, expired or revoked, or lacks that permission, or it is an "
        "integration's token and the shop does not allow those as Bearer tokens (Stores > "
        "Configuration > Services > OAuth > Consumer Settings)",
        "AdminToken": "the administrator's role lacks that permission",
        "CustomerToken": "customers may not call this",
        "AdobeIms": "the credentials lack the Commerce scope, or the user lacks that permission",
    }
    said = error.message if error.message.endswith((".", "!", "?")) else f"{error.message}."
    message = f"{said} This may mean: {causes.get(proof, 'no proof was sent')}."
    ahead = _ahead(response, now)
    if proof == "OAuth1" and ahead is not None and abs(ahead) > SKEW_LIMIT / 2:
        side = "ahead of" if ahead > timedelta(0) else "behind"
        message += f" Our clock is {abs(int(ahead.total_seconds()))} s {side} the shop's."
    return SignInError(message, status=error.status, code=error.code)


def filled(message: str, parameters: Json) -> str:
    """A message with its placeholders filled: `%1` from a list, `%fieldName` from an object.

    Names are also filled from a list, in the order in which they stand: that is how the prices'
    routes say it (sample post_base_prices).
    """
    values: dict[str, Json] = {}
    if isinstance(parameters, Mapping):
        values = dict(parameters)
    elif isinstance(parameters, Sequence) and not isinstance(parameters, str):
        names = dict.fromkeys(one for one in _PLACEHOLDER.findall(message) if not one.isdigit())
        values = {str(place): value for place, value in enumerate(parameters, start=1)}
        values |= dict(zip(names, parameters))

    def value(found: re.Match[str]) -> str:
        return _printed(values[found[1]]) if found[1] in values else found[0]

    return _PLACEHOLDER.sub(value, message)


def _printed(value: Json) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_printed(one) for one in value)
    return value if isinstance(value, str) else codec.dumps(value).decode()


def _refusal(response: Response) -> RemoteError:
    status = response.status
    message = _page_says(response) if _is_page(response) else _told(response)
    report = _report_id(message)
    if status == 429:
        return RateLimitedError(message, status=status)
    if status >= 500 or status == 408 or report or _DATABASE.search(message):
        return BrokenError(message, status=status, code=report)
    if 300 <= status < 400:
        to = response.header("location") or "elsewhere"
        return InvalidError(f"redirected to {to}: set the shop's URL to where it lives")
    if status == 401:
        return SignInError(message, status=status)
    if status == 403:
        # Magento says 401 where a permission is missing: a 403 comes from what stands before it.
        return NotPermittedError(f"refused before it reached Magento: {message}", status=status)
    kind: type[RemoteError] = {404: NotFoundError, 409: ConflictError, 410: NotFoundError}.get(
        status, InvalidError
    )
    return kind(message, status=status)


def _told(response: Response) -> str:
    """All that a JSON answer says, in one line."""
    try:
        told = codec.loads(response.body)
    except ValueError:
        return _shortened(response.body.decode(errors="replace")) or "no explanation"
    if not isinstance(told, Mapping):
        return _shortened(_printed(told)) or "no explanation"
    return _shortened("; ".join(_sentences(told))) or "no explanation"


def _sentences(told: Mapping[str, Json]) -> list[str]:
    envelope = told.get("messages")
    if isinstance(envelope, Mapping):  # PHP fatals and 406
        faults = envelope.get("error")
        told = {"errors": faults}
    said: list[str] = []
    message = told.get("message")
    if isinstance(message, str):
        said.append(filled(message, told.get("parameters")))
    nested = told.get("errors")
    for one in nested if isinstance(nested, Sequence) else ():
        if isinstance(one, Mapping):
            said += [text for text in _sentences(one) if text not in " ".join(said)]
    return said


def _is_page(response: Response) -> bool:
    if response.content_type in ("text/html", "application/xhtml+xml"):
        return True
    return response.body[:64].lstrip().lower().startswith((b"<!doctype", b"<html"))


def _page_says(response: Response) -> str:
    text = response.body.decode(errors="replace")
    title = _TITLE.search(text)
    if title is None:
        text = re.sub(r"<[^>]*>", " ", text)
    return _shortened(unescape(title[1] if title else text)) or f"an empty {response.status} page"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."


def _is_cut_short(body: bytes) -> bool:
    text = body.strip()
    closing = {b"{": b"}", b"[": b"]", b'"': b'"'}.get(text[:1])
    # A guess from both ends; what it misses is found when the answer is decoded.
    return closing is not None and (len(text) < 2 or text[-1:] != closing)


def _report_id(message: str) -> str:
    found = _REPORT.search(message)
    return (found[1] or found[2] or "") if found else ""


def _ahead(response: Response, now: datetime) -> timedelta | None:
    try:
        return now - parsedate_to_datetime(response.header("date") or "")
    except (ValueError, TypeError):
        return None
