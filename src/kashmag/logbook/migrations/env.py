"""How Alembic is started here: on a connection that the opener has, inside its transaction."""

from __future__ import annotations

from alembic import context

from kashmag.logbook.database.tables import VERSION_TABLE, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=False,  # the opener's transaction is around all of it
)
context.run_migrations()
