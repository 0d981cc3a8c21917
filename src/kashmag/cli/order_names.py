"""Orders and documents as they are named on the command line."""

from __future__ import annotations

from attrs import frozen

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
    def parse_document(cls, text: str) -> OrderName:
        """Read a DOCUMENT: as an ORDER, as `customer:7`, or a key of the logbook: `M:order:12`."""
        is_named = text.count(":") > 1 or text.startswith("customer:")
        return cls(text) if is_named else cls.parse(text)
