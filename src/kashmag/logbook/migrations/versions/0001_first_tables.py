"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HAPPENING = "state IN ('sent', 'unknown', 'disputed') OR (state = 'done' AND adopted = false)"


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "memory", sa.Column("name", sa.Text, primary_key=True), *_texts("value", "changed_at")
    )
    op.create_table(
        "claims",
        _seq(),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        *_texts("owner", "boot"),
        sa.Column("until", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "documents",
        _seq(),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *_texts("kind", "number", "entity_id", "store_id", "order_key", "revision"),
        *_texts("outcome", "reason"),
        _text("codes", "[]"),
        _text("problems", "[]"),
        *_texts("run", "first_read_at", "finished_at"),
    )
    op.create_index("documents_by_number", "documents", ["number"])
    op.create_index("documents_by_outcome", "documents", ["outcome", "seq"])
    op.create_index("documents_by_order", "documents", ["order_key"])
    op.create_table(
        "plans",
        _seq(),
        *_texts("document", "digest", "content", "state", "reason", "opened_at", "closed_at"),
    )
    _unique_where("plans_open", "plans", "document", where="state = 'open'")
    op.create_index("plans_by_document", "plans", ["document"])
    op.create_table(
        "entries",
        _seq(),
        _text("key"),
        sa.Column("plan", sa.Integer, sa.ForeignKey("plans.seq"), nullable=False),
        _text("document"),
        sa.Column("position", sa.Integer, nullable=False),
        *_texts("kind", "reference", "fingerprint", "state", "number"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        *_texts("message", "code", "owner", "sent_boot"),
        sa.Column("sent_seconds", sa.Float, nullable=True),
        *_texts("sent_at", "changed_at"),
        sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("adopted", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.UniqueConstraint("plan", "position"),
    )
    _unique_where("entries_happening", "entries", "key", where=HAPPENING)
    op.create_index("entries_by_key", "entries", ["key"])
    op.create_index("entries_by_reference", "entries", ["reference"])
    op.create_index("entries_by_state", "entries", ["state", "seq"])
    op.create_index("entries_by_document", "entries", ["document"])
    op.create_table(
        "bindings",
        _seq(),
        sa.Column("source", sa.Text, nullable=False, unique=True),
        *_texts("kind", "target", "document"),
        sa.Column("adopted", sa.Boolean, nullable=False, server_default=sa.text("false")),
        _text("bound_at"),
        sa.UniqueConstraint("kind", "target"),
    )
    op.create_index("bindings_by_document", "bindings", ["document"])
    op.create_table("decisions", _seq(), *_texts("document", "verb", "reason", "who", "key", "at"))
    op.create_index("decisions_by_document", "decisions", ["document"])
    op.create_table(
        "audit",
        _seq(),
        _text("writer"),
        sa.Column("position", sa.Integer, nullable=False),
        *_texts("at", "what", "document"),
        sa.Column("details", sa.Text, nullable=True),
        sa.Column("salt", sa.Text, nullable=True),
        *_texts("digest", "previous", "hash"),
        sa.UniqueConstraint("writer", "position"),
    )
    op.create_index("audit_by_document", "audit", ["document"])
    op.create_table(
        "audit_heads",
        sa.Column("writer", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        _text("hash"),
    )


def _unique_where(name: str, table: str, column: str, *, where: str) -> None:
    op.create_index(
        name, table, [column], unique=True,
        sqlite_where=sa.text(where), postgresql_where=sa.text(where),
    )  # fmt: skip
