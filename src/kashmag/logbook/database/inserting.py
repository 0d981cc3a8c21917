"""Inserting what may be there already, in the words of each database."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def put(connection: Connection, table: Table, key: dict[str, str], values: dict[str, str]) -> None:
    """Write `values` under a unique key, whether or not something stands there."""
    insert = _replacing(connection.dialect.name, table, tuple(key), tuple(values))
    connection.execute(insert, {**key, **values})


def insert_new(connection: Connection, table: Table, values: Mapping[str, object]) -> int | None:
    """Insert a row; its sequence number, or None while there is one of the same unique key."""
    if connection.dialect.name == "postgresql":
        seq = connection.execute(_numbered(table), dict(values)).scalar()
        return None if seq is None else int(seq)
    placed = connection.execute(_unless_there(table), dict(values))
    key = placed.inserted_primary_key if placed.rowcount == 1 else None
    return int(key[0]) if key else None


# Statements are made once for each table, not for each row.


@cache
def _replacing(
    dialect: str, table: Table, key: tuple[str, ...], names: tuple[str, ...]
) -> postgresql.Insert | sqlite.Insert:
    if dialect == "postgresql":
        new = postgresql.insert(table)
        return new.on_conflict_do_update(
            index_elements=key, set_={name: new.excluded[name] for name in names}
        )
    added = sqlite.insert(table)
    return added.on_conflict_do_update(
        index_elements=key, set_={name: added.excluded[name] for name in names}
    )


@cache
def _numbered(table: Table) -> ReturningInsert[int]:
    return postgresql.insert(table).on_conflict_do_nothing().returning(table.c.seq)


@cache
def _unless_there(table: Table) -> sqlite.Insert:
    return sqlite.insert(table).on_conflict_do_nothing()
