"""The log of a command: warnings and faults on standard error, one line each; all of it in --debug.

What the commands tell in words of their own is not said twice: what became of documents.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from typing import Final

LOG: Final = logging.getLogger("kashmag")
# The tables and JSON documents of a command say of each document what these two log of it.
_TOLD_ANYWAY: Final = frozenset({"kashmag.events", "kashmag.engine"})


@contextlib.contextmanager
def logged(*, debug: bool) -> Iterator[None]:
    """Show kashmag's log while this lasts, unless an application around us does."""
    if LOG.handlers:
        yield
        return
    handler, level = _StandardError(), LOG.level
    if debug:
        LOG.setLevel(logging.DEBUG)
    else:
        handler.setLevel(logging.WARNING)
        handler.setFormatter(_Line())
        handler.addFilter(lambda record: record.name not in _TOLD_ANYWAY)
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(level)


class _StandardError(logging.Handler):
    """Writes to whatever standard error is at that moment: a progress bar stands in for it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:  # noqa: BLE001 - as the library says; a log never stops the work
            self.handleError(record)


class _Line(logging.Formatter):
    """One line, with the fault in a few words in the place of its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The record in a line."""
        said = record.getMessage()
        if record.exc_info and (error := record.exc_info[1]) is not None:
            said = f"{said}: {type(error).__name__}: {error} (--debug shows where)"
        return f"kashmag: {' '.join(said.split())}"
