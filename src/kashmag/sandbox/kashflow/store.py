"""What the stand-in remembers: tables of records, in memory, and in a SQLite file when asked.

Records are never changed in place; a write puts a new one. A transaction is all or nothing, and
with a file it is on the file before it ends, so that a killed process loses nothing it answered.
Reads may lag behind: `seen` is what the outside sees, `get` what is.
"""

from __future__ import annotations

import contextlib
import sqlite3
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias, cast

from kashmag.errors import SettingsError
from kashmag.sandbox import json_text
from kashmag.sandbox.kashflow.binding import Record

SUMMED: Final = ("NetAmount", "VATAmount", "GrossAmount", "TotalPaidAmount")
Key: TypeAlias = "int | str"
TABLES: Final = (
    "customers",
    "invoices",
    "quotes",
    "quote_categories",
    "products",
    "nominals",
    "bank_accounts",
    "bank_transactions",
    "bulk_payments",
    "advances",
    "payment_methods",
    "vat_rates",
    "currencies",
    "countries",
    "sources",
    "notes",
    "emails",
    "ip_addresses",
    "settings",
)


class _Group:
    """The documents of one customer, and what they come to."""

    def __init__(self) -> None:
        self.numbers: dict[int, None] = {}
        self.sums = dict.fromkeys(SUMMED, Decimal("0.0000"))

    def join(self, number: int, document: Record) -> None:
        self.numbers[number] = None
        self._add(document, 1)

    def leave(self, number: int, document: Record) -> None:
        self.numbers.pop(number)
        self._add(document, -1)

    def _add(self, document: Record, sign: int) -> None:
        if "DeletedAt" not in document:
            for name in SUMMED:
                self.sums[name] += sign * document.get(name, 0)


