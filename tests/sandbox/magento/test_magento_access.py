"""Who may do what: signatures by Magento's own rules, tokens, permissions, refusals."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.sandbox.faults import Faults, Kind
from kashmag.sandbox.faults.rules import Rule
from kashmag.sandbox.magento import MagentoSandbox, ShopSettings
from kashmag.sandbox.magento.signing import base_string, signature

VECTOR = json.loads(
    (
        Path(__file__).parents[2] / "samples" / "magento" / "examples" / "oauth1_vector.json"
    ).read_text("utf-8")
)


def header(sandbox, clock, method, url, *, nonce="n1", algorithm="HMAC-SHA256", **other):
    keys = sandbox.credentials
    parameters = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": algorithm,
        "oauth_timestamp": str(int(clock().timestamp())),
        "oauth_token": keys.access_token,
        "oauth_version": "1.0",
        **other,
    }
    secrets = f"{keys.consumer_secret}&{keys.access_token_secret}"
    parameters["oauth_signature"] = signature(method, url, parameters=parameters, secrets=secrets)
    return "OAuth " + ", ".join(f'{k}="{quote(v, safe="")}"' for k, v in parameters.items())


def test_the_published_signature_is_computed():
    given_parameters = VECTOR["oauth_parameters"]
    url = VECTOR["url"]
    assert base_string("GET", url, given_parameters) == VECTOR["base_string"]
    secrets = VECTOR["signing_key"]
    found = signature("GET", url, parameters=given_parameters, secrets=secrets)
    assert found == VECTOR["signature"]


def test_an_index_of_ten_comes_after_two():
    url = "https://shop.example/rest/V1/orders?" + "&".join(
        f"a%5B{index}%5D=x" for index in (10, 2, 1)
    )
    text = base_string("GET", url, {})
    assert text.index("255B1%255D") < text.index("255B2%255D") < text.index("255B10%255D")


def test_a_slash_in_the_path_is_decoded_and_a_space_is_not():
    text = base_string("GET", "https://shop.example/rest/V1/products/A%2FB%20C%2BD", {})
    assert "A%2FB%2520C%2BD" in text


@given(st.text(min_size=1, max_size=8), st.text(max_size=8))
def test_every_parameter_is_signed(name, value):
    url = f"https://shop.example/rest/V1/orders?{quote(name, safe='')}={quote(value, safe='')}"
    assert base_string("GET", url, {}) != base_string("GET", f"{url}x", {})


async def test_a_good_signature_opens_the_shop(clock, recorded_shop, speaking_to):
    sandbox = recorded_shop(clock=clock)
    url = "https://shop.example/rest/V1/orders/1"
    signed = header(sandbox, clock, "GET", url)
    async with speaking_to(sandbox, Authorization=signed) as client:
        assert (await client.get(url)).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"algorithm": "HMAC-SHA1"}, 400, "Signature method %1 is not supported"),
        ({"oauth_token": "short"}, 400, "The token length is invalid"),
        ({"oauth_timestamp": "9999999999"}, 401, "An error occurred validating the nonce"),
        ({"oauth_consumer_key": "x" * 32}, 401, "consumer"),
        ({"oauth_token": "x" * 32}, 401, "token"),
    ],
)
async def test_a_bad_signature_is_refused(
    *, change, status, says, clock, recorded_shop, speaking_to
):
    sandbox = recorded_shop(clock=clock)
    url = "https://shop.example/rest/V1/orders/1"
    signed = header(sandbox, clock, "GET", url, **change)
    async with speaking_to(sandbox, Authorization=signed) as client:
        response = await client.get(url)
    assert response.status_code == status
    assert says in response.json()["message"]


async def test_a_signature_for_another_address_is_invalid(clock, recorded_shop, speaking_to):
    sandbox = recorded_shop(clock=clock)
    signed = header(sandbox, clock, "GET", "https://shop.example/rest/V1/orders/2")
    async with speaking_to(sandbox, Authorization=signed) as client:
        response = await client.get("/rest/V1/orders/1")
    assert response.status_code == 401
    assert response.json()["message"] == "The signature is invalid. Verify and try again."


async def test_a_nonce_is_good_once_even_with_a_later_timestamp(clock, recorded_shop, speaking_to):
    sandbox = recorded_shop(clock=clock)
    url = "https://shop.example/rest/V1/orders/1"
    async with speaking_to(sandbox) as client:
        first = await client.get(url, headers={"Authorization": header(sandbox, clock, "GET", url)})
        clock.turn(seconds=30)
        again = await client.get(url, headers={"Authorization": header(sandbox, clock, "GET", url)})
    assert (first.status_code, again.status_code) == (200, 401)
    assert "nonce is already being used" in again.json()["message"]


async def test_a_token_of_an_administrator_expires(clock, speaking_to):
    settings = ShopSettings(admin_token_lifetime=timedelta(minutes=1), bearer_allowed=False)
    sandbox = MagentoSandbox(clock=clock, settings=settings)
    sandbox.load_recorded()
    keys = sandbox.credentials
    async with speaking_to(sandbox) as client:
        token = (
            await client.post(
                "/rest/V1/integration/admin/token",
                json={"username": keys.admin_username, "password": keys.admin_password},
            )
        ).json()
        bearer = {"Authorization": f"Bearer {token}"}
        fresh = await client.get("/rest/V1/orders/1", headers=bearer)
        clock.turn(seconds=61)
        stale = await client.get("/rest/V1/orders/1", headers=bearer)
    assert (fresh.status_code, stale.status_code) == (200, 401)
    assert stale.json()["parameters"] == {"resources": "Magento_Sales::actions_view"}


async def test_six_wrong_passwords_lock_the_account_for_half_an_hour(clock, speaking_to):
    sandbox = MagentoSandbox(clock=clock)
    keys = sandbox.credentials
    right = {"username": keys.admin_username, "password": keys.admin_password}
    async with speaking_to(sandbox) as client:

        async def sign_in(body):
            return (await client.post("/rest/V1/integration/admin/token", json=body)).status_code

        wrong = [await sign_in(right | {"password": "no"}) for _ in range(6)]
        locked = await sign_in(right)
        clock.turn(seconds=1801)
        opened = await sign_in(right)
    assert wrong == [401] * 6
    assert (locked, opened) == (401, 200)


async def test_a_session_that_expires_in_mid_run_wants_a_new_sign_in(clock, speaking_to):
    faults = Faults.of(Rule(Kind.SESSION_EXPIRED, path="*/orders/1", times=1))
    sandbox = MagentoSandbox(clock=clock, faults=faults)
    sandbox.load_recorded()
    keys = sandbox.credentials
    body = {"username": keys.admin_username, "password": keys.admin_password}
    async with speaking_to(sandbox) as client:

        async def read_with_new_token():
            token = (await client.post("/rest/V1/integration/admin/token", json=body)).json()
            bearer = {"Authorization": f"Bearer {token}"}
            return (await client.get("/rest/V1/orders/1", headers=bearer)).status_code

        assert [await read_with_new_token() for _ in range(2)] == [401, 200]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("HEAD", "/rest/V1/orders/1", {}, 405),
        ("PATCH", "/rest/V1/orders/1", {}, 405),
        ("GET", "/rest/V1/orders/1", {"Accept": "text/csv"}, 500),
        ("GET", "/rest/V1/orders?" + "x" * 20_000, {}, 414),
        ("GET", "/rest/en/V1/orders/1", {}, 400),
        ("GET", "/rest/all/V1/orders/1", {}, 200),
        ("GET", "/rest/eu/V1/orders/1", {}, 200),
    ],
)
async def test_a_request_of_another_form_gets_the_answer_of_the_real_shop(
    *, method, path, headers, status, recorded_shop, speaking_to
):
    async with speaking_to(recorded_shop()) as client:
        response = await client.request(method, path, headers=headers)
    assert response.status_code == status
    if status in (414, 500):
        assert response.headers["Content-Type"].startswith("text/html")


def test_the_keys_are_as_long_as_the_real_ones():
    keys = MagentoSandbox().credentials
    assert {len(keys.consumer_key), len(keys.consumer_secret)} == {32}
    assert {len(keys.access_token), len(keys.access_token_secret)} == {32}


def test_a_signature_is_plain_hmac():
    secrets, text = "a&b", base_string("GET", "https://shop.example/rest/V1/x", {})
    digest = hmac.new(secrets.encode(), text.encode(), hashlib.sha256).digest()
    found = signature("GET", "https://shop.example/rest/V1/x", parameters={}, secrets=secrets)
    assert found == base64.b64encode(digest).decode()
