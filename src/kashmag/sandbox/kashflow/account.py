"""One account: what every handler needs, and the questions that several nouns ask of it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, field

from kashmag.sandbox.faults import Faults, Kind
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.store import Key, Store
from kashmag.sandbox.kashflow.switches import Switches
from kashmag.sandbox.kashflow.wire import Refusal

LONDON = ZoneInfo("Europe/London")


@define
class Account:
    """The state, the switches, the clock and the dice of one account."""

    store: Store
    switches: Switches
    clock: Callable[[], datetime]
    dice: random.Random
    faults: Faults = field(factory=Faults.none)

    @property
    def now(self) -> datetime:
        """The moment, by the far end's clock."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day in London, where the accounts are kept."""
        return self.clock().astimezone(LONDON).date()

    def guid(self) -> str:
        """A GUID in lower case, from the seeded dice."""
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def appear(self, table: str, key: Key, record: Record) -> None:
        """Put a new record, which readers see when the lag has passed."""
        self.store.put(table, key, record)
        lag = self.switches.read_after_write_lag + self.faults.duration(Kind.READ_AFTER_WRITE_LAG)
        if self.faults.strikes_record(Kind.LATE_COMMIT, f"{table}:{key}"):
            lag += self.faults.duration(Kind.LATE_COMMIT)
        if lag > timedelta(0):
            self.store.hide(table, key, self.now + lag)

    def seen(self, table: str, key: Key) -> Record:
        """The record as readers see it.

        Raises:
            Refusal: 404, there is none, or it is too new to be seen.
        """
        record = self.store.seen(table, key, self.now)
        if record is None:
            raise self.missing(table, key)
        return record

    def all_seen(self, table: str) -> list[Record]:
        """Every record that readers see."""
        return self.store.all_seen(table, self.now)

    def missing(self, table: str, key: Key) -> Refusal:
        """The 404 for a record that is not there."""
        return Refusal(
            404, self.switches.not_found_error, f"There is no {table[:-1].replace('_', ' ')} {key}."
        )

    def invalid(self, message: str) -> Refusal:
        """The 400 for a request that makes no sense."""
        return Refusal(400, self.switches.validation_error, message)

    def locked(self, message: str) -> Refusal:
        """The 400 for a write into a period that is closed."""
        return Refusal(400, self.switches.locked_error, message)

    def matches_text(self, needle: str, folded: str) -> bool:
        """Tell whether a search text is found, by the account's way of matching.

        `folded` is what is searched: texts in lower case, one to a line.
        """
        small = needle.lower()
        if not small:
            return True  # nothing is searched for, so nothing is left out
        if self.switches.search_text == "exact":
            return small in folded.split("\n")
        if self.switches.search_text == "prefix":
            return any(text.startswith(small) for text in folded.split("\n"))
        return small in folded

    def customer_key(self, code: str) -> str:
        """The key of the customer with this code."""
        return code.lower() if self.switches.codes_ignore_case else code

    def customer(self, code: str) -> Record:
        """The customer that a document is for.

        Raises:
            Refusal: 400, there is none, the account does not see it yet, or it is archived.
        """
        key = self.customer_key(code)
        hides = self.switches.lag_hides_references
        found = self.store.seen("customers", key, self.now) if hides else None
        found = found if hides else self.store.get("customers", key)
        if found is None:
            raise self.invalid(f"there is no customer {code!r}")
        if found["IsArchived"] and self.switches.archived_customer == "refuse":
            raise self.invalid(f"customer {code!r} is archived")
        return found

    def permalink(self, kind: str, guid: str) -> str:
        """Where a printable document is found."""
        path = f"/v2/documents/{kind}/{guid}"
        absolute = self.switches.permalinks == "absolute"
        return f"https://api.kashflow.com{path}" if absolute else path
