"""Options: of every command (`--json`, `--settings`, `--env`, `--debug`), and of every flow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from attrs import field, frozen
from cyclopts import Parameter

from kashmag.cli.output import Output
from kashmag.settings import Settings


@Parameter(name="*", group="Everywhere")
@frozen
class Common:
    """The options of every command."""

    json: Annotated[
        bool, Parameter(name="--json", negative=(), help="Print JSON on standard output.")
    ] = False
    settings: Annotated[
        Path | None, Parameter(name="--settings", help="Settings file (kashmag.toml).")
    ] = field(default=None, kw_only=True)
    env: Annotated[
        str | None, Parameter(name="--env", help="Which environment of the settings file.")
    ] = field(default=None, kw_only=True)
    debug: Annotated[
        bool, Parameter(name="--debug", negative=(), help="Show where a fault arose.")
    ] = field(default=False, kw_only=True)

    @property
    def output(self) -> Output:
        """Where this command's words go."""
        return Output(as_json=self.json)

    def load(self) -> Settings:
        """The settings asked for."""
        return Settings.load(self.settings, self.env)


COMMON: Final = Common()


@Parameter(name="*")
@frozen
class Asked:
    """The options of every flow: what it is to read, and how it is to go about it."""

    since: Annotated[
        str | None,
        Parameter(
            name="--since",
            help="what the shop has changed from here on; 2026-04-01 or 2026-04-01T09:00.",
        ),
    ] = field(default=None, kw_only=True)
    until: Annotated[
        str | None, Parameter(name="--until", help="what the shop has changed up to here.")
    ] = field(default=None, kw_only=True)
    limit: Annotated[int | None, Parameter(name="--limit", help="the most documents to read.")] = (
        field(default=None, kw_only=True)
    )
    dry_run: Annotated[
        bool,
        Parameter(
            name="--dry-run",
            negative=(),
            help="plan and print, document by document, what would be posted; write nothing.",
        ),
    ] = field(default=False, kw_only=True)
    quiet: Annotated[
        bool,
        Parameter(name="--quiet", negative=(), help="say only what waits, and the counts."),
    ] = field(default=False, kw_only=True)
    approved: Annotated[
        str,
        Parameter(
            name="--approved",
            help="the reason for which this run may exceed the limits of the policy.",
        ),
    ] = field(default="", kw_only=True)

    @property
    def says_which(self) -> bool:
        """Tell that it says itself what is to be read."""
        return bool(self.since or self.until or self.limit is not None or self.approved)


ASKED: Final = Asked()

Reason = Annotated[str, Parameter(help="Why; it is kept with the document.")]
