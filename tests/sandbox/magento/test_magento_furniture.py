"""Every route of the table answers, and what is written can be read again."""

import pytest

from kashmag.sandbox.magento.addressing import RouteTable
from kashmag.sandbox.magento.routes import ROUTES

VALUES = {
    "{id}": "1",
    "{sku}": "WH-MUG-01",
    "{code}": "leeds",
    "{type}": "website",
    "{store}": "1",
}
# The only addresses below which the first thing is not numbered 1, or named otherwise.
ELSEWHERE = {
    "taxClasses/{id}": "taxClasses/2",
    "products/attributes/{code}": "products/attributes/size",
    "products/attributes/{code}/options": "products/attributes/size/options",
    "products/attribute-sets/{id}": "products/attribute-sets/4",
    "products/attribute-sets/{id}/attributes": "products/attribute-sets/4/attributes",
    "categories/{id}": "categories/2",
    "directory/countries/{code}": "directory/countries/GB",
    "inventory/stock-resolver/{type}/{code}": "inventory/stock-resolver/website/base",
}


def address(pattern):
    if pattern in ELSEWHERE:
        return ELSEWHERE[pattern]
    for part, value in VALUES.items():
        pattern = pattern.replace(part, value)
    return pattern


@pytest.mark.parametrize(
    "pattern", sorted(route.pattern for route in ROUTES if route.method == "GET")
)
async def test_every_read_answers(pattern, recorded_shop, speaking_to):
    parameters = {"searchCriteria[pageSize]": "3", "qty": "1", "skus[0]": "A", "stockId": "2"}
    async with speaking_to(recorded_shop()) as client:
        response = await client.get(f"/rest/V1/{address(pattern)}", params=parameters)
    assert response.status_code == 200, response.text


def test_every_route_finds_itself():
    table = RouteTable(ROUTES)
    for route in ROUTES:
        found = table.resolve(route.method, tuple(address(route.pattern).split("/")))
        assert found is not None
        assert found.route is route


@pytest.mark.parametrize(
    ("path", "member", "given", "changed"),
    [
        (
            "taxRates",
            "taxRate",
            {"tax_country_id": "IE", "code": "IE-VAT-23", "rate": 23},
            {"rate": 23.5},
        ),
        ("taxRules", "rule", {"code": "Irish VAT"}, {"priority": 2}),
        ("customerGroups", "group", {"code": "Trade"}, {"code": "Trade customers"}),
    ],
)
async def test_furniture_is_made_changed_and_thrown_away(
    *, path, member, given, changed, recorded_shop, speaking_to
):
    async with speaking_to(recorded_shop()) as client:
        made = (await client.post(f"/rest/V1/{path}", json={member: given})).json()
        number = made["id"]
        assert given.items() <= made.items()
        where = f"/rest/V1/{path}/{number}" if path == "customerGroups" else f"/rest/V1/{path}"
        await client.put(where, json={member: {"id": number, **changed}})
        read = (await client.get(f"/rest/V1/{path}/{number}")).json()
        assert read == {**made, **changed}
        assert (await client.delete(f"/rest/V1/{path}/{number}")).json() is True
        assert (await client.get(f"/rest/V1/{path}/{number}")).status_code == 404


async def test_a_source_is_made_and_linked(recorded_shop, speaking_to):
    source = {"source_code": "york", "name": "York", "country_id": "GB", "postcode": "YO1 7HH"}
    async with speaking_to(recorded_shop()) as client:
        assert (
            await client.post("/rest/V1/inventory/sources", json={"source": source})
        ).json() == []
        links = {"links": [{"stock_id": 2, "source_code": "york", "priority": 3}]}
        await client.post("/rest/V1/inventory/stock-source-links", json=links)
        item = {"sku": "WH-MUG-01", "source_code": "york", "quantity": 7, "status": 1}
        where = "/rest/V1/inventory/get-product-salable-quantity/WH-MUG-01/2"
        before = (await client.get(where)).json()
        await client.post("/rest/V1/inventory/source-items", json={"sourceItems": [item]})
        assert (await client.get(where)).json() == before + 7
        await client.post("/rest/V1/inventory/stock-source-links-delete", json=links)
        assert (await client.get(where)).json() == before


async def test_a_customer_is_made_changed_and_refused_twice(recorded_shop, speaking_to):
    customer = {"email": "new@example.com", "firstname": "New", "lastname": "Buyer"}
    async with speaking_to(recorded_shop()) as client:
        made = (await client.post("/rest/V1/customers", json={"customer": customer})).json()
        again = await client.post("/rest/V1/customers", json={"customer": customer})
        empty = await client.post("/rest/V1/customers", json={"customer": {}})
        where = f"/rest/V1/customers/{made['id']}"
        changed = {"customer": {"id": made["id"], "lastname": "Name", "email": made["email"]}}
        await client.put(where, json=changed)
        read = (await client.get(where)).json()
    assert again.status_code == 400
    assert len(empty.json()["errors"]) == 3
    assert (read["firstname"], read["lastname"]) == ("New", "Name")


async def test_writing_a_customer_replaces_its_addresses_and_keeps_what_is_left_out(
    recorded_shop, speaking_to
):
    home = {"firstname": "A", "lastname": "B", "street": ["1 Lane"], "city": "Leeds"}
    home |= {"postcode": "LS1 1AA", "country_id": "GB", "telephone": "0113"}
    told = {"email": "new@example.com", "firstname": "New", "lastname": "Buyer", "taxvat": "GB1"}
    told["addresses"] = [home | {"default_billing": True}, home]
    async with speaking_to(recorded_shop()) as client:
        made = (await client.post("/rest/V1/customers", json={"customer": told})).json()
        first, _ = made["addresses"]
        sent = {"email": made["email"], "updated_at": "2001-01-01 00:00:00"}
        sent["addresses"] = [{"id": first["id"], "street": ["2 Lane"], "default_billing": True}]
        where = f"/rest/V1/customers/{made['id']}"
        await client.put(where, json={"customer": sent})
        read = (await client.get(where)).json()
    assert (read["taxvat"], read["lastname"]) == ("GB1", "Buyer")
    assert read["updated_at"] >= made["updated_at"]
    (kept,) = read["addresses"]
    assert (kept["id"], kept["street"]) == (first["id"], ["2 Lane"])
    assert "telephone" not in kept
