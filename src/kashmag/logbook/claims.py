"""Claims: the right to write about something, for a while, with a token that grows.

A claim covers one or several names (`order:M:order:12`, `customer:K-1A2B`), all or none of them.
A worker that comes back from the dead finds a higher token on its names and cannot write: every
write of the logbook that belongs to a claim is conditional on the token.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Claim:
    """What one worker may write about; `tokens` has one growing number per name, in order."""

    owner: str
    names: tuple[str, ...]
    tokens: tuple[int, ...]

    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Name and token, name and token."""
        return tuple(zip(self.names, self.tokens, strict=True))
