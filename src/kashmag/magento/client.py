"""The client of one shop: puts the parts together and names them. Async only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self, TypeVar

from attrs import evolve

from kashmag.errors import SettingsError, SignInError
from kashmag.magento.addressing import cloud_service as cloud_service_address
from kashmag.magento.addressing import own_server as own_server_address
from kashmag.magento.authentication import AdobeIms
from kashmag.magento.bulk import Bulks
from kashmag.magento.credit_memos import CreditMemos
from kashmag.magento.customers import Customers
from kashmag.magento.decipher import decipher, explain
from kashmag.magento.inventory import Inventory
from kashmag.magento.invoices import Invoices
from kashmag.magento.orders import Orders
from kashmag.magento.products import Products
from kashmag.magento.shipments import Shipments
from kashmag.magento.store import Store
from kashmag.magento.taxes import Taxes
from kashmag.magento.transactions import Transactions
from kashmag.rest.authentication import Authentication
from kashmag.rest.caller import Address, Caller, Conduct, Observer, Speech
from kashmag.rest.clock import Clock
from kashmag.rest.operation import Operation
from kashmag.rest.options import Options
from kashmag.rest.pacing import Pacing, PacingPolicy
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import HttpxTransport, Transport
from kashmag.rest.wire import Response

T = TypeVar("T")


class Client:
    """A Magento shop: `async with magento.Client(url, auth=...) as shop`.

    Raises SettingsError where the URL cannot be a shop's.

    `url` is the shop's own URL, without `/rest`. `store` is the code of the store view that is
    spoken to (`all` for the administration's), for each call unless its options say otherwise; it
    chooses language and attribute values, it filters no orders. A `read_only` client raises
    before anything is sent. `cloud_service` says that the shop is Adobe's own, whose URLs differ;
    None leaves it to `auth`. A transport that is passed in is not closed by the client. One client
    may be shared by all tasks of an event loop; its pace is theirs together.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: Authentication,
        store: str | None = None,
        transport: Transport | None = None,
        options: Options | None = None,
        retry: RetryPolicy | None = None,
        pacing: PacingPolicy | None = None,
        read_only: bool = False,
        cloud_service: bool | None = None,
        observers: Sequence[Observer] = (),
        clock: Clock | None = None,
        user_agent: str = "kashmag",
    ) -> None:
        self._own_transport: HttpxTransport | None = None
        if transport is None:
            transport = self._own_transport = HttpxTransport()
        clock = clock or Clock()
        wishes = options or Options()
        if store is not None:
            wishes = evolve(wishes, scope=store)
        conduct = Conduct(
            options=wishes,
            retry=retry or RetryPolicy(),
            pacing=Pacing(pacing, clock),
            read_only=read_only,
            observers=tuple(observers),
            clock=clock,
            user_agent=user_agent,
        )
        # Only Adobe's cloud service has this way of signing in.
        is_cloud = isinstance(auth, AdobeIms) if cloud_service is None else cloud_service
        address = cloud_service_address if is_cloud else own_server_address
        shop = _shop_url(url)
        caller = Caller(_speech(shop, auth, address(shop), clock), transport, conduct)
        self._caller = caller
        self.orders: Final = Orders(caller)
        self.invoices: Final = Invoices(caller)
        self.credit_memos: Final = CreditMemos(caller)
        self.shipments: Final = Shipments(caller)
        self.transactions: Final = Transactions(caller)
        self.customers: Final = Customers(caller)
        self.products: Final = Products(caller)
        self.inventory: Final = Inventory(caller)
        self.store: Final = Store(caller)
        self.taxes: Final = Taxes(caller)
        self.bulk: Final = Bulks(caller)

    async def send(self, operation: Operation[T], options: Options | None = None) -> T:
        """Send any operation and return its answer: the typed way to a route without a method.

        Raises:
            ReadOnlyError: a write was asked of a read-only client.
            RemoteError: see the tree in `kashmag.errors`.
        """
        return await self._caller.call(operation, options)

    async def raw(self, operation: Operation[object], options: Options | None = None) -> Response:
        """Send any operation and return its response: status, headers, undecoded body."""
        return await self._caller.raw(operation, options)

    async def aclose(self) -> None:
        """Close connections that the client has made."""
        await self._caller.aclose()
        if self._own_transport is not None:
            await self._own_transport.aclose()

    async def __aenter__(self) -> Self:
        """Return the client; nothing is sent yet."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close connections that the client has made."""
        await self.aclose()


def _shop_url(url: str) -> str:
    told = url.strip().rstrip("/")
    if not told.startswith(("http://", "https://")):
        raise SettingsError("the shop's URL must begin with https:// or http://")
    if re.search(r"/rest(/|$)", told):
        raise SettingsError("the shop's URL is its own, without /rest and what follows")
    return told


def _speech(url: str, auth: Authentication, address: Address, clock: Clock) -> Speech:
    proof = type(auth).__name__

    def understand(response: Response, operation: Operation[object]) -> Response:
        try:
            return decipher(response, operation)
        except SignInError as error:
            raise explain(error, response, proof=proof, now=clock.now()) from None

    return Speech(
        vendor="Magento",
        root=url,
        address=address,
        authentication=auth,
        decipher=understand,
    )
