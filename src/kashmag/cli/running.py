"""One run of one command: whatever happens ends in sentences and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cyclopts import CycloptsError

from kashmag.cli.app import app
from kashmag.cli.exits import BUG, DONE, INTERRUPTED, PIPE_CLOSED, USAGE, code_of, sentences_of
from kashmag.cli.logged import logged

# What only some commands need, and the extra that brings it.
_EXTRAS: Final[Mapping[str, str]] = {
    "cyclopts": "cli",
    "jinja2": "sandbox",
    "psycopg": "postgres",
    "rich": "cli",
    "starlette": "sandbox",
    "uvicorn": "sandbox",
}


def run(arguments: Sequence[str]) -> int:
    """Run a command; the exit code is returned, and no exception leaves."""
    with logged(debug=_wants_traceback(arguments)):
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        return _call(arguments)
    except CycloptsError as error:
        _tell(" ".join(str(error).split()))
        return USAGE
    except KeyboardInterrupt:
        _tell("interrupted; nothing is lost, run it again to go on")
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the outermost border
        return _end(error, arguments)


def _call(arguments: Sequence[str]) -> int:
    code = app(list(arguments), exit_on_error=False, print_error=False)
    return code if isinstance(code, int) else DONE


def _end(error: BaseException, arguments: Sequence[str]) -> int:
    if missing := next((one for one in _missing(error) if one in _EXTRAS), None):
        _tell(
            f"this command needs {missing}, which is not installed: "
            f"pip install 'kashmag[{_EXTRAS[missing]}]'"
        )
        return USAGE
    code = code_of(error)
    if code == BUG and _wants_traceback(arguments):
        traceback.print_exception(error)
    for sentence in sentences_of(error):
        _tell(sentence)
    return code


def _missing(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            yield (error.name or "").split(".")[0]
        error = error.__cause__


def _wants_traceback(arguments: Sequence[str]) -> bool:
    return "--debug" in arguments or bool(os.environ.get("KASHMAG_DEBUG"))


def _tell(sentence: str) -> None:
    sys.stderr.write(f"kashmag: {sentence}\n")
