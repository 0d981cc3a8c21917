"""Secrets: values that never print, and where they may come from.

A secret stands in the environment, in a file of its own, or behind a resolver: `file://PATH`,
`script://COMMAND` or `op://VAULT/ITEM/FIELD` (1Password). A resolver is asked when the secret is
used, not when the settings are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attrs import field, frozen

from kashmag.errors import SettingsError

MASK: Final = "********"
_URL_PASSWORD: Final = re.compile(r"(?<=://)([^/@:]*):([^/@]*)@")


@frozen
class Secret:
    """A value that its owner alone may see: `repr` and `str` show a mask."""

    _source: str = field(repr=False)
    name: str = field(default="secret", kw_only=True)

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def reveal(self) -> str:
        """The value itself, from its resolver where it has one.

        Raises:
            SettingsError: the resolver has no answer.
        """
        for scheme, resolve in _RESOLVERS.items():
            if self._source.startswith(scheme):
                return resolve(self._source.removeprefix(scheme), self.name)
        return self._source


def without_password(url: str) -> str:
    """A URL that may be shown."""
    return _URL_PASSWORD.sub(rf"\1:{MASK}@", url)


def is_resolver(text: str) -> bool:
    """Tell whether this names where a secret is, rather than being one."""
    return text.startswith(tuple(_RESOLVERS))


def _from_file(path: str, name: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsError(f"{name}: the file {path} cannot be read ({reason})") from error


def _from_script(command: str, name: str) -> str:
    from typed_settings.processors import handle_script

    try:
        return handle_script(command, "script://")
    except ValueError:
        # The script's output may hold the secret: it is not repeated, nor chained.
        raise SettingsError(f"{name}: the command behind script:// failed") from None


def _from_1password(item: str, name: str) -> str:
    from typed_settings.processors import handle_op

    try:
        return handle_op(item, "op://")
    except (ValueError, OSError):
        raise SettingsError(f"{name}: 1Password has no answer for op://{item}") from None


_RESOLVERS: Final[dict[str, Callable[[str, str], str]]] = {
    "file://": _from_file,
    "script://": _from_script,
    "op://": _from_1password,
}
