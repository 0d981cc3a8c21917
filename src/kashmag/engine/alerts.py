"""Three ways for an alert to reach a person: the log, an e-mail, a signed web hook.

Each is a plugin: `open_engine(settings, [WebhookAlerts(url, secret)])`. Mail and web hook are
receivers (`kashmag_deliver`): what they could not bring is owed and brought later. An address that
changes is another receiver. The log takes everything, and observes.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import logging
import smtplib
import ssl
import urllib.error
import urllib.request
from datetime import datetime
from email.message import EmailMessage
from typing import Final

from attrs import field, frozen

from kashmag.engine.alert_words import as_json, as_lines, as_text, subject
from kashmag.errors import (
    BrokenError,
    DeclinedError,
    NoAnswerError,
    SettingsError,
    UnreachableError,
)
from kashmag.hooks.hookspecs import hookimpl
from kashmag.plans.events import AlertRaised, Event
from kashmag.rest.codec import dumps
from kashmag.settings.connections import MailSecurity, is_here, is_safe_address

LOG: Final = logging.getLogger("kashmag.alerts")
# Of one step, such as connecting; how long all may take is `EngineOptions.alert_deadline`.
TIMEOUT: Final = 15.0
SIGNATURE: Final = "X-Kashmag-Signature"
_HOOK: Final = "the web hook"


@frozen
class LogAlerts:
    """Writes alerts to the log `kashmag.alerts`: a warning of one line for each piece of news."""

    name: str = "log_alerts"

    @hookimpl
    def kashmag_observe(self, event: Event) -> None:
        """Log an alert."""
        if isinstance(event, AlertRaised):
            for line in as_lines(event):
                LOG.warning("alert: %s", line)


@frozen
class EmailAlerts:
    """Sends alerts by SMTP; over TLS and to a server that proves its name, unless told otherwise.

    `authorities` is a file of certificates to trust instead of the system's. A message that the
    server takes for some recipients only has not been delivered: give each a channel of its own.
    """

    host: str
    sender: str
    recipients: tuple[str, ...] = field(kw_only=True)
    port: int = field(default=587, kw_only=True)
    user_name: str = field(default="", kw_only=True)
    password: str = field(default="", kw_only=True, repr=False)
    security: MailSecurity = field(default=MailSecurity.STARTTLS, kw_only=True)
    authorities: str | None = field(default=None, kw_only=True)
    name: str = field(default="email_alerts", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.security is MailSecurity.NONE and self.user_name and not is_here(self.host):
            raise SettingsError(
                f"the password of {self.user_name} does not go to {self.host} without TLS"
            )

    @property
    def receiver(self) -> str:
        """Who is told."""
        return _identity("mail", self.name, *self.recipients)

    @hookimpl
    def kashmag_deliver(self, alert: AlertRaised) -> None:
        """Send an alert and return when the server has taken it; raises what goes wrong."""
        message = EmailMessage()
        message["Subject"] = subject(alert)
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message.set_content(as_text(alert))
        with self._connected() as server:
            if self.user_name:
                server.login(self.user_name, self.password)
            try:
                refused = server.send_message(message)
            except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
                raise _no_answer(error, "the mail server") from error
            if refused:
                raise smtplib.SMTPRecipientsRefused(refused)

    def _connected(self) -> smtplib.SMTP:
        context = self._context()
        if self.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.security is not MailSecurity.NONE:
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authorities)
        if self.security is MailSecurity.UNVERIFIED:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@frozen
class WebhookAlerts:
    """Posts alerts as JSON, signed: `X-Kashmag-Signature: t=TIME,v1=HMAC-SHA256(TIME.BODY)`.

    The time is in seconds since 1970; whoever receives it compares the HMAC over `TIME.BODY` under
    the shared secret, and refuses what is too old. Only an answer of 2xx has taken it, and no
    redirect is followed. `authorities` is a file of certificates to trust instead of the system's.
    """

    url: str
    secret: str = field(repr=False)
    authorities: str | None = field(default=None, kw_only=True)
    name: str = field(default="webhook_alerts", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not is_safe_address(self.url):
            raise SettingsError(f"alerts go to https only, not to {self.url.partition(':')[0]}")

    @property
    def receiver(self) -> str:
        """Who is told."""
        return _identity("web hook", self.name, self.url)

    @hookimpl
    def kashmag_deliver(self, alert: AlertRaised) -> None:
        """Post an alert and return when it was taken; raises what goes wrong."""
        body = dumps(as_json(alert))
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(body, self.secret, alert.at),
        }
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310
        context = ssl.create_default_context(cafile=self.authorities)
        try:
            with _opener(context).open(request, timeout=TIMEOUT):
                pass
        except urllib.error.HTTPError as error:
            with contextlib.closing(error):
                raise _refusal(error) from error
        except urllib.error.URLError as error:
            raise UnreachableError(str(error.reason), vendor=_HOOK) from error
        except (OSError, http.client.HTTPException) as error:
            raise _no_answer(error, _HOOK) from error


def _opener(context: ssl.SSLContext) -> urllib.request.OpenerDirector:
    """HTTP and nothing else; what follows redirects is left out.

    A POST that is redirected arrives as a GET without its body, and looks like success.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _refusal(error: urllib.error.HTTPError) -> BrokenError | DeclinedError:
    if error.code >= 500:
        return BrokenError(error.reason, vendor=_HOOK, status=error.code)
    is_redirect = 300 <= error.code < 400
    said = f"{error.reason}, and a redirect is not followed" if is_redirect else error.reason
    return DeclinedError(said, vendor=_HOOK, status=error.code)


def _no_answer(error: Exception, who: str) -> NoAnswerError:
    return NoAnswerError(f"{type(error).__name__}: {error}", vendor=who)


def signature(body: bytes, secret: str, at: datetime) -> str:
    """The signature of a body, as it stands in the header."""
    time = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={time},v1={digest}"


def _identity(kind: str, *addresses: str) -> str:
    # An address may be a person's, or a secret: the logbook keeps neither.
    digest = hashlib.sha256("\n".join(addresses).encode()).hexdigest()
    return f"{kind} {digest[:16]}"
