"""Where the two far ends are and what opens them."""

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
