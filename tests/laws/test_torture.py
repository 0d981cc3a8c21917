"""A short run of the torture; the long one is `make torture`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_real_workers_killed_at_random_leave_nothing_twice_nothing_lost_nothing_wrong() -> None:
    wanted = (
        "--orders 8 --kills 2 --workers 2 --shortest 1.2 --longest 3 --faults none --lag 0.3 "
        "--pauses 0"
    )
    done = subprocess.run(
        [sys.executable, str(HERE / "torture.py"), *wanted.split()],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "2 kills" in done.stdout
