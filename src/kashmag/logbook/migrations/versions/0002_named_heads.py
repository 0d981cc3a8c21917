"""Which heads of the audit trail a later chain has named: none yet, so the next one names all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNNAMED = "named = false"


def upgrade() -> None:
    """Add the mark, and find those without it fast."""
    op.add_column(
        "audit_heads",
        sa.Column("named", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )
    op.create_index(
        "audit_heads_unnamed",
        "audit_heads",
        ["writer"],
        sqlite_where=sa.text(UNNAMED),
        postgresql_where=sa.text(UNNAMED),
    )
