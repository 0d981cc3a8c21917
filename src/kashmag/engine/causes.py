"""Why a document is held or has failed: codes for grouping, and what to do about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kashmag.errors import (
    BrokenError,
    ClaimLostError,
    DeclinedError,
    KashmagError,
    LogbookBusyError,
    LogbookError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    PluginError,
    RateLimitedError,
    Remedy,
    SettingsError,
    SignInError,
    UnexpectedPayloadError,
    UnreachableError,
)

UNREACHABLE: Final = "unreachable"
RATE_LIMITED: Final = "rate_limited"
SIGN_IN_REFUSED: Final = "sign_in_refused"
SESSION_ENDED: Final = "session_ended"
NOT_PERMITTED: Final = "not_permitted"
NOT_FOUND: Final = "not_found"
NO_ANSWER: Final = "no_answer"
BROKEN: Final = "far_end_broken"
UNREADABLE: Final = "unreadable_answer"
UNREADABLE_RECORD: Final = "unreadable_record"
REFUSED: Final = "refused"
NUMBER_TAKEN: Final = "number_taken"
FATE_UNKNOWN: Final = "fate_unknown"
DISPUTED: Final = "disputed"
ACCOUNT_DISPUTED: Final = "account_disputed"
NOT_CONFIRMED: Final = "not_confirmed_yet"
BUSY: Final = "another_worker"
PLUGIN: Final = "plugin_failed"
LOGBOOK: Final = "logbook_failed"
SETTINGS: Final = "settings"
OVER_LIMITS: Final = "over_limits"
POSTED_IS_GONE: Final = "posted_is_gone"
BOUND_OTHERWISE: Final = "bound_otherwise"
BUG: Final = "bug"

# What the exit code of a command follows from; a code that is not here waits for a person.
REMEDIES: Final[Mapping[str, Remedy]] = {
    UNREACHABLE: Remedy.TRY_LATER,
    RATE_LIMITED: Remedy.TRY_LATER,
    BROKEN: Remedy.TRY_LATER,
    NO_ANSWER: Remedy.TRY_LATER,
    BUSY: Remedy.TRY_LATER,
    SESSION_ENDED: Remedy.TRY_LATER,
    NOT_CONFIRMED: Remedy.TRY_LATER,
    SIGN_IN_REFUSED: Remedy.CORRECT_SETTINGS,
    NOT_PERMITTED: Remedy.CORRECT_SETTINGS,
    PLUGIN: Remedy.CORRECT_SETTINGS,
    LOGBOOK: Remedy.CORRECT_SETTINGS,
    SETTINGS: Remedy.CORRECT_SETTINGS,
    FATE_UNKNOWN: Remedy.PROBE,
    BUG: Remedy.REPORT_BUG,
    UNREADABLE: Remedy.REPORT_BUG,
    UNREADABLE_RECORD: Remedy.REPORT_BUG,
}

# Shop or account changed after posting: a proposal for a person, never a silent rewrite.
DRIFT: Final = frozenset(
    {
        "posted_differs",
        "posted_twice",
        "reversal_differs",
        "void_but_posted",
        "moved_customer",
        "moved_date",
        "edited_reference",
        "changed_nominal",
        "changed_exemption",
        POSTED_IS_GONE,
        BOUND_OTHERWISE,
    }
)
# What a person may know to be right as it is: drift, and what only looks like the order. Which
# document is the order's must be said (`errors adopt`).
TO_ACCEPT: Final = DRIFT - {BOUND_OTHERWISE} | {"lookalike"}
# The world's fault: another document would have failed the same way.
WORLD: Final = frozenset({UNREACHABLE, RATE_LIMITED, BROKEN, NO_ANSWER, SESSION_ENDED})
# Nothing is wrong with the document: the next run does it without being told.
PASSING: Final = WORLD | {BUSY, NOT_CONFIRMED, FATE_UNKNOWN}


# Money that the account imports itself and has time left for: told, and nobody waits for a person.
AWAITED: Final = frozenset({"payment_awaited"})
# A person has accepted what held the document: the next run looks at what was held with it.
ACCEPTED: Final = "accepted"
# What is pointed out at the end of a run, though it holds nothing.
ADVICE: Final = frozenset({"export_evidence"})
# A run of payments, refunds or drift leaves the posting of an order to the next run of orders.
LEFT_TO_ORDERS: Final = "left_to_orders"
# Codes for which nobody has to do anything.
ASKING_NOBODY: Final = AWAITED | {ACCEPTED, LEFT_TO_ORDERS}


def is_drift(codes: Iterable[str]) -> bool:
    """Tell that nothing but drift is told of a document; money that is awaited does not count."""
    counting = set(codes) - ASKING_NOBODY
    return bool(counting) and counting <= DRIFT


def remedy_of(codes: Iterable[str]) -> Remedy | None:
    """What to do about a document with these codes; None when there is nothing to do.

    Where several apply: a bug, then settings, then an unknown fate, then later, then a person.
    """
    found = {REMEDIES.get(code, Remedy.ASK_A_PERSON) for code in codes if code not in ASKING_NOBODY}
    order = (
        Remedy.REPORT_BUG,
        Remedy.CORRECT_SETTINGS,
        Remedy.PROBE,
        Remedy.TRY_LATER,
        Remedy.ASK_A_PERSON,
    )
    return next((one for one in order if one in found), None)


def code_of(error: KashmagError) -> str:
    """The code of an error of the world."""
    match error:
        case UnreachableError():
            return UNREACHABLE
        case RateLimitedError():
            return RATE_LIMITED
        case SignInError(code="InvalidSessionToken"):
            return SESSION_ENDED  # won, and ended again before it was used
        case SignInError():
            return SIGN_IN_REFUSED
        case NotPermittedError():
            return NOT_PERMITTED
        case NotFoundError():
            return NOT_FOUND
        case DeclinedError():
            return REFUSED
        case NoAnswerError():
            return NO_ANSWER
        case BrokenError():
            return BROKEN
        case UnexpectedPayloadError():
            return UNREADABLE
        case PluginError():
            return PLUGIN
        case SettingsError():
            return SETTINGS
        case ClaimLostError() | LogbookBusyError():
            return BUSY
        case LogbookError():
            return LOGBOOK
        case _:
            return type(error).__name__
