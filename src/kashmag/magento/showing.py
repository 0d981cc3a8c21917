"""How records of this room show themselves: what they say, not what they leave out."""

from __future__ import annotations

import attrs


def shown(record: attrs.AttrsInstance) -> str:
    """A repr without the fields that say nothing (an order has 137) and without secrets."""
    said = ((one.name, getattr(record, one.name)) for one in attrs.fields(type(record)) if one.repr)
    told = ", ".join(f"{name}={value!r}" for name, value in said if value not in (None, (), {}))
    return f"{type(record).__name__}({told})"


def missing(record: attrs.AttrsInstance) -> tuple[str, ...]:
    """The names of the fields of a record that the shop did not serve, or served as null."""
    return tuple(
        one.name for one in attrs.fields(type(record)) if getattr(record, one.name) in (None, ())
    )
