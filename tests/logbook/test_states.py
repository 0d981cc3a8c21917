from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kashmag.logbook.states import (
    MOVES,
    SETTLED,
    WAITING,
    Mover,
    State,
    may_have_happened,
    may_move,
)

states = st.sampled_from(State)


@given(st.lists(states, min_size=1, max_size=30))
def test_nothing_is_sent_twice_without_a_proof_of_absence_in_between(wishes: list[State]) -> None:
    now, may_be_there = State.PLANNED, False
    for wish in wishes:
        if not may_move(now, wish):
            continue
        if wish is State.SENT:
            assert not may_be_there
            may_be_there = True
        if wish is State.PLANNED:
            assert may_have_happened(now)  # only the engine's proof leads back
            may_be_there = False
        now = wish


@given(states, states)
def test_a_person_never_sends(before: State, after: State) -> None:
    if may_move(before, after, Mover.PERSON):
        assert after in SETTLED


@given(states)
def test_only_what_is_planned_can_leave(before: State) -> None:
    assert may_move(before, State.SENT) == (before is State.PLANNED)


def test_what_was_dropped_stays_dropped() -> None:
    assert not [move for move in MOVES if move[0] is State.DROPPED]


def test_whatever_waits_for_a_person_can_be_ended_by_one() -> None:
    for state in WAITING:
        assert may_move(state, State.DROPPED, Mover.PERSON)
        assert may_move(state, State.DONE, Mover.PERSON)
        assert not [after for after in State if may_move(state, after, Mover.ENGINE)]


def test_a_fate_that_is_unknown_is_never_refused_by_guess() -> None:
    assert not may_move(State.UNKNOWN, State.REFUSED)
    assert not may_move(State.SENT, State.DROPPED, Mover.PERSON)
