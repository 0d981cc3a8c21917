"""The plan of one customer of the shop: its account created, found, or kept in step. Pure.

Who asks for the account, and carries the plan out, is `engine.customer_handling`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from attrs import evolve, field, frozen

from kashmag import kashflow, magento
from kashmag.accounting.problems import Problem
from kashmag.hooks.defaults.customer_matching import accounts_that_fit
from kashmag.planner import masters
from kashmag.planner.merging import Bases, Merge, agreed, merge
from kashmag.planner.write_back import fields_back, map_back
from kashmag.plans.actions import (
    Action,
    CreateCustomer,
    DocumentId,
    FieldChange,
    UpdateCustomer,
    UpdateShopCustomer,
)
from kashmag.plans.customer_problems import (
    account_archived,
    account_gone,
    account_of_another,
    ambiguous_account,
    customer_conflict,
    not_for_the_shop,
)
from kashmag.plans.plan import Plan
from kashmag.plans.policy import Policy


@frozen(kw_only=True)
class Master:
    """A customer of the shop, and what is remembered of it; `revision` counts what was agreed.

    `account` is the code of the KashFlow customer that it is tied to, empty while there is none.
    """

    document: DocumentId
    customer: magento.Customer
    draft: kashflow.CustomerDraft
    account: str = ""
    bases: Bases | None = None
    revision: int = 0


@frozen
class Compared:
    """What follows for one customer: the plan, and what will be agreed once it is done.

    `problems` hold single fields, or advise; those that hold the whole are the plan's. `kept` are
    the fields in which KashFlow keeps a word of its own.
    """

    plan: Plan
    code: str = field(default="", kw_only=True)
    bases: Bases = field(factory=dict, kw_only=True)
    problems: tuple[Problem, ...] = field(default=(), kw_only=True)
    kept: tuple[str, ...] = field(default=(), kw_only=True)


def choose_account(
    master: Master, candidates: Sequence[kashflow.Customer], policy: Policy
) -> kashflow.Customer | Problem | None:
    """The account that is surely this customer's; None where there is none yet."""
    buyer = masters.buyer_of(master.customer)
    _, found = accounts_that_fit(candidates, buyer, master.draft.code, policy)
    if len(found) > 1:
        return ambiguous_account(master.document.number, sorted(one.code for one in found))
    return found[0] if found else None


def plan_master(master: Master, found: kashflow.Customer | None, policy: Policy) -> Compared:
    """Compare a customer with its account: create it, or merge the two field by field."""
    if found is None:
        if master.account:
            return held(master.document, account_gone(master.document.number, master.account))
        return _created(master, policy)
    emails = _emails(master)
    books = masters.fields_of(found, emails)
    shop = _said(master, found, emails)
    back = fields_back(policy.customers.write_back)
    merged = merge(master.bases, shop, books, back=back)
    mapped = map_back(master.customer, merged.to_shop, books=books, bases=master.bases or {})
    problems = [customer_conflict(found.code, name) for name in merged.conflicts]
    problems += [not_for_the_shop(found.code, name) for name in mapped.uncertain]
    contact = masters.contact_of(found, emails)
    actions: list[Action] = []
    if merged.to_books:
        key = _key(master, policy.shop, merged.to_books)
        email = (contact.email if contact else None) or ""
        actions.append(UpdateCustomer(key, found.code, changes=merged.to_books, contact=email))
        if found.is_archived:
            return held(master.document, account_archived(master.document.number, found.code))
    if mapped.changes:
        key = _key(master, policy.shop, mapped.changes)
        number = master.customer.id or 0
        actions.append(UpdateShopCustomer(key, number, changes=mapped.changes))
    return Compared(
        Plan(master.document, actions=tuple(actions)),
        code=found.code,
        bases=_remembered(master, merged, mapped.uncertain),
        problems=tuple(problems),
        kept=merged.kept,
    )


def held(document: DocumentId, problem: Problem) -> Compared:
    """A customer of whom nothing can be done until a person has looked."""
    return Compared(Plan(document, problems=(problem,)))


def of_another(master: Master, code: str, source: str) -> Compared:
    """The account follows another customer of the shop already."""
    return held(master.document, account_of_another(master.document.number, code, source))


def _created(master: Master, policy: Policy) -> Compared:
    draft = evolve(master.draft, automatic_credit_control_enabled=policy.credit_control)
    # The key that orders of this buyer use too: whoever is first creates the account.
    action = CreateCustomer(f"{policy.shop}:customer:{draft.code}:create", draft)
    return Compared(
        Plan(master.document, actions=(action,)),
        code=draft.code,
        bases=agreed(masters.shop_fields(draft)),
    )


def _emails(master: Master) -> tuple[str, ...]:
    """By which e-mails the contact may be known: the shop's now, and those that were agreed."""
    base = (master.bases or {}).get("contact.email")
    own = masters.buyer_of(master.customer).email
    return (own, *((base.books, base.shop) if base else ()))


def _said(master: Master, found: kashflow.Customer, emails: Sequence[str]) -> dict[str, str]:
    """What the shop says; nothing of a contact who is somebody else at the same account."""
    shop = masters.shop_fields(master.draft)
    if "contact.email" in (master.bases or {}) or not found.contacts:
        return shop
    contact = masters.contact_of(found, emails)
    if contact is not None and masters.is_one_of(contact, emails):
        return shop
    return {name: value for name, value in shop.items() if not name.startswith("contact.")}


def _remembered(master: Master, merged: Merge, uncertain: Sequence[str]) -> Bases:
    """What is agreed once all is done; what could not be said stays as it was."""
    before = master.bases or {}
    return {
        name: before[name] if name in uncertain else base for name, base in merged.bases.items()
    }


def _key(master: Master, shop: str, changes: tuple[FieldChange, ...]) -> str:
    """The key of one update; the same change may be wanted again later, so the revision counts."""
    told = "\n".join(f"{c.field}={c.before}={c.after}" for c in changes)
    digest = hashlib.sha256(f"{master.revision}\n{told}".encode()).hexdigest()[:12]
    return f"{shop}:customer:{master.document.entity_id}:update:{digest}"
