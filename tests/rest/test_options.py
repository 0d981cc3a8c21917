"""Wishes for one call over those of the client."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kashmag.rest.options import Options

options = st.builds(
    Options,
    timeout=st.none() | st.timedeltas(timedelta(0), timedelta(hours=1)),
    retries=st.none() | st.integers(0, 9),
    headers=st.dictionaries(st.sampled_from("ABC"), st.sampled_from("xyz")),
    scope=st.none() | st.sampled_from(["all", "uk"]),
)


@given(one=options, other=options)
def test_what_is_said_wins_over_what_the_client_says(one: Options, other: Options) -> None:
    told = one.over(other)
    assert told.timeout == (other.timeout if one.timeout is None else one.timeout)
    assert told.retries == (other.retries if one.retries is None else one.retries)
    assert told.scope == (other.scope if one.scope is None else one.scope)
    assert told.headers == {**other.headers, **one.headers}


@given(one=options, two=options, three=options)
def test_it_does_not_matter_which_are_joined_first(
    one: Options, two: Options, three: Options
) -> None:
    assert one.over(two).over(three) == one.over(two.over(three))


def test_header_values_are_never_shown() -> None:
    shown = repr(Options(headers={"X-Api-Key": "swordfish"}))
    assert "X-Api-Key" in shown
    assert "swordfish" not in shown
