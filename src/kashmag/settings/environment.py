"""The names of the environment variables: part of the contract, and the places they stand for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

from kashmag.settings.shape import Faults, Place

PREFIX: Final = "KASHMAG_"
ENVIRONMENT: Final = "the environment"

# Variable -> section and key of `[env.NAME]`.
VARIABLES: Final[Mapping[str, tuple[str, str]]] = {
    "KASHMAG_MAGENTO_URL": ("magento", "url"),
    "KASHMAG_MAGENTO_STORE": ("magento", "store"),
    "KASHMAG_MAGENTO_CONSUMER_KEY": ("magento", "consumer_key"),
    "KASHMAG_MAGENTO_CONSUMER_SECRET": ("magento", "consumer_secret"),
    "KASHMAG_MAGENTO_ACCESS_TOKEN": ("magento", "access_token"),
    "KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET": ("magento", "access_token_secret"),
    "KASHMAG_KASHFLOW_URL": ("kashflow", "url"),
    "KASHMAG_KASHFLOW_USERNAME": ("kashflow", "username"),
    "KASHMAG_KASHFLOW_PASSWORD": ("kashflow", "password"),
    "KASHMAG_KASHFLOW_MEMORABLE_WORD": ("kashflow", "memorable_word"),
    "KASHMAG_LOGBOOK_URL": ("logbook", "url"),
    "KASHMAG_ALERTS_WEBHOOK_URL": ("alerts", "webhook_url"),
    "KASHMAG_ALERTS_WEBHOOK_SECRET": ("alerts", "webhook_secret"),
    "KASHMAG_ALERTS_CA_FILE": ("alerts", "ca_file"),
    "KASHMAG_ALERTS_SMTP": ("alerts", "smtp"),
    "KASHMAG_ALERTS_SMTP_SECURITY": ("alerts", "smtp_security"),
    "KASHMAG_ALERTS_SMTP_USER": ("alerts", "smtp_user"),
    "KASHMAG_ALERTS_SMTP_PASSWORD": ("alerts", "smtp_password"),
    "KASHMAG_ALERTS_SENDER": ("alerts", "sender"),
    "KASHMAG_ALERTS_RECIPIENTS": ("alerts", "recipients"),
}
# Read elsewhere: which environment, and whether tracebacks are wanted.
_OTHERS: Final = ("KASHMAG_ENV", "KASHMAG_DEBUG")


def from_environment(environ: Mapping[str, str], faults: Faults) -> dict[str, dict[str, object]]:
    """The sections that the environment sets; a misspelt name of ours is a fault.

    An empty variable counts as not set.
    """
    sections: dict[str, dict[str, object]] = {}
    for name, value in environ.items():
        if name in VARIABLES and value:
            section, key = VARIABLES[name]
            sections.setdefault(section, {})[key] = value
        elif name.startswith(PREFIX) and (meant := _meant(name)):
            place = Place(ENVIRONMENT, name, faults=faults)
            place.wrong(f'is no setting; did you mean "{meant}"?')
    return sections


def _meant(name: str) -> str:
    """Which of our names this one misspells; names that are not near any may be a plugin's."""
    known = (*VARIABLES, *_OTHERS)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    return near[0] if near and name not in known else ""


def variable_of(section: str, key: str) -> str:
    """The variable that sets this key."""
    return next(name for name, place in VARIABLES.items() if place == (section, key))
