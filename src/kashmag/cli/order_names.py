"""Orders and documents as they are named on the command line."""

from __future__ import annotations

from attrs import frozen

from kashmag.engine.naming import KINDS
from kashmag.errors import SettingsError


@frozen
class OrderName:
    """An order as it is named on the command line: `000000042`, or `eu:000000042`."""

    number: str
    store: str | None = None

    @classmethod
    def parse(cls, text: str) -> OrderName:
        """Read an ORDER; SettingsError when it is none."""
        store, colon, number = text.rpartition(":")
        if not number.strip() or (colon and not store.strip()):
            raise SettingsError(
                f'"{text}" is no order: give its number, with STORE: before it if it is ambiguous'
            )
        return cls(number.strip(), store.strip() or None)

    @classmethod
    def parse_order(cls, text: str) -> OrderName:
        """Read an ORDER where nothing but orders can be chosen."""
        kind = KINDS.get(text.partition(":")[0], "")
        if kind and kind != "order":
            raise SettingsError(
                f"{text} is no order: name the order that it belongs to, or leave the name out"
            )
        return cls.parse(text.removeprefix("order:"))

    @classmethod
    def parse_document(cls, text: str) -> OrderName:
        """Read a DOCUMENT: as an ORDER, with its kind before it, or a key of the logbook.

        So `000000042`, `eu:000000042`, `memo:000000042`, `customer:7` and `M:order:12`.
        """
        kind, colon, rest = text.partition(":")
        if colon and kind in KINDS:
            name = cls.parse(rest)
            return cls(f"{KINDS[kind]}:{name.number}", name.store)
        return cls(text) if text.count(":") > 1 else cls.parse(text)
