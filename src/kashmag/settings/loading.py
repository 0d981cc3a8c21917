"""From file and environment to plain values: which file, which environment, layer over layer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from attrs import field, frozen

from kashmag import kashflow
from kashmag.errors import SettingsError
from kashmag.plans.cures import nearest
from kashmag.plans.policy import Policy
from kashmag.settings.environment import ENVIRONMENT, from_environment, variable_of
from kashmag.settings.places import FILE_NAME, default_logbook_url
from kashmag.settings.policy import read_policy, table_of_tables
from kashmag.settings.sections import (
    Sections,
    check_url,
    read_sections,
)
from kashmag.settings.shape import WRONG, Faults, Place, read_record, read_value, table

_TOP: Final = ("assumptions", "env", "policy", "rules", "secrets")


@frozen
class ReadSettings:
    """What file and environment say together about one environment."""

    env: str
    sections: Sections = field(kw_only=True, repr=False)
    logbook_url: str = field(kw_only=True, repr=False)
    policy: Policy = field(kw_only=True)
    assumptions: kashflow.Assumptions = field(kw_only=True)
    rules: tuple[str, ...] = field(kw_only=True)
    source: Path | None = field(kw_only=True)


def read_settings(path: Path | None, env: str | None, environ: Mapping[str, str]) -> ReadSettings:
    """Read the layers and lay them over each other: environment over secrets file over file.

    Raises:
        SettingsError: a sentence (a line) for each fault.
    """
    faults = Faults()
    source = _source(path)
    file = Place(str(source or FILE_NAME), faults=faults)
    told = table(_toml(source), file, _TOP) if source else {}
    environments = table_of_tables(told.get("env", {}), file / "env")
    name = _chosen(env or environ.get("KASHMAG_ENV") or "", environments, file)
    here = environments.get(name, {})
    sections = _merged(
        read_sections(here, file / f"env.{name}", secret_file=False),
        _secrets(told.get("secrets"), name, file, source),
        _variables(environ, faults),
    )
    policy = read_policy(
        {
            "policy": told.get("policy", {}),
            f"env.{name}.policy": here.get("policy", {}) if isinstance(here, Mapping) else {},
        },
        file,
    )
    assumptions = _assumptions(told, here, name, file)
    rules = read_value(tuple[str, ...], told.get("rules", []), file / "rules")
    if faults.sentences:
        raise SettingsError("\n".join(faults.sentences))
    return ReadSettings(
        name,
        sections=sections,
        logbook_url=str(
            sections.get("logbook", {}).get("url") or default_logbook_url(name, environ)
        ),
        policy=policy,
        assumptions=assumptions,
        rules=rules if rules is not WRONG and isinstance(rules, tuple) else (),
        source=source,
    )


def _assumptions(
    told: Mapping[str, object], here: object, env: str, file: Place
) -> kashflow.Assumptions:
    """What is believed of this account's KashFlow: the common table, the environment's over it."""
    own = here.get("assumptions", {}) if isinstance(here, Mapping) else {}
    read = kashflow.ASSUMED
    for path, one in (
        ("assumptions", told.get("assumptions", {})),
        (f"env.{env}.assumptions", own),
    ):
        read = read_record(kashflow.Assumptions, one, file / path, over=read) or read
    return read


def _source(path: Path | None) -> Path | None:
    if path is not None:
        return path
    here = Path(FILE_NAME)
    return here if here.is_file() else None


def _toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise SettingsError(
            f"the settings file {path} does not exist; `kashmag init` writes one"
        ) from error
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"the settings file {path} is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"the settings file {path} is not valid TOML: {error}") from error


def _chosen(asked: str, environments: Mapping[str, object], file: Place) -> str:
    if asked and environments and asked not in environments:
        raise SettingsError(f"{file.file}: env.{asked} is missing; {nearest(asked, environments)}")
    if asked:
        return asked
    if len(environments) > 1:
        names = ", ".join(environments)
        raise SettingsError(
            f"{file.file} has several environments ({names}): say which with --env or KASHMAG_ENV"
        )
    return next(iter(environments), "default")


def _secrets(told: object, env: str, file: Place, source: Path | None) -> Sections:
    if told is None or source is None:
        return {}
    if not isinstance(told, str):
        (file / "secrets").wrong("must be the path of a file, in quotes")
        return {}
    path = source.parent / Path(told).expanduser()
    own = Place(str(path), faults=file.faults)
    environments = table_of_tables(table(_toml(path), own, ("env",)).get("env", {}), own / "env")
    return read_sections(environments.get(env, {}), own / f"env.{env}", secret_file=True)


def _variables(environ: Mapping[str, str], faults: Faults) -> Sections:
    sections = from_environment(environ, faults)
    for section, values in sections.items():
        for key, value in values.items():
            place = Place(ENVIRONMENT, variable_of(section, key), faults=faults)
            check_url(section, key, place, str(value))
    return sections


def _merged(*layers: Sections) -> Sections:
    merged: Sections = {}
    for layer in layers:
        for section, values in layer.items():
            merged[section] = {**merged.get(section, {}), **values}
    return merged
