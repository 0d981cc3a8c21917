"""Whether the account has what the policy names: one fault each, with the nearest valid one.

Pure. Who asks the account, and refuses to begin, is `engine.checking`; `kashmag doctor` asks the
same of the defaults that nobody changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import field, frozen

from kashmag import kashflow
from kashmag.plans.cures import cure
from kashmag.plans.policy import Nominals, PaymentAction, PaymentRule, Policy


@frozen
class Lacking:
    """Something that the policy names under `key` and the account does not have."""

    key: str
    noun: str
    number: int = field(kw_only=True)
    nearest: str = field(kw_only=True)

    def __str__(self) -> str:
        return (
            f"{self.key} is {self.number}, a {self.noun} that the account does not have; "
            f"the nearest is {self.nearest}"
        )


def policy_faults(
    policy: Policy,
    nominals: Sequence[kashflow.Nominal],
    bank_accounts: Sequence[kashflow.BankAccount],
    methods: Sequence[kashflow.PaymentMethod],
) -> tuple[str, ...]:
    """A sentence for each nominal, bank account and payment method that the account lacks.

    A default that nobody changed is not named: what would need it is held.
    """
    return tuple(str(one) for one in lacking(policy, nominals, bank_accounts, methods))


def lacking(
    policy: Policy,
    nominals: Sequence[kashflow.Nominal],
    bank_accounts: Sequence[kashflow.BankAccount],
    methods: Sequence[kashflow.PaymentMethod],
    *,
    defaults: bool = False,
) -> tuple[Lacking, ...]:
    """What the policy names and the account lacks; with `defaults`, of the defaults too.

    A list that is empty was not told, and counts as good.
    """
    codes = {one.code: one.name or "" for one in nominals if not one.archived}
    banks = {one.id: one.account_name for one in bank_accounts if not one.is_archived}
    ways = {one.id: one.name or "" for one in methods}
    named = [(key, code) for key, code in named_nominals(policy, defaults=defaults)]
    rules = [*_posting(policy)]
    return (
        *_missing("nominal", named, codes),
        *_missing("bank account", [(f"{k}.bank_account", r.bank_account) for k, r in rules], banks),
        *_missing("payment method", [(f"{k}.method", r.method) for k, r in rules], ways),
    )


def named_nominals(policy: Policy, *, defaults: bool = False) -> Iterator[tuple[str, int]]:
    """Every nominal that the policy names, with its key; store views last."""
    yield from _of(policy, "policy", defaults=defaults)
    for view in policy.store:
        own = policy.for_store(view)
        common = set(_of(policy, f"policy.store.{view}"))
        yield from (one for one in _of(own, f"policy.store.{view}") if one not in common)


def another_nominal(policy: Policy, code: int, known: Collection[int]) -> str:
    """The change of settings that names the nearest known nominal instead of one, as TOML."""
    if not known:
        return ""
    near = min(known, key=lambda one: (abs(one - code), one))
    for key, named in named_nominals(policy, defaults=True):
        table, _, name = key.rpartition(".")
        if named == code and table == "policy.nominals":
            return cure(table, **{name: near})
    return ""


def _of(policy: Policy, key: str, *, defaults: bool = False) -> Iterator[tuple[str, int]]:
    usual = Nominals().named()
    for name, code in policy.nominals.named().items():
        if code is not None and (defaults or code != usual[name]):
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


def _missing(
    noun: str, named: Sequence[tuple[str, int | None]], known: Mapping[int, str]
) -> Iterator[Lacking]:
    for key, number in named:
        if known and number is not None and number not in known:
            near = min(known, key=lambda one: (abs(one - number), one))
            name = f" ({known[near]})" if known[near] else ""
            yield Lacking(key, noun, number=number, nearest=f"{near}{name}")
