"""Not now: what can only be decided after a while, as an exception that says how long."""

from __future__ import annotations


class LaterError(Exception):
    """Come back after `seconds`; meanwhile other work goes on. `code` says what is waited for."""

    def __init__(self, seconds: float, code: str, message: str) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.code = code
        self.message = message
