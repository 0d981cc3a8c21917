"""Ask an account which of kashmag's assumptions about KashFlow hold for it. Changes nothing.

Reads KASHMAG_KASHFLOW_URL, _USERNAME, _PASSWORD and _MEMORABLE_WORD.
"""

import asyncio
import os
import sys

from kashmag import kashflow
from kashmag.errors import RemoteError, SignInError, UnreachableError

MARKS = {True: "holds", False: "DOES NOT HOLD", None: "cannot tell"}


def told(name: str) -> str:
    """What the environment says, or an end with one sentence."""
    return os.environ.get(name) or sys.exit(f"{name} is not set")


async def main() -> None:
    """Send every check and print what it found."""
    auth = kashflow.SignIn(
        told("KASHMAG_KASHFLOW_USERNAME"),
        told("KASHMAG_KASHFLOW_PASSWORD"),
        told("KASHMAG_KASHFLOW_MEMORABLE_WORD"),
    )
    url = os.environ.get("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2")
    async with kashflow.Client(url, auth=auth, read_only=True) as books:
        try:
            known = await kashflow.checks.look_up(books)
        except (SignInError, UnreachableError) as error:
            sys.exit(str(error))
        for check in kashflow.checks.checks(books.assumptions, known):
            try:
                found = await books.send(check.operation)
            except RemoteError as error:
                found = kashflow.Finding(None, str(error))
            print(f"{MARKS[found.holds]:>13}  {check.assumed} ({found.because})")


if __name__ == "__main__":
    asyncio.run(main())
