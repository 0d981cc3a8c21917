"""The five ways of proving oneself to Magento. How a signature is made: `magento.signing`."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from attrs import field, frozen

from kashmag.errors import DeclinedError, RateLimitedError, SignInError, UnexpectedPayloadError
from kashmag.magento import signing
from kashmag.magento.decipher import decipher
from kashmag.magento.signing import SignatureStyle
from kashmag.rest import codec
from kashmag.rest.authentication import Credential, SignIn
from kashmag.rest.codec import Json
from kashmag.rest.operation import Effect, Operation
from kashmag.rest.wire import Request, Response

IMS_URL: Final = "https://ims-na1.adobelogin.com/ims/token/v3"
IMS_SCOPES: Final = ("openid", "AdobeID", "email", "profile", "commerce.accs")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _nonce() -> str:
    return secrets.token_hex(16)


@frozen(kw_only=True)
class OAuth1:
    """An integration's four values, signed with: the way that works on every shop since 2.4.4.

    They are shown once, under System > Integrations > Activate.
    """

    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)
    style: SignatureStyle = SignatureStyle.NATURAL
    now: Callable[[], datetime] = field(default=_utc_now, repr=False, eq=False)
    nonce: Callable[[], str] = field(default=_nonce, repr=False, eq=False)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with a signature, a fresh nonce and the time."""
        del credential
        oauth = {
            "oauth_consumer_key": self.consumer_key,
            "oauth_nonce": self.nonce(),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self.now().timestamp())),
            "oauth_token": self.access_token,
            "oauth_version": "1.0",
        }
        key = signing.signing_key(self.consumer_secret, self.access_token_secret)
        signed = signing.signature(request, oauth, key, self.style)
        return request.with_headers({"Authorization": signing.authorization(oauth, signed)})

    def sign_in(self, root: str) -> SignIn | None:
        """Nothing to sign in to."""
        del root
        return None


@frozen
class Bearer:
    """An access token as it is.

    An integration's token works so only if the shop allows it (off by default since 2.4.4).
    """

    token: str = field(repr=False)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with the token."""
        del credential
        return _bearing(request, self.token)

    def sign_in(self, root: str) -> SignIn | None:
        """Nothing to sign in to."""
        del root
        return None


@frozen
class AdminToken:
    """An administrator's name and password; the token is renewed before it expires.

    Where two-factor sign-in is on, `one_time_code` yields a code and `provider` says whose it is
    (`google`, `authy`). Magento locks an account for half an hour after six refused sign-ins, so
    a refusal is never repeated.
    """

    username: str
    password: str = field(repr=False)
    one_time_code: Callable[[], str] | None = field(default=None, kw_only=True, repr=False)
    provider: str = field(default="google", kw_only=True)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with the token that the sign-in won."""
        return _bearing(request, credential.secret) if credential else request

    def sign_in(self, root: str) -> SignIn | None:
        """Ask for a token."""
        told: dict[str, Json] = {"username": self.username, "password": self.password}
        if self.one_time_code is None:
            return _token_from(f"{root}/rest/all/V1/integration/admin/token", told)
        told["otp"] = self.one_time_code()
        return _token_from(f"{root}/rest/all/V1/tfa/provider/{self.provider}/authenticate", told)


@frozen
class CustomerToken:
    """A customer's e-mail and password: sees what that customer sees."""

    username: str
    password: str = field(repr=False)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with the token that the sign-in won."""
        return _bearing(request, credential.secret) if credential else request

    def sign_in(self, root: str) -> SignIn | None:
        """Ask for a token."""
        told: dict[str, Json] = {"username": self.username, "password": self.password}
        return _token_from(f"{root}/rest/V1/integration/customer/token", told)


@frozen(kw_only=True)
class AdobeIms:
    """Client credentials of Adobe's identity service, for Commerce as a Cloud Service.

    Source: AdobeDocs/commerce-webapi, rest/authentication/server-to-server.md.
    """

    client_id: str
    client_secret: str = field(repr=False)
    organization_id: str
    scopes: tuple[str, ...] = IMS_SCOPES
    token_url: str = IMS_URL
    now: Callable[[], datetime] = field(default=_utc_now, repr=False, eq=False)

    def sign(self, request: Request, credential: Credential | None) -> Request:
        """The request with token, client and organization."""
        named = {"x-api-key": self.client_id, "x-gw-ims-org-id": self.organization_id}
        request = request.with_headers(named)
        return _bearing(request, credential.secret) if credential else request

    def sign_in(self, root: str) -> SignIn | None:
        """Ask Adobe for a token."""
        del root
        return self._converse()

    def _converse(self) -> SignIn:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": ",".join(self.scopes),
        }
        headers = (
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )
        request = Request("POST", self.token_url, headers=headers, body=urlencode(form).encode())
        told = _answer((yield request))
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str):
            raise UnexpectedPayloadError("the identity service sent no access_token")
        lasts = told.get("expires_in") if isinstance(told, dict) else None
        ends = self.now() + timedelta(seconds=int(lasts)) if isinstance(lasts, int) else None
        return Credential(token, expires_at=ends)


_SIGNING_IN: Final = Operation(
    "sign in", "POST", path="", effect=Effect.REPEATABLE, decode=lambda response: response
)


def _bearing(request: Request, token: str) -> Request:
    return request.with_headers({"Authorization": f"Bearer {token}"})


def _answer(response: Response) -> Json:
    try:
        return codec.loads(decipher(response, _SIGNING_IN).body)
    except RateLimitedError:
        raise
    except DeclinedError as error:
        raise SignInError(error.message, status=response.status, code=error.code) from error
    except ValueError:
        raise UnexpectedPayloadError("the sign-in was answered with something else") from None


def _token_from(url: str, told: dict[str, Json]) -> SignIn:
    headers = (("Accept", "application/json"), ("Content-Type", "application/json"))
    token = _answer((yield Request("POST", url, headers=headers, body=codec.dumps(told))))
    if isinstance(token, dict):
        token = token.get("token")  # the two-factor providers wrap it
    if not isinstance(token, str):
        raise UnexpectedPayloadError("the sign-in was answered without a token")
    return Credential(token, expires_at=read_expiry(token))


def read_expiry(token: str) -> datetime | None:
    """When a token says that it ends; None for opaque ones. It is read, not verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = codec.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    ends = claims.get("exp") if isinstance(claims, dict) else None
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) else None
