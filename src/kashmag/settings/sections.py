"""The sections of `[env.NAME]`: `magento`, `kashflow`, `logbook` and `alerts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from kashmag.settings.connections import AlertSettings, KashflowSettings, MagentoSettings
from kashmag.settings.environment import variable_of
from kashmag.settings.secret import Secret, is_resolver, without_password
from kashmag.settings.shape import Place, table

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "magento": (
        "url",
        "store",
        "consumer_key",
        "consumer_secret",
        "access_token",
        "access_token_secret",
    ),
    "kashflow": ("url", "username", "password", "memorable_word"),
    "logbook": ("url",),
    "alerts": (
        "webhook_url",
        "webhook_secret",
        "ca_file",
        "smtp",
        "smtp_security",
        "smtp_user",
        "smtp_password",
        "sender",
        "recipients",
    ),
}
SECRETS: Final = frozenset(
    {
        ("magento", "consumer_key"),
        ("magento", "consumer_secret"),
        ("magento", "access_token"),
        ("magento", "access_token_secret"),
        ("kashflow", "password"),
        ("kashflow", "memorable_word"),
        ("alerts", "webhook_secret"),
        ("alerts", "smtp_password"),
    }
)

Sections = dict[str, dict[str, object]]


def read_sections(told: object, place: Place, *, secret_file: bool) -> Sections:
    """The sections of one environment as texts; in the settings file no secret may stand."""
    sections = table(told, place, (*SECTIONS, "assumptions", "policy"))
    return {
        name: _read_section(name, one, place / name, secret_file=secret_file)
        for name, one in sections.items()
        if name in SECTIONS
    }


def _read_section(name: str, told: object, place: Place, *, secret_file: bool) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in table(told, place, SECTIONS[name]).items():
        if not isinstance(value, str):
            # The value is not repeated: it may be a secret.
            (place / key).wrong("must be a text in quotes")
        elif not secret_file and _tells_a_secret(name, key, value):
            (place / key).wrong(
                f"is a secret and may not stand in this file: set {variable_of(name, key)}, "
                'or put it in a file of its own and name that by secrets = "FILE"'
            )
        else:
            check_url(name, key, place / key, value)
            read[key] = value
    return read


def check_url(section: str, key: str, place: Place, value: str) -> None:
    """Remember a fault when this is to be an address and is none."""
    if key != "url":
        return
    if section == "logbook":
        if not value.startswith(("sqlite:///", "postgresql:", "postgresql+")):
            place.wrong(
                f'cannot be "{without_password(value)}"; '
                'it begins with "sqlite:///" or "postgresql://"'
            )
    elif not _is_web_address(value):
        place.wrong(f'cannot be "{without_password(value)}"; it begins with "https://" and a host')


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _tells_a_secret(section: str, key: str, value: str) -> bool:
    if section == "logbook":
        return without_password(value) != value
    return (section, key) in SECRETS and not is_resolver(value)


def magento_settings(values: Mapping[str, object]) -> MagentoSettings:
    """The shop's settings from texts."""
    return MagentoSettings(
        str(values.get("url", "")),
        store=str(values.get("store", "")),
        consumer_key=_secret("magento", "consumer_key", values),
        consumer_secret=_secret("magento", "consumer_secret", values),
        access_token=_secret("magento", "access_token", values),
        access_token_secret=_secret("magento", "access_token_secret", values),
    )


def kashflow_settings(values: Mapping[str, object]) -> KashflowSettings:
    """The accounts' settings from texts."""
    return KashflowSettings(
        str(values.get("url", KashflowSettings().url)),
        username=str(values.get("username", "")),
        password=_secret("kashflow", "password", values),
        memorable_word=_secret("kashflow", "memorable_word", values),
    )


def alert_settings(values: Mapping[str, object]) -> AlertSettings:
    """Where alerts go, from texts."""
    recipients = str(values.get("recipients", "")).split(",")
    return AlertSettings(
        webhook_url=str(values.get("webhook_url", "")),
        webhook_secret=_secret("alerts", "webhook_secret", values),
        ca_file=str(values.get("ca_file", "")),
        smtp=str(values.get("smtp", "")),
        smtp_security=str(values.get("smtp_security", AlertSettings().smtp_security)),
        smtp_user=str(values.get("smtp_user", "")),
        smtp_password=_secret("alerts", "smtp_password", values),
        sender=str(values.get("sender", "")),
        recipients=tuple(one.strip() for one in recipients if one.strip()),
    )


def _secret(section: str, key: str, values: Mapping[str, object]) -> Secret | None:
    value = values.get(key)
    return Secret(str(value), name=variable_of(section, key)) if value else None
