"""Judging settings against what shop and account report: one finding per fault, with its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kashmag.cli.findings import Finding, failed, fault, ok, warning
from kashmag.cli.survey import Books, Shop, Told
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
from kashmag.plans.policy import Numbering, PaymentAction, PaymentRule, Policy
from kashmag.settings import Settings

# Magento's permission for each kind of document, as the integration's form names them.
_PERMISSIONS: Final[Mapping[str, str]] = {
    "store": "Stores > Settings > All Stores (Magento_Backend::store)",
    "orders": "Sales > Operations > Orders > View (Magento_Sales::actions_view)",
    "invoices": "Sales > Operations > Invoices (Magento_Sales::sales_invoice)",
    "credit memos": "Sales > Operations > Credit Memos (Magento_Sales::sales_creditmemo)",
}


def about_settings(settings: Settings) -> Iterator[Finding]:
    """What can be judged without asking anybody."""
    for sentence in settings.lacking():
        name = sentence.partition(" ")[0]
        yield fault(name, sentence, "Give it a value; secrets go into the environment.")
    if settings.policy.go_live is None:
        yield warning(
            "policy.go_live",
            "no day is named from which kashmag posts",
            "Set policy.go_live, or say --since at every sync.",
        )
    if settings.policy.numbering is Numbering.ORDER and settings.policy.credit_numbers_from is None:
        yield warning(
            "policy.credit_numbers_from",
            'with numbering = "order" credit notes need a range of numbers of their own',
            "Set policy.credit_numbers_from to a number beyond all orders.",
        )


def about_shop(shop: Shop, policy: Policy) -> Iterator[Finding]:
    """Whether the shop can be read, and whether the policy fits what it reports."""
    asked = {
        "store": shop.configs,
        "orders": shop.orders,
        "invoices": shop.invoices,
        "credit memos": shop.credit_memos,
    }
    yield from _readable("magento", asked, _PERMISSIONS)
    yield from _zones(shop, policy)
    yield from _methods_in_use(shop, policy)


def _readable(
    vendor: str, asked: Mapping[str, Told[object]], permissions: Mapping[str, str]
) -> Iterator[Finding]:
    """A finding for each kind of document; one alone where nothing could be asked at all."""
    if error := nothing_told(asked.values()):
        yield failed(vendor, error, _remedy(error, vendor, ""))
        return
    for name, told in asked.items():
        subject = f"{vendor}: {name}"
        if told.error is None:
            yield ok(subject, "can be read")
        else:
            yield failed(subject, told.error, _remedy(told.error, vendor, permissions[name]))


def nothing_told(asked: Iterable[Told[object]]) -> KashmagError | None:
    """The first error, if every question met one and it is not about permissions."""
    errors = [told.error for told in asked]
    first = errors[0] if errors and all(errors) else None
    return None if isinstance(first, NotPermittedError) else first


def _remedy(error: KashmagError, vendor: str, permission: str) -> str:
    match error:
        case NotPermittedError():
            return f"Give kashmag's {_WHO[vendor]} the permission {permission}."
        case SignInError():
            return f"Check the credentials of kashmag's {_WHO[vendor]}."
        case UnreachableError() | NoAnswerError() | BrokenError():
            return f"Check {vendor}.url and the network, then try again."
        case UnexpectedPayloadError() | NotFoundError():
            return f"Check that {vendor}.url is the address of the API, not of something else."
        case _:
            return "Try again; if it stays, report it."


_WHO: Final[Mapping[str, str]] = {"magento": "integration", "kashflow": "user"}


def _zones(shop: Shop, policy: Policy) -> Iterator[Finding]:
    zones = Counter(config.timezone for config in shop.configs.answer if config.timezone)
    for zone in zones:
        if zone != policy.time_zone:
            yield warning(
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
                f"policy.payments.{method}",
                f"{count} of the latest {len(shop.orders.answer)} orders were paid by {method}, "
                "which is not in the table: their payments will be held",
                f'Add {method} = {{ action = "post", method = ..., bank_account = ... }}, '
                'or action = "leave".',
            )


def about_books(books: Books, policy: Policy) -> Iterator[Finding]:
    """Whether the account can be read, and whether it has what the policy names."""
    asked = books.by_name
    yield from _readable("kashflow", asked, dict.fromkeys(asked, "for all areas (full access)"))
    yield from _nominals(books, policy)
    for table, rules in (("payments", policy.payments), ("credits", policy.credits)):
        for method, rule in rules.items():
            yield from _rule(f"policy.{table}.{method}", rule, books)


def _nominals(books: Books, policy: Policy) -> Iterator[Finding]:
    if books.nominals.error is not None:
        return
    known = {nominal.code: nominal.name for nominal in books.nominals.answer}
    named = {key: code for key, code in _codes(policy) if code is not None}
    for key, code in named.items():
        if code in known:
            yield ok(key, f"{code} is {known[code]}")
        else:
            yield fault(
                key,
                f"the account has no nominal {code}; {_nearest_number(code, known)}",
                "Correct the setting, or add the nominal in KashFlow.",
            )


def _codes(policy: Policy) -> Iterator[tuple[str, int | None]]:
    common = policy.nominals.named()
    yield from ((f"policy.nominals.{key}", code) for key, code in common.items())
    for store in policy.store:
        for key, code in policy.for_store(store).nominals.named().items():
            if code != common[key]:
                yield f"policy.store.{store}.nominals.{key}", code


def _rule(subject: str, rule: PaymentRule, books: Books) -> Iterator[Finding]:
    if rule.action is not PaymentAction.POST:
        return
    methods = {one.id: one.name or "" for one in books.methods.answer}
    accounts = {one.id: one.account_name for one in books.bank_accounts.answer}
    if books.methods.error is None and rule.method not in methods:
        yield fault(
            f"{subject}.method",
            f"the account has no payment method {rule.method}; {_listed(methods)}",
            "Correct the setting.",
        )
    if books.bank_accounts.error is None and rule.bank_account not in accounts:
        yield fault(
            f"{subject}.bank_account",
            f"the account has no bank account {rule.bank_account}; {_listed(accounts)}",
            "Correct the setting.",
        )


def _nearest_number(code: int, known: Mapping[int, str]) -> str:
    if not known:
        return "it has none at all"
    near = min(known, key=lambda one: (abs(one - code), one))
    return f"the nearest is {near} ({known[near]})"


def _listed(known: Mapping[int, str]) -> str:
    return "known: " + ", ".join(f"{number} ({name})" for number, name in sorted(known.items()))
