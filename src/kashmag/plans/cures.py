"""Changes of settings that would cure a problem, as TOML that the settings loader accepts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final


def cure(table: str, /, **lines: object) -> str:
    """The change of settings that sets these keys of a table, as TOML."""
    told = "".join(f"{_key(name)} = {value}\n" for name, value in lines.items())
    return f"[{table}]\n{told}"


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


OPEN_DAY: Final = cure("policy", closed_period='"first_open_day"')
ACCOUNT_NUMBERS: Final = cure("policy", numbering='"account"')
_POST: Final = '{ action = "post", method = 1, bank_account = 1 }'
POSTING: Final = f'{_POST}   # or "match", or "leave"'
POSTING_CREDIT: Final = f'{_POST}   # or "leave"'


def joined(changes: Iterable[str]) -> str:
    """Several changes as one: each table once, each key of it once; the first value stays."""
    tables: dict[str, dict[str, str]] = {}
    header = ""
    for line in (line for change in changes for line in change.splitlines()):
        if line.startswith("["):
            header = line
        elif line:
            tables.setdefault(header, {}).setdefault(line.partition(" = ")[0], line)
    return "\n".join("\n".join((header, *lines.values(), "")) for header, lines in tables.items())
