"""Claims in SQL. A claim is a row; its sequence number is the fencing token."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from kashmag.errors import ClaimLostError
from kashmag.logbook.claims import Claim
from kashmag.logbook.database.inserting import insert_new
from kashmag.logbook.database.tables import claims
from kashmag.logbook.instants import Instant
from kashmag.logbook.owners import is_surely_dead

_TOKENS: Final = claims.c.seq.in_(bindparam("tokens", expanding=True))
_RELEASE: Final = delete(claims).where(_TOKENS)
_STANDING: Final = (
    select(claims.c.name).where(_TOKENS, claims.c.owner == bindparam("of")).with_for_update()
)


class NotFreeError(Exception):
    """A name is held by somebody alive; rolls the whole claim back."""


def take(
    connection: Connection, owner: str, names: tuple[str, ...], *, now: Instant, seconds: float
) -> Claim:
    """Take all names or raise NotFreeError; what dead or late owners hold is taken over."""
    tokens: dict[str, int] = {}
    # In one order everywhere: two workers that want the same names cannot lock each other out.
    for name in sorted(set(names)):
        wanted = {"name": name, "owner": owner, "boot": now.boot, "until": now.seconds + seconds}
        if (token := insert_new(connection, claims, wanted)) is None:
            _remove_if_late(connection, name, now)
            token = insert_new(connection, claims, wanted)
        if token is None:
            raise NotFreeError(name)
        tokens[name] = token
    return Claim(owner, tuple(names), tuple(tokens[name] for name in names))


def renew(connection: Connection, claim: Claim, *, now: Instant, seconds: float) -> None:
    """Hold on for longer; ClaimLostError when any of it is somebody else's."""
    check(connection, claim)
    for name, token in claim.pairs():
        connection.execute(
            update(claims)
            .where(claims.c.name == name, claims.c.seq == token)
            .values(boot=now.boot, until=now.seconds + seconds)
        )


def keep(connection: Connection, owner: str, *, now: Instant, seconds: float) -> None:
    """Hold on to everything of one owner for longer."""
    connection.execute(
        update(claims)
        .where(claims.c.owner == owner)
        .values(boot=now.boot, until=now.seconds + seconds)
    )


def release(connection: Connection, claim: Claim) -> None:
    """Let go of what is still ours."""
    connection.execute(_RELEASE, {"tokens": claim.tokens})


def release_all(connection: Connection, owner: str) -> None:
    """Let go of everything one owner holds."""
    connection.execute(delete(claims).where(claims.c.owner == owner))


def check(connection: Connection, claim: Claim) -> None:
    """Raise ClaimLostError unless every token still stands; the rows stay locked until commit."""
    standing = connection.execute(_STANDING, {"tokens": claim.tokens, "of": claim.owner}).all()
    if len(standing) != len(set(claim.names)):
        lost = set(claim.names) - {one.name for one in standing}
        raise ClaimLostError(f"another worker has taken over {', '.join(sorted(lost))}")


def _remove_if_late(connection: Connection, name: str, now: Instant) -> None:
    """Remove what a dead or late owner holds; NotFreeError when somebody alive holds it."""
    held = connection.execute(select(claims).where(claims.c.name == name).with_for_update()).first()
    if held is None:
        return
    late = now.since(Instant(held.boot, held.until))
    # Another boot of this machine: whoever held it then is gone.
    if late is not None and late < 0 and not is_surely_dead(held.owner):
        raise NotFreeError(name)
    connection.execute(delete(claims).where(claims.c.seq == held.seq))
