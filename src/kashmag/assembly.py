"""The composition root: from settings to clients, hooks, logbook and engine.

The only module that sees all settings. Plugins come from the entry-point group `kashmag`, from the
settings (`rules = ["./our_rules.py"]`), and from the caller; the later ones are asked first.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from kashmag import kashflow, magento
from kashmag.engine.alerts import EmailAlerts, LogAlerts, WebhookAlerts
from kashmag.engine.engine import Engine
from kashmag.engine.options import EngineOptions
from kashmag.errors import KashmagError, LogbookError, PluginError, SettingsError
from kashmag.hooks.hooks import Hooks
from kashmag.logbook import Logbook
from kashmag.logbook.documents import Belonging
from kashmag.rest.authentication import Authentication
from kashmag.rest.clock import Clock
from kashmag.rest.options import Options
from kashmag.rest.retry import RetryPolicy
from kashmag.rest.transport import Transport
from kashmag.settings import MagentoSettings, Secret, Settings
from kashmag.settings.connections import MailSecurity


@frozen
class Parts:
    """What may stand in the place of a usual part: for tests, and for applications around us.

    `belonging` is what the logbook is bound to; without it, the two addresses and the environment.
    `retry` is how both clients repeat what failed; without it, each as it usually does.
    """

    magento_transport: Transport | None = None
    kashflow_transport: Transport | None = field(default=None, kw_only=True)
    clock: Clock = field(factory=Clock, kw_only=True)
    options: EngineOptions = field(factory=EngineOptions, kw_only=True)
    belonging: Belonging | None = field(default=None, kw_only=True)
    retry: RetryPolicy | None = field(default=None, kw_only=True)


PARTS = Parts()


@contextlib.asynccontextmanager
async def open_engine(
    settings: Settings, plugins: Iterable[object] = (), *, parts: Parts = PARTS
) -> AsyncIterator[Engine]:
    """An engine with everything it needs; on leaving, all of it is closed.

        async with open_engine(Settings.load()) as engine:
            plan = await engine.plan_order("000000042")

    Raises:
        SettingsError: something is missing, or a rule file or module does not exist.
        PluginError: a plugin cannot be loaded, or breaks its contract.
        LogbookError: the logbook cannot be opened, or belongs to another shop or account.
    """
    hooks = assemble_hooks(settings, [*assemble_alerts(settings), *plugins])
    async with contextlib.AsyncExitStack() as stack:
        shop = await stack.enter_async_context(assemble_shop(settings, parts))
        books = await stack.enter_async_context(assemble_books(settings, parts))
        # Imported here, because SQLAlchemy is heavy and not everybody who imports us opens one.
        from kashmag.logbook.database import open_logbook

        logbook = await open_logbook(settings.logbook_url)
        stack.push_async_callback(logbook.aclose)
        await logbook.belong(parts.belonging or belonging_of(settings))
        yield Engine(
            shop,
            books,
            logbook,
            hooks=hooks,
            policy=settings.policy,
            options=_options(settings, parts),
            clock=parts.clock,
        )


@contextlib.asynccontextmanager
async def open_records(settings: Settings, *, parts: Parts = PARTS) -> AsyncIterator[Logbook]:
    """The logbook alone, for looking and deciding; no far end is spoken to.

    Raises:
        SettingsError: there is no logbook yet.
        LogbookError: it cannot be opened, or belongs to another shop, account or environment than
            the settings say; what they leave out, such as a user who is not needed here, may be
            any.
    """
    if missing := _missing_file(settings.logbook_url):
        raise SettingsError(f"there is no logbook at {missing} yet: nothing has been run with it")
    from kashmag.logbook.database import open_logbook

    logbook = await open_logbook(settings.logbook_url)
    try:
        ours = parts.belonging or belonging_of(settings)
        if why := ours.contradiction(await logbook.belongs_to()):
            raise LogbookError(why)
        yield logbook
    finally:
        await logbook.aclose()


def has_records(settings: Settings) -> bool:
    """Tell whether there is a logbook; on a server that is not asked."""
    return not _missing_file(settings.logbook_url)


def _missing_file(logbook_url: str) -> str:
    path = logbook_url.removeprefix("sqlite:///")
    return path if path != logbook_url and not Path(path).is_file() else ""


def belonging_of(settings: Settings) -> Belonging:
    """Which shop, account and environment a logbook of these settings is about."""
    user = settings.kashflow.username
    return Belonging(
        shop=_address(settings.magento.url),
        account=f"{user} at {_address(settings.kashflow.url)}" if user else "",
        environment=settings.env,
    )


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def assemble_hooks(settings: Settings, plugins: Iterable[object] = ()) -> Hooks:
    """All hooks of these settings.

    Raises:
        SettingsError: a rule file or module that the settings name does not exist.
        PluginError: a plugin cannot be loaded, or breaks its contract.
    """
    rules = [_load_rule(rule, settings) for rule in settings.rules]
    return Hooks([*rules, *plugins], discover=True)


def assemble_alerts(settings: Settings) -> tuple[object, ...]:
    """What carries alerts: always the log, web hook and mail where the settings name them.

    Each recipient of mail is a receiver of its own: one that is refused costs no other.

    Raises:
        SettingsError: a channel lacks something, or a secret's resolver has no answer.
    """
    told = settings.alerts
    if missing := told.lacking():
        raise SettingsError("\n".join(missing))
    authorities = _authorities(told.ca_file, settings)
    channels: list[object] = [LogAlerts()]
    if told.webhook_url:
        secret = _open(told.webhook_secret)
        channels.append(WebhookAlerts(told.webhook_url, secret, authorities=authorities))
    if told.smtp:
        host, _, port = told.smtp.partition(":")
        security = MailSecurity(told.smtp_security)
        password = _open(told.smtp_password)
        channels += [
            EmailAlerts(
                host,
                told.sender,
                recipients=(recipient,),
                port=int(port or security.port),
                user_name=told.smtp_user,
                password=password,
                security=security,
                authorities=authorities,
                name=f"email_alerts {recipient}",
            )
            for recipient in dict.fromkeys(told.recipients)
        ]
    return tuple(channels)


def _authorities(ca_file: str, settings: Settings) -> str | None:
    if not ca_file:
        return None
    path = _beside(settings.source, ca_file)
    if not path.is_file():
        raise SettingsError(f"alerts.ca_file names {ca_file}, but {path} does not exist")
    return str(path)


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
        options=Options(timeout=parts.options.http_timeout),
        retry=parts.retry,
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
        told.url,
        auth=auth,
        transport=parts.kashflow_transport,
        # What is surely absent is counted from this time-out: both must be the same.
        options=Options(timeout=parts.options.http_timeout),
        retry=parts.retry,
        assumptions=evolve(settings.assumptions, lag=_options(settings, parts).lag),
        clock=parts.clock,
    )


def _options(settings: Settings, parts: Parts) -> EngineOptions:
    """The engine's options, with the lag that the settings assume where they say one."""
    told = settings.assumptions.lag
    return parts.options if told == kashflow.ASSUMED.lag else evolve(parts.options, lag=told)


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
    except (KashmagError, KeyboardInterrupt):
        raise
    except ModuleNotFoundError as error:
        if error.name == rule:
            raise SettingsError(f"rules names the module {rule}, which is not installed") from error
        raise PluginError(f"the rules in {rule} cannot be loaded: {error}") from error
    except BaseException as error:  # a SystemExit too: no plugin ends the program
        what = " ".join(str(error).split())
        raise PluginError(
            f"the rules in {rule} cannot be loaded: {type(error).__name__}: {what}"
        ) from error


def _load_file(rule: str, source: Path | None) -> ModuleType:
    path = _beside(source, rule)
    if not path.is_file():
        raise SettingsError(f"rules names the file {rule}, but {path} does not exist")
    # Its own name, so that two files of one name in two folders do not meet.
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _beside(source: Path | None, name: str) -> Path:
    """A file that the settings name: absolute, or from the folder of the settings file."""
    return ((source.parent if source else Path()) / Path(name).expanduser()).resolve()
