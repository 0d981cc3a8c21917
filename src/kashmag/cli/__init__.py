"""The command line: `kashmag COMMAND`. What it does and how it ends is a contract: docs/cli.md.

`main` is the script's entry. Each command is a module of its own, imported when it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code is returned."""
    try:
        from kashmag.cli import running
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("cyclopts", "rich"):
            raise
        print(  # noqa: T201
            f"kashmag: the command line needs {error.name}, which is not installed: "
            "pip install 'kashmag[cli]'",
            file=sys.stderr,
        )
        return 2
    return running.run(arguments)
