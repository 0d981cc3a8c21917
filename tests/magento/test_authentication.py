"""The ways of proving oneself."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag import magento
from kashmag.errors import SignInError, UnexpectedPayloadError
from kashmag.magento.authentication import read_expiry
from kashmag.rest.wire import Response

START = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
IMS = magento.AdobeIms(
    client_id="client", client_secret="swordfish", organization_id="org@x", now=lambda: START
)
ALL = (
    magento.Bearer("swordfish"),
    magento.AdminToken("ann", "swordfish"),
    magento.CustomerToken("ann@example.com", "swordfish"),
    IMS,
)


def token(expires: datetime) -> str:
    claims = json.dumps({"uid": 1, "exp": int(expires.timestamp())}).encode()
    return f"e30.{urlsafe_b64encode(claims).decode().rstrip('=')}.sig"


class Office:
    """A shop that gives tokens for an hour, and forgets them when told to."""

    def __init__(self, make_answer, hands) -> None:
        self.answer = make_answer
        self.hands = hands
        self.good = ""
        self.sign_ins = 0
        self.requests = []

    async def send(self, request):
        self.requests.append(request)
        await asyncio.sleep(0)
        if request.url.endswith(("/token", "/authenticate")):
            if json.loads(request.body)["password"] != "swordfish":
                return self.answer({"message": "The account sign-in was incorrect."}, 401)
            self.sign_ins += 1
            now = self.hands.clock.now()
            self.good = token(now + timedelta(hours=1, seconds=self.sign_ins))
            return self.answer(self.good)
        if dict(request.headers).get("Authorization") == f"Bearer {self.good}":
            return self.answer({"entity_id": 1})
        told = {"message": "Not authorized: %resources.", "parameters": {"resources": "X::y"}}
        return self.answer(told, 401)

    async def aclose(self) -> None: ...


@pytest.mark.parametrize("auth", ALL, ids=lambda auth: type(auth).__name__)
def test_no_secret_is_shown(auth) -> None:
    assert "swordfish" not in repr(auth)


async def test_one_sign_in_serves_any_number_of_calls(make_client, make_answer, hands) -> None:
    office = Office(make_answer, hands)
    shop = make_client(office, auth=magento.AdminToken("ann", "swordfish"))
    await asyncio.gather(*(shop.orders.get(1) for _ in range(30)))
    assert office.sign_ins == 1
    office.good = "gone"
    await asyncio.gather(*(shop.orders.get(1) for _ in range(30)))
    assert office.sign_ins == 2


async def test_an_admin_token_is_renewed_before_it_ends(make_client, make_answer, hands) -> None:
    office = Office(make_answer, hands)
    shop = make_client(office, auth=magento.AdminToken("ann", "swordfish"))
    await shop.orders.get(1)
    hands.seconds += 3600
    await shop.orders.get(1)
    assert office.sign_ins == 2
    assert len(office.requests) == 4


async def test_a_wrong_password_is_tried_once(make_client, make_answer, hands) -> None:
    office = Office(make_answer, hands)
    shop = make_client(office, auth=magento.AdminToken("ann", "wrong"))
    for _ in range(7):
        with pytest.raises(SignInError, match="incorrect"):
            await shop.orders.get(1)
    assert len(office.requests) == 1


async def test_a_one_time_code_goes_to_its_provider(make_client, make_answer, hands) -> None:
    office = Office(make_answer, hands)
    auth = magento.AdminToken("ann", "swordfish", one_time_code=lambda: "123456")
    await make_client(office, auth=auth).orders.get(1)
    first = office.requests[0]
    assert first.url == "https://shop.example/rest/all/V1/tfa/provider/google/authenticate"
    assert json.loads(first.body)["otp"] == "123456"


async def test_a_shop_that_wants_a_one_time_code_says_so(
    make_client, make_shop, make_answer
) -> None:
    told = {"message": "Please use the 2fa endpoints.", "parameters": {"active_providers": ["x"]}}
    shop = make_client(make_shop(lambda _: make_answer(told, 400)), auth=ALL[1])
    with pytest.raises(SignInError, match="2fa"):
        await shop.orders.get(1)


async def test_a_customer_signs_in_at_the_customers_door(make_client, make_answer, hands) -> None:
    office = Office(make_answer, hands)
    await make_client(office, auth=ALL[2]).orders.get(1)
    assert office.requests[0].url == "https://shop.example/rest/V1/integration/customer/token"


async def test_adobes_cloud_is_signed_in_to_and_spoken_to_in_its_own_way(
    make_client, make_shop, make_answer
) -> None:
    def respond(request):
        if "adobelogin" in request.url:
            return make_answer({"access_token": "abc", "expires_in": 86399})
        return make_answer({"entity_id": 1})

    cloud = make_shop(respond)
    shop = make_client(cloud, auth=IMS, store="uk")
    await shop.orders.get(1)
    form, call = cloud.requests
    assert b"grant_type=client_credentials" in form.body
    assert b"commerce.accs" in form.body
    assert call.url == "https://shop.example/V1/orders/1"
    headers = dict(call.headers)
    assert headers["Store"] == "uk"
    assert headers["Authorization"] == "Bearer abc"
    assert headers["x-api-key"] == "client"
    assert headers["x-gw-ims-org-id"] == "org@x"


async def test_a_token_of_ones_own_serves_for_the_cloud_too(
    make_client, make_shop, make_answer
) -> None:
    cloud = make_shop(lambda _: make_answer({"entity_id": 1}))
    await make_client(cloud, cloud_service=True).orders.get(1)
    assert cloud.requests[0].url == "https://shop.example/V1/orders/1"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/async/V1/products", "https://shop.example/V1/async/products"),
        ("/async/bulk/V1/products/bySku", "https://shop.example/V1/async/bulk/products/bySku"),
        ("/V1/products", "https://shop.example/V1/products"),
    ],
)
def test_the_cloud_has_its_own_asynchronous_routes(path: str, expected: str) -> None:
    from kashmag.magento.addressing import cloud_service

    operation = magento.write_route("POST", path, magento.as_json)
    assert cloud_service("https://shop.example/")(operation, None).url == expected


@pytest.mark.parametrize("body", [b'{"x":1}', b"null", b"<html>", b"7"])
def test_an_answer_without_a_token_is_no_sign_in(body: bytes) -> None:
    conversation = ALL[1].sign_in("https://shop.example")
    assert conversation is not None
    next(conversation)
    with pytest.raises(UnexpectedPayloadError):
        conversation.send(Response(200, (), body))


@given(expires=st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_the_end_of_a_token_is_read_from_it(expires: datetime) -> None:
    assert read_expiry(token(expires)) == expires.replace(microsecond=0)


@given(text=st.text())
def test_an_opaque_token_has_no_known_end(text: str) -> None:
    assert read_expiry(f"{text}.{text}.{text}") is None or text
