"""The audit trail: pure hashing and verifying. Where rows are kept: `database`.

The theory. Each writer (one process start) keeps a chain of its own, so that several processes
need not queue for one. A row's hash covers the hash of the row before it, the writer, the
position, the time, what happened, and the *digest* of the details: a salted hash, kept beside
them. Details can name people. To erase them, details and salt are deleted and the digest stays: the
chain still verifies, and without the salt nobody can guess the details back. The last row of a
chain is tied to its head, which is kept apart, so that a cut-off tail is missed. The first row of a
chain names the heads of all chains that have moved since they were last named, usually one: a chain
that is taken out whole, or cut off together with its head, is missed as soon as a later one has
begun. Erasing is told by a row of its own, so that details which vanished without one are missed.

What is newer than the last naming can be cut off with its head and leaves no trace here: only a
witness elsewhere finds that. `Examined.digest` is one: it runs over the hashes of all rows, so that
a digest which was written down once must be met again on the way through any later trail.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from attrs import define, field, frozen

from kashmag.rest.codec import Json, loads

# How far before the first row of a chain its anchor may stand; rows of other processes that were
# being written at the same time can lie between.
ANCHORS_REMEMBERED: Final = 10_000
# What a row says happened when details were erased.
ERASED: Final = "erased"
# What the first row of a chain says, and under which name its details have the heads before it.
# It is about no document, so that its details are never erased.
BEGUN: Final = "begun"
AFTER: Final = "after"


@frozen
class AuditRow:
    """One thing that happened; `details` is JSON text, None once it has been erased."""

    seq: int
    writer: str
    position: int
    at: str = field(kw_only=True)
    what: str = field(kw_only=True)
    document: str = field(kw_only=True)
    details: str | None = field(kw_only=True)
    salt: str | None = field(kw_only=True)
    digest: str = field(kw_only=True)
    previous: str = field(kw_only=True)
    hash: str = field(kw_only=True)


@frozen
class Head:
    """The end of a chain; `is_named` tells that a later chain has named it as it stands."""

    writer: str
    position: int
    hash: str
    is_named: bool = field(default=False, kw_only=True)


@frozen
class AuditFault:
    """A place where the trail is not what was written."""

    seq: int
    writer: str
    message: str


def digest_of(details: str, salt: str) -> str:
    """The salted digest that stands for the details in the chain."""
    return hashlib.sha256(f"{salt}\n{details}".encode()).hexdigest()


def hash_of(row: AuditRow) -> str:
    """What a row's hash must be."""
    parts = (
        row.previous, row.writer, str(row.position), row.at, row.what, row.document, row.digest,
    )  # fmt: skip
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


@frozen
class Examined:
    """A trail that was gone through: its faults, how many rows it has, and the digest of them."""

    faults: tuple[AuditFault, ...]
    rows: int = field(kw_only=True)
    digest: str = field(kw_only=True)


def naming(heads: Iterable[Head]) -> dict[str, Json]:
    """The details of a row that names these heads."""
    return {AFTER: [[one.writer, one.position, one.hash] for one in heads]}


def examine(
    rows: Iterable[AuditRow],
    heads: Iterable[Head],
    *,
    expected: str = "",
    settled: int | None = None,
) -> Examined:
    """Go through a trail, given in the order of its sequence; there are no faults when it is whole.

    `expected` is a digest that was told of this trail before. The digest is over the rows up to
    `settled` in sequence, before which no row can appear any more; None: over all. Memory grows
    with the writers, not the rows.
    """
    seen = _Seen()
    faults: list[AuditFault] = []
    digest, count, is_met = hashlib.sha256().hexdigest(), 0, not expected
    is_met = is_met or digest == expected
    for row in rows:
        faults += seen.faults_of(row)
        if settled is None or row.seq <= settled:
            digest, count = hashlib.sha256(f"{digest}{row.hash}".encode()).hexdigest(), count + 1
            is_met = is_met or digest == expected
    faults += seen.left(heads)
    if not is_met:
        said = "the digest that was written down is that of no earlier state of this trail"
        faults.append(AuditFault(0, "", said))
    return Examined(tuple(faults), rows=count, digest=digest)


