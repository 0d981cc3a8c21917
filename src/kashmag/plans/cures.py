"""Changes of settings that would cure a problem, as TOML that the settings loader accepts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
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
# No account has a nominal, a method or a bank account 0: pasted unread, it is refused by name
# before anything is read, and no money goes anywhere by a guess.
TO_BE_NAMED: Final = 0
NOMINAL: Final = f"{TO_BE_NAMED}   # name a nominal of your account instead of 0"
POST: Final = f'{{ action = "post", method = {TO_BE_NAMED}, bank_account = {TO_BE_NAMED} }}'


def posting(bank_accounts: Mapping[int, str], *, others: str = 'or "match", or "leave"') -> str:
    """A row of the payment table that posts, with what has to be named, and what there is."""
    known = ", ".join(f"{one} {' '.join(told.split())}" for one, told in bank_accounts.items())
    there = f" (bank accounts: {known})" if known else ""
    return f"{POST}   # name ids of your account instead of 0{there}; {others}"


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean "order"?`, or what there is when nothing is near."""
    choices = [str(one) for one in known]
    by_case = {one.lower(): one for one in choices}
    near = difflib.get_close_matches(word.lower(), by_case, n=1, cutoff=0.5)
    if near:
        return f'did you mean "{by_case[near[0]]}"?'
    return f"known: {', '.join(sorted(choices))}" if choices else "nothing may stand here"


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
