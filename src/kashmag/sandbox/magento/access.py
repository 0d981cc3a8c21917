"""Who is calling, and what they may do: OAuth 1.0a, integration tokens, administrator tokens.

A Bearer token that is not accepted makes the caller a guest, as in the real shop, so that it ends
in the same 401 as a missing permission. How a signature is computed is `signing`'s.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from kashmag.sandbox.magento.answers import RefusedError, bad_request, not_authorised
from kashmag.sandbox.magento.settings import CREDENTIALS, Integration, ShopSettings
from kashmag.sandbox.magento.signing import check_parameters, read_header, signature
from kashmag.sandbox.magento.store import Store

_KEY: Final = b"kashmag sandbox token key, no secret"
_AHEAD: Final = timedelta(seconds=600)
_SIGN_IN_REFUSED: Final = (
    "The account sign-in was incorrect or your account is disabled temporarily. "
    "Please wait and try again later."
)
_ATTEMPTS: Final = 6
_LOCKED_FOR: Final = timedelta(seconds=1800)


@frozen
class Caller:
    """Somebody with a name and permissions."""

    name: str
    resources: frozenset[str] | None

    def require(self, resource: str) -> None:
        """Refuse a caller who lacks a permission; `self` and `anonymous` are open to all."""
        if resource in ("anonymous", "self"):
            return
        if self.resources is not None and resource not in self.resources:
            raise not_authorised(resource)


GUEST: Final = Caller("guest", frozenset())
ADMINISTRATOR: Final = Caller("admin", None)


class Doorkeeper:
    """Tells who a request comes from."""

    def __init__(self, settings: ShopSettings, store: Store) -> None:
        self._settings = settings
        self._nonces = store.shelf("nonce")
        self._lock = store.shelf("sign_in")

    def admit(self, header: str | None, *, method: str, url: str, now: datetime) -> Caller:
        """Name the caller; a false signature is refused, a false token makes a guest."""
        if header is None:
            return GUEST
        if header[:6].lower() == "oauth ":
            return self._signed(header, method=method, url=url, now=now)
        if header[:7].lower() == "bearer ":
            return self._bearer(header[7:].strip(), now)
        return GUEST

    def sign_in(self, username: str, password: str, *, now: datetime) -> str:
        """Give an administrator a token, or refuse; six failures lock the account for a while."""
        failures = self._lock.get(username) or {"count": 0, "until": 0}
        known = (username, password) == (CREDENTIALS.admin_username, CREDENTIALS.admin_password)
        if failures["until"] > now.timestamp() or not known:
            count = failures["count"] + 1
            until = failures["until"]
            if count % _ATTEMPTS == 0:
                until = int((now + _LOCKED_FOR).timestamp())
            self._lock.put(username, {"count": count, "until": until})
            raise RefusedError(401, _SIGN_IN_REFUSED)
        self._lock.put(username, {"count": 0, "until": 0})
        return self.token(now)

    def token(self, now: datetime) -> str:
        """Issue an administrator's token, a JWT with the claims of the real ones."""
        issued = int(now.timestamp())
        lifetime = int(self._settings.admin_token_lifetime.total_seconds())
        claims = {"uid": 1, "utypid": 2, "iat": issued, "exp": issued + lifetime}
        head = _pack(
            json.dumps({"kid": str(self._key), "alg": "HS256"}, separators=(",", ":")).encode()
        )
        body = _pack(json.dumps(claims, separators=(",", ":")).encode())
        return f"{head}.{body}.{_seal(f'{head}.{body}')}"

    def expire(self) -> None:
        """Let every administrator's token so far be worth nothing: the key of them is changed."""
        self._lock.put("*", {"key": self._key + 1})

    @property
    def _key(self) -> int:
        held = self._lock.get("*")
        return 1 if held is None else int(held["key"])

    def _bearer(self, token: str, now: datetime) -> Caller:
        if token.count(".") == 2:
            is_good = _is_valid(token, now) and _part(token, 0)["kid"] == str(self._key)
            return ADMINISTRATOR if is_good else GUEST
        if not self._settings.bearer_allowed:
            return GUEST
        found = self._by_token(token)
        return GUEST if found is None else Caller(found.name, found.resources)

    def _signed(self, header: str, *, method: str, url: str, now: datetime) -> Caller:
        parameters = read_header(header)
        check_parameters(parameters)
        consumer = next(
            (
                (number, each)
                for number, each in enumerate(self._settings.integrations, 1)
                if each.consumer_key == parameters["oauth_consumer_key"]
            ),
            None,
        )
        if consumer is None:
            raise RefusedError(401, "A consumer having the specified key does not exist")
        number, integration = consumer
        self._use_nonce(number, parameters, now)
        if parameters["oauth_token"] != integration.access_token:
            raise RefusedError(401, "Specified token does not exist")
        secrets = f"{integration.consumer_secret}&{integration.access_token_secret}"
        expected = signature(method, url, parameters=parameters, secrets=secrets)
        if not hmac.compare_digest(expected, parameters["oauth_signature"]):
            raise RefusedError(401, "The signature is invalid. Verify and try again.")
        return Caller(integration.name, integration.resources)

    def _use_nonce(self, consumer: int, parameters: dict[str, str], now: datetime) -> None:
        stamp = parameters["oauth_timestamp"]
        if not stamp.isdigit():
            raise bad_request("The timestamp is invalid. Verify and try again.")
        if int(stamp) > (now + _AHEAD).timestamp():
            raise RefusedError(401, "An error occurred validating the nonce")
        name = f"{consumer}:{parameters['oauth_nonce']}"
        if name in self._nonces:
            raise RefusedError(
                401,
                "The nonce is already being used by the consumer with ID %1",
                parameters=[str(consumer)],
            )
        self._nonces.put(name, {"timestamp": int(stamp)})

    def _by_token(self, token: str) -> Integration | None:
        return next((i for i in self._settings.integrations if i.access_token == token), None)


def _is_valid(token: str, now: datetime) -> bool:
    head, body, seal = token.split(".")
    if not hmac.compare_digest(seal, _seal(f"{head}.{body}")):
        return False
    return float(_part(token, 1)["exp"]) > now.timestamp()


def _part(token: str, place: int) -> dict[str, str | int]:
    packed = token.split(".")[place]
    found: dict[str, str | int] = json.loads(
        base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    )
    return found


def _seal(text: str) -> str:
    return _pack(hmac.new(_KEY, text.encode(), hashlib.sha256).digest())


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
