"""OAuth 1.0a by Magento's own rules, which are not those of RFC 5849: pure functions.

The differences, observed on a 2.4.7-p3: parameters sort in natural order (index 2 before 10);
a space must travel as %20, because a + is signed as a +; in the path some escapes are decoded
before signing. Newer code has other rules again, so the rules are a parameter. Who holds the
keys: `magento.authentication`.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from enum import Enum
from functools import cmp_to_key
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from kashmag.rest.wire import Request, percent_encode

_UNRESERVED: Final = r"A-Za-z0-9_.~\-"
_DECODED_IN_PATH: Final = re.compile(rf"[{_UNRESERVED}:@&=+$,/;%]")
_ENCODED_IN_PATH: Final = re.compile(rf"[^{_UNRESERVED}:@&=+$,/;%]+|%(?![A-Fa-f0-9]{{2}})")
_ESCAPE: Final = re.compile(r"%[A-Fa-f0-9]{2}")


class SignatureStyle(Enum):
    """Which code checks the signature.

    NATURAL: parameters in natural order of their encoded names, path normalised (2.4.6, and
    2.4.7 as observed). NATURAL_AS_SENT: the same order, path as sent (code of 2024). RAW:
    parameters in byte order of their names, path as sent (newer code). All agree while the path
    has no escapes of `:@&=+$,/;%` and no criteria has ten groups.
    """

    NATURAL = "natural"
    NATURAL_AS_SENT = "natural as sent"
    RAW = "raw"


def signature(request: Request, oauth: dict[str, str], key: str, style: SignatureStyle) -> str:
    """The HMAC-SHA256 of the base string, the only method that Magento accepts."""
    digest = hmac.digest(key.encode(), base_string(request, oauth, style).encode(), sha256)
    return b64encode(digest).decode()


def signing_key(consumer_secret: str, token_secret: str) -> str:
    """Both secrets, encoded, with an ampersand between."""
    return f"{percent_encode(consumer_secret)}&{percent_encode(token_secret)}"


def base_string(request: Request, oauth: dict[str, str], style: SignatureStyle) -> str:
    """What is signed: method, address and all parameters but the body."""
    pairs = [*request.query, *oauth.items()]
    if style is not SignatureStyle.RAW:
        encoded = [(percent_encode(k), percent_encode(v)) for k, v in pairs]
        encoded.sort(key=lambda pair: _natural(pair[0]))
    else:
        encoded = [(percent_encode(k), percent_encode(v)) for k, v in sorted(pairs)]
    parameters = "&".join(f"{k}={v}" for k, v in encoded)
    parts = (request.method.upper(), base_url(request.url, style), parameters)
    return "&".join(percent_encode(part) for part in parts)


def base_url(url: str, style: SignatureStyle) -> str:
    """The address as the server sees it: no default port, no query, path by the style's rules."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port
    host = (parts.hostname or "") if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
    if port is not None and port != {"http": 80, "https": 443}.get(scheme):
        host = f"{host}:{port}"
    path = parts.path or "/"
    return f"{scheme}://{host}{normalised(path) if style is SignatureStyle.NATURAL else path}"


def normalised(path: str) -> str:
    """A path as laminas-uri normalises it: reserved escapes decoded, the rest kept.

    `%2F` and `%2B` become `/` and `+`; `%20` and `%C3%A9` stay (facts, section 0).
    """

    def decoded(found: re.Match[str]) -> str:
        char = chr(int(found[0][1:], 16))
        return char if _DECODED_IN_PATH.fullmatch(char) else found[0].upper()

    return _ENCODED_IN_PATH.sub(lambda m: percent_encode(m[0]), _ESCAPE.sub(decoded, path))


def authorization(oauth: dict[str, str], signed: str) -> str:
    """The Authorization header; Magento splits it at commas, so every value is encoded."""
    told = {**oauth, "oauth_signature": signed}
    return "OAuth " + ", ".join(f'{k}="{percent_encode(v)}"' for k, v in told.items())


def compare_naturally(one: str, other: str) -> int:
    """Compare as PHP's strnatcmp does: runs of digits by value, all else by byte.

    A run that starts with 0 is compared digit by digit from the left, as a fraction.
    """
    one, other = _without_leading_zeros(one), _without_leading_zeros(other)
    i = j = 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        if _is_digit(a) and _is_digit(b):
            run, other_run = _digits(one, i), _digits(other, j)
            order = (
                _compared(run, other_run)
                if a == "0" or b == "0"
                else _compared(len(run), len(other_run)) or _compared(run, other_run)
            )
            if order:
                return order
            i, j = i + len(run), j + len(other_run)
            continue
        if a != b:
            return _compared(a, b)
        i, j = i + 1, j + 1
    return _compared(len(one) - i, len(other) - j)


_natural: Final = cmp_to_key(compare_naturally)


def _without_leading_zeros(text: str) -> str:
    return re.sub(r"\A0+(?=[0-9])", "", text)


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and _is_digit(text[end]):
        end += 1
    return text[start:end]


def _compared(one: str | int, other: str | int) -> int:
    if isinstance(one, int) and isinstance(other, int):
        return (one > other) - (one < other)
    return (str(one) > str(other)) - (str(one) < str(other))
