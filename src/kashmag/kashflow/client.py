"""The client: one account of KashFlow, noun by noun. What each noun can do lives in its module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, Self, TypeVar

from kashmag.kashflow.account import Account
from kashmag.kashflow.assumptions import ASSUMED, Assumptions
from kashmag.kashflow.bank_accounts import BankAccounts
from kashmag.kashflow.connection import Connection
from kashmag.kashflow.countries import Countries
from kashmag.kashflow.currencies import Currencies
from kashmag.kashflow.customer_client import Customers
from kashmag.kashflow.decipher import decipher
from kashmag.kashflow.documents import Documents
from kashmag.kashflow.invoice_client import Invoices
from kashmag.kashflow.nominals import Nominals
from kashmag.kashflow.notes import Notes
from kashmag.kashflow.payments import Payments
from kashmag.kashflow.products import Products
from kashmag.kashflow.quotes import Quotes
from kashmag.kashflow.signin import sign_out
from kashmag.kashflow.sources import Sources
from kashmag.kashflow.vat_rates import VatRates
from kashmag.rest.authentication import Authentication
from kashmag.rest.caller import Caller, Conduct, Observer, Speech, rooted
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options
from kashmag.rest.pacing import Pacing, PacingPolicy
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import HttpxTransport, Transport
from kashmag.rest.wire import Response

T = TypeVar("T")
URL: Final = "https://api.kashflow.com/v2"
# A database that has timed out wants seconds: a production client waits 2 s, then 8 s.
RETRY: Final = RetryPolicy(retries=4, first_wait=timedelta(seconds=2))


class Client:
    """Speaks to one account of KashFlow; safe to share by all tasks of one event loop.

        async with kashflow.Client(auth=kashflow.SignIn(user, password, memorable_word)) as books:
            invoice = await books.invoices.get(1042)

    It signs in when the first call needs it, once for however many calls. With `read_only` every
    operation that writes is a ReadOnlyError. `transport` is how bytes travel; one that is passed
    is not closed by the client.
    """

    def __init__(
        self,
        url: str = URL,
        *,
        auth: Authentication,
        transport: Transport | None = None,
        options: Options | None = None,
        retry: RetryPolicy | None = None,
        pacing: PacingPolicy | None = None,
        read_only: bool = False,
        assumptions: Assumptions = ASSUMED,
        observers: Sequence[Observer] = (),
        clock: Clock | None = None,
        user_agent: str = "kashmag",
    ) -> None:
        clock = clock or Clock()
        self._own_transport: HttpxTransport | None = None
        if transport is None:
            transport = self._own_transport = HttpxTransport()
        speech = Speech(
            vendor="KashFlow",
            root=url.rstrip("/"),
            address=rooted(url),
            authentication=auth,
            decipher=decipher,
        )
        conduct = Conduct(
            options=options or Options(),
            retry=retry or RETRY,
            pacing=Pacing(pacing, clock),
            read_only=read_only,
            observers=tuple(observers),
            clock=clock,
            user_agent=user_agent,
        )
        self._caller = Caller(speech, transport, conduct)
        self._url = url
        connection = Connection(self._caller, assumptions, clock=clock)
        self.assumptions: Final = assumptions
        self.account: Final = Account(connection)
        self.bank_accounts: Final = BankAccounts(connection)
        self.countries: Final = Countries(connection)
        self.currencies: Final = Currencies(connection)
        self.customers: Final = Customers(connection)
        self.documents: Final = Documents(connection)
        self.invoices: Final = Invoices(connection)
        self.nominals: Final = Nominals(connection)
        self.notes: Final = Notes(connection)
        self.payments: Final = Payments(connection)
        self.products: Final = Products(connection)
        self.quotes: Final = Quotes(connection)
        self.sources: Final = Sources(connection)
        self.vat_rates: Final = VatRates(connection)

    def __repr__(self) -> str:
        """The client and its address, no secret."""
        return f"<kashflow.Client {self._url}>"

    @property
    def caller(self) -> Caller:
        """What sends this client's operations."""
        return self._caller

    async def send(self, operation: Operation[T], options: Options | None = None) -> T:
        """Send any operation, also one for a route that has no method here (see `routes`)."""
        return await self._caller.call(operation, options)

    async def raw(self, operation: Operation[object], options: Options | None = None) -> Response:
        """Send any operation and return its response: status, headers, undecoded body."""
        return await self._caller.raw(operation, options)

    async def sign_in(self) -> None:
        """Sign in now, instead of with the first call; SignInError if it is refused."""
        await self._caller.session.ready()

    async def sign_out(self) -> None:
        """End the session, if there is one; the next call signs in anew."""
        if self._caller.session.credential is not None:
            await self._caller.call(sign_out())
            self._caller.session.forget()

    async def aclose(self) -> None:
        """Release what the client holds; a session is left to end by itself."""
        await self._caller.aclose()
        if self._own_transport is not None:
            await self._own_transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
