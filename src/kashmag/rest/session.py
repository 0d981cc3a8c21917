"""The credential in use: won once, shared by all calls of a client, renewed when it is due.

However many calls find it missing, old or refused at the same time, there is one sign-in. A
refused sign-in is remembered and never repeated, so that no account is locked by us.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, NoReturn

from kashmag.errors import (
    BrokenError,
    NoAnswerError,
    RateLimitedError,
    RemoteError,
    SignInError,
    UnexpectedPayloadError,
    UnreachableError,
)
from kashmag.rest.authentication import Authentication, Credential, SignIn
from kashmag.rest.clock import Clock
from kashmag.rest.wire import Request, Response

# Renewed this long before its end, so that it does not end on the way.
MARGIN: Final = timedelta(seconds=60)


class Session:
    """Keeps the one credential of a client."""

    def __init__(
        self,
        authentication: Authentication,
        root: str,
        send: Callable[[Request], Awaitable[Response]],
        clock: Clock,
    ) -> None:
        self._authentication = authentication
        self._root = root
        self._send = send
        self._clock = clock
        self._credential: Credential | None = None
        self._used_at = 0.0
        self._signing_in: asyncio.Task[Credential | None] | None = None
        self._refusal: SignInError | None = None

    @property
    def credential(self) -> Credential | None:
        """What is in use now; None before the first sign-in and where there is none."""
        return self._credential

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with a fresh proof."""
        self._used_at = self._clock.seconds()
        return self._authentication.sign(request, credential)

    async def ready(self) -> Credential | None:
        """The credential to sign with, after signing in if there is none or it is due.

        While it is being renewed nobody gets the old one: it may be dead already.

        Raises:
            SignInError: refused, now or at an earlier call.
            UnreachableError: the sign-in could not be completed; nothing else was sent.
        """
        if self._signing_in is not None:
            return await _shared(self._signing_in)
        if self._credential is not None and not self._is_due(self._credential):
            return self._credential
        return await self.renew(self._credential)

    async def renew(self, refused: Credential | None) -> Credential | None:
        """A credential other than the refused one; at most one sign-in runs at a time."""
        if self._refusal is not None:
            _raise_again(self._refusal)
        if self._credential is not refused:
            return self._credential
        if self._signing_in is None:
            conversation = self._authentication.sign_in(self._root)
            if conversation is None:
                return None
            self._signing_in = asyncio.create_task(self._converse(conversation))
            self._signing_in.add_done_callback(self._done)
        return await _shared(self._signing_in)

    async def aclose(self) -> None:
        """End a sign-in that is under way."""
        if self._signing_in is not None:
            self._signing_in.cancel()
            with contextlib.suppress(asyncio.CancelledError, RemoteError):
                await self._signing_in

    def forget(self) -> None:
        """Drop the credential; the next call signs in again."""
        self._credential = None

    def _is_due(self, credential: Credential) -> bool:
        if credential.expires_at is not None:
            lasts = credential.expires_at - self._clock.now()
            if lasts <= MARGIN:
                return True
        if credential.idle is None:
            return False
        unused = timedelta(seconds=self._clock.seconds() - self._used_at)
        return unused >= credential.idle - MARGIN

    async def _converse(self, conversation: SignIn) -> Credential | None:
        try:
            request = next(conversation)
            while True:
                request = conversation.send(await self._send(request))
        except StopIteration as done:
            won: Credential = done.value
            self._credential = won
            self._used_at = self._clock.seconds()
            return won
        except SignInError as refusal:
            self._refusal = refusal
            raise
        except (NoAnswerError, BrokenError, RateLimitedError, UnexpectedPayloadError) as error:
            # Of the call that wanted to be signed nothing has been sent.
            raise UnreachableError(f"could not sign in: {error.message}") from error
        finally:
            conversation.close()

    def _done(self, task: asyncio.Task[Credential | None]) -> None:
        self._signing_in = None
        if not task.cancelled():
            task.exception()  # seen, even if every waiting call was cancelled


async def _shared(task: asyncio.Task[Credential | None]) -> Credential | None:
    # Shielded: a call that is cancelled must not take the sign-in of the others with it.
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        waiting = asyncio.current_task()
        if task.cancelled() and (waiting is None or not waiting.cancelling()):
            raise UnreachableError("the client was closed while it signed in") from None
        raise


def _raise_again(refusal: SignInError) -> NoReturn:
    raise SignInError(
        f"{refusal.message} (refused before; not tried again, so that the account is not locked)",
        vendor=refusal.vendor,
        operation=refusal.operation,
        status=refusal.status,
        code=refusal.code,
        request_id=refusal.request_id,
    ) from refusal
