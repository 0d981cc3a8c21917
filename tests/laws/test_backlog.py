"""A short stretch of the backlog without end; the long one is `make backlog`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_a_backlog_is_streamed_and_leaves_nothing_behind_in_memory() -> None:
    wanted = "--orders 480 --every 40 --posts 100000"
    done = subprocess.run(
        [sys.executable, str(HERE / "backlog.py"), *wanted.split()],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "read=480, posted=0, skipped=480, held=0, failed=0" in done.stdout
