"""Where words go: JSON to standard output, all else to standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kashmag.rest.codec import Json, JsonObject, dumps


class Output:
    """One command's two streams."""

    def __init__(
        self, *, as_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._stdout = stdout or sys.stdout
        if as_json and isinstance(self._stdout, io.TextIOWrapper):
            # JSON is UTF-8 whatever the terminal's own encoding is (RFC 8259, section 8.1).
            self._stdout.reconfigure(encoding="utf-8")
        self._stderr = stderr or sys.stderr

    def document(self, told: Json) -> None:
        """Print one JSON document on a line of its own, if JSON was asked for."""
        if self.as_json:
            self._stdout.write(dumps(told).decode("utf-8") + "\n")
            self._stdout.flush()

    def long_document(self, told: JsonObject, name: str, items: Iterable[Json]) -> None:
        """Print a document of which one list may be longer than memory is wide."""
        if not self.as_json:
            return
        head = dumps({one: value for one, value in told.items() if one != name}).decode("utf-8")
        self._stdout.write(f"{head[:-1]}, " if len(head) > len("{}") else "{")
        self._stdout.write(f"{dumps(name).decode('utf-8')}: [")
        for number, item in enumerate(items):
            self._stdout.write((", " if number else "") + dumps(item).decode("utf-8"))
        self._stdout.write("]}\n")
        self._stdout.flush()

    def say(self, text: str = "") -> None:
        """Tell a person; silent when JSON was asked for."""
        if not self.as_json:
            print(text, file=self._stderr)

    def warn(self, sentence: str) -> None:
        """Tell a person in any case."""
        print(f"kashmag: {sentence}", file=self._stderr)

    def show(self, *renderables: object) -> None:
        """Show tables and the like to a person; silent when JSON was asked for."""
        if not self.as_json:
            self.console.print(*renderables)

    @property
    def console(self) -> Console:
        """Standard error, as rich sees it."""
        # Where nobody looks at a terminal, lines are not broken at 80 columns.
        wide = None if self._stderr.isatty() else 160
        # What shop and account say may have brackets in it: it is no markup.
        return Console(file=self._stderr, width=wide, highlight=False, markup=False)

    def progress(self) -> Progress:
        """A progress bar on a terminal; invisible elsewhere."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self._stderr.isatty(),
            transient=True,
        )
