"""The tables of the logbook, for SQLite and PostgreSQL alike.

Order is always by `seq`, an integer that grows; times are texts for people, in UTC. Changed only
together with a migration: `kashmag.logbook.migrations`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

# The newest migration; a logbook with any other is migrated, or refused when it is unknown.
HEAD: Final = "0003"
VERSION_TABLE: Final = "kashmag_version"

# A deed may be planned by several, but only one entry a key may be on its way or have done it.
HAPPENING: Final = (
    "state IN ('sent', 'unknown', 'disputed') OR (state = 'done' AND adopted = false)"
)
# Heads of chains that no later chain has named as they stand.
UNNAMED: Final = "named = false"

metadata: Final = MetaData()


def _seq() -> Column[int]:
    return Column("seq", Integer, primary_key=True, autoincrement=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


memory: Final = Table(
    "memory",
    metadata,
    Column("name", Text, primary_key=True),
    _text("value"),
    _text("changed_at"),
)

claims: Final = Table(
    "claims",
    metadata,
    _seq(),  # the fencing token: grows and is never used twice
    Column("name", Text, nullable=False, unique=True),
    _text("owner"),
    _text("boot"),
    Column("until", Float, nullable=False),
    sqlite_autoincrement=True,
)

documents: Final = Table(
    "documents",
    metadata,
    _seq(),
    Column("key", Text, nullable=False, unique=True),
    _text("kind"),
    _text("number"),
    _text("entity_id"),
    _text("store_id"),
    _text("order_key"),
    _text("revision"),
    _text("outcome"),
    _text("reason"),
    _text("codes", "[]"),
    _text("problems", "[]"),
    _text("run"),
    _text("first_read_at"),
    _text("finished_at"),
    Index("documents_by_number", "number"),
    Index("documents_by_outcome", "outcome", "seq"),
    Index("documents_by_order", "order_key"),
)

plans: Final = Table(
    "plans",
    metadata,
    _seq(),
    _text("document"),
    _text("digest"),
    _text("content"),
    _text("state"),
    _text("reason"),
    _text("opened_at"),
    _text("closed_at"),
    Index(
        "plans_open",
        "document",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("plans_by_document", "document"),
)

entries: Final = Table(
    "entries",
    metadata,
    _seq(),
    _text("key"),
    Column("plan", Integer, ForeignKey("plans.seq"), nullable=False),
    _text("document"),
    Column("position", Integer, nullable=False),
    _text("kind"),
    _text("reference"),
    _text("fingerprint"),
    _text("state"),
    _text("number"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("message"),
    _text("code"),
    _text("owner"),
    _text("sent_boot"),
    Column("sent_seconds", Float, nullable=True),
    _text("sent_at"),
    _text("changed_at"),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    Column("adopted", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("plan", "position"),
    # Two orders of one new buyer both plan the buyer's account: one of them makes it.
    Index(
        "entries_happening",
        "key",
        unique=True,
        sqlite_where=text(HAPPENING),
        postgresql_where=text(HAPPENING),
    ),
    Index("entries_by_key", "key"),
    Index("entries_by_reference", "reference"),
    Index("entries_by_state", "state", "seq"),
    Index("entries_by_document", "document"),
    Index("entries_by_kind", "kind", "changed_at"),
)

bindings: Final = Table(
    "bindings",
    metadata,
    _seq(),
    Column("source", Text, nullable=False, unique=True),
    _text("kind"),
    _text("target"),
    _text("document"),
    Column("adopted", Boolean, nullable=False, server_default=text("false")),
    _text("bound_at"),
    UniqueConstraint("kind", "target"),
    Index("bindings_by_document", "document"),
)

decisions: Final = Table(
    "decisions",
    metadata,
    _seq(),
    _text("document"),
    _text("verb"),
    _text("reason"),
    _text("who"),
    _text("key"),
    _text("at"),
    Index("decisions_by_document", "document"),
)

audit: Final = Table(
    "audit",
    metadata,
    _seq(),
    _text("writer"),
    Column("position", Integer, nullable=False),
    _text("at"),
    _text("what"),
    _text("document"),
    Column("details", Text, nullable=True),
    Column("salt", Text, nullable=True),
    _text("digest"),
    _text("previous"),
    _text("hash"),
    UniqueConstraint("writer", "position"),
    Index("audit_by_document", "document"),
)

audit_heads: Final = Table(
    "audit_heads",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    _text("hash"),
    Column("named", Boolean, nullable=False, server_default=text("false")),
    Index(
        "audit_heads_unnamed",
        "writer",
        sqlite_where=text(UNNAMED),
        postgresql_where=text(UNNAMED),
    ),
)
