"""Handing an alert to a receiver, with one deadline over all of it.

A receiver blocks, and may never return: time-outs of sockets begin anew with every byte. So each
delivery has a thread of its own that nobody waits for when its time is over, not even the process
at its end.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from datetime import timedelta

from attrs import field, frozen

from kashmag.errors import KashmagError, NoAnswerError
from kashmag.hooks.receivers import Receiver
from kashmag.plans.events import AlertRaised


@frozen
class Failure:
    """Why an alert was not taken; unless it `was_refused`, it may have arrived all the same."""

    said: str
    was_refused: bool = field(default=True, kw_only=True)


class Deliveries:
    """The deliveries of one process: at most one at a time to each receiver."""

    def __init__(self, deadline: timedelta) -> None:
        self._seconds = deadline.total_seconds()
        self._under_way: set[str] = set()

    async def failure(self, receiver: Receiver, alert: AlertRaised) -> Failure | None:
        """Deliver, and say why that failed; None when the alert was taken."""
        if receiver.identity in self._under_way:
            return Failure("it still has not answered an earlier delivery")
        self._under_way.add(receiver.identity)
        ended: Future[Failure | None] = Future()
        ended.set_running_or_notify_cancel()

        def run() -> None:
            failure = _delivered(receiver, alert)
            self._under_way.discard(receiver.identity)
            ended.set_result(failure)

        # Whether it is a daemon decides whether a receiver that hangs keeps the process alive.
        threading.Thread(target=run, name="kashmag-alert", daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(ended), self._seconds)
        except TimeoutError:
            said = f"it has not taken it within {self._seconds:g} s"
            return Failure(said, was_refused=False)


def _delivered(receiver: Receiver, alert: AlertRaised) -> Failure | None:
    try:
        receiver.deliver(alert)
    except BaseException as error:  # noqa: BLE001 - whatever it raises, the alert was not taken
        kind = "" if isinstance(error, KashmagError) else f"{type(error).__name__}: "
        said = " ".join(f"{kind}{error}".split())
        return Failure(said, was_refused=not isinstance(error, NoAnswerError))
    return None
