"""`kashmag apply`: carry out the plan that was shown, and no other."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kashmag.cli.options import COMMON, Common
from kashmag.errors import SettingsError


def apply(
    order: str | None = None,
    /,
    *,
    digest: str | None = None,
    plan_file: Path | None = None,
    common: Common = COMMON,
) -> int:
    """Carry out the plan of an order; refused if it is no longer the one that was shown.

    Safe to run again after any failure: what was done is found, not done again.

    Args:
        order: increment number, with STORE: before it where it is ambiguous.
        digest: of the plan that was shown; any other is refused.
        plan_file: plans as `kashmag plan --json` printed them, one to a line.
        common: what every command takes.
    """
    if (order is None) == (plan_file is None):
        raise SettingsError("give an order number, or --plan-file FILE")
    if plan_file is not None and digest is not None:
        raise SettingsError("a plan file has its digests in it: leave out --digest")
    from kashmag.cli.carrying_out import apply_file, apply_order

    if plan_file is not None:
        return asyncio.run(apply_file(plan_file, common))
    return asyncio.run(apply_order(order or "", digest, common))
