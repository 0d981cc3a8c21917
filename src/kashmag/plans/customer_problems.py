"""Problems of customers as master data: one function a code, so that each is worded in one place.

No name, address or number of a person stands in them: they are kept with the document.
"""

from __future__ import annotations

from collections.abc import Sequence

from kashmag.accounting.problems import Holds, Problem


def no_email(number: str) -> Problem:
    """The shop's customer has no e-mail, by which every account is known."""
    return Problem(
        "no_email",
        f"Customer {number} of the shop has no e-mail, and so no account.",
        remedy="Give the customer one.",
    )


def ambiguous_account(number: str, codes: Sequence[str]) -> Problem:
    """Several accounts fit equally; choosing would be a guess."""
    return Problem(
        "ambiguous_customer",
        f"Several accounts fit customer {number} of the shop: {', '.join(codes)}.",
        remedy="Join them in KashFlow, or archive all but one.",
    )


def account_of_another(number: str, code: str, source: str) -> Problem:
    """The account is tied to another customer of the shop."""
    return Problem(
        "bound_otherwise",
        f"Account {code}, which fits customer {number} of the shop, is kept in step with "
        f"{source} already.",
        remedy="One account follows one customer of the shop; skip the other.",
    )


def account_gone(number: str, code: str) -> Problem:
    """The account that the customer was tied to is not there any more."""
    return Problem(
        "account_gone",
        f"Account {code}, which follows customer {number} of the shop, is not in KashFlow any "
        "more: deleted, or under another code.",
        remedy="Give it its code back, or skip the customer; no second account is made.",
    )


def account_archived(number: str, code: str) -> Problem:
    """The shop has changed a customer whose account the bookkeeper has put into the archive."""
    return Problem(
        "archived_customer",
        f"Account {code}, which fits customer {number} of the shop, is archived in KashFlow, "
        "and the shop has changed the customer.",
        remedy="Take the account out of the archive in KashFlow; or, if it is to stay there, skip "
        "the customer (kashmag errors skip).",
    )


def archived_customer(document: str, code: str) -> Problem:
    """A document would be for an account that the bookkeeper has put into the archive."""
    return Problem(
        "archived_customer",
        f"{document} would be for account {code}, which is archived in KashFlow.",
        remedy="Take the account out of the archive in KashFlow; or, if another has taken its "
        "place, give that one the buyer's e-mail address. No second account is made.",
    )


def buyers_account_gone(number: str, code: str) -> Problem:
    """The account that was made for this buyer has been renamed, merged or deleted since."""
    return Problem(
        "account_gone",
        f"Order {number} would get a second account: {code} was made for its buyer, and is not in "
        "KashFlow any more: renamed, merged or deleted.",
        remedy="Give the account that it became this buyer's e-mail address; a plugin can choose "
        "it, too (kashmag_match_customer).",
    )


def customer_conflict(code: str, field: str) -> Problem:
    """Both sides have changed one field, differently."""
    return Problem(
        "customer_conflict",
        f"Shop and KashFlow have both changed {field} of customer {code}.",
        remedy="Make both say the same; the other fields are kept in step meanwhile.",
        holds=Holds.PLAN,
    )


def not_for_the_shop(code: str, field: str) -> Problem:
    """The bookkeeper changed a field that has no certain place in the shop's record."""
    return Problem(
        "not_for_the_shop",
        f"KashFlow has another {field} of customer {code}, which has no certain place in the "
        "shop's record: it would move other fields, or be empty where the shop wants something.",
        remedy="Change it in Magento by hand, or take it back in KashFlow.",
        holds=Holds.PLAN,
    )
