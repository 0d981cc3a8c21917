"""Where the two far ends are and what opens them; where alerts go."""

from __future__ import annotations

from attrs import field, frozen

from kashmag.settings.secret import Secret


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

    `smtp` is `host` or `host:port`; `recipients` are e-mail addresses.
    """

    webhook_url: str = ""
    webhook_secret: Secret | None = None
    smtp: str = ""
    smtp_user: str = ""
    smtp_password: Secret | None = None
    sender: str = ""
    recipients: tuple[str, ...] = ()

    def lacking(self) -> tuple[str, ...]:
        """What a channel that was begun still needs, a sentence each."""
        found = []
        if self.webhook_url and self.webhook_secret is None:
            found.append("alerts.webhook_url needs a secret to sign with: alerts.webhook_secret")
        if self.webhook_url and not self.webhook_url.startswith(_SAFE):
            found.append("alerts.webhook_url must begin with https://")
        if self.smtp and not (self.sender and self.recipients):
            found.append("alerts.smtp needs alerts.sender and alerts.recipients")
        if self.smtp and not (self.smtp.partition(":")[2] or "587").isdecimal():
            found.append("alerts.smtp is a host, or host:port with a number")
        return tuple(found)


# Beside https, for trying things out on one machine.
_SAFE = ("https://", "http://127.0.0.1", "http://localhost")
