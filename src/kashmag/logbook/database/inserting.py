"""Inserting what may be there already, in the words of each database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def put(connection: Connection, table: Table, key: dict[str, str], values: dict[str, str]) -> None:
    """Write `values` under a unique key, whether or not something stands there."""
    insert = _insert(connection, table).on_conflict_do_update(index_elements=list(key), set_=values)
    connection.execute(insert, {**key, **values})


def insert_new(connection: Connection, table: Table, values: Mapping[str, object]) -> int | None:
    """Insert a row; its sequence number, or None while there is one of the same unique key."""
    insert = _insert(connection, table).on_conflict_do_nothing()
    if connection.dialect.name == "postgresql":
        seq = connection.execute(insert.returning(table.c.seq), dict(values)).scalar()
        return None if seq is None else int(seq)
    placed = connection.execute(insert, dict(values))
    key = placed.inserted_primary_key if placed.rowcount == 1 else None
    return int(key[0]) if key else None


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
