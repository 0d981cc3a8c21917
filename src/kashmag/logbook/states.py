"""The states of an entry and the moves between them: a pure table. Who moves: `engine`.

The theory. An entry stands for one action at the far end. The far end keeps no promise for us: no
idempotency key, no transaction, answers that get lost, reads that lag behind writes. So the state
must say at every moment, also to a process that was just started after a kill, what may have
happened out there:

    PLANNED   surely not sent, or surely without effect
    SENT      announced; committed before the call leaves, so the call may be on its way
    UNKNOWN   was sent and nobody heard the end; may have happened, may still happen
    DONE      surely happened, and we know what it is called there
    REFUSED   surely did not happen, and will not without a change of something
    DISPUTED  happened, and is not what was meant: a person must look
    DROPPED   given up by a person, for good; a new plan may do the deed anew

Three consequences. A call may leave only from PLANNED, by way of SENT. A SENT whose process is
gone is an UNKNOWN. And from UNKNOWN the way back to PLANNED leads only through a proof of
absence, since a second call where the first arrived is the duplicate this table exists against.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final


class State(Enum):
    """Where an entry stands."""

    PLANNED = "planned"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    DISPUTED = "disputed"
    DROPPED = "dropped"


class Mover(Enum):
    """Who may make a move: the engine by itself, or a person who gives a reason."""

    ENGINE = "engine"
    PERSON = "person"


_ENGINE: Final = frozenset({Mover.ENGINE})
_PERSON: Final = frozenset({Mover.PERSON})

MOVES: Final[Mapping[tuple[State, State], frozenset[Mover]]] = {
    (State.PLANNED, State.SENT): _ENGINE,
    # The thing was found at the far end before anything was sent: adopted.
    (State.PLANNED, State.DONE): frozenset({Mover.ENGINE, Mover.PERSON}),
    # Found out without sending: what it builds on is not what was meant.
    (State.PLANNED, State.REFUSED): _ENGINE,
    (State.SENT, State.DONE): _ENGINE,
    (State.SENT, State.REFUSED): _ENGINE,
    (State.SENT, State.UNKNOWN): _ENGINE,
    # No connection, 401, 429, or a refusal that may be the lag: surely without effect.
    (State.SENT, State.PLANNED): _ENGINE,
    (State.UNKNOWN, State.DONE): frozenset({Mover.ENGINE, Mover.PERSON}),
    (State.UNKNOWN, State.PLANNED): _ENGINE,
    (State.DONE, State.DISPUTED): _ENGINE,
    # It was there and is not any more: given up, so that the deed may be done anew.
    (State.DONE, State.DROPPED): _PERSON,
    (State.REFUSED, State.DONE): _PERSON,
    (State.DISPUTED, State.DONE): _PERSON,
    (State.PLANNED, State.DROPPED): _PERSON,
    (State.REFUSED, State.DROPPED): _PERSON,
    (State.UNKNOWN, State.DROPPED): _PERSON,
    (State.DISPUTED, State.DROPPED): _PERSON,
}

# An entry in one of these needs nothing more from the engine.
SETTLED: Final = frozenset({State.DONE, State.DROPPED})
# In these it waits for a person.
WAITING: Final = frozenset({State.REFUSED, State.DISPUTED})


def may_move(before: State, after: State, mover: Mover = Mover.ENGINE) -> bool:
    """Tell whether the table has this move for this mover."""
    return mover in MOVES.get((before, after), frozenset())


def may_have_happened(state: State) -> bool:
    """Tell whether the far end may hold an effect of the entry that nobody has proved."""
    return state in {State.SENT, State.UNKNOWN}
