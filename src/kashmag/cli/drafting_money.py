"""The part of a drafted settings file that says where money goes: found, guessed, left as comments.

A guess is by name only and always a comment: where money goes is for a person to decide. What only
a person's own later decision would use (suspense) is written outright.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kashmag import kashflow, magento
from kashmag.cli.survey import Books
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
        name = f"# {found.name}" if found else "# the account has none like it: name one"
        yield f"{key} = {found.code if found else code}".ljust(WIDTH) + name
    yield "# discount = ...".ljust(WIDTH) + "# without it, lines are posted after discount"
    suspense = _named(known, ("suspense",))
    if suspense is not None:
        told = f"# {suspense.name}: for items that you skip"
        yield f"suspense = {suspense.code}".ljust(WIDTH) + told
    else:
        yield (
            "# suspense = 9998".ljust(WIDTH) + "# for items that you skip; there is none so called"
        )
    for key, words in _OPEN.items():
        found = _named(known, words)
        guess = f"{found.name}? " if found else ""
        code = found.code if found else 4900
        yield f"# {key} = {code}".ljust(WIDTH) + f"# {guess}{_WITHOUT[key]}"


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
        yield f"# {_quoted(method)} = {_rule(method, methods, banks)}"
        yield f"#   {_why(method, count, use.orders)}"
    if use.credits:
        yield ""
        yield "[policy.credits]"
    for kind, count in use.credits.items():
        rule = '{ action = "post", method = 1, bank_account = 1 }'
        yield f"# {kind} = {rule}"
        yield f"#   {count} of the latest {use.orders} orders used it; name a clearing account"


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


def _why(method: str, count: int, orders: int) -> str:
    used = f"{count} of the latest {orders} orders"
    if method.startswith("paypal"):
        return f'{used}; "post" it instead if KashFlow does not import PayPal itself'
    if method == "free":
        return f"{used}; nothing is owed on them"
    return f"{used}; guessed by name"


def _named(known: Sequence[kashflow.Nominal], words: Iterable[str]) -> kashflow.Nominal | None:
    named = (one for word in words for one in known if word in (one.name or "").lower())
    return next(named, None)


def _like(known: Mapping[int, str], words: Iterable[str]) -> int:
    named = (number for word in words for number, name in known.items() if word in name.lower())
    return next(named, min(known, default=1))


def _quoted(method: str) -> str:
    is_bare = method.isascii() and method.replace("_", "").replace("-", "").isalnum()
    return method if is_bare else f'"{method}"'
