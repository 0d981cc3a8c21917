"""What a settings value lacks before the far ends can be spoken to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kashmag.settings.connections import KashflowSettings, MagentoSettings
from kashmag.settings.environment import variable_of
from kashmag.settings.sections import SECRETS

_SIGNED: Final = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def lacking(env: str, magento: MagentoSettings, kashflow: KashflowSettings) -> tuple[str, ...]:
    """A sentence for each missing value, naming where it can be put."""
    return tuple(_sentences(env, magento, kashflow))


def _sentences(env: str, magento: MagentoSettings, kashflow: KashflowSettings) -> Iterator[str]:
    needed = _SIGNED if magento.is_oauth else ("access_token",)
    for key in ("url", *needed):
        if not getattr(magento, key):
            yield _missing(env, "magento", key)
    for key in ("url", "username", "password", "memorable_word"):
        if not getattr(kashflow, key):
            yield _missing(env, "kashflow", key)


def _missing(env: str, section: str, key: str) -> str:
    variable = variable_of(section, key)
    if (section, key) in SECRETS:
        where = f"set {variable}, or name a secrets file or a resolver in kashmag.toml"
    else:
        where = f"set {variable}, or {key} under [env.{env}.{section}] in kashmag.toml"
    return f"{section}.{key} is not set: {where}"
