"""Which ids were seen, in a bit each: a million of them in a few hundred kilobytes."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

# Ids of one shop lie close together; those of one page of bits share one number.
BITS: Final = 512


class Seen:
    """A set of ids that only grows."""

    def __init__(self) -> None:
        self._pages: defaultdict[int, int] = defaultdict(int)

    def __contains__(self, entity_id: str) -> bool:
        """Tell whether an id was seen."""
        page, bit = divmod(int(entity_id), BITS)
        return bool(self._pages.get(page, 0) >> bit & 1)

    def is_news(self, entity_id: str) -> bool:
        """See an id; tell whether it was not seen before."""
        if entity_id in self:
            return False
        page, bit = divmod(int(entity_id), BITS)
        self._pages[page] |= 1 << bit
        return True
