"""The planner's own problems: one function a code, so that each is worded in one place."""

from __future__ import annotations

from kashmag.accounting.problems import Holds, Problem

__all__ = ["Holds", "Problem"]
