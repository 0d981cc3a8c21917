"""Laws of comparing two readings of a record."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag.kashflow import comparing
from kashmag.kashflow.comparing import completed, differences, shape

NONE = frozenset()
scalars = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2)
    | st.decimals(-9, 9, places=4)
)  # fmt: skip
names = st.text("ABC", min_size=1, max_size=2)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=6,
)
records = st.dictionaries(names, values, max_size=4)
NOTHINGS = (None, "", 0, Decimal("0.0000"), False, [], {})


@given(records)
def test_a_record_does_not_differ_from_itself(record):
    assert differences(record, record, ignoring=NONE) == []
    assert unconfirmed(record, record, shape("A B C AA", B=shape("A B"))) == []


@given(records, records)
def test_two_readings_contradict_each_other_or_neither(one, other):
    there = differences(one, other, ignoring=NONE)
    back = differences(other, one, ignoring=NONE)
    assert bool(there) == bool(back)


@given(records, names, scalars.filter(bool), scalars.filter(bool))
def test_a_value_that_changed_is_named(record, name, before, after):
    one, other = {**record, name: before}, {**record, name: after}
    assert bool(differences(one, other, ignoring=NONE)) == (before != after)
    assert all(found.startswith(f"{name}: ") for found in differences(one, other, ignoring=NONE))
    assert differences(one, other, ignoring=frozenset({name})) == []


@given(records, records)
def test_a_completed_record_has_the_keys_of_both_and_the_values_of_the_first(one, other):
    whole = completed(one, other)
    assert set(whole) == set(one) | set(other)
    assert differences(one, whole, ignoring=NONE) == []
    assert all(whole[name] == value for name, value in one.items() if not holds_more(value))
    assert all(whole[name] == other[name] for name in set(other) - set(one))


def unconfirmed(written, told, counting, before=None):
    """As if everything had held something else before."""
    if before is None:
        before = dict.fromkeys([*written, *told], "something else")
    return comparing.unconfirmed(before, written, told, counting)


def holds_more(value):
    return isinstance(value, dict | list)


@pytest.mark.parametrize("one", NOTHINGS)
@pytest.mark.parametrize("other", NOTHINGS)
def test_all_ways_of_saying_nothing_are_alike(one, other):
    assert differences({"A": one}, {"A": other}, ignoring=NONE) == []
    assert unconfirmed({"A": one}, {"A": other}, shape("A")) == []


@pytest.mark.parametrize("something", [1, "x", Decimal("0.0001"), True, [1], {"a": 1}, [{}]])
@pytest.mark.parametrize("nothing", NOTHINGS)
def test_something_is_not_nothing(something, nothing):
    for one, other in ((something, nothing), (nothing, something)):
        if something == {"a": 1} and nothing == {}:
            continue  # a key that only one of two readings has is no contradiction
        assert differences({"A": one}, {"A": other}, ignoring=NONE)
        assert unconfirmed({"A": one}, {"A": other}, shape("A"))


def test_an_object_that_became_a_list_or_a_text_is_a_difference():
    for other in ([{"a": 1}], "a", 1, None):
        assert differences({"A": {"a": 1}}, {"A": other}, ignoring=NONE)
        assert differences({"A": other}, {"A": {"a": 1}}, ignoring=NONE)
        assert unconfirmed({"A": {"a": 1}}, {"A": other}, shape("", A=shape("a")))
        assert unconfirmed({"A": [{"a": 1}]}, {"A": "x"}, shape("", A=shape("a")))
        assert unconfirmed({"A": "x"}, {"A": [{"a": 1}]}, shape("", A=shape("a")))


def test_numbers_are_compared_by_value():
    assert differences({"A": 18}, {"A": Decimal("18.0000")}, ignoring=NONE) == []
    assert differences({"A": True}, {"A": 1}, ignoring=NONE) == []
    assert differences({"A": Decimal("18.01")}, {"A": 18}, ignoring=NONE) == ["A: 18.01 -> 18"]


def test_rows_are_compared_in_their_own_order_new_ones_last():
    rows = [{"Number": 2, "D": "b"}, {"Number": 1, "D": "a"}]
    assert differences({"L": rows}, {"L": rows[::-1]}, ignoring=NONE) == []
    written = {"L": [{"Number": 0, "D": "new"}, {"Number": 4, "D": "old"}]}
    told = {"L": [{"Number": 4, "D": "old"}, {"Number": 5, "D": "new"}]}
    assert unconfirmed(written, told, shape("", L=shape("D"))) == []
    wrong = {"L": [{"Number": 4, "D": "old"}, {"Number": 5, "D": "other"}]}
    assert unconfirmed(written, wrong, shape("", L=shape("D"))) == ["L[1].D: new -> other"]


def test_only_the_keys_that_count_must_read_back_but_none_may_vanish():
    counting = shape("A", B=shape("C"))
    written = {"A": 1, "Sum": 9, "B": {"C": 1, "Auto": 2}}
    assert unconfirmed(written, {"A": 1, "Sum": 10, "B": {"C": 1, "Auto": 3}}, counting) == []
    assert unconfirmed(written, {"A": 1, "B": {"C": 1}}, counting) == ["Sum: 9 -> gone"]
    assert unconfirmed(written, {"A": 2, "Sum": 9, "B": {"C": 2}}, counting) == [
        "A: 1 -> 2", "B.C: 1 -> 2"
    ]  # fmt: skip
    assert unconfirmed({"A": None}, {"A": "x"}, counting) == ["A: nothing -> x"]
    assert unconfirmed({}, {"A": "x"}, counting) == ["A: nothing -> x"]
    assert unconfirmed({"B": {}}, {"B": {"C": "filled in"}}, counting) == []
    assert unconfirmed({"Sum": None}, {}, counting) == []


def test_what_said_nothing_before_and_was_not_decided_is_theirs_to_fill_in():
    counting = shape("A B", C=shape("D"))
    filled = {"A": "x", "B": 2, "C": {"D": 1}}
    assert unconfirmed({"A": None, "B": 0}, filled, counting, before={}) == []
    assert unconfirmed({"A": None}, filled, counting, before={"A": "old"}) == ["A: nothing -> x"]
    assert unconfirmed({"A": "y"}, filled, counting, before={}) == ["A: y -> x"]
