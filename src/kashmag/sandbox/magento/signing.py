"""The check of an OAuth 1.0a signature, by the rules of Magento 2.4.7 rather than RFC 5849.

Observed: HMAC-SHA256 only; parameters in natural order of their encoded names; `+` is no space;
`%2F` and `%2B` in the path are decoded before signing while `%20` and `%C3%A9` stay; a query part
without `=`, or with two, is dropped. Who the signer is, and nonces, are `access`'s.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, unquote

from kashmag.sandbox.magento.answers import bad_request

_PARAMETER: Final = re.compile(r'\s*([\w.-]+)="?([^"]*)"?\s*')
_PATH_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
# Observed for slash and plus, read for the others; brackets, stars and quotes were not observed.
_PATH_LITERALS: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~$&+,;=:@/"
)
_RUN: Final = re.compile(r"\d+|\D")
_NEEDED: Final = (
    "oauth_consumer_key",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_nonce",
    "oauth_timestamp",
)


def read_header(header: str) -> dict[str, str]:
    """Take the parameters out of an `Authorization: OAuth ...` header."""
    found: dict[str, str] = {}
    for part in header[len("OAuth ") :].split(","):
        match = _PARAMETER.fullmatch(part)
        if match and match[1] != "realm":
            found[match[1]] = unquote(match[2])
    return found


def check_parameters(parameters: Mapping[str, str]) -> None:
    """Refuse a header that lacks something, or asks for what this version does not do."""
    missing = [name for name in _NEEDED if not parameters.get(name)]
    if missing:
        raise bad_request(
            "oauth_parameter_absent=%1" if len(missing) == 1 else "oauth_parameters_absent=%1",
            [",".join(missing)],
        )
    if parameters.get("oauth_version", "1.0") != "1.0":
        raise bad_request("The oauth version %1 is not supported.", [parameters["oauth_version"]])
    if len(parameters.get("oauth_token", "")) != 32:
        raise bad_request("The token length is invalid. Check the length and try again.")
    if parameters["oauth_signature_method"] != "HMAC-SHA256":
        raise bad_request(
            "Signature method %1 is not supported", [parameters["oauth_signature_method"]]
        )


def signature(method: str, url: str, *, parameters: Mapping[str, str], secrets: str) -> str:
    """Compute the signature that this request must carry, with both secrets joined by `&`."""
    text = base_string(method, url, parameters)
    digest = hmac.new(secrets.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def base_string(method: str, url: str, parameters: Mapping[str, str]) -> str:
    """Lay out method, address and parameters as Magento signs them."""
    address, _, query = url.partition("?")
    given = dict(_query_parameters(query))
    given |= {name: value for name, value in parameters.items() if name != "oauth_signature"}
    encoded = sorted(
        ((_escape(name), _escape(value)) for name, value in given.items()),
        key=lambda pair: _natural(pair[0]),
    )
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _escape(_normal_address(address)), _escape(joined)))


def _query_parameters(query: str) -> Iterable[tuple[str, str]]:
    for part in query.split("&"):
        pieces = part.split("=")
        if len(pieces) == 2:
            yield unquote(pieces[0]), unquote(pieces[1])


def _normal_address(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    scheme, host = scheme.lower(), host.lower()
    host = host.removesuffix(":80" if scheme == "http" else ":443")
    return f"{scheme}://{host}{slash}{_PATH_ESCAPE.sub(_decode_literal, path)}"


def _decode_literal(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _PATH_LITERALS else match[0].upper()


def _escape(text: str) -> str:
    return quote(text, safe="~")


def _natural(text: str) -> list[tuple[int, int]]:
    """Order runs of digits by their value, everything else by its character."""
    return [(ord("0"), int(run)) if run.isdigit() else (ord(run), 0) for run in _RUN.findall(text)]
