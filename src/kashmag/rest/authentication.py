"""How a client proves who it is. The vendors' ways live in `magento` and `kashflow`.

An authentication holds the secrets and no state: what a sign-in has won is a `Credential`, kept
by `rest.session`. A sign-in is a generator: it yields requests, is sent their responses, and
returns the credential, so that it can be tested without a network.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from attrs import field, frozen

from kashmag.rest.wire import Request, Response


@frozen
class Credential:
    """What a sign-in has won, and until when it is good.

    After `expires_at`, or unused for `idle`, it is renewed before the next call. None: not known.
    """

    secret: str = field(repr=False)
    expires_at: datetime | None = field(default=None, kw_only=True)
    idle: timedelta | None = field(default=None, kw_only=True)


SignIn: TypeAlias = Generator[Request, Response, Credential]


class Authentication(Protocol):
    """One way of proving who calls."""

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The same request with its proof; called afresh for each attempt."""
        ...

    def sign_in(self, root: str) -> SignIn | None:
        """A conversation that wins a credential, or None if this way needs none.

        `root` is the API's root URL without a slash at its end. A refusal is raised as
        SignInError.
        """
        ...


@frozen
class Anonymous:
    """No proof at all."""

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The same request."""
        del credential
        return request

    def sign_in(self, root: str) -> SignIn | None:
        """Nothing to sign in to."""
        del root
        return None
