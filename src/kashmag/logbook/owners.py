"""Owners: the name of one process start, never used twice.

A worker that took its old name after a restart would keep the claims of its dead self alive. And
where it can be told that an owner is dead, nobody need wait for its leases to run out.
"""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from kashmag.logbook.instants import BOOT_ID


def new_owner() -> str:
    """A name for this process start: machine, process namespace, process, and chance."""
    pid = os.getpid()
    place = _place()
    return f"{socket.gethostname()}/{place}/{pid}.{_started(pid)}/{secrets.token_hex(8)}"


def is_surely_dead(owner: str) -> bool:
    """Tell an owner of this machine and process namespace whose process is gone; else False."""
    parts = owner.split("/")
    if len(parts) != 4 or not parts[1] or parts[1] != _place():
        return False
    pid, _, started = parts[2].partition(".")
    return bool(started) and pid.isdecimal() and _started(int(pid)) != started


def _place() -> str:
    # Containers share the boot, not the process numbers: both must agree.
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        return f"{boot}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = told.rpartition(")")[2].split()
    # proc(5): field 3 is the state (the third is our first), field 22 the start time.
    return "" if fields[0] in "ZX" else fields[19]
