"""Lists of the account that are read once for many questions: its customers and its products.

KashFlow's search for customers tells ids and not codes, and a product's code is unique only under
its nominal. So the lists are walked once, and every question is answered from what was found,
until it is too old. What we create ourselves is put in at once.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from kashmag import kashflow
from kashmag.hooks.customer_codes import normalised_email, plain_vat_number, squeezed
from kashmag.kashflow.customers import EVERYBODY
from kashmag.rest.clock import Clock

# How each key is compared, here and by the rule that chooses among what is found.
_COMPARED: Final[Mapping[str, Callable[[str], str]]] = {
    "email": normalised_email,
    "name": squeezed,
    "vat_number": plain_vat_number,
}


class CustomerIndex:
    """Which customers have an e-mail, a name or a VAT number; codes only, however many."""

    def __init__(self, books: kashflow.Client, clock: Clock, *, good_for: timedelta) -> None:
        self._books = books
        self._clock = clock
        self._good_for = good_for.total_seconds()
        self._read_at: float | None = None
        self._lock = asyncio.Lock()
        # By key and text as it is compared. A hundred thousand customers stand here: no sets.
        self._codes: dict[str, dict[str, tuple[str, ...]]] = {by: {} for by in _COMPARED}

    async def codes(self, by: str, text: str) -> tuple[str, ...]:
        """The codes of the customers with this `email`, `name` or `vat_number`."""
        async with self._lock:
            now = self._clock.seconds()
            if self._read_at is None or now - self._read_at > self._good_for:
                await self._read()
                self._read_at = now
        return self._codes[by].get(_COMPARED[by](text), ())

    def learn(self, customer: kashflow.Customer | kashflow.CustomerDraft) -> None:
        """Put in a customer that was just created or read."""
        for contact in customer.contacts:
            if contact.email:
                self._put("email", contact.email, customer.code)
        self._put("name", customer.name, customer.code)
        if customer.vat_number:
            self._put("vat_number", customer.vat_number, customer.code)

    def _put(self, by: str, text: str, code: str) -> None:
        codes, compared = self._codes[by], _COMPARED[by](text)
        known = codes.get(compared, ())
        if code not in known:
            codes[compared] = (*known, code)

    async def _read(self) -> None:
        for which in (
            (EVERYBODY, kashflow.CustomerFilter(archived=True))
            if self._books.assumptions.archived_needs_asking
            else (EVERYBODY,)
        ):
            async for customer in self._books.customers.matching(which):
                self.learn(customer)


class ProductIndex:
    """Products by code: forty SKUs, one walk."""

    def __init__(self, books: kashflow.Client, clock: Clock, *, good_for: timedelta) -> None:
        self._books = books
        self._clock = clock
        self._good_for = good_for.total_seconds()
        self._read_at: float | None = None
        self._lock = asyncio.Lock()
        self._found: dict[str, list[kashflow.Product]] = {}

    async def coded(self, code: str) -> tuple[kashflow.Product, ...]:
        """Every product with exactly this code, under whichever nominal."""
        async with self._lock:
            now = self._clock.seconds()
            if self._read_at is None or now - self._read_at > self._good_for:
                found: dict[str, list[kashflow.Product]] = defaultdict(list)
                async for product in self._books.products.every():
                    found[product.code].append(product)
                self._found, self._read_at = dict(found), now
        return tuple(self._found.get(code, ()))

    def learn(self, product: kashflow.Product) -> None:
        """Put in a product that was just created."""
        known = self._found.setdefault(product.code, [])
        if all(one.nominal_code != product.nominal_code for one in known):
            known.append(product)
