"""JSON to records and back, losing nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from kashmag.errors import UnexpectedPayloadError
from kashmag.rest import codec
from kashmag.rest.codec import Json
from kashmag.rest.dialects import Dialect


@frozen(kw_only=True)
class Part:
    name: str | None = None
    price: Decimal | None = None
    extra: Mapping[str, Json] = field(factory=dict)


@frozen(kw_only=True)
class Thing:
    id: int
    price: Decimal | None = None
    on: bool | None = None
    parts: tuple[Part, ...] = ()
    more: tuple[Part, ...] | None = None
    part: Part | None = None
    attributes: Mapping[str, Json] | None = None
    extra: Mapping[str, Json] = field(factory=dict)


DIALECT = Dialect(lambda _, name: name)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers()
names = st.text(max_size=4)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
parts = st.fixed_dictionaries(
    {}, optional={"name": st.none() | names, "price": st.none() | numbers, "odd": json_values}
)
things = st.fixed_dictionaries(
    {"id": st.integers()},
    optional={
        "price": st.none() | numbers,
        "on": st.none() | st.booleans(),
        "parts": st.none() | st.lists(parts, max_size=3),
        "more": st.none() | st.lists(parts, max_size=3),
        "part": st.none() | parts | st.just([]),
        "attributes": st.none() | st.just([]) | st.dictionaries(names, json_values, max_size=3),
        "strange": json_values,
    },
)


def told_or_odd(told: dict[str, Json]) -> dict[str, st.SearchStrategy[Json]]:
    """The same object, with anything at all in the place of some of its values."""
    return {name: st.just(value) | json_values for name, value in told.items()}


@given(value=json_values)
def test_json_survives_printing_and_parsing(value: Json) -> None:
    assert codec.loads(codec.dumps(value)) == value


@given(value=json_values)
def test_what_is_printed_is_json_to_others_too(value: Json) -> None:
    json.loads(codec.dumps(value))


@given(wire=things)
def test_a_record_returns_all_that_arrived(wire: dict[str, Json]) -> None:
    thing = DIALECT.read(Thing, wire)
    assert DIALECT.write(thing) == wire


@given(wire=json_values | things.flatmap(lambda told: st.fixed_dictionaries(told_or_odd(told))))
def test_anything_is_read_or_refused_with_the_path_of_each_fault(wire: Json) -> None:
    paths: tuple[str, ...] = ()
    try:
        thing = DIALECT.read(Thing, wire)
    except UnexpectedPayloadError as error:
        paths = error.paths or ("none",)
    else:
        assert DIALECT.read(Thing, DIALECT.write(thing)) == thing
    assert all(" @ $" in path for path in paths)


def test_digits_are_kept_as_they_are() -> None:
    assert codec.dumps(codec.loads(b"[0.10, 12345678901234567890.1234]")) == (
        b"[0.10, 12345678901234567890.1234]"
    )


def test_a_list_that_arrived_empty_stays_and_one_that_did_not_arrive_stays_away() -> None:
    absent = DIALECT.read(Thing, {"id": 1})
    empty = DIALECT.read(Thing, {"id": 1, "parts": []})
    assert absent.parts == empty.parts == ()
    assert DIALECT.write(absent) == {"id": 1}
    assert DIALECT.write(empty) == {"id": 1, "parts": []}


def test_what_is_changed_goes_out_over_what_arrived() -> None:
    thing = DIALECT.read(Thing, {"id": 1, "parts": [], "price": None})
    changed = evolve(thing, price=Decimal(0), parts=(Part(name="x"),))
    assert DIALECT.write(changed) == {"id": 1, "price": 0, "parts": [{"name": "x"}]}


@pytest.mark.parametrize(
    ("wire", "path"),
    [
        ({}, "required field missing @ $.id"),
        ({"id": "x"}, "expected a number, got other text @ $.id"),
        ({"id": 1, "parts": [{}, {"price": "a"}]}, "@ $.parts[1].price"),
        ({"id": 1, "on": 7}, "@ $.on"),
        ([1], "expected an object"),
    ],
)
def test_faults_are_told_by_their_path(wire: Json, path: str) -> None:
    with pytest.raises(UnexpectedPayloadError) as caught:
        DIALECT.read(Thing, wire)
    assert any(path in one for one in caught.value.paths)


UNPRINTABLE = (
    "1e999999999",
    "1e-999999999",
    "0e-999999999",
    "1e99999999999999999999",
    "9" * 5000,
    "0." + "9" * 5000,
    '"\\ud800"',
    '{"\\uDC00x": 1}',
)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "{", "", *UNPRINTABLE])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        codec.loads(text)


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', '"\\\\ud800"', "1e300", "0e-4"])
def test_what_only_looks_unprintable_is_kept(text: str) -> None:
    assert codec.loads(codec.dumps(codec.loads(text))) == codec.loads(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_may_arrive_in_any_of_its_encodings(encoding: str) -> None:
    assert codec.loads('{"é": 1}'.encode(encoding)) == {"é": 1}
