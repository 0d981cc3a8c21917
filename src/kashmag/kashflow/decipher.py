"""What a response of KashFlow means: a success, or which error of the family.

KashFlow's errors are `{"Error": code, "Message": text}`. Its own table of status codes is 200,
201, 204, 400, 401, 404, 405 and 500; 403, 409, 422 and 429 are handled although nobody has seen
them, and so are HTML and empty bodies, which come from what stands in front of it.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from kashmag.errors import (
    BrokenError,
    ConflictError,
    DeclinedError,
    InvalidError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    RemoteError,
    SignInError,
)
from kashmag.rest.codec import loads
from kashmag.rest.operation import Operation
from kashmag.rest.wire import Response

# SQL Server's time-out, reported as a 400 (error_sql_timeout): the write may have happened.
SQL_TIMEOUT: Final = "-2146232060"
_SQL_TIMEOUT_TEXT: Final = "execution timeout expired"
# Said about the user and not about the session (error_account_locked): signing in again would
# only make it worse.
_USER_REFUSED: Final = frozenset({"AccountLocked", "PasswordExpired", "InvalidCredentials"})
_LONGEST: Final = 300


@frozen
class Fault:
    """What the body of a failed answer says."""

    code: str
    message: str


def read_fault(response: Response) -> Fault:
    """The code and message of a failed answer, as good as its body allows."""
    try:
        told = loads(response.body)
    except ValueError:
        told = None
    if isinstance(told, dict) and ("Error" in told or "Message" in told):
        code, message = str(told.get("Error") or ""), str(told.get("Message") or "")
        return Fault(code, _short(message or code or "no message"))
    if not response.body.strip():
        return Fault("", "an answer without a body")
    return Fault("", f"an answer that is no KashFlow error ({response.content_type or 'untyped'})")


def decipher(response: Response, operation: Operation[object]) -> Response:
    """Return a success as it is; raise what anything else means."""
    del operation
    if response.is_success:
        return response
    raise error_of(response)


def error_of(response: Response) -> RemoteError:
    """The error that a failed answer means."""
    fault = read_fault(response)
    kind = _kind(response.status, fault)
    told = f"{fault.message} [{fault.code}]" if fault.code else fault.message
    return kind(told, status=response.status, code=fault.code)


def is_sql_timeout(fault: Fault) -> bool:
    """Tell the time-out of KashFlow's database, by its number or else by its words."""
    return fault.code == SQL_TIMEOUT or fault.message.lower().startswith(_SQL_TIMEOUT_TEXT)


def _kind(status: int, fault: Fault) -> type[DeclinedError] | type[BrokenError]:
    match status:
        case _ if is_sql_timeout(fault):
            return BrokenError
        case 401 if fault.code in _USER_REFUSED:
            return NotPermittedError
        case 401:
            # One body for a token that is missing, malformed or expired.
            return SignInError
        case 403:
            return NotPermittedError
        case 404 | 410:
            return NotFoundError
        case 409 | 412:
            return ConflictError
        case 429:
            return RateLimitedError
        case 408:
            return BrokenError
        case _ if 400 <= status < 500:
            return InvalidError
        case _:
            # 5xx, and redirections: a page of something in front of KashFlow.
            return BrokenError


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
