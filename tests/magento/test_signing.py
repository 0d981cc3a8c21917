"""Signatures by Magento's own rules."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kashmag.magento import OAuth1, SignatureStyle, signing
from kashmag.magento.signing import compare_naturally
from kashmag.rest.wire import Request

VECTOR = Path(__file__).parent.parent / "samples" / "magento" / "examples" / "oauth1_vector.json"
styles = pytest.mark.parametrize("style", SignatureStyle)
texts = st.text(st.sampled_from("0129a%Z[]-. "), max_size=8)
KEYS = OAuth1(
    consumer_key="k" * 32,
    consumer_secret="swordfish1",
    access_token="t" * 32,
    access_token_secret="swordfish2",
)


@styles
def test_the_published_vector_is_met(style: SignatureStyle) -> None:
    told = json.loads(VECTOR.read_text())
    url, query = told["url"].split("?")
    request = Request(told["method"], url, query=tuple(parse_qsl(query)))
    oauth = told["oauth_parameters"]
    key = signing.signing_key(told["consumer_secret"], told["token_secret"])
    assert key == told["signing_key"]
    assert signing.base_string(request, oauth, style) == told["base_string"]
    signed = signing.signature(request, oauth, key, style)
    assert signed == told["signature"]
    assert signing.authorization(oauth, signed) == told["authorization_header"]


# The order of PHP's strnatcmp, as its manual and tests show it.
@pytest.mark.parametrize(
    ("smaller", "greater"),
    [
        ("img2.png", "img10.png"),
        ("img12.png", "img12a.png"),
        ("1.010", "1.1"),
        ("1.002", "1.010"),
        ("a1", "a2"),
        ("", "a"),
        ("x9y", "x10"),
        ("filters%5D%5B2%5D", "filters%5D%5B10%5D"),
        ("A", "a"),
    ],
)
def test_natural_order_puts_two_before_ten(smaller: str, greater: str) -> None:
    assert compare_naturally(smaller, greater) < 0
    assert compare_naturally(greater, smaller) > 0


@given(one=texts, other=texts)
def test_natural_order_is_the_same_from_both_sides(one: str, other: str) -> None:
    def sign(n: int) -> int:
        return (n > 0) - (n < 0)

    assert sign(compare_naturally(one, other)) == -sign(compare_naturally(other, one))


@given(numbers=st.lists(st.integers(0, 10**6), unique=True))
def test_natural_order_sorts_indices_by_value(numbers: list[int]) -> None:
    keys = [f"searchCriteria[filter_groups][{n}][filters]" for n in numbers]
    ordered = sorted(keys, key=functools.cmp_to_key(compare_naturally))
    assert ordered == [f"searchCriteria[filter_groups][{n}][filters]" for n in sorted(numbers)]


@pytest.mark.parametrize(
    ("style", "order"),
    [
        (SignatureStyle.NATURAL, [1, 2, 10]),
        (SignatureStyle.NATURAL_AS_SENT, [1, 2, 10]),
        (SignatureStyle.RAW, [10, 1, 2]),
    ],
)
def test_each_style_has_its_own_order_from_ten_groups_on(
    style: SignatureStyle, order: list[int]
) -> None:
    query = tuple((f"g[{n}][field]", "x") for n in (2, 10, 1))
    request = Request("GET", "https://shop.example/a%2Fb", query=query)
    base = signing.base_string(request, {}, style)
    assert [base.index(f"%255B{n}%255D") for n in order] == sorted(
        base.index(f"%255B{n}%255D") for n in order
    )
    assert ("a%2Fb&" in base) == (style is SignatureStyle.NATURAL)


@styles
@given(
    pairs=st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=14),
    chance=st.randoms(use_true_random=False),
)
def test_the_order_in_which_parameters_are_sent_does_not_matter(
    style: SignatureStyle, pairs: dict[str, str], chance
) -> None:
    items = list(pairs.items())
    one = Request("GET", "https://shop.example/rest/V1/orders", query=tuple(items))
    chance.shuffle(items)
    other = Request("GET", "https://shop.example/rest/V1/orders", query=tuple(items))
    assert signing.base_string(one, {}, style) == signing.base_string(other, {}, style)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/V1/products/WH%2FODD%20SKU%2B03%20%C3%A9", "/V1/products/WH/ODD%20SKU+03%20%C3%A9"),
        ("/a%40b%2Cc%3Dd%3A%3B%26%24", "/a@b,c=d:;&$"),
        ("/a%28b%29%27%21%2A", "/a%28b%29%27%21%2A"),
        ("/a(b)", "/a%28b%29"),
        ("/a%7eb%2d", "/a~b-"),
        ("/50%25", "/50%25"),
        ("/50%25ab", "/50%ab"),
        ("/a%c3%a9", "/a%C3%A9"),
    ],
)  # fmt: skip
def test_a_path_is_normalised_as_the_server_does(path: str, expected: str) -> None:
    assert signing.normalised(path) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Shop.Example:443/x", "https://shop.example/x"),
        ("http://shop.example:80", "http://shop.example/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("https://shop.example:80/x", "https://shop.example:80/x"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
    ],
)
def test_the_address_is_signed_without_its_default_port(url: str, expected: str) -> None:
    assert signing.base_url(url, SignatureStyle.RAW) == expected


@given(sku=st.text(min_size=1, max_size=10))
@example("50%41")
def test_any_path_can_be_signed(sku: str) -> None:
    from kashmag.rest.wire import percent_encode

    path = f"/rest/V1/products/{percent_encode(sku.encode(errors='replace').decode())}"
    assert signing.normalised(path).isascii()


def test_every_attempt_has_its_own_nonce() -> None:
    request = Request("GET", "https://shop.example/rest/V1/orders")
    signed = {dict(KEYS.sign(request, None).headers)["Authorization"] for _ in range(50)}
    assert len(signed) == 50


def test_no_secret_is_shown() -> None:
    request = Request("GET", "https://shop.example/rest/V1/orders")
    shown = repr(KEYS) + repr(KEYS.sign(request, None))
    assert "swordfish" not in shown
    assert "t" * 32 not in shown
