"""Claims of the logbook in a database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from kashmag.logbook.claims import Claim
from kashmag.logbook.database import claiming
from kashmag.logbook.database.store import Store


class ClaimBook(Store):
    """Who may write about what."""

    async def claim(self, *names: str, lease: timedelta) -> Claim | None:
        """Claim all of these names, or none: None when somebody alive holds one of them."""

        def job(connection: Connection) -> Claim:
            now, seconds = self._now(connection), lease.total_seconds()
            return claiming.take(connection, self._owner, names, now=now, seconds=seconds)

        try:
            return await self._writer.run(job)
        except claiming.NotFreeError:
            return None

    async def renew(self, claim: Claim, *, lease: timedelta) -> None:
        """Hold a claim for longer; raises ClaimLostError when it is somebody else's by now."""
        await self._writer.run(
            lambda connection: claiming.renew(
                connection, claim, now=self._now(connection), seconds=lease.total_seconds()
            )
        )

    async def keep(self, *, lease: timedelta) -> None:
        """Hold everything that this process holds for longer: its heartbeat."""
        await self._writer.run(
            lambda connection: claiming.keep(
                connection, self._owner, now=self._now(connection), seconds=lease.total_seconds()
            )
        )

    async def release(self, claim: Claim) -> None:
        """Let go; nothing happens to names that are somebody else's by now."""
        await self._writer.run(lambda connection: claiming.release(connection, claim))
