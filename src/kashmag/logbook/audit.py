"""The audit trail: pure hashing and verifying. Where rows are kept: `database`.

The theory. Each writer (one process start) keeps a chain of its own, so that several processes
need not queue for one. A row's hash covers the hash of the row before it, the writer, the
position, the time, what happened, and the *digest* of the details: a salted hash, kept beside
them. Details can name people. To erase them, details and salt are deleted and the digest stays: the
chain still verifies, and without the salt nobody can guess the details back. The first row of a
chain is tied to the newest row of any other chain, so that a chain that is taken out whole is
missed; the last row is tied to the head that is kept apart, so that a cut-off tail is missed.
Erasing is told by a row of its own, so that details which vanished without one are missed too.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

# How far before the first row of a chain its anchor may stand; rows of other processes that were
# being written at the same time can lie between.
ANCHORS_REMEMBERED: Final = 10_000
# What a row says happened when details were erased.
ERASED: Final = "erased"


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


def verify(rows: Iterable[AuditRow], heads: Iterable[tuple[str, int, str]]) -> Iterator[AuditFault]:
    """Yield every fault of a trail, given in the order of its sequence; nothing when it is whole.

    `heads` are writer, last position, last hash. Memory grows with the writers, not the rows.
    """
    last: dict[str, AuditRow] = {}
    lately: deque[str] = deque(("",), maxlen=ANCHORS_REMEMBERED)
    blank: dict[str, AuditRow] = {}
    for row in rows:
        if row.what == ERASED:
            blank.pop(row.document, None)
        elif row.details is None:
            blank.setdefault(row.document, row)
        yield from _faults_of(row, last.get(row.writer))
        if row.writer not in last and row.previous not in lately:
            yield AuditFault(row.seq, row.writer, "what this chain was begun after is missing")
        lately.append(row.hash)
        last[row.writer] = row
    for row in blank.values():
        yield AuditFault(row.seq, row.writer, "details are missing that nobody has erased")
    yield from _head_faults(last, heads)


def _head_faults(
    last: Mapping[str, AuditRow], heads: Iterable[tuple[str, int, str]]
) -> Iterator[AuditFault]:
    told = {writer: (position, hash_) for writer, position, hash_ in heads}
    for writer, (position, hash_) in told.items():
        row = last.get(writer)
        if row is None or (row.position, row.hash) != (position, hash_):
            yield AuditFault(row.seq if row else 0, writer, "the end of the chain is missing")
    for writer, row in last.items():
        if writer not in told:
            yield AuditFault(row.seq, writer, "the head of the chain is missing")


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
