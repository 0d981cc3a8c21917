"""What every command takes: `--json`, `--settings`, `--env`, `--debug`."""

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

Reason = Annotated[str, Parameter(help="Why; it is kept with the document.")]
