"""Signing in to KashFlow: user name and password, then three characters of the memorable word.

A conversation of two requests; the session token that it wins stands in the header of every other
call. KashFlow has no OAuth. Source: samples sessiontoken_*, facts of four independent clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeVar

from attrs import field, frozen

from kashmag.errors import DeclinedError, RateLimitedError, SignInError
from kashmag.kashflow.assumptions import ASSUMED
from kashmag.kashflow.decipher import error_of
from kashmag.kashflow.routes import path, reading
from kashmag.rest import codec as exact
from kashmag.rest.authentication import Credential
from kashmag.rest.authentication import SignIn as Conversation
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Request, Response

T = TypeVar("T")

_NAME: Final = "sign_in"
SESSION_TOKEN: Final = "/sessiontoken"  # noqa: S105 - a path
# Stands for the token in the path of signing out, so that no operation or log line carries it.
_THIS_SESSION: Final = "this-session"


@frozen
class MemorableCharacter:
    """One character of the memorable word; `position` counts from 1."""

    position: int
    value: str | None = field(default="", repr=False)


@frozen
class Challenge:
    """The answer to user name and password: which characters are wanted."""

    temporary_token: str = field(repr=False)
    memorable_word_list: tuple[MemorableCharacter, ...]
    is_locked_out: bool | None = None


@frozen
class SessionAnswer:
    """The answer to the right characters."""

    session_token: str = field(repr=False)
    extra: Mapping[str, Json] = field(factory=dict, hash=False, repr=False)


@frozen
class SignIn:
    """Signs in with a user name, a password and a memorable word, and signs each request.

    The memorable word stays here: only the characters that are asked for are sent. `idle` is how
    long a session is trusted to last unused; it is renewed before.
    """

    user_name: str
    password: str = field(repr=False)
    memorable_word: str = field(repr=False)
    idle: timedelta = field(default=ASSUMED.session_idle, kw_only=True)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with the session's token."""
        if credential is None:
            return request
        if request.url.endswith(f"{SESSION_TOKEN}/{_THIS_SESSION}"):
            url = request.url.removesuffix(_THIS_SESSION) + path(credential.secret)[1:]
            request = Request(request.method, url, query=request.query, headers=request.headers)
        return request.with_headers({"Authorization": f"KfToken {credential.secret}"})

    def sign_in(self, root: str) -> Conversation:
        """The conversation that wins a session; any refusal is a SignInError."""
        opening: Json = {"UserName": self.user_name, "Password": self.password}
        response = yield _request("POST", root, opening)
        challenge = self._read(Challenge, response)
        if challenge.is_locked_out:
            raise SignInError("the user is locked out", operation=_NAME, code="AccountLocked")
        response = yield _request("PUT", root, self._answer(challenge))
        session = self._read(SessionAnswer, response)
        return Credential(session.session_token, idle=self.idle)

    def _answer(self, challenge: Challenge) -> Json:
        wanted = [one.position for one in challenge.memorable_word_list]
        if not all(1 <= position <= len(self.memorable_word) for position in wanted):
            raise SignInError(
                "the memorable word is shorter than the characters that KashFlow asks for",
                operation=_NAME,
            )
        return {
            "TemporaryToken": challenge.temporary_token,
            "MemorableWordList": [
                {"Position": position, "Value": self.memorable_word[position - 1]}
                for position in wanted
            ],
        }

    def _read(self, kind: type[T], response: Response) -> T:
        if response.is_success:
            return reading(kind)(response)
        error = error_of(response)
        if isinstance(error, DeclinedError) and not isinstance(error, RateLimitedError):
            # Whatever the status: a sign-in that was refused once is not to be tried again.
            raise SignInError(
                self._without_secrets(error.message),
                operation=_NAME,
                status=error.status,
                code=error.code,
            )
        error.operation = _NAME
        raise error

    def _without_secrets(self, text: str) -> str:
        for secret in (self.password, self.memorable_word):
            text = text.replace(secret, "***") if secret else text
        return text


def _request(method: str, root: str, body: Json) -> Request:
    headers = (("Accept", "application/json"), ("Content-Type", "application/json"))
    return Request(method, root + SESSION_TOKEN, headers=headers, body=exact.dumps(body))


def sign_out() -> Operation[None]:
    """End the session in use.

    Signing puts its token into the address, where KashFlow wants it; who logs addresses logs the
    token of a session that has ended.
    """
    return Operation(
        "sign_out",
        "DELETE",
        path=path("sessiontoken", _THIS_SESSION),
        effect=Effect.REPEATABLE,
        decode=lambda _: None,
    )
