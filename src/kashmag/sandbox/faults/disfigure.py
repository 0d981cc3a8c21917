"""Rewrite an answer as a bad day would: fields missing or new, rows twice or in disorder.

Pure: JSON in, JSON out, with the chance handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias

from kashmag.sandbox.faults.dialect import Dialect
from kashmag.sandbox.json_text import Json

Change: TypeAlias = Callable[[Json, Dialect, Random], Json]
NEW_FIELD: Final = "FieldThatCameLater"


def rows_of(value: Json, dialect: Dialect) -> list[Json] | None:
    """The rows of a page or of a bare array; None for a single record."""
    if isinstance(value, list):
        return value
    rows = value.get(dialect.rows) if isinstance(value, dict) else None
    return rows if isinstance(rows, list) and _looks_like_a_page(value) else None


def with_rows(value: Json, rows: list[Json], dialect: Dialect) -> Json:
    """The same page with other rows."""
    return {**value, dialect.rows: rows} if isinstance(value, dict) else rows


def drop_field(value: Json, dialect: Dialect, dice: Random) -> Json:
    """Leave out one optional field, the same one in every row."""
    records = _records(value, dialect)
    names = sorted({name for record in records for name in record if name in dialect.optional})
    if not names:
        return value
    name = dice.choice(names)
    return _each(value, dialect, lambda record: {k: v for k, v in record.items() if k != name})


def add_field(value: Json, dialect: Dialect, dice: Random) -> Json:
    """Add a field that no client has seen before."""
    new: Json = {"Value": dice.randrange(1000), "Nested": [None, "new"]}
    return _each(value, dialect, lambda record: {**record, NEW_FIELD: new})


def shuffle_rows(value: Json, dialect: Dialect, dice: Random) -> Json:
    """Put the rows of a page in another order."""
    rows = rows_of(value, dialect)
    if rows is None:
        return value
    return with_rows(value, dice.sample(rows, len(rows)), dialect)


def double_row(value: Json, dialect: Dialect, dice: Random) -> Json:
    """Let one row of the page stand twice."""
    rows = rows_of(value, dialect)
    if not rows:
        return value
    row = dice.choice(rows)
    place = dice.randrange(len(rows) + 1)
    return with_rows(value, [*rows[:place], row, *rows[place:]], dialect)


def poison_records(value: Json, dialect: Dialect, is_struck: Callable[[str], bool]) -> Json:
    """Spoil the records that are struck: their fields hold what no client can read."""

    def spoil(record: dict[str, Json]) -> dict[str, Json]:
        subject = record.get(dialect.identity)
        if subject is None or not is_struck(str(subject)):
            return record
        spoilt = {name: bad for name, bad in dialect.poison.items() if name in record}
        return {**record, **spoilt}

    return _each(value, dialect, spoil)


def _looks_like_a_page(value: Json) -> bool:
    # A single Magento order has `items` too; only a page counts or describes them.
    return isinstance(value, dict) and bool(
        {"MetaData", "total_count", "search_criteria"} & value.keys()
    )


def _records(value: Json, dialect: Dialect) -> list[dict[str, Json]]:
    rows = rows_of(value, dialect)
    return [row for row in ([value] if rows is None else rows) if isinstance(row, dict)]


def _each(
    value: Json, dialect: Dialect, change: Callable[[dict[str, Json]], dict[str, Json]]
) -> Json:
    rows = rows_of(value, dialect)
    if rows is None:
        return change(value) if isinstance(value, dict) else value
    changed: list[Json] = [change(row) if isinstance(row, dict) else row for row in rows]
    return with_rows(value, changed, dialect)
