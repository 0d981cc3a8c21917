"""Not now: what can only be decided after a while, or has to be planned anew, as exceptions."""

from __future__ import annotations


class LaterError(Exception):
    """Come back after `seconds`; meanwhile other work goes on. `code` says what is waited for."""

    def __init__(self, seconds: float, code: str, message: str) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.code = code
        self.message = message


class PlanAnewError(Exception):
    """What is stored builds on something that is otherwise: it is dropped, and planned anew."""
