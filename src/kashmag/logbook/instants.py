"""Instants that no change of the wall clock can move: for leases and for "long enough ago".

Wall clocks jump. What must be long enough is measured by the machine's own count of seconds since
it was started, which every process on it shares; an instant of another boot says nothing about
now. Where a machine tells no boot, the wall clock is all there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attrs import frozen

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@frozen
class Instant:
    """A moment: `seconds` count from an origin that only the same `boot` shares."""

    boot: str
    seconds: float

    def since(self, earlier: Instant) -> float | None:
        """The seconds from `earlier` to here; None when the two cannot be compared."""
        return self.seconds - earlier.seconds if self.boot == earlier.boot else None


@frozen
class Instants:
    """Where instants come from; tests pass a count that they turn themselves."""

    boot: str
    seconds: Callable[[], float]

    def now(self) -> Instant:
        """This moment."""
        return Instant(self.boot, self.seconds())


def machine_instants() -> Instants:
    """The instants of this machine."""
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return Instants("wall", time.time)
    return Instants(boot, time.monotonic)
