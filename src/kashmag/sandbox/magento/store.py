"""Where the shop keeps its documents: in memory, pre-encoded, and written through to SQLite.

A change is durable once `commit` has returned, which happens before the answer leaves. What the
documents mean lives elsewhere.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kashmag.sandbox.magento.documents import Document, decode, encode

Key = int | str

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS document (
    place INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, name)
)
"""
_WRITE: Final = """
INSERT INTO document (kind, name, body) VALUES (?, ?, ?)
ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body
"""


class Shelf:
    """All documents of one kind, in the order of their arrival."""

    def __init__(self, kind: str, changed: dict[tuple[str, Key], None]) -> None:
        self.kind = kind
        self._documents: dict[Key, Document] = {}
        self._texts: dict[Key, str] = {}
        self._changed = changed
        self._highest = 0

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._documents)

    def __contains__(self, key: Key) -> bool:
        """Whether there is a document under this key."""
        return key in self._documents

    def __iter__(self) -> Iterator[Document]:
        """Every document, oldest first; not to be changed without `put`."""
        return iter(self._documents.values())

    def entries(self) -> Iterator[tuple[Key, Document]]:
        """Every key with its document, oldest first."""
        return iter(self._documents.items())

    def get(self, key: Key) -> Document | None:
        """The document under this key, if there is one."""
        return self._documents.get(key)

    def put(self, key: Key, document: Document) -> None:
        """Keep a document, new or changed."""
        self.restore(key, document)
        self._texts.pop(key, None)
        self._changed[self.kind, key] = None

    def remove(self, key: Key) -> None:
        """Forget a document."""
        self._documents.pop(key, None)
        self._texts.pop(key, None)
        self._changed[self.kind, key] = None

    def text(self, key: Key) -> str:
        """The document as JSON, encoded once for each state of it."""
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = encode(self._documents[key])
        return found

    def next_id(self) -> int:
        """One more than the highest number that was ever in use."""
        return self._highest + 1

    def restore(self, key: Key, document: Document) -> None:
        """Take back a document read from the file."""
        self._documents[key] = document
        if isinstance(key, int) and key > self._highest:
            self._highest = key


class Store:
    """Shelves by kind, with an optional file behind them."""

    def __init__(self, path: Path | None = None) -> None:
        self._changed: dict[tuple[str, Key], None] = {}
        self._shelves: dict[str, Shelf] = {}
        self._file = None if path is None else _open(path)
        if self._file is not None:
            for kind, name, body in self._file.execute(
                "SELECT kind, name, body FROM document ORDER BY place"
            ):
                self.shelf(kind).restore(json.loads(name), decode(body))

    def shelf(self, kind: str) -> Shelf:
        """The shelf for a kind of document, made when first asked for."""
        found = self._shelves.get(kind)
        if found is None:
            found = self._shelves[kind] = Shelf(kind, self._changed)
        return found

    def commit(self) -> None:
        """Write what has changed to the file, in one transaction."""
        if not self._changed:
            return
        if self._file is not None:
            with self._file:
                for kind, key in self._changed:
                    self._write(kind, key)
        self._changed.clear()

    def close(self) -> None:
        """Write what has changed and let go of the file."""
        self.commit()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, kind: str, key: Key) -> None:
        assert self._file is not None
        name = json.dumps(key)
        if key in self._shelves[kind]:
            self._file.execute(_WRITE, (kind, name, self._shelves[kind].text(key)))
        else:
            self._file.execute("DELETE FROM document WHERE kind = ? AND name = ?", (kind, name))


def _open(path: Path) -> sqlite3.Connection:
    """Open the file for one writing process, in a mode that survives the death of that process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, check_same_thread=False, timeout=30)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    with file:
        file.execute(_SCHEMA)
    return file
