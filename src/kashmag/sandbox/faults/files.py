"""The schedule file: which faults, when, how often, in TOML.

seed = 7

[[fault]]
kind = "cut_after"            # a kind, or the name of a bad day with no further keys
method = "POST"               # or "POST|PUT"; absent: any
path = "/v2/invoices*"        # a glob; absent: any
every = 3                     # or probability = 0.1; absent: each matching request
from = 1                      # counts of matching requests
until = 100
times = 2                     # at most
seconds = 0.5                 # how slow, how late, how skewed
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kashmag.errors import SettingsError
from kashmag.sandbox.faults.days import BAD_DAYS
from kashmag.sandbox.faults.rules import Kind, Rule, Schedule

_NAMES: Final[Mapping[str, str]] = {
    "method": "method",
    "path": "path",
    "every": "every",
    "probability": "probability",
    "from": "first",
    "until": "last",
    "times": "times",
    "seconds": "seconds",
}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "method": (str,),
    "path": (str,),
    "every": (int,),
    "probability": (int, float),
    "from": (int,),
    "until": (int,),
    "times": (int,),
    "seconds": (int, float),
}


def read_schedule(path: Path) -> Schedule:
    """Read a schedule file.

    Raises:
        SettingsError: the file is missing, is not TOML, or says something impossible.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"fault schedule {path} cannot be read: {error}") from error
    unknown = sorted(set(document) - {"seed", "fault"})
    if unknown:
        raise SettingsError(f"fault schedule {path}: unknown key {unknown[0]!r}")
    seed = document.get("seed", 0)
    tables = document.get("fault", [])
    if type(seed) is not int or not isinstance(tables, list):
        raise SettingsError(f"fault schedule {path}: seed is a number, fault a list of tables")
    rules = tuple(rule for table in tables for rule in _rules(table, path))
    return Schedule(rules, seed)


def _rules(table: object, path: Path) -> tuple[Rule, ...]:
    if not isinstance(table, dict) or not isinstance(table.get("kind"), str):
        raise SettingsError(f"fault schedule {path}: each [[fault]] needs a kind")
    keys = {name: value for name, value in table.items() if name != "kind"}
    kind: str = table["kind"]
    if not keys and kind in BAD_DAYS:
        return BAD_DAYS[kind]
    for name, value in keys.items():
        if name not in _TYPES:
            raise SettingsError(f"fault schedule {path}: unknown key {name!r} in {kind}")
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            raise SettingsError(f"fault schedule {path}: {name} in {kind} cannot be {value!r}")
    return (Rule(_kind(kind, path), **{_NAMES[name]: value for name, value in keys.items()}),)


def _kind(name: str, path: Path) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        known = ", ".join(kind.value for kind in Kind)
        raise SettingsError(
            f"fault schedule {path}: unknown kind {name!r}; known: {known}"
        ) from None