@define
class _Seen:
    """What is known of a trail on the way through it."""

    last: dict[str, AuditRow] = field(factory=dict)
    named: dict[str, tuple[int, str]] = field(factory=dict)
    lately: deque[str] = field(factory=lambda: deque(("",), maxlen=ANCHORS_REMEMBERED))
    blank: dict[str, AuditRow] = field(factory=dict)

    def faults_of(self, row: AuditRow) -> Iterator[AuditFault]:
        """Every fault of the next row."""
        if row.what == ERASED:
            self.blank.pop(row.document, None)
        elif row.details is None:
            self.blank.setdefault(row.document, row)
        yield from _faults_of(row, self.last.get(row.writer))
        if row.writer not in self.last:
            yield from self._before(row)
        self.lately.append(row.hash)
        self.last[row.writer] = row

    def left(self, heads: Iterable[Head]) -> Iterator[AuditFault]:
        """Every fault that shows at the end."""
        for row in self.blank.values():
            yield AuditFault(row.seq, row.writer, "details are missing that nobody has erased")
        told = {one.writer: one for one in heads}
        for writer, head in told.items():
            yield from _head_faults(head, self.last.get(writer), self.named.get(writer))
        for writer, row in self.last.items():
            if writer not in told:
                yield AuditFault(row.seq, writer, "the head of the chain is missing")

    def _before(self, row: AuditRow) -> Iterator[AuditFault]:
        """What is missing of that which a chain was begun after; `row` is its first."""
        if row.what != BEGUN:  # written before chains named others: one row stands for all
            if row.previous not in self.lately:
                yield AuditFault(row.seq, row.writer, "what this chain was begun after is missing")
            return
        for writer, position, hash_ in _named_in(row):
            self.named[writer] = (position, hash_)
            last = self.last.get(writer)
            if last is None or (last.position, last.hash) != (position, hash_):
                said = f"what this chain was begun after is missing: row {position} of {writer}"
                yield AuditFault(row.seq, row.writer, said)


def _named_in(row: AuditRow) -> Iterator[tuple[str, int, str]]:
    try:
        told = loads(row.details) if row.details else {}
    except ValueError:
        return  # its digest says that it was altered
    named = told.get(AFTER) if isinstance(told, Mapping) else None
    for one in named if isinstance(named, list) else ():
        if isinstance(one, list) and len(one) == len(("writer", "position", "hash")):
            writer, position, hash_ = cast("Sequence[Json]", one)
            yield str(writer), cast("int", position), str(hash_)


def _head_faults(
    head: Head, row: AuditRow | None, named: tuple[int, str] | None
) -> Iterator[AuditFault]:
    if row is None or (row.position, row.hash) != (head.position, head.hash):
        yield AuditFault(row.seq if row else 0, head.writer, "the end of the chain is missing")
    elif head.is_named and named != (head.position, head.hash):
        yield AuditFault(row.seq, head.writer, "no later chain names this one, as it should")


def _faults_of(row: AuditRow, before: AuditRow | None) -> Iterator[AuditFault]:
    if row.hash != hash_of(row):
        yield AuditFault(row.seq, row.writer, "the row was altered")
    if row.details is not None and (
        row.salt is None or digest_of(row.details, row.salt) != row.digest
    ):
        yield AuditFault(row.seq, row.writer, "the details were altered")
    if before is None:
        if row.position != 1:
            yield AuditFault(row.seq, row.writer, "the beginning of the chain is missing")
    elif row.position != before.position + 1 or row.previous != before.hash:
        yield AuditFault(row.seq, row.writer, "a row before this one is missing or was replaced")
