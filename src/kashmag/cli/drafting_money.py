"""The part of a drafted settings file that says where money goes: found, guessed, left as comments.

A guess is by name only and always a comment: where money goes is for a person to decide. What only
a person's own later decision would use (suspense) is written outright.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kashmag import kashflow, magento
from kashmag.cli.survey import Books
from kashmag.plans.cures import POST, TO_BE_NAMED
from kashmag.plans.policy import Nominals
from kashmag.reconciliation.inference import shop_use

_WRITTEN: Final = {
    "goods": ("sale of goods", "sales of goods", "goods", "sales"),
    "carriage": ("carriage", "postage", "shipping", "delivery"),
    "fees": ("fees", "surcharge", "charges"),
}
_OPEN: Final = {
    "adjustments": ("adjustment", "sundry", "other income"),
    "vouchers": ("voucher", "gift card"),
    "foreign_vat": ("oss", "one stop", "goods, eu"),
}
_WITHOUT: Final = {
    "adjustments": "credit memos with an adjustment are held without it",
    "vouchers": "gift cards sold go to goods without it",
    "foreign_vat": "VAT of other countries is held without it",
}
# By which words the account may call what the shop calls so: of its payment method, of its bank.
_METHODS: Final = (
    ("paypal", ("paypal",), ("paypal",)),
    ("stripe", ("card",), ("stripe", "card")),
    ("braintree", ("card",), ("braintree", "card")),
    ("klarna", ("klarna", "other"), ("klarna", "clearing")),
    ("banktransfer", ("bank transfer", "bacs", "transfer"), ("current",)),
    ("checkmo", ("cheque", "check"), ("current",)),
    ("cashondelivery", ("cash",), ("cash", "petty", "current")),
    ("purchaseorder", ("bank transfer", "bacs", "transfer"), ("current",)),
)
WIDTH: Final = 33


def nominals(books: Books) -> Iterator[str]:
    """The table of nominals."""
    yield "[policy.nominals]"
    known = [one for one in books.nominals.answer if not one.archived]
    usual = Nominals()
    for key, words in _WRITTEN.items():
        code = getattr(usual, key)
        found = next((one for one in known if one.code == code), None) or _named(known, words)
        if found is not None or not known:
            name = f"# {found.name}" if found else "# the account did not tell its nominals"
            yield f"{key} = {found.code if found else code}".ljust(WIDTH) + name
        else:
            yield f"# {key} = ...".ljust(WIDTH) + "# the account has none like it: name one"
    yield "# discount = ...".ljust(WIDTH) + "# without it, lines are posted after discount"
    suspense = _named(known, ("suspense",))
    if suspense is not None:
        told = f"# {suspense.name}: for items that you skip"
        yield f"suspense = {suspense.code}".ljust(WIDTH) + told
    else:
        yield (
            "# suspense = ...".ljust(WIDTH) + "# for items that you skip; there is none so called"
        )
    for key, words in _OPEN.items():
        found = _named(known, words)
        guess = f"{found.name}? " if found else ""
        yield (
            f"# {key} = {found.code if found else '...'}".ljust(WIDTH) + f"# {guess}{_WITHOUT[key]}"
        )


def payments(orders: Sequence[magento.Order], books: Books) -> Iterator[str]:
    """The table of payments, a comment for each method in use."""
    yield "# Where money goes is for a person to decide: take the # away where the line is right."
    yield "# A method that is not here is held; its invoice is not."
    yield "[policy.payments]"
    methods = {one.id: one.name or "" for one in books.methods.answer}
    banks = {one.id: one.account_name for one in books.bank_accounts.answer if not one.is_archived}
    for told, name in ((methods, "method"), (banks, "bank_account")):
        listed = ", ".join(f"{number} {words}" for number, words in sorted(told.items()))
        yield f"#   {name}: {listed or 'none was told'}"
    use = shop_use(orders)
    for method, count in use.payment_methods.items():
        rule = _rule(method, methods, banks)
        yield f"# {_quoted(method)} = {rule}"
        yield f"#   {count} of the latest {use.orders} orders; {_why(method, rule)}"
    if use.credits:
        yield ""
        yield "[policy.credits]"
    for kind, count in use.credits.items():
        yield f"# {kind} = {POST}"
        used = f"{count} of the latest {use.orders} orders used it"
        yield f"#   {used}; name a clearing account instead of {TO_BE_NAMED}"


def _rule(method: str, methods: Mapping[int, str], banks: Mapping[int, str]) -> str:
    if method == "free":
        return '{ action = "leave" }'
    if method.startswith("paypal"):
        return '{ action = "match" }'
    way_words, bank_words = next(
        ((ways, accounts) for part, ways, accounts in _METHODS if part in method), ((), ())
    )
    way, bank = _like(methods, way_words), _like(banks, bank_words)
    return f'{{ action = "post", method = {way}, bank_account = {bank} }}'


def _why(method: str, rule: str) -> str:
    if method.startswith("paypal"):
        return '"post" it instead if KashFlow does not import PayPal itself'
    if method == "free":
        return "nothing is owed on them"
    if f"= {TO_BE_NAMED}" in rule:
        return f"nothing fits by name: name ids of your account instead of {TO_BE_NAMED}"
    return "guessed by name"


def _named(known: Sequence[kashflow.Nominal], words: Iterable[str]) -> kashflow.Nominal | None:
    named = (one for word in words for one in known if word in (one.name or "").lower())
    return next(named, None)


def _like(known: Mapping[int, str], words: Iterable[str]) -> int:
    named = (number for word in words for number, name in known.items() if word in name.lower())
    return next(named, TO_BE_NAMED)


def _quoted(method: str) -> str:
    is_bare = method.isascii() and method.replace("_", "").replace("-", "").isalnum()
    return method if is_bare else f'"{method}"'
