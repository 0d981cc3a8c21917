"""What is looked for, and how it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.magento import Criteria, matches, write_criteria
from kashmag.magento.criteria import split_list
from kashmag.rest.wire import Request, percent_encode

fields = st.sampled_from(["entity_id", "status", "grand_total", "created_at_store"])
values = st.text(max_size=8) | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
filters = st.builds(matches, fields, st.sampled_from(["eq", "neq", "like"]), values)
searches = st.builds(
    Criteria,
    groups=st.lists(st.lists(filters, min_size=1, max_size=3).map(tuple), max_size=12).map(tuple),
    sorts=st.lists(st.tuples(fields, st.sampled_from(["ASC", "DESC"])), max_size=3).map(tuple),
    page_size=st.integers(1, 1000),
    page=st.integers(1, 50),
)


def understood(query) -> Criteria:
    """Read a query as a server would, independently of how it was written."""
    groups: dict[int, dict[int, dict[str, str]]] = {}
    sorts: dict[int, dict[str, str]] = {}
    told = {}
    for key, value in query:
        parts = key.replace("]", "").split("[")
        match parts:
            case ["searchCriteria", "filter_groups", g, "filters", f, name]:
                groups.setdefault(int(g), {}).setdefault(int(f), {})[name] = value
            case ["searchCriteria", "sortOrders", s, name]:
                sorts.setdefault(int(s), {})[name] = value
            case ["searchCriteria", name]:
                told[name] = int(value)
    from kashmag.magento import Filter

    return Criteria(
        groups=tuple(
            tuple(
                Filter(one["field"], one["condition_type"], one["value"])
                for _, one in sorted(group.items())
            )
            for _, group in sorted(groups.items())
        ),
        sorts=tuple((one["field"], one["direction"]) for _, one in sorted(sorts.items())),
        page_size=told["pageSize"],
        page=told["currentPage"],
    )


@given(criteria=searches)
def test_criteria_are_understood_as_they_were_meant(criteria: Criteria) -> None:
    assert understood(write_criteria(criteria)) == criteria


@given(criteria=searches)
def test_criteria_survive_the_url(criteria: Criteria) -> None:
    query = tuple((k, v.encode(errors="replace").decode()) for k, v in write_criteria(criteria))
    target = Request("GET", "https://shop.example/x", query=query).target
    assert "+" not in target
    assert tuple(parse_qsl(urlsplit(target).query, keep_blank_values=True)) == query


@given(criteria=searches)
def test_a_page_size_is_always_sent(criteria: Criteria) -> None:
    assert "searchCriteria[pageSize]" in dict(write_criteria(criteria))


def test_groups_are_joined_by_and_filters_by_or() -> None:
    criteria = (
        Criteria()
        .where("store_id", "eq", 1)
        .where_any(
            matches("status", "eq", "pending"), matches("grand_total", "gteq", Decimal("10.50"))
        )
    )
    query = dict(write_criteria(criteria))
    assert query["searchCriteria[filter_groups][0][filters][0][value]"] == "1"
    assert query["searchCriteria[filter_groups][1][filters][0][value]"] == "pending"
    assert query["searchCriteria[filter_groups][1][filters][1][value]"] == "10.50"
    assert query["searchCriteria[filter_groups][1][filters][1][condition_type]"] == "gteq"


def test_updated_since_overlaps_and_may_end() -> None:
    since = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
    until = since + timedelta(hours=1)
    query = write_criteria(Criteria().updated_since(since, until=until))
    found = [value for key, value in query if key.endswith(("[value]", "[condition_type]"))]
    assert found == ["2026-01-20 11:45:00", "gteq", "2026-01-20 13:00:00", "lteq"]


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("in", ["a", "b"], "a,b"),
        ("in", [1, 2], "1,2"),
        ("in", "a,b", "a,b"),
        ("in", 5, "5"),
        ("eq", True, "1"),
        ("eq", Decimal("1E+2"), "100"),
        ("null", "", ""),
        ("like", "%x_%", "%x_%"),
    ],
)
def test_values_are_written_as_magento_reads_them(condition, value, expected) -> None:
    assert matches("field", condition, value).value == expected


@pytest.mark.parametrize(
    ("field", "condition", "value"),
    [
        ("updated_at", "gteq", "garbage"),
        ("updated_at", "gteq", datetime(2026, 1, 1)),
        ("sku", "in", []),
        ("sku", "in", ["a,b"]),
        ("sku", "eq", ["a", "b"]),
    ],
)
def test_what_magento_would_misread_is_refused(field, condition, value) -> None:
    with pytest.raises(ValueError, match=r"."):
        matches(field, condition, value)


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        Criteria(page_size=0)
    with pytest.raises(ValueError, match="where_any"):
        Criteria().where_any()


def test_fields_are_nested_under_items() -> None:
    query = dict(write_criteria(Criteria().only("increment_id", "items[sku,qty_ordered]")))
    assert query["fields"] == "items[increment_id,items[sku,qty_ordered]],total_count"


@pytest.mark.parametrize("field", ["a b", "a-b", "a.b", ""])
def test_fields_that_magento_answers_with_nothing_are_refused(field: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        Criteria().only(field)


@given(values=st.lists(st.text(max_size=30)), longest=st.integers(1, 200))
def test_a_long_list_is_cut_into_parts_that_fit(values: list[str], longest: int) -> None:
    clean = [one.encode(errors="replace").decode() for one in values]
    parts = list(split_list(clean, longest))
    assert [one for part in parts for one in part] == list(dict.fromkeys(clean))
    for part in parts:
        assert len(part) == 1 or sum(len(percent_encode(one)) + 3 for one in part) <= longest
