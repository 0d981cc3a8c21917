"""Where the two far ends are and what opens them; where alerts go."""

from __future__ import annotations

from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from kashmag.settings.secret import Secret

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TLS_PORT: Final = "465"


class MailSecurity(Enum):
    """How alerts go to the mail server; UNVERIFIED and NONE are for a test server."""

    STARTTLS = "starttls"
    TLS = "tls"
    UNVERIFIED = "starttls_unverified"
    NONE = "none"

    @property
    def port(self) -> int:
        """Where such a server is usually found."""
        return {MailSecurity.TLS: 465, MailSecurity.NONE: 25}.get(self, 587)


@frozen
class MagentoSettings:
    """Where the shop is and what opens it; an access token alone means Bearer."""

    url: str = ""
    store: str = field(default="", kw_only=True)
    consumer_key: Secret | None = field(default=None, kw_only=True)
    consumer_secret: Secret | None = field(default=None, kw_only=True)
    access_token: Secret | None = field(default=None, kw_only=True)
    access_token_secret: Secret | None = field(default=None, kw_only=True)

    @property
    def is_oauth(self) -> bool:
        """Tell whether calls are signed, rather than carrying the token as Bearer."""
        return any((self.consumer_key, self.consumer_secret, self.access_token_secret))


@frozen
class KashflowSettings:
    """Where the accounts are and who signs in."""

    url: str = "https://api.kashflow.com/v2"
    username: str = field(default="", kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    memorable_word: Secret | None = field(default=None, kw_only=True)


@frozen(kw_only=True)
class AlertSettings:
    """Where alerts go, beside the log: to a web hook, by e-mail, to both or nowhere.

    `smtp` is `host` or `host:port`; `recipients` are e-mail addresses. `ca_file` holds the
    certificates that both are believed by, instead of the system's.
    """

    webhook_url: str = ""
    webhook_secret: Secret | None = None
    ca_file: str = ""
    smtp: str = ""
    smtp_security: str = MailSecurity.STARTTLS.value
    smtp_user: str = ""
    smtp_password: Secret | None = None
    sender: str = ""
    recipients: tuple[str, ...] = ()

    def lacking(self) -> tuple[str, ...]:
        """What a channel that was begun still needs, a sentence each."""
        found = []
        if self.webhook_url and self.webhook_secret is None:
            found.append("alerts.webhook_url needs a secret to sign with: alerts.webhook_secret")
        if self.webhook_url and not is_safe_address(self.webhook_url):
            found.append("alerts.webhook_url must begin with https://")
        if self.smtp and not (self.sender and self.recipients):
            found.append("alerts.smtp needs alerts.sender and alerts.recipients")
        port = self.smtp.partition(":")[2]
        if not (port or "587").isdecimal():
            found.append("alerts.smtp is a host, or host:port with a number")
        if self.smtp_security not in (known := [one.value for one in MailSecurity]):
            choices = ", ".join(f'"{one}"' for one in known)
            found.append(f'alerts.smtp_security cannot be "{self.smtp_security}"; it is {choices}')
        elif port == _TLS_PORT and self.smtp_security != MailSecurity.TLS.value:
            found.append('alerts.smtp at port 465 needs alerts.smtp_security = "tls"')
        return tuple(found)


def is_safe_address(url: str) -> bool:
    """Tell whether alerts may be posted there: over https, or without leaving this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_one_word = url.isprintable() and " " not in url
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(host))
    return bool(host) and is_one_word and is_safe


def is_here(host: str) -> bool:
    """Tell this machine's own names, for trying things out on it."""
    return host in _LOOPBACK
