"""Ask an account which of kashmag's assumptions about KashFlow hold for it. Changes nothing.

Reads KASHMAG_KASHFLOW_URL, _USERNAME, _PASSWORD and _MEMORABLE_WORD.
"""

import asyncio
import os

from kashmag import kashflow
from kashmag.errors import RemoteError

MARKS = {True: "holds", False: "DOES NOT HOLD", None: "cannot tell"}


async def main() -> None:
    """Send every check and print what it found."""
    auth = kashflow.SignIn(
        os.environ["KASHMAG_KASHFLOW_USERNAME"],
        os.environ["KASHMAG_KASHFLOW_PASSWORD"],
        os.environ["KASHMAG_KASHFLOW_MEMORABLE_WORD"],
    )
    url = os.environ.get("KASHMAG_KASHFLOW_URL", "https://api.kashflow.com/v2")
    async with kashflow.Client(url, auth=auth, read_only=True) as books:
        known = await kashflow.checks.look_up(books)
        for check in kashflow.checks.checks(books.assumptions, known):
            try:
                found = await books.send(check.operation)
            except RemoteError as error:
                found = kashflow.Finding(None, str(error))
            print(f"{MARKS[found.holds]:>13}  {check.assumed} ({found.because})")


if __name__ == "__main__":
    asyncio.run(main())
