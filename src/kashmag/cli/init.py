"""`kashmag init`: ask shop and account what they are, and write a commented settings file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kashmag.cli.exits import DONE
from kashmag.cli.options import COMMON, Common
from kashmag.errors import SettingsError
from kashmag.settings import Settings
from kashmag.settings.places import FILE_NAME


def init(
    *,
    go_live: str = "",
    force: Annotated[bool, Parameter(negative=())] = False,
    common: Common = COMMON,
) -> int:
    """Ask shop and account what they are, and write a commented kashmag.toml.

    The connections come from the environment (KASHMAG_MAGENTO_URL and so on); no secret is written.
    What could not be asked is left out with a comment.

    Args:
        go_live: the first day that kashmag posts, such as 2026-04-01; today without it.
        force: write over a file that is there.
        common: what every command takes.
    """
    path = common.settings or Path(FILE_NAME)
    if path.exists() and not force:
        raise SettingsError(f"{path} is there already; --force writes over it")
    from kashmag.cli.drafting import draft_settings

    settings = Settings.load(path if path.exists() else None, common.env)
    settings.require_connections()
    text, said = asyncio.run(draft_settings(settings, go_live, common.output))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from error
    output = common.output
    output.document({"file": str(path), "left_out": list(said)})
    for sentence in said:
        output.warn(sentence)
    output.say(f"{path} is written. Read it, then run: kashmag doctor")
    return DONE
