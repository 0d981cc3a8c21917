"""How the engine goes about its work: durations and numbers, none of them about accounting."""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen

from kashmag.kashflow import ASSUMED


@frozen(kw_only=True)
class EngineOptions:
    """Durations and bounds of the engine.

    `http_timeout` is the longest that a call of ours can be on its way; `lag` how long a new
    record may stay invisible at the far end. What is not found after the one and twice the other
    (90 s by default) is surely absent. `lease` is how long a claim outlives its worker's last
    heartbeat, at the least (`claimed_for`). `documents_at_once` bounds what is in hand,
    `batch` what is asked of the shop in one call. `patience` is how long a run waits at its end
    for what must be waited for; what still is not decided then counts as failed, for now.
    `answers_for` is how long lists of the account (customers, products) are believed.
    `second_chances` is how often in one run a document is taken up again that failed for the
    world's fault, `failures_in_a_row` how many such failures make a run give up. `overlap` is how
    far before the cursor a run looks again, for orders committed late. `put_aside_at_most` is how
    many documents may wait before nothing new is read. `alert_deadline` is how long one delivery of
    an alert may take as a whole, in real time.
    """

    http_timeout: timedelta = timedelta(seconds=60)
    lag: timedelta = ASSUMED.lag
    lease: timedelta = timedelta(minutes=3)
    documents_at_once: int = 8
    batch: int = 50
    patience: timedelta = timedelta(minutes=5)
    answers_for: timedelta = timedelta(minutes=10)
    second_chances: int = 3
    failures_in_a_row: int = 25
    overlap: timedelta = timedelta(minutes=15)
    put_aside_at_most: int = 200
    alert_deadline: timedelta = timedelta(seconds=20)

    @property
    def claimed_for(self) -> timedelta:
        """How long a claim is held: nobody takes it over before a call under it is settled.

        A call leaves within `leaves_within` of its announcement, which renews the claim, or not at
        all. So whoever was asleep meanwhile, and whose claim has lapsed, sends nothing any more.
        """
        return max(self.lease, self.settled_after + self.http_timeout)

    @property
    def leaves_within(self) -> timedelta:
        """How long after its announcement a call may still leave."""
        return self.claimed_for - self.settled_after

    @property
    def settled_after(self) -> timedelta:
        """How long after it was sent an action that cannot be found is surely absent."""
        return self.http_timeout + 2 * self.lag
