"""The composition root: from settings to clients, hooks, logbook and engine.

The only module that sees all settings. Plugins come from the entry-point group `kashmag`, from the
settings (`rules = ["./our_rules.py"]`), and from the caller; the later ones are asked first.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from kashmag.errors import KashmagError, PluginError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.settings import Settings


def assemble_hooks(settings: Settings, plugins: Iterable[object] = ()) -> Hooks:
    """All hooks of these settings.

    Raises:
        SettingsError: a rule file or module that the settings name does not exist.
        PluginError: a plugin cannot be loaded, or breaks its contract.
    """
    rules = [_load_rule(rule, settings) for rule in settings.rules]
    return Hooks([*rules, *plugins], discover=True)


def _load_rule(rule: str, settings: Settings) -> ModuleType:
    try:
        if rule.endswith(".py"):
            return _load_file(rule, settings.source)
        return importlib.import_module(rule)
    except KashmagError:
        raise
    except ModuleNotFoundError as error:
        if error.name == rule:
            raise SettingsError(f"rules names the module {rule}, which is not installed") from error
        raise PluginError(f"the rules in {rule} cannot be loaded: {error}") from error
    except Exception as error:
        what = " ".join(str(error).split())
        raise PluginError(
            f"the rules in {rule} cannot be loaded: {type(error).__name__}: {what}"
        ) from error


def _load_file(rule: str, source: Path | None) -> ModuleType:
    path = ((source.parent if source else Path()) / Path(rule).expanduser()).resolve()
    if not path.is_file():
        raise SettingsError(f"rules names the file {rule}, but {path} does not exist")
    # Its own name, so that two files of one name in two folders do not meet.
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
