"""What a run does with the documents of one kind: the run itself knows nothing more of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from kashmag.engine.handling import Terms
from kashmag.engine.isolating import Unreadable
from kashmag.engine.later import LaterError
from kashmag.engine.outcomes import Handled
from kashmag.engine.walking import Beyond
from kashmag.plans.actions import DocumentId


class Unit(Protocol):
    """One document with everything of it that was read."""

    @property
    def entity_id(self) -> str:
        """Its id in the shop."""


U = TypeVar("U", bound=Unit)
U_co = TypeVar("U_co", bound=Unit, covariant=True)


class Source(Protocol[U_co]):
    """Where the documents of one kind are read."""

    @property
    def kind(self) -> str:
        """What the logbook calls such a document."""

    def by_ids(self, entity_ids: Sequence[str]) -> AsyncIterator[U_co | Unreadable]:
        """These documents; those that are gone come as unreadable."""

    def due(
        self, flow: str, *, since: datetime | None, until: datetime | None, beyond: Beyond
    ) -> AsyncIterator[U_co | Unreadable]:
        """What the shop has changed, by id."""

    def changed_elsewhere(self) -> AsyncIterator[list[str]]:
        """Ids of documents that are due though the shop has not changed them, in batches."""


class Flow(Protocol[U]):
    """What a run does with each document."""

    @property
    def is_cut_short(self) -> bool:
        """Tell whether the limit has kept some back."""

    async def expected(self) -> int | None:
        """How many documents are due, where that is known."""

    def due(self) -> AsyncIterator[U | Unreadable]:
        """Every document that is due, each once, up to the limit."""

    def document_of(self, unit: U) -> DocumentId:
        """Which document it is."""

    async def known(self, unit: U) -> Handled | None:
        """The outcome of what need not be looked at again."""

    async def handle(self, unit: U, terms: Terms) -> Handled:
        """Bring it as far as it goes now; raises LaterError when it must wait."""

    def unreadable(self, read: Unreadable) -> Handled:
        """The outcome of what cannot be read."""

    def given_up(self, unit: U, later: LaterError) -> Handled:
        """The outcome of what could not be decided within the run's patience."""

    async def remember(self, handled: Handled, unit: U | None, *, run: str) -> None:
        """Write down what became of it."""

    def counted(self, handled: Handled, unit: U | None) -> Sequence[Handled]:
        """The outcomes that the run counts and tells."""
