"""The little shop itself: its settings, its clock, its shelves, and its running numbers.

What is done to orders, stock and the rest lives in the modules named after them; they all work on
this.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from kashmag.errors import SettingsError
from kashmag.sandbox.faults import Faults, Kind
from kashmag.sandbox.magento.documents import Document
from kashmag.sandbox.magento.settings import ShopSettings, StoreView
from kashmag.sandbox.magento.store import Key, Shelf, Store

KEYS: Final = {
    "product": "sku",
    "customer": "id",
    "transaction": "transaction_id",
    "stock_item": "product_id",
    "source": "source_code",
    "stock": "stock_id",
    "tax_rate": "id",
    "tax_rule": "id",
    "tax_class": "class_id",
    "customer_group": "id",
    "coupon": "coupon_id",
    "sales_rule": "rule_id",
    "attribute_set": "attribute_set_id",
    "attribute": "attribute_code",
    "category": "id",
    "website": "id",
    "store_group": "id",
    "store_view": "id",
    "country": "id",
}
"""What each kind of document is found by; `entity_id` where nothing is said."""


_BY_ENTITY_ID: Final = frozenset(
    {"order", "invoice", "credit_memo", "shipment", "source_item", "stock_source_link"}
)
_TROUBLED: Final = frozenset({"order", "invoice", "credit_memo", "shipment", "customer", "product"})


class Shop:
    """The state of one shop."""

    def __init__(
        self,
        settings: ShopSettings,
        store: Store,
        *,
        clock: Callable[[], datetime],
        faults: Faults,
        seed: int,
    ) -> None:
        self.settings = settings
        self.store = store
        self.faults = faults
        self.seed = seed
        self._clock = clock
        self._pretended: datetime | None = None
        self.orders = store.shelf("order")
        self.invoices = store.shelf("invoice")
        self.credit_memos = store.shelf("credit_memo")
        self.shipments = store.shelf("shipment")
        self.transactions = store.shelf("transaction")
        self.customers = store.shelf("customer")
        self.products = store.shelf("product")
        self.stock_items = store.shelf("stock_item")
        self.source_items = store.shelf("source_item")
        self.reservations = store.shelf("reservation")
        self._counters = store.shelf("counter")
        for order in self.orders:
            link_copies(order)

    def now(self) -> datetime:
        """The shop's own time, as wrong as its faults make it."""
        return self._pretended or self._clock()

    @contextmanager
    def pretending(self, moment: datetime) -> Iterator[None]:
        """Let it be another time, for what is told of the past."""
        before, self._pretended = self._pretended, moment
        try:
            yield
        finally:
            self._pretended = before

    def stamp(self, moment: datetime | None = None) -> str:
        """A moment as the database writes it: UTC, to the second."""
        return (moment or self.now()).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def shelf(self, kind: str) -> Shelf:
        """The documents of a kind."""
        return self.store.shelf(kind)

    def add(self, kind: str, documents: Iterable[Document]) -> None:
        """Take in documents as they are, under the key of their kind."""
        shelf = self.shelf(kind)
        for document in documents:
            if kind == "order":
                link_copies(document)
            shelf.put(self._key(kind, document), document)

    def view(self, store_id: int) -> StoreView:
        """The store view with this number."""
        return self.settings.view(store_id)

    def view_of(self, code: str) -> StoreView:
        """The view that a store code in an address stands for."""
        views = self.settings.views
        return next((view for view in views if view.code == code), views[0])

    def count(self, name: str, start: int = 0) -> int:
        """The next number of a running count, which never gives one twice."""
        held = self._counters.get(name)
        value = max(start, 0 if held is None else held["value"]) + 1
        self._counters.put(name, {"value": value})
        return value

    def number(self, kind: str, store_id: int) -> str:
        """The next increment number for a document of this kind in this view."""
        counter = f"{kind}:{store_id}"
        start = 0 if counter in self._counters else self._highest_number(kind, store_id)
        return self.view(store_id).increment_id(self.count(counter, start))

    def _highest_number(self, kind: str, store_id: int) -> int:
        prefix = self.view(store_id).number_prefix
        numbers = (
            str(document["increment_id"]).removeprefix(prefix).partition("-")[0]
            for document in self.shelf(kind)
            if document.get("store_id") == store_id
        )
        return max((int(number) for number in numbers if number.isdigit()), default=0)

    @property
    def hides_some(self) -> bool:
        """Whether documents may be out of sight at all."""
        kinds = (Kind.LATE_COMMIT, Kind.READ_AFTER_WRITE_LAG)
        return any(self.faults.duration(kind) for kind in kinds)

    def is_uncommitted(self, kind: str, key: Key) -> bool:
        """Whether a late commit keeps this document away from everybody for now."""
        lag = self.faults.duration(Kind.LATE_COMMIT)
        return self._is_younger(kind, key, lag) and self.faults.strikes_record(
            Kind.LATE_COMMIT, f"{kind}:{key}"
        )

    def is_hidden(self, kind: str, key: Key) -> bool:
        """Whether readers do not see this document yet: uncommitted, or not on their replica."""
        lag = self.faults.duration(Kind.READ_AFTER_WRITE_LAG)
        return self._is_younger(kind, key, lag) or self.is_uncommitted(kind, key)

    def _is_younger(self, kind: str, key: Key, age: timedelta) -> bool:
        document = self.shelf(kind).get(key) if age and kind in _TROUBLED else None
        return document is not None and self.stamp(self.now() - age) < str(document["created_at"])

    def is_poisoned(self, kind: str, key: Key) -> bool:
        """Whether this document breaks every answer that it is part of."""
        return kind in _TROUBLED and self.faults.strikes_record(Kind.POISON_RECORD, f"{kind}:{key}")

    def digest(self, *about: object) -> str:
        """Thirty-two hexadecimal digits that depend on the seed and on what they are about."""
        text = ":".join(str(each) for each in (self.seed, *about))
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def _key(self, kind: str, document: Document) -> Key:
        if kind == "source_item":
            return source_item_key(document["sku"], document["source_code"])
        if kind == "stock_source_link":
            return f"{document['stock_id']}|{document['source_code']}"
        if kind == "product":
            return str(document["sku"]).lower()
        key: Key = document[KEYS.get(kind, "entity_id")]
        return key


def singular(name: str) -> str:
    """The kind of document that a name in the singular or plural means.

    Raises:
        SettingsError: there is no such kind.
    """
    for kind in (name, name.removesuffix("s"), name.removesuffix("es"), f"{name[:-3]}y"):
        if kind in KEYS or kind in _BY_ENTITY_ID:
            return kind
    known = ", ".join(sorted(_BY_ENTITY_ID | KEYS.keys()))
    raise SettingsError(f"the shop keeps no {name!r}; it keeps: {known}")


def source_item_key(sku: str, source_code: str) -> str:
    """The key of a source item; SKUs are matched without regard to case."""
    return f"{sku.lower()}|{source_code}"


def link_copies(order: Document) -> None:
    """Make the copies that an order holds of its items one with the items."""
    items = {item["item_id"]: item for item in order["items"]}
    for item in order["items"]:
        parent = items.get(item.get("parent_item_id"))
        if parent is not None:
            item["parent_item"] = parent
    for assignment in order.get("extension_attributes", {}).get("shipping_assignments", ()):
        assignment["items"] = order["items"]
