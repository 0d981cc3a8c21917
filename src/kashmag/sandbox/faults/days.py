"""The bad days that have a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kashmag.sandbox.faults.rules import Kind, Rule

WRITES: Final = "POST|PUT|DELETE"

BAD_DAYS: Final[Mapping[str, tuple[Rule, ...]]] = {
    "none": (),
    "slow": (Rule(Kind.SLOW, probability=0.3, seconds=0.25),),
    "rate_limited": (Rule(Kind.RATE_LIMITED, probability=0.15),),
    "sql_timeout": (Rule(Kind.SQL_TIMEOUT, probability=0.1),),
    "error_500": (Rule(Kind.ERROR_500, probability=0.1),),
    "error_500_html": (Rule(Kind.ERROR_500_HTML, probability=0.1),),
    "error_500_after": (Rule(Kind.ERROR_500_AFTER, method=WRITES, probability=0.15),),
    "error_503": (Rule(Kind.ERROR_503, probability=0.1),),
    "error_503_html": (Rule(Kind.ERROR_503_HTML, probability=0.1),),
    "session_expired": (Rule(Kind.SESSION_EXPIRED, every=25),),
    "cut_before": (Rule(Kind.CUT_BEFORE, probability=0.1),),
    "cut_after": (Rule(Kind.CUT_AFTER, method=WRITES, probability=0.15),),
    "truncated": (Rule(Kind.TRUNCATED, probability=0.1),),
    "missing_field": (Rule(Kind.MISSING_FIELD, probability=0.3),),
    "unknown_field": (Rule(Kind.UNKNOWN_FIELD, probability=0.5),),
    "duplicated_rows": (Rule(Kind.DUPLICATED_ROWS, method="GET", probability=0.5),),
    "reordered_rows": (Rule(Kind.REORDERED_ROWS, method="GET", probability=0.5),),
    "late_commit": (Rule(Kind.LATE_COMMIT, probability=0.2, seconds=5),),
    "poison_record": (Rule(Kind.POISON_RECORD, probability=0.05),),
    "read_after_write_lag": (Rule(Kind.READ_AFTER_WRITE_LAG, seconds=3),),
    "clock_skew": (Rule(Kind.CLOCK_SKEW, seconds=-420),),
    "maintenance": (Rule(Kind.MAINTENANCE, first=15, last=30),),
    "mixed": (
        Rule(Kind.SLOW, probability=0.1, seconds=0.1),
        Rule(Kind.SQL_TIMEOUT, probability=0.03),
        Rule(Kind.ERROR_500, probability=0.02),
        Rule(Kind.ERROR_503_HTML, probability=0.02),
        Rule(Kind.SESSION_EXPIRED, every=40),
        Rule(Kind.CUT_BEFORE, probability=0.03),
        Rule(Kind.CUT_AFTER, method=WRITES, probability=0.05),
        Rule(Kind.TRUNCATED, probability=0.02),
        Rule(Kind.UNKNOWN_FIELD, probability=0.2),
        Rule(Kind.REORDERED_ROWS, method="GET", probability=0.2),
    ),
}
"""Bad days by name; several are mixed with commas, `slow,cut_after`."""
