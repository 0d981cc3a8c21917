"""Whether the account has what the policy names: one sentence a fault, with the nearest valid one.

Pure. Who asks the account, and refuses to begin, is `engine.checking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kashmag import kashflow
from kashmag.plans.policy import Nominals, PaymentAction, PaymentRule, Policy


def policy_faults(
    policy: Policy,
    nominals: Sequence[kashflow.Nominal],
    bank_accounts: Sequence[kashflow.BankAccount],
    methods: Sequence[kashflow.PaymentMethod],
) -> tuple[str, ...]:
    """A sentence for each nominal, bank account and payment method that the account lacks.

    A list that is empty was not told, and counts as good. A default that nobody changed is not
    named: what would need it is held.
    """
    codes = {one.code: one.name or "" for one in nominals if not one.archived}
    banks = {one.id: one.account_name for one in bank_accounts if not one.is_archived}
    ways = {one.id: one.name or "" for one in methods}
    return (
        *(
            _missing(key, "nominal", code, codes)
            for key, code in named_nominals(policy)
            if codes and code not in codes
        ),
        *(
            _missing(f"{key}.bank_account", "bank account", rule.bank_account, banks)
            for key, rule in _posting(policy)
            if banks and rule.bank_account is not None and rule.bank_account not in banks
        ),
        *(
            _missing(f"{key}.method", "payment method", rule.method, ways)
            for key, rule in _posting(policy)
            if ways and rule.method is not None and rule.method not in ways
        ),
    )


def named_nominals(policy: Policy) -> Iterator[tuple[str, int]]:
    """Every nominal that the policy names, with its key; store views last."""
    yield from _of(policy, "policy")
    for view in policy.store:
        own = policy.for_store(view)
        common = set(_of(policy, f"policy.store.{view}"))
        yield from (one for one in _of(own, f"policy.store.{view}") if one not in common)


def _of(policy: Policy, key: str) -> Iterator[tuple[str, int]]:
    usual = Nominals().named()
    for name, code in policy.nominals.named().items():
        if code is not None and code != usual[name]:
            yield f"{key}.nominals.{name}", code
    for name, code in policy.nominals_by_tax_class.items():
        yield f"{key}.nominals_by_tax_class.{name}", code
    for attribute, by_value in policy.nominals_by_attribute.items():
        for value, code in by_value.items():
            yield f"{key}.nominals_by_attribute.{attribute}.{value}", code


def _posting(policy: Policy) -> Iterator[tuple[str, PaymentRule]]:
    for table, rules in (("payments", policy.payments), ("credits", policy.credits)):
        for method, rule in rules.items():
            if rule.action is PaymentAction.POST:
                yield f"policy.{table}.{method}", rule


def _missing(key: str, noun: str, number: int | None, known: Mapping[int, str]) -> str:
    near = min(known, key=lambda one: (abs(one - (number or 0)), one))
    name = f" ({known[near]})" if known[near] else ""
    return (
        f"{key} is {number}, a {noun} that the account does not have; the nearest is {near}{name}"
    )
