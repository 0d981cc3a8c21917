"""The client on the wire."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import logging
import pkgutil
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
import respx

from kashmag import magento
from kashmag.errors import NotFoundError, ReadOnlyError, SettingsError, SignInError
from kashmag.magento import orders
from kashmag.rest.options import Options
from kashmag.rest.transport import HttpxTransport
from kashmag.rest.wire import Response
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.serving import serving

KEYS = magento.OAuth1(
    consumer_key="k" * 32,
    consumer_secret="swordfish1",
    access_token="t" * 32,
    access_token_secret="swordfish2",
)


@respx.mock
async def test_a_call_is_signed_and_goes_to_the_default_store_view() -> None:
    route = respx.get("https://shop.example/rest/V1/orders/42").respond(
        json={"entity_id": 42, "grand_total": 58.92}
    )
    async with magento.Client("https://shop.example", auth=KEYS) as shop:
        order = await shop.orders.get(42)
    assert order.grand_total == Decimal("58.92")
    sent = route.calls.last.request
    assert sent.headers["Authorization"].startswith('OAuth oauth_consumer_key="')
    assert sent.headers["Accept"] == "application/json"
    assert "swordfish" not in str(sent.headers)
    assert "Content-Type" not in sent.headers


@respx.mock
async def test_a_search_is_sent_with_brackets_and_spaces_encoded() -> None:
    route = respx.route(host="shop.example").respond(json={"items": [], "total_count": 0})
    async with magento.Client("https://shop.example", auth=KEYS) as shop:
        await shop.orders.page(magento.Criteria().where("status", "eq", "a b+c"))
    raw = route.calls.last.request.url.raw_path.decode()
    assert (
        "searchCriteria%5Bfilter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=a%20b%2Bc" in raw
    )
    assert "[" not in raw
    assert "+" not in raw


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((None, None), "https://shop.example/rest/V1/orders/1"),
        (("uk", None), "https://shop.example/rest/uk/V1/orders/1"),
        (("uk", "all"), "https://shop.example/rest/all/V1/orders/1"),
        ((None, "a/b"), "https://shop.example/rest/a%2Fb/V1/orders/1"),
    ],
)
async def test_the_store_is_chosen_per_client_and_per_call(
    make_client, make_shop, make_answer, codes, expected
) -> None:
    far = make_shop(lambda _: make_answer({"entity_id": 1}))
    client, call = codes
    await make_client(far, store=client).orders.get(1, Options(scope=call))
    assert far.requests[0].url == expected


async def test_options_reach_the_wire(make_client, make_shop, make_answer) -> None:
    far = make_shop(lambda _: make_answer({"entity_id": 1}))
    wishes = Options(timeout=timedelta(seconds=3), headers={"X-Trace": "7"})
    await make_client(far).orders.get(1, wishes)
    assert far.requests[0].timeout == timedelta(seconds=3)
    assert dict(far.requests[0].headers)["X-Trace"] == "7"


async def test_a_read_only_client_writes_nothing(make_client, make_shop, make_answer) -> None:
    far = make_shop(lambda _: make_answer([]))
    shop = make_client(far, read_only=True)
    with pytest.raises(ReadOnlyError):
        await shop.orders.cancel(1)
    with pytest.raises(ReadOnlyError):
        await shop.inventory.source_items.save()
    assert far.requests == []
    assert await shop.products.prices.base("A") == ()


async def test_any_route_can_be_called_typed(make_client, make_shop, make_answer) -> None:
    far = make_shop(lambda _: make_answer({"id": "7", "more": 1}))
    operation = magento.read_route(f"/V1/things/{magento.segment('a b')}", magento.as_json)
    assert await make_client(far).send(operation) == {"id": "7", "more": 1}
    assert far.requests[0].url == "https://shop.example/rest/V1/things/a%20b"


async def test_the_raw_response_can_be_had(make_client, make_shop, make_answer) -> None:
    far = make_shop(lambda _: make_answer({"entity_id": 1}))
    response = await make_client(far).raw(orders.get(1))
    assert response.status == 200
    assert response.body == b'{"entity_id": 1}'


async def test_a_transport_that_is_passed_in_is_left_open(make_shop, make_answer) -> None:
    class Counted(type(make_shop(lambda _: make_answer({})))):
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    far = Counted(lambda _: make_answer({}))
    async with magento.Client("https://shop.example", auth=KEYS, transport=far):
        pass
    assert far.closed == 0


async def test_a_failing_call_names_all_and_shows_no_secret(
    make_client, make_shop, make_answer
) -> None:
    told = {"message": "Not %resources.", "parameters": {"resources": "Magento_Sales::x"}}
    seen = []
    far = make_shop(lambda _: make_answer(told, 401))
    shop = make_client(far, auth=KEYS, observers=[seen.append])
    with pytest.raises(SignInError) as caught:
        await shop.orders.get(1)
    shown = f"{caught.value} {caught.value!r} {seen!r}"
    assert str(caught.value).startswith("Magento get order (401): Not Magento_Sales::x. This may")
    assert "swordfish" not in shown
    assert "oauth_signature" not in shown
    assert len(far.requests) == 1


async def test_a_sku_that_no_path_can_carry_is_searched_for(
    make_client, make_shop, make_answer
) -> None:
    def respond(request):
        if "/products/" in request.url:
            return Response(404, (("Content-Type", "text/html"),), b"<html>not found</html>")
        assert dict(request.query)["searchCriteria[filter_groups][0][filters][0][value]"] == "A/B"
        return make_answer({"items": [{"id": 3, "sku": "A/B"}], "total_count": 1})

    shop = make_client(make_shop(respond))
    assert (await shop.products.get("A/B")).id == 3


async def test_a_plain_sku_that_is_not_there_is_not_searched_for(
    make_client, make_shop, make_answer
) -> None:
    far = make_shop(lambda _: make_answer({"message": "no such product"}, 404))
    with pytest.raises(NotFoundError):
        await make_client(far).products.get("A B-1")
    assert len(far.requests) == 1


async def test_a_comment_keeps_the_orders_status(make_client, make_shop, make_answer) -> None:
    def respond(request):
        return make_answer("fraud" if request.method == "GET" else True)

    far = make_shop(respond)
    assert await make_client(far).orders.add_comment(1, "hi")
    assert b'"status": "fraud"' in far.requests[1].body


async def test_source_items_are_walked_in_an_order_that_is_unique(
    make_client, make_shop, make_answer
) -> None:
    far = make_shop(lambda _: make_answer({"items": [], "total_count": 0}))
    assert [one async for one in make_client(far).inventory.source_items.matching()] == []
    query = dict(far.requests[0].query)
    assert query["searchCriteria[sortOrders][0][field]"] == "sku"
    assert query["searchCriteria[sortOrders][1][field]"] == "source_code"


async def test_a_void_answer_and_a_bare_number_are_read(
    make_client, make_shop, make_answer
) -> None:
    shop = make_client(make_shop(lambda _: make_answer([])))
    item = magento.SourceItem(sku="A", source_code="x", quantity=Decimal(1))
    await shop.inventory.source_items.save(item)
    shop = make_client(make_shop(lambda _: make_answer(12.5)))
    assert await shop.inventory.salable_quantity("A", 2) == Decimal("12.5")
    shop = make_client(make_shop(lambda _: make_answer("17")))
    assert await shop.orders.invoice(1) == 17


@respx.mock
async def test_the_default_transport_keeps_no_cookies() -> None:
    respx.get("https://shop.example/rest/V1/orders/1").mock(
        side_effect=[
            httpx.Response(200, json={"entity_id": 1}, headers={"Set-Cookie": "PHPSESSID=x"}),
            httpx.Response(200, json={"entity_id": 1}),
        ]
    )
    wire = HttpxTransport()
    async with magento.Client("https://shop.example", auth=KEYS, transport=wire) as shop:
        await shop.orders.get(1)
        await shop.orders.get(1)
    await wire.aclose()
    assert "cookie" not in respx.calls.last.request.headers


@pytest.mark.parametrize(
    "url", ["shop.example", "", "ftp://shop.example", "https://shop.example/rest/V1"]
)
def test_a_url_that_cannot_be_a_shops_is_refused_at_once(url: str) -> None:
    with pytest.raises(SettingsError, match="URL"):
        magento.Client(url, auth=KEYS)


@pytest.mark.parametrize("url", ["https://shop.example/uk/", "http://127.0.0.1:8080"])
async def test_a_shop_may_live_in_a_folder_or_at_a_port(url, make_shop, make_answer) -> None:
    far = make_shop(lambda _: make_answer({"entity_id": 1}))
    await magento.Client(url, auth=KEYS, transport=far).orders.get(1)
    assert far.requests[0].url == f"{url.rstrip('/')}/rest/V1/orders/1"


def test_a_custom_attribute_is_found_by_its_code() -> None:
    product = magento.Product(
        sku="A",
        custom_attributes=(
            magento.CustomAttribute(attribute_code="tax_class_id", value="2"),
            magento.CustomAttribute(attribute_code="category_ids", value=["3", "4"]),
        ),
    )
    assert magento.attribute(product, "tax_class_id") == "2"
    assert magento.attribute(product, "category_ids") == ["3", "4"]
    assert magento.attribute(product, "nothing") is None
    assert magento.attribute(magento.Customer(), "tax_class_id") is None


async def test_no_log_shows_a_secret(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    made = MagentoSandbox(seed=1)
    made.load_recorded()
    told = made.credentials
    signed = magento.OAuth1(
        consumer_key=told.consumer_key,
        consumer_secret=told.consumer_secret,
        access_token=told.access_token,
        access_token_secret=told.access_token_secret,
    )
    proofs = (
        signed,
        magento.Bearer(told.access_token),
        magento.AdminToken(told.admin_username, told.admin_password),
        magento.Bearer("wrong" * 7),
    )
    async with serving(made.app) as url:
        for proof in proofs:
            async with magento.Client(url, auth=proof) as shop:
                with contextlib.suppress(SignInError):
                    await shop.orders.get(1)
    assert "get order" in caplog.text
    for secret in (
        told.consumer_secret,
        told.access_token,
        told.access_token_secret,
        told.admin_password,
        "wrong" * 7,
    ):
        assert secret not in caplog.text
    assert "oauth_signature" not in caplog.text


def test_no_exported_name_is_hidden_by_a_module_of_the_room() -> None:
    modules = {one.name for one in pkgutil.iter_modules(magento.__path__)}
    for name in modules:
        importlib.import_module(f"kashmag.magento.{name}")
    hidden = [
        name
        for name in magento.__all__
        if name in modules and not inspect.ismodule(vars(magento)[name])
    ]
    assert hidden == []
    assert all(
        not inspect.ismodule(getattr(magento, name)) for name in set(magento.__all__) - modules
    )
