"""The stand-in that tests and people hold in their hands."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from attrs import frozen

from kashmag.sandbox.asgi import App
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.magento import changing
from kashmag.sandbox.magento.access import Doorkeeper
from kashmag.sandbox.magento.app import make_app
from kashmag.sandbox.magento.baskets import Basket
from kashmag.sandbox.magento.crediting import refund_order
from kashmag.sandbox.magento.documents import Document, duplicate
from kashmag.sandbox.magento.furniture import furnish
from kashmag.sandbox.magento.invoicing import invoice_order
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.sandbox.magento.refunding import Refund
from kashmag.sandbox.magento.settings import CREDENTIALS, Credentials, ShopSettings
from kashmag.sandbox.magento.shipping import ship_order
from kashmag.sandbox.magento.shop import Shop, singular
from kashmag.sandbox.magento.states import touch
from kashmag.sandbox.magento.stock import reserve_open
from kashmag.sandbox.magento.store import Store
from kashmag.sandbox.magento.trading import order_of
from kashmag.sandbox.magento.trouble import DIALECT


def wall_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@frozen
class Census:
    """How many documents a shop holds, for proofs from outside."""

    orders: Mapping[tuple[int, str], int]
    """By store view and state."""
    invoices: Mapping[int, int]
    """By store view."""
    credit_memos: Mapping[int, int]
    """By store view."""

    @property
    def order_count(self) -> int:
        """All orders."""
        return sum(self.orders.values())


class MagentoSandbox:
    """A Magento shop that keeps everything in memory, and in a file if it is given one."""

    credentials: Credentials = CREDENTIALS

    def __init__(
        self,
        *,
        faults: Faults | None = None,
        seed: int = 0,
        clock: Callable[[], datetime] = wall_clock,
        state: Path | None = None,
        settings: ShopSettings | None = None,
    ) -> None:
        self.faults = faults or Faults.none()
        self.settings = settings or ShopSettings()
        self._store = Store(state)
        self.shop = Shop(
            self.settings,
            self._store,
            clock=self.faults.skewed(clock),
            faults=self.faults,
            seed=seed,
        )
        furnish(self.shop)
        self._store.commit()
        doorkeeper = Doorkeeper(self.settings, self._store)
        bare = make_app(self.shop, doorkeeper)
        self.app: App = bare
        if self.faults.schedule.rules:
            self.app = self.faults.wrap(bare, DIALECT, expire_sessions=doorkeeper.expire)

    def load_recorded(self) -> None:
        """Take in the recorded orders and all that belongs to them; again changes nothing."""
        if len(self.shop.orders):
            return
        self.load(**recorded_documents("orders"))

    def load(self, **documents: Iterable[Document]) -> None:
        """Take in raw documents by kind, as the REST API serves them.

        Kinds in the plural as well as in the singular: `orders`, `invoices`, `credit_memos`,
        `shipments`, `transactions`, `customers`, `products`, `source_items` ...

        Raises:
            SettingsError: there is no kind of document of that name.
        """
        for name, found in documents.items():
            kind = singular(name)
            copies = [duplicate(each) for each in found]
            if kind == "order":
                for order in copies:
                    reserve_open(self.shop, order)
            self.shop.add(kind, copies)
        self._store.commit()

    def add_orders(self, orders: Iterable[Document]) -> None:
        """Take in raw orders as the REST API serves them."""
        self.load(orders=orders)

    def place(self, basket: Basket) -> Document:
        """Take an order for a basket, now; a copy of it."""
        return self._done(changing.place(self.shop, basket))

    def invoice(self, order_id: int, quantities: Mapping[int, Decimal] | None = None) -> Document:
        """Invoice an order, or pieces of it by item number; a copy of the invoice."""
        return self._done(invoice_order(self.shop, self._order(order_id), quantities))

    def ship(
        self,
        order_id: int,
        quantities: Mapping[int, Decimal] | None = None,
        *,
        source: str | None = None,
    ) -> Document:
        """Ship an order, or pieces of it by item number; a copy of the shipment."""
        source = source or self.settings.default_source
        return self._done(ship_order(self.shop, self._order(order_id), quantities, source=source))

    def refund(self, order_id: int, refund: Refund | None = None) -> Document:
        """Refund an order, or what is asked for; a copy of the credit memo."""
        return self._done(refund_order(self.shop, self._order(order_id), refund or Refund()))

    def cancel(self, order_id: int) -> bool:
        """Cancel what is not invoiced; whether there was anything to cancel."""
        done = changing.cancel_order(self.shop, self._order(order_id))
        self._store.commit()
        return done

    def edit(self, order_id: int, basket: Basket) -> Document:
        """Replace an order by one for another basket; a copy of the replacement."""
        return self._done(changing.edit_order(self.shop, self._order(order_id), basket))

    def hold(self, order_id: int) -> None:
        """Put an order on hold."""
        changing.hold_order(self.shop, self._order(order_id))
        self._store.commit()

    def unhold(self, order_id: int) -> None:
        """Let an order on hold go on."""
        changing.unhold_order(self.shop, self._order(order_id))
        self._store.commit()

    def comment(self, order_id: int, text: str, *, status: str | None = None) -> None:
        """Comment on an order."""
        comment = {"comment": text, "status": status}
        changing.comment_order(self.shop, self._order(order_id), comment)
        self._store.commit()

    def touch(self, order_id: int) -> None:
        """Move `updated_at` of an order and nothing else, as a mass script would."""
        order = self._order(order_id)
        touch(self.shop, order)
        self.add_orders([order])

    def _order(self, order_id: int) -> Document:
        return order_of(self.shop, order_id)

    def _done(self, document: Document) -> Document:
        self._store.commit()
        return duplicate(document)

    def orders(self) -> list[Document]:
        """A copy of every order, oldest first."""
        return [duplicate(order) for order in self.shop.orders]

    def invoices(self) -> list[Document]:
        """A copy of every invoice, oldest first."""
        return [duplicate(invoice) for invoice in self.shop.invoices]

    def credit_memos(self) -> list[Document]:
        """A copy of every credit memo, oldest first."""
        return [duplicate(memo) for memo in self.shop.credit_memos]

    def census(self) -> Census:
        """Count what is there."""
        return Census(
            Counter((int(o["store_id"]), str(o["state"])) for o in self.shop.orders),
            Counter(int(i["store_id"]) for i in self.shop.invoices),
            Counter(int(m["store_id"]) for m in self.shop.credit_memos),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> "MagentoSandbox":
        """Use the sandbox for a while."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file."""
        self.close()
