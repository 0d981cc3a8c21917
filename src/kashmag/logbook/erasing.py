"""What stays of a document in the logbook when the people in it are erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

# What stands in the place of words that were erased.
FORGOTTEN: Final = "(erased)"


@frozen
class Kept:
    """What is to be written in the place of words; whatever is not named here is erased whole.

    `reasons` and `problems` (JSON) are by the key of the document, `contents` by the number of the
    stored plan, `texts` by the name under which they are remembered.
    """

    reasons: Mapping[str, str] = field(factory=dict, kw_only=True)
    problems: Mapping[str, str] = field(factory=dict, kw_only=True)
    contents: Mapping[int, str] = field(factory=dict, kw_only=True)
    texts: Mapping[str, str] = field(factory=dict, kw_only=True)


NOTHING_KEPT: Final = Kept()
