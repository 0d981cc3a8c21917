"""Find what other processes have done of one kind lately, without reading every entry."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("entries_by_kind", "entries", ["kind", "changed_at"])
