"""Where things lie on this machine: the user's data folder, and the logbook when none is named."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE_NAME: Final = "kashmag.toml"


def data_folder(environ: Mapping[str, str]) -> Path:
    """The user's data folder for kashmag, by the custom of the platform; it may not exist yet."""
    if named := environ.get("XDG_DATA_HOME"):
        return Path(named) / "kashmag"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or _home(environ) / "AppData" / "Local") / "kashmag"
    if sys.platform == "darwin":
        return _home(environ) / "Library" / "Application Support" / "kashmag"
    return _home(environ) / ".local" / "share" / "kashmag"


def default_logbook_url(env: str, environ: Mapping[str, str]) -> str:
    """A SQLite file of its own for each environment, in the user's data folder."""
    return f"sqlite:///{(data_folder(environ) / f'logbook-{env}.sqlite').as_posix()}"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()
