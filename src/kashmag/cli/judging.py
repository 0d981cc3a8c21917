"""Judging settings against what shop and account report: one finding per fault, with its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kashmag.cli.asking import Told
from kashmag.cli.filed_returns import about_returns
from kashmag.cli.findings import Code, Finding, failed, fault, ok, warning
from kashmag.cli.shop_names import about_names
from kashmag.cli.survey import Books, Shop
from kashmag.errors import (
    BrokenError,
    KashmagError,
    NoAnswerError,
    NotFoundError,
    NotPermittedError,
    SignInError,
    UnexpectedPayloadError,
    UnreachableError,
)
from kashmag.planner.policy_check import Lacking, lacking, named_nominals
from kashmag.plans.number_ranges import further_numbers
from kashmag.plans.policy import Numbering, Policy
from kashmag.settings import Settings

_CODES: Final[Mapping[str, Code]] = {
    "nominal": Code.NOMINAL,
    "bank account": Code.BANK_ACCOUNT,
    "payment method": Code.PAYMENT_METHOD,
}
_WHO: Final[Mapping[str, str]] = {"magento": "integration", "kashflow": "user"}
# Without these an account can be worked with; what they would tell is assumed.
_DISPENSABLE: Final = frozenset({"company", "products", "stock options", "currencies"})
_FULL_ACCESS: Final = "In KashFlow: Settings > Users: give kashmag's user access to all areas."


def about_settings(settings: Settings) -> Iterator[Finding]:
    """What can be judged without asking anybody."""
    for sentence in settings.lacking():
        name = sentence.partition(" ")[0]
        remedy = "Give it a value; secrets go into the environment."
        yield fault(Code.SETTINGS, name, sentence, remedy)
    if settings.policy.go_live is None:
        yield warning(
            Code.GO_LIVE,
            "policy.go_live",
            "no day is named from which kashmag posts",
            "Set policy.go_live, or say --since at every sync.",
        )
    if settings.policy.numbering is Numbering.ORDER and settings.policy.credit_numbers_from is None:
        yield warning(
            Code.CREDIT_NUMBERS,
            "policy.credit_numbers_from",
            'with numbering = "order" credit notes need a range of numbers of their own',
            "Set policy.credit_numbers_from to a number beyond all orders.",
        )
    if settings.policy.numbering is Numbering.ORDER and not further_numbers(settings.policy):
        yield warning(
            Code.FURTHER_NUMBERS,
            "policy.further_numbers_from",
            'with numbering = "order" no invoice can be credited and posted again when its order '
            "changes: there is no number for that",
            "Set policy.further_numbers_from to where a million invoice numbers are free.",
        )


def about_shop(shop: Shop, policy: Policy) -> Iterator[Finding]:
    """Whether the policy fits what the shop reports."""
    yield from _zones(shop, policy)
    yield from about_names(shop, policy)
    yield from _methods_in_use(shop, policy)


def nothing_told(asked: Iterable[Told[object]]) -> KashmagError | None:
    """The first error, if every question met one and it is not about permissions."""
    errors = [told.error for told in asked]
    first = errors[0] if errors and all(errors) else None
    return None if isinstance(first, NotPermittedError) else first


def no_connection(vendor: str, error: KashmagError) -> Finding:
    """One finding where nothing could be asked at all."""
    return failed(Code.CONNECTION, vendor, error, remedy_of(error, vendor, ""))


def remedy_of(error: KashmagError, vendor: str, how: str) -> str:
    """What to do about a question that could not be asked; `how` gives the permission for it."""
    match error:
        case NotPermittedError() | SignInError() if how:
            return how
        case SignInError() | NotPermittedError():
            return f"Check the credentials of kashmag's {_WHO[vendor]}."
        case UnreachableError() | NoAnswerError() | BrokenError():
            return f"Check {vendor}.url and the network, then try again."
        case UnexpectedPayloadError() | NotFoundError():
            return f"Check that {vendor}.url is the address of the API, not of something else."
        case _:
            return "Try again; if it stays, report it."


def _zones(shop: Shop, policy: Policy) -> Iterator[Finding]:
    zones = Counter(config.timezone for config in shop.configs.answer if config.timezone)
    for zone in zones:
        if zone != policy.time_zone:
            yield warning(
                Code.TIME_ZONE,
                "policy.time_zone",
                f"the shop has a view in {zone}, the policy says {policy.time_zone}",
                f'Set time_zone = "{zone}", for the whole policy or under [policy.store.CODE].',
            )


def _methods_in_use(shop: Shop, policy: Policy) -> Iterator[Finding]:
    used = Counter(
        order.payment.method
        for order in shop.orders.answer
        if order.payment is not None and order.payment.method
    )
    for method, count in used.most_common():
        if method not in policy.payments:
            yield warning(
                Code.PAYMENT_METHOD_UNMAPPED,
                f"policy.payments.{method}",
                f"{count} of the latest {len(shop.orders.answer)} orders were paid by {method}, "
                "which is not in the table: their payments will be held",
                f'Add {method} = {{ action = "post", method = ..., bank_account = ... }}, '
                'or action = "match" where the account imports it itself, or action = "leave".',
            )


def about_books(books: Books, policy: Policy) -> Iterator[Finding]:
    """Whether the account can be read, and whether it has what the policy names."""
    for name, told in books.by_name.items():
        yield _readable(name, told)
    nominals = books.nominals.answer
    faults = lacking(
        policy, nominals, books.bank_accounts.answer, books.methods.answer, defaults=True
    )
    wrong = {one.key for one in faults}
    names = {one.code: one.name for one in nominals if not one.archived}
    for key, code in named_nominals(policy, defaults=True):
        if key not in wrong and code in names:
            yield ok(Code.NOMINAL, key, f"{code} is {names[code]}")
    yield from (_lacking(one) for one in faults)
    if books.invoices.error is None:
        yield about_returns(books.invoices.answer, policy.vat_returns_filed_until)


def _readable(name: str, told: Told[object]) -> Finding:
    subject, error = f"kashflow: {name}", told.error
    if error is None:
        return ok(Code.PERMISSION, subject, "can be read")
    if isinstance(error, NotFoundError) and name in _DISPENSABLE:
        remedy = "Nothing has to be done, unless what is assumed instead is wrong for the account."
        return warning(Code.PERMISSION, subject, f"the account does not tell: {error}", remedy)
    return failed(Code.PERMISSION, subject, error, remedy_of(error, "kashflow", _FULL_ACCESS))


def _lacking(one: Lacking) -> Finding:
    message = f"the account has no {one.noun} {one.number}; the nearest is {one.nearest}"
    remedy = f"Correct the setting, or add the {one.noun} in KashFlow."
    return fault(_CODES[one.noun], one.key, message, remedy)
