"""Which stand-ins a command wants. Who makes them: `stand_ins`."""

from __future__ import annotations

from pathlib import Path

from attrs import field, frozen


@frozen
class Wanted:
    """Which stand-ins: with which bad days, whose memory where; port 0 takes a free one.

    `faults` names bad days with commas between, or is the path of a schedule file.
    """

    seed: int = 0
    faults: str = field(default="", kw_only=True)
    orders: int = field(default=0, kw_only=True)
    folder: Path | None = field(default=None, kw_only=True)
    magento_port: int = field(default=0, kw_only=True)
    kashflow_port: int = field(default=0, kw_only=True)