class Store:
    """The tables of one account."""

    def __init__(self, path: Path | None = None) -> None:
        self._tables: dict[str, dict[Key, Record]] = {name: {} for name in TABLES}
        self._ordered: dict[str, list[int]] = {"invoices": [], "quotes": []}
        self._groups: dict[str, dict[str, _Group]] = {"invoices": {}, "quotes": {}}
        self._hidden: dict[tuple[str, Key], datetime] = {}
        self._undo: list[tuple[str, Key, Record | None]] = []
        self._file = _open(path) if path is not None else None
        if self._file is not None:
            self._load(self._file)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was ever put."""
        return not any(self._tables.values())

    def get(self, table: str, key: Key) -> Record | None:
        """The record as it is, however new."""
        return self._tables[table].get(key)

    def all(self, table: str) -> list[Record]:
        """Every record, in the order of their making."""
        return list(self._tables[table].values())

    def keys(self, table: str) -> list[Key]:
        """Every key, in the order of their making."""
        return list(self._tables[table])

    def count(self, table: str) -> int:
        """How many records there are."""
        return len(self._tables[table])

    def seen(self, table: str, key: Key, now: datetime) -> Record | None:
        """The record, unless it is too new to be seen."""
        record = self.get(table, key)
        return None if record is None or self._is_hidden(table, key, now) else record

    def all_seen(self, table: str, now: datetime) -> list[Record]:
        """Every record that is old enough to be seen."""
        if not self._hidden:
            return self.all(table)
        return [
            record
            for key, record in self._tables[table].items()
            if not self._is_hidden(table, key, now)
        ]

    def hide(self, table: str, key: Key, until: datetime) -> None:
        """Keep a record from the eyes of readers until then."""
        self._hidden[table, key] = until

    def numbers(self, table: str) -> list[int]:
        """The numbers of invoices or quotes, ascending."""
        return self._ordered[table]

    def neighbours(self, table: str, number: int) -> tuple[int, int]:
        """The numbers before and after this one; 0 where there is none."""
        numbers = self._ordered[table]
        place = bisect_left(numbers, number)
        before = numbers[place - 1] if place else 0
        after = numbers[place + 1] if place + 1 < len(numbers) else 0
        return before, after

    def put(self, table: str, key: Key, record: Record) -> None:
        """Keep this record under this key, instead of any other."""
        self._undo.append((table, key, self._tables[table].get(key)))
        self._set(table, key, record)

    def drop(self, table: str, key: Key) -> None:
        """Forget a record."""
        self._undo.append((table, key, self._tables[table][key]))
        self._set(table, key, None)
        self._hidden.pop((table, key), None)

    def of_customer(self, table: str, customer: str) -> list[Record]:
        """The invoices or quotes of the customer with this key."""
        group = self._groups[table].get(customer, _Group())
        return [self._tables[table][key] for key in group.numbers]

    def sums_of_customer(self, customer: str) -> Mapping[str, Decimal]:
        """What the customer's invoices come to, voided ones left out: net, VAT, gross, paid."""
        return self._groups["invoices"].get(customer, _Group()).sums

    def next_id(self) -> int:
        """An internal id that was never given before."""
        sequence = self.get("settings", "sequence") or {"Next": 90_400_001}
        self.put("settings", "sequence", {"Next": sequence["Next"] + 1})
        return int(sequence["Next"])

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within, or none; on the file, if there is one, before this ends."""
        self._undo.clear()
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._undo.clear()

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table, records in self._tables.items():
                for key in list(records):
                    self.drop(table, key)
        self._hidden.clear()

    def save(self, path: Path) -> None:
        """Write everything to a new file, from which another store can start.

        Raises:
            SettingsError: the file is there already, or cannot be written.
        """
        if path.exists():
            raise SettingsError(f"{path} is there already and is not overwritten")
        file = _open(path)
        with contextlib.closing(file), file:
            for table, records in self._tables.items():
                file.executemany(
                    _WRITE, (_row(table, key, record) for key, record in records.items())
                )

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_hidden(self, table: str, key: Key, now: datetime) -> bool:
        until = self._hidden.get((table, key))
        if until is None:
            return False
        if until > now:
            return True
        # A clock that was set back must not hide it again.
        del self._hidden[table, key]
        return False

    def _commit(self) -> None:
        if self._file is None or not self._undo:
            return
        touched = dict.fromkeys((table, key) for table, key, _ in self._undo)
        with self._file:
            for table, key in touched:
                record = self._tables[table].get(key)
                if record is None:
                    name = json_text.write(key).decode()
                    self._file.execute("delete from records where kind=? and key=?", (table, name))
                else:
                    self._file.execute(_WRITE, _row(table, key, record))

    def _roll_back(self) -> None:
        for table, key, old in reversed(self._undo):
            self._set(table, key, old)

    def _load(self, file: sqlite3.Connection) -> None:
        for table, key, body in file.execute("select kind, key, body from records order by row"):
            record = cast(Record, json_text.read(body))
            self._set(table, cast(Key, json_text.read(key)), record)

    def _set(self, table: str, key: Key, record: Record | None) -> None:
        old = self._tables[table].pop(key, None) if record is None else self._tables[table].get(key)
        if record is not None:
            self._tables[table][key] = record
        if table in self._groups:
            self._order(table, cast(int, key), old, record)

    def _order(self, table: str, number: int, old: Record | None, new: Record | None) -> None:
        numbers, groups = self._ordered[table], self._groups[table]
        if old is not None:
            groups[old["_Customer"]].leave(number, old)
        if new is not None:
            groups.setdefault(new["_Customer"], _Group()).join(number, new)
        if old is None and new is not None:
            insort(numbers, number)
        if old is not None and new is None:
            numbers.pop(bisect_left(numbers, number))


_WRITE: Final = (
    "insert into records (kind, key, body) values (?, ?, ?) "
    "on conflict (kind, key) do update set body = excluded.body"
)


def _row(table: str, key: Key, record: Record) -> tuple[str, str, str]:
    return table, json_text.write(key).decode(), json_text.write(record).decode()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(path, check_same_thread=False)
        # A write-ahead log outlives the process's death; only a power cut could take the last
        # transactions with it, and never half of one.
        file.execute("pragma journal_mode=wal")
        file.execute("pragma synchronous=normal")
        file.execute(
            "create table if not exists records ("
            "row integer primary key, kind text not null, key text not null, body text not null, "
            "unique (kind, key))"
        )
        file.commit()
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"the sandbox's state {path} cannot be opened: {error}") from error
    return file
