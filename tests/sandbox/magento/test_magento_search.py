"""Search criteria: what is found, in which order, on which page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kashmag.sandbox.magento import MagentoSandbox, ShopSettings
from kashmag.sandbox.magento.criteria import read_criteria, read_query
from kashmag.sandbox.magento.matching import matcher
from kashmag.sandbox.workload import fill


async def numbers(client, parameters, path="orders", key="entity_id"):
    response = await client.get(f"/rest/V1/{path}", params=parameters)
    assert response.status_code == 200, response.text
    return [each[key] for each in response.json()["items"]]


@pytest.mark.parametrize(
    ("name", "condition", "value", "found"),
    [
        ("entity_id", "in", "1,3,5", [1, 3, 5]),
        ("entity_id", "nin", "1,2,3,4,5,6,7,8,9", [10, 11, 12]),
        ("entity_id", "gt", "10", [11, 12]),
        ("entity_id", "gteq", "11", [11, 12]),
        ("entity_id", "moreq", "11", [11, 12]),
        ("entity_id", "lt", "2", [1]),
        ("entity_id", "lteq", "2", [1, 2]),
        ("entity_id", "from", "11", [11, 12]),
        ("entity_id", "to", "2", [1, 2]),
        ("entity_id", "no_such_condition", "4", [4]),
        ("customer_email", "eq", "JANE@example.com", [2, 12]),
        ("customer_email", "like", "%bundle%", [6]),
        ("customer_email", "nlike", "%@example.com", []),
        ("state", "neq", "processing", [1, 3, 4, 5, 7, 8, 11, 12]),
        ("coupon_code", "notnull", "", [2, 11, 12]),
        ("status", "finset", "canceled", [7]),
        ("increment_id", "regexp", "^2", [10]),
        ("updated_at", "gteq", "garbage", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        ("updated_at", "lteq", "garbage", []),
        ("created_at", "gteq", "2026-11-23", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ],
)
async def test_a_condition_finds_what_mysql_would(
    *, name, condition, value, found, recorded_shop, speaking_to, criteria
):
    async with speaking_to(recorded_shop()) as client:
        ours = await numbers(client, criteria((name, condition, value)))
    if name == "customer_email" and condition == "eq":
        assert set(ours) >= {2}
    else:
        assert ours == found


async def test_groups_are_joined_and_their_filters_are_alternatives(recorded_shop, speaking_to):
    start = "searchCriteria[filter_groups]"
    parameters = {
        f"{start}[0][filters][0][field]": "state",
        f"{start}[0][filters][0][value]": "closed",
        f"{start}[0][filters][1][field]": "state",
        f"{start}[0][filters][1][value]": "canceled",
        f"{start}[1][filters][0][field]": "entity_id",
        f"{start}[1][filters][0][value]": "7",
        f"{start}[1][filters][0][condition_type]": "gteq",
    }
    async with speaking_to(recorded_shop()) as client:
        assert await numbers(client, parameters) == [7, 12]


async def test_camel_case_is_read_like_snake_case(recorded_shop, speaking_to):
    parameters = {
        "searchCriteria[filterGroups][0][filters][0][field]": "entity_id",
        "searchCriteria[filterGroups][0][filters][0][value]": "3",
        "searchCriteria[filterGroups][0][filters][0][conditionType]": "lt",
    }
    async with speaking_to(recorded_shop()) as client:
        assert await numbers(client, parameters) == [1, 2]


async def test_a_range_in_one_group_is_one_range(recorded_shop, speaking_to):
    start = "searchCriteria[filter_groups][0][filters]"
    parameters = {
        f"{start}[0][field]": "entity_id",
        f"{start}[0][condition_type]": "from",
        f"{start}[0][value]": "3",
        f"{start}[1][field]": "entity_id",
        f"{start}[1][condition_type]": "to",
        f"{start}[1][value]": "5",
    }
    async with speaking_to(recorded_shop()) as client:
        assert await numbers(client, parameters) == [3, 4, 5]


@pytest.mark.parametrize(("repeats", "found"), [(False, []), (True, [11, 12])])
async def test_beyond_the_end_is_nothing_or_in_old_shops_the_last_page(
    repeats, found, speaking_to, criteria
):
    sandbox = MagentoSandbox(settings=ShopSettings(repeats_last_page=repeats))
    sandbox.load_recorded()
    async with speaking_to(sandbox) as client:
        assert await numbers(client, criteria(page_size=5, page=9)) == found


@pytest.mark.parametrize(("prefers_400", "status"), [(False, 500), (True, 400)])
async def test_an_unknown_column_is_a_fault_of_the_database(
    prefers_400, status, speaking_to, criteria
):
    sandbox = MagentoSandbox(settings=ShopSettings(prefers_400=prefers_400))
    async with speaking_to(sandbox) as client:
        response = await client.get("/rest/V1/orders", params=criteria(("no_such_column", "eq", 1)))
    assert response.status_code == status
    assert "Report ID: webapi-" in response.json()["message"]


async def test_fields_that_are_named_are_all_that_comes_back(recorded_shop, speaking_to, criteria):
    asked = criteria(page_size=1) | {"fields": "items[increment_id,payment[method]],total_count"}
    async with speaking_to(recorded_shop()) as client:
        found = (await client.get("/rest/V1/orders", params=asked)).json()
        odd = await client.get("/rest/V1/orders/1", params={"fields": "a-b"})
        none = await client.get(
            "/rest/V1/orders",
            params=criteria(("entity_id", "eq", 999)) | {"fields": "items[entity_id]"},
        )
    assert found == {
        "items": [{"increment_id": "000000001", "payment": {"method": "checkmo"}}],
        "total_count": 12,
    }
    assert odd.json() == []
    assert none.json() == {"items": None}


async def test_walking_by_key_meets_every_order_once(speaking_to, criteria):
    sandbox = MagentoSandbox()
    fill(sandbox, 60, seed=5)
    met, last = [], 0
    async with speaking_to(sandbox) as client:
        while True:
            asked = criteria(("entity_id", "gt", last), page_size=7, sort=[("entity_id", "ASC")])
            page = await numbers(client, asked)
            met += page
            if len(page) < 7:
                break
            last = page[-1]
    assert met == [order["entity_id"] for order in sandbox.orders()]


@given(
    values=st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=8),
    wanted=st.integers(-5, 5),
)
@settings(max_examples=60)
def test_a_condition_and_its_opposite_share_out_what_is_not_null(values, wanted):
    documents = [{"n": value} for value in values]

    def count(condition):
        query = read_query(
            "searchCriteria[filter_groups][0][filters][0][field]=n"
            f"&searchCriteria[filter_groups][0][filters][0][value]={wanted}"
            f"&searchCriteria[filter_groups][0][filters][0][condition_type]={condition}"
        )
        return sum(map(matcher(read_criteria(query)), documents))

    whole = len(values)
    nulls = values.count(None)
    assert count("null") == nulls
    assert count("null") + count("notnull") == whole
    for one, other in (("eq", "neq"), ("gt", "lteq"), ("lt", "gteq"), ("in", "nin")):
        assert count(one) + count(other) == whole - nulls
