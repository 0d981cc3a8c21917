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

from attrs import field, frozen

from kashmag import kashflow, magento
from kashmag.errors import KashmagError, PluginError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.rest.authentication import Authentication
from kashmag.rest.clock import Clock
from kashmag.rest.transport import Transport
from kashmag.settings import MagentoSettings, Secret, Settings


@frozen
class Parts:
    """What may stand in the place of a usual part: for tests, and for applications around us."""

    magento_transport: Transport | None = None
    kashflow_transport: Transport | None = field(default=None, kw_only=True)
    clock: Clock = field(factory=Clock, kw_only=True)


PARTS = Parts()


def assemble_hooks(settings: Settings, plugins: Iterable[object] = ()) -> Hooks:
    """All hooks of these settings.

    Raises:
        SettingsError: a rule file or module that the settings name does not exist.
        PluginError: a plugin cannot be loaded, or breaks its contract.
    """
    rules = [_load_rule(rule, settings) for rule in settings.rules]
    return Hooks([*rules, *plugins], discover=True)


def assemble_shop(settings: Settings, parts: Parts = PARTS) -> magento.Client:
    """The client of the shop.

    Raises:
        SettingsError: its address or a key is missing, or a secret's resolver has no answer.
    """
    settings.require_connections()
    return magento.Client(
        settings.magento.url,
        auth=_shop_keys(settings.magento, parts.clock),
        store=settings.magento.store or None,
        transport=parts.magento_transport,
        clock=parts.clock,
    )


def assemble_books(settings: Settings, parts: Parts = PARTS) -> kashflow.Client:
    """The client of the accounts.

    Raises:
        SettingsError: a key is missing, or a secret's resolver has no answer.
    """
    settings.require_connections()
    told = settings.kashflow
    auth = kashflow.SignIn(told.username, _open(told.password), _open(told.memorable_word))
    return kashflow.Client(
        told.url, auth=auth, transport=parts.kashflow_transport, clock=parts.clock
    )


def _shop_keys(told: MagentoSettings, clock: Clock) -> Authentication:
    if not told.is_oauth:
        return magento.Bearer(_open(told.access_token))
    return magento.OAuth1(
        consumer_key=_open(told.consumer_key),
        consumer_secret=_open(told.consumer_secret),
        access_token=_open(told.access_token),
        access_token_secret=_open(told.access_token_secret),
        now=clock.now,
    )


def _open(secret: Secret | None) -> str:
    return secret.reveal() if secret else ""


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
