"""The `[policy]` tables into a `Policy`, with what its annotations cannot say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from zoneinfo import available_timezones

from attrs import evolve

from kashmag.accounting import CreditKind
from kashmag.plans.cures import nearest
from kashmag.plans.import_problems import MOST_DAYS
from kashmag.plans.number_ranges import FURTHER_NUMBERS, LARGEST, credit_notes_from
from kashmag.plans.policy import WRITE_BACK, DriftRules, OnDrift, PaymentAction, PaymentRule, Policy
from kashmag.settings.shape import Place, fields_of, read_fields, table

# What one store view cannot answer for itself.
_WHOLE_SHOP_ONLY: Final = frozenset({"store", "shop", "limits", "customers", "not_of_the_shop"})
# Ten years: more is a slip of the finger.
MOST_PAYMENT_DAYS: Final = 3650
# By what a KashFlow customer may be found, in the order that the bookkeeper chooses.
CUSTOMER_KEYS: Final = ("email", "code", "vat_number", "name_postcode")
_GROUPS: Final = "customer_groups"
_GROUP_IDS: Final = (
    "give the group's id, which Magento's admin shows under Customers > Customer Groups"
)
# What the policy may do about each drift without asking a person.
DRIFT_WAYS: Final[Mapping[str, tuple[OnDrift, ...]]] = {
    "changed_in_shop": (OnDrift.CREDIT_AND_REISSUE,),
    "changed_in_kashflow": (OnDrift.CREDIT_AND_REISSUE, OnDrift.ACCEPT),
    "cancelled": (OnDrift.CREDIT,),
    "deleted_in_kashflow": (OnDrift.POST_ANEW,),
}


def read_policy(tables: Mapping[str, object], file: Place) -> Policy:
    """The policy of several tables by their path, each over those before it.

    Every fault is remembered at `file.faults`; the policy returned is then of no use.
    """
    policy, stores = Policy(), list[tuple[Place, Mapping[str, object]]]()
    for path, told in tables.items():
        place = file / path
        values = table(told, place, fields_of(Policy))
        stores.append((place / "store", table_of_tables(values.pop("store", {}), place / "store")))
        values = _with_groups_as_text(values, place / "test_orders")
        policy = evolve(policy, **read_fields(fields_of(Policy), values, place, over=policy))  # type: ignore[arg-type]
        _check(policy, place, frozenset(values))
    for place, views in stores:
        own = {view: _view(policy, told, place / view) for view, told in views.items()}
        policy = evolve(policy, store={**policy.store, **own})
    return policy


def table_of_tables(told: object, place: Place) -> Mapping[str, object]:
    """A table whose keys are names that the user chose."""
    if isinstance(told, Mapping):
        return {str(name): value for name, value in told.items()}
    place.wrong("must hold tables, each under a name of its own")
    return {}


def _view(policy: Policy, told: object, place: Place) -> Mapping[str, object]:
    annotations = {k: v for k, v in fields_of(Policy).items() if k not in _WHOLE_SHOP_ONLY}
    values = _with_groups_as_text(table(told, place, annotations), place / "test_orders")
    own = read_fields(annotations, values, place, over=policy)
    _check(evolve(policy, **own), place, frozenset(values))  # type: ignore[arg-type]
    return own


def _with_groups_as_text(values: Mapping[str, object], place: Place) -> dict[str, object]:
    """The values, with the ids of customer groups as orders carry them; a number is one too."""
    told = values.get("test_orders")
    if not isinstance(told, Mapping) or _GROUPS not in told:
        return dict(values)
    groups = told[_GROUPS]
    if not isinstance(groups, list):
        (place / _GROUPS).wrong(f"must be a list of ids, such as [2]; {_GROUP_IDS}")
        groups = []
    ids = [_group_id(one, place / _GROUPS) for one in groups]
    return {**values, "test_orders": {**told, _GROUPS: ids}}


def _group_id(told: object, place: Place) -> str:
    # A boolean is a whole number to Python, and to nobody else.
    text = str(told) if type(told) in {int, str} else ""
    if text.isascii() and text.isdecimal():
        return str(int(text))
    shown = f'"{told}"' if isinstance(told, str) else str(told).lower()
    place.wrong(f"cannot hold {shown}: orders carry no group's name; {_GROUP_IDS}")
    return ""


def _check(policy: Policy, place: Place, said: frozenset[str]) -> None:
    """Find impossible values among the keys that this table has said."""
    if "shop" in said and not re.fullmatch(r"[A-Za-z]{1,8}", policy.shop):
        (place / "shop").wrong(f'cannot be "{policy.shop}"; one to eight letters, such as "M"')
    if "time_zone" in said and policy.time_zone not in available_timezones():
        near = nearest(policy.time_zone, available_timezones())
        hint = 'such as "Europe/London"' if near.startswith("known") else near
        (place / "time_zone").wrong(f'cannot be "{policy.time_zone}"; {hint}')
    if {"credit_numbers_from", "further_numbers_from"} & said:
        _check_numbers(policy, place)
    if policy.flat_rate is not None and "flat_rate" in said and not 0 < policy.flat_rate <= 100:
        (place / "flat_rate").wrong(
            f"cannot be {policy.flat_rate}; a percentage above 0 and up to 100, such as 7.5"
        )
    if "payment_days" in said and policy.payment_days > MOST_PAYMENT_DAYS:
        (place / "payment_days").wrong(
            f"cannot be {policy.payment_days}; at most {MOST_PAYMENT_DAYS} days"
        )
    if "match_within_days" in said and not 0 <= policy.match_within_days <= MOST_DAYS:
        (place / "match_within_days").wrong(
            f"cannot be {policy.match_within_days}; from 0 to {MOST_DAYS} days"
        )
    if "credits" in said:
        for kind, rule in policy.credits.items():
            if rule.action is PaymentAction.MATCH:
                (place / f"credits.{kind}").wrong(
                    'cannot be matched: no account imports credit with the shop; say "post" or '
                    '"leave"'
                )
        _known("credits", policy.credits, [kind.value for kind in CreditKind], place)
    if "match_customers_by" in said:
        _known("match_customers_by", policy.match_customers_by, CUSTOMER_KEYS, place)
    if "customers" in said:
        _known("write_back", policy.customers.write_back, WRITE_BACK, place / "customers")
    for name in ("payments", "credits"):
        if name in said:
            for method, rule in getattr(policy, name).items():
                _check_rule(rule, place / f"{name}.{method}")
    if "not_of_the_shop" in said and "" in policy.not_of_the_shop.references:
        (place / "not_of_the_shop.references").wrong('cannot hold "": every reference begins so')
    if "drift" in said:
        _check_drift(policy.drift, place / "drift")


def _check_numbers(policy: Policy, place: Place) -> None:
    start, largest = policy.further_numbers_from, LARGEST - FURTHER_NUMBERS + 1
    if start is None:
        return
    key = place / "further_numbers_from"
    if not 0 < start <= largest:
        key.wrong(f"cannot be {start}; from 1 to {largest}: {FURTHER_NUMBERS} numbers follow it")
    elif start <= credit_notes_from(policy) < start + FURTHER_NUMBERS:
        key.wrong(
            f"cannot be {start}: credit notes are numbered from {credit_notes_from(policy)} "
            f"(credit_numbers_from), among the {FURTHER_NUMBERS} numbers from {start}"
        )


def _check_drift(rules: DriftRules, place: Place) -> None:
    for key, ways in DRIFT_WAYS.items():
        rule: OnDrift = getattr(rules, key)
        if rule is not OnDrift.HOLD and rule not in ways:
            choices = ", ".join(f'"{one.value}"' for one in (OnDrift.HOLD, *ways))
            (place / key).wrong(f'cannot be "{rule.value}"; it is one of {choices}')


def _known(key: str, names: object, choices: list[str] | tuple[str, ...], place: Place) -> None:
    assert isinstance(names, Mapping | tuple)
    for name in names:
        if name not in choices:
            (place / key).wrong(f'cannot hold "{name}"; {nearest(str(name), choices)}')


def _check_rule(rule: PaymentRule, place: Place) -> None:
    if rule.action is not PaymentAction.POST:
        return
    missing = [key for key in ("method", "bank_account") if getattr(rule, key) is None]
    if missing:
        place.wrong(
            f'lacks {" and ".join(missing)}, which action = "post" needs; '
            'give them, or say action = "match" or "leave"'
        )
