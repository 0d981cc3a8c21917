"""Invented orders of a plausible UK shop: from ten to a million, seeded, streaming.

for story in generate(1000, seed=7): ...          # what happens, in values
for told in documents(1_000_000, seed=7): ...     # the REST documents, in bounded memory
fill(sandbox, 500, seed=7)                        # a stocked sandbox with a past
"""

from kashmag.sandbox.workload.profile import ShopProfile
from kashmag.sandbox.workload.stories import Deed, Event, Story, generate
from kashmag.sandbox.workload.telling import Told, documents, fill, tell

__all__ = [
    "Deed",
    "Event",
    "ShopProfile",
    "Story",
    "Told",
    "documents",
    "fill",
    "generate",
    "tell",
]
