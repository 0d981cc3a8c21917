"""The plan: what would be done for one order, why, and the proof; a value.

It prints (`summary`), digests (`digest`), stores (`to_json`) and reloads (`from_json`). Making one
is `planner`, carrying one out is `engine`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, cast

from attrs import evolve, field, frozen

from kashmag import kashflow
from kashmag.accounting.money import shown
from kashmag.accounting.problems import Holds, Problem
from kashmag.kashflow import codec as kashflow_codec
from kashmag.plans.actions import (
    Action,
    AddNote,
    AddPayment,
    CreateCreditNote,
    CreateCustomer,
    CreateInvoice,
    CreateProduct,
    DocumentId,
    FieldChange,
    Pending,
    UpdateCustomer,
    UpdateShopCustomer,
    canonical,
)
from kashmag.plans.certificate import Certificate
from kashmag.plans.decisions import DecisionNote
from kashmag.plans.proposals import Drift, Proposal, Way
from kashmag.plans.stored_problems import problem_from, told_problem
from kashmag.rest.codec import Json, JsonObject

DRIFT: Final = "drift"


@frozen
class Adoption:
    """A KashFlow document that exists already and is the counterpart of a deed of this plan."""

    key: str
    number: int
    reference: str = field(default="", kw_only=True)


@frozen
class Plan:
    """Everything that follows from one order: actions, decisions, problems, certificate.

    Without actions and without a problem that holds, `skipped_because` says why nothing is to be
    done. `assumed` lists what was taken for granted because nobody could be asked. `proposals` are
    ways out of a drift; `releases` the deeds that are given up when the plan is carried out,
    because their documents are gone.
    """

    document: DocumentId
    actions: tuple[Action, ...] = field(default=(), kw_only=True)
    decisions: tuple[DecisionNote, ...] = field(default=(), kw_only=True)
    problems: tuple[Problem, ...] = field(default=(), kw_only=True)
    certificate: Certificate | None = field(default=None, kw_only=True)
    adoptions: tuple[Adoption, ...] = field(default=(), kw_only=True)
    assumed: tuple[str, ...] = field(default=(), kw_only=True)
    skipped_because: str = field(default="", kw_only=True)
    proposals: tuple[Proposal, ...] = field(default=(), kw_only=True)
    releases: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def is_held(self) -> bool:
        """Tell whether a problem forbids applying it."""
        return any(problem.holds is Holds.PLAN for problem in self.problems)

    def taking(self, proposal: Proposal, *, because: str, rule: str) -> Plan:
        """The plan in which one of its proposals is what is done, beside all else that is due."""
        chosen = {action.key for action in proposal.actions}
        left = tuple(action for action in self.actions if action.key not in chosen)
        note = DecisionNote(DRIFT, proposal.way.value, because=because, rule=rule)
        return evolve(
            self,
            actions=proposal.actions + left,
            decisions=(*self.decisions, note),
            problems=(
                *(one for one in self.problems if one.message not in proposal.cures),
                *proposal.leaves,
            ),
            certificate=proposal.certificate or self.certificate,
            proposals=(),
            releases=proposal.releases,
        )

    def proposal(self, way: Way) -> Proposal | None:
        """The proposal of this way, if there is one."""
        return next((one for one in self.proposals if one.way is way), None)

    @property
    def is_resolving(self) -> bool:
        """Tell whether a way out of a drift is taken in it."""
        return any(note.question == DRIFT for note in self.decisions)

    @property
    def digest(self) -> str:
        """The same for the same plan, different for any other (SHA-256, hexadecimal)."""
        return hashlib.sha256(canonical(self._told())).hexdigest()

    def to_json(self) -> dict[str, Json]:
        """The plan as the command line prints it and the logbook stores it."""
        return {**self._told(), "digest": self.digest}

    def _told(self) -> dict[str, Json]:
        return {
            "order": {
                "entity_id": _number_or_text(self.document.entity_id),
                "increment_id": self.document.number,
                "store_id": self.document.store_id,
                "shop": self.document.shop,
                "kind": self.document.kind,
            },
            "held": self.is_held,
            "assumed": list(self.assumed),
            "problems": [told_problem(problem) for problem in self.problems],
            "decisions": [
                {"question": d.question, "answer": d.answer, "because": d.because, "rule": d.rule}
                for d in self.decisions
            ],
            "actions": [_told_action(action) for action in self.actions],
            "adoptions": [
                {"key": a.key, "number": a.number, "reference": a.reference} for a in self.adoptions
            ],
            "certificate": self.certificate.to_json() if self.certificate else None,
            "skipped_because": self.skipped_because,
            "proposals": [_told_proposal(one) for one in self.proposals],
            "releases": list(self.releases),
        }

    def summary(self) -> str:
        """The plan in words, a line each: actions, decisions, problems, certificate."""
        lines = [f"Order {self.document.number}{' is HELD' if self.is_held else ''}"]
        if self.skipped_because:
            lines.append(f"  nothing to do: {self.skipped_because}")
        lines += [f"  {_said(action)}" for action in self.actions]
        lines += [f"  {d.question}: {d.answer}, because {d.because}" for d in self.decisions]
        lines += [f"  ! {p.message} {p.remedy}" for p in self.problems]
        lines += [f"  proposed, {one.way.value}: {one.message}" for one in self.proposals]
        if self.certificate:
            lines.append(f"  {self.certificate}")
        lines += [f"  assumed: {one}" for one in self.assumed]
        return "\n".join(lines)


def from_json(told: JsonObject) -> Plan:
    """Reload a plan that `to_json` wrote."""
    order = cast("Mapping[str, Json]", told["order"])
    certificate = cast("JsonObject | None", told["certificate"])
    return Plan(
        DocumentId(
            str(order["shop"]),
            str(order["kind"]),
            entity_id=str(order["entity_id"]),
            number=str(order["increment_id"]),
            store_id=str(order["store_id"]),
        ),
        actions=tuple(_action(one) for one in _objects(told["actions"])),
        decisions=tuple(
            DecisionNote(
                str(one["question"]),
                str(one["answer"]),
                because=str(one["because"]),
                rule=str(one["rule"]),
            )
            for one in _objects(told["decisions"])
        ),
        problems=tuple(problem_from(one) for one in _objects(told["problems"])),
        certificate=Certificate.from_json(certificate) if certificate else None,
        adoptions=tuple(
            Adoption(str(one["key"]), cast("int", one["number"]), reference=str(one["reference"]))
            for one in _objects(told["adoptions"])
        ),
        assumed=tuple(str(one) for one in cast("Sequence[Json]", told["assumed"])),
        skipped_because=str(told["skipped_because"]),
        # Plans that were stored before there were proposals have none.
        proposals=tuple(_proposal(one) for one in _objects(told.get("proposals", ()))),
        releases=tuple(str(one) for one in cast("Sequence[Json]", told.get("releases", ()))),
    )


def _objects(value: Json) -> Sequence[JsonObject]:
    return cast("Sequence[JsonObject]", value)


def _number_or_text(entity_id: str) -> Json:
    return int(entity_id) if entity_id.isdecimal() else entity_id


def _told_proposal(one: Proposal) -> dict[str, Json]:
    return {
        "way": one.way.value,
        "drift": one.drift.value,
        "message": one.message,
        "cures": list(one.cures),
        "releases": list(one.releases),
        "leaves": [told_problem(problem) for problem in one.leaves],
        "certificate": one.certificate.to_json() if one.certificate else None,
        "actions": [_told_action(action) for action in one.actions],
    }


def _proposal(told: JsonObject) -> Proposal:
    return Proposal(
        Way(told["way"]),
        Drift(told["drift"]),
        str(told["message"]),
        actions=tuple(_action(one) for one in _objects(told["actions"])),
        cures=tuple(str(one) for one in cast("Sequence[Json]", told["cures"])),
        certificate=_certificate(told) if told["certificate"] else None,
        releases=tuple(str(one) for one in cast("Sequence[Json]", told["releases"])),
        leaves=tuple(problem_from(one) for one in _objects(told.get("leaves", ()))),
    )


def _told_action(action: Action) -> dict[str, Json]:
    told: dict[str, Json] = {
        "kind": action.kind,
        "key": action.key,
        "reference": action.reference,
        "body": action.body,
    }
    match action:
        case CreateInvoice():
            told["certificate"] = action.certificate.to_json()
        case CreateCreditNote():
            told["certificate"] = action.certificate.to_json()
            told["original"] = _number_or_key(action.original)
        case AddPayment():
            told["invoice_number"] = action.invoice_number
            told["invoice_reference"] = action.invoice_reference
        case AddNote():
            told["invoice"] = _number_or_key(action.invoice)
            told["invoice_reference"] = action.invoice_reference
        case CreateCustomer() | UpdateCustomer() | UpdateShopCustomer() | CreateProduct():
            pass
    return told


def _number_or_key(number: int | Pending) -> Json:
    return number if isinstance(number, int) else number.key


def _number(told: Json) -> int | Pending:
    return told if isinstance(told, int) else Pending(str(told))


def _action(told: JsonObject) -> Action:
    key, body = str(told["key"]), cast("JsonObject", told["body"])
    match told["kind"]:
        case "create_customer":
            return CreateCustomer(key, kashflow_codec.read(kashflow.CustomerDraft, body))
        case "update_customer":
            contact = str(body.get("Contact") or "")
            return UpdateCustomer(key, str(body["Code"]), changes=_changes(body), contact=contact)
        case "update_shop_customer":
            number = cast("int", body["CustomerId"])
            return UpdateShopCustomer(key, number, changes=_changes(body))
        case "create_product":
            return CreateProduct(key, kashflow_codec.read(kashflow.ProductDraft, body))
        case "create_invoice":
            return CreateInvoice(
                key,
                kashflow_codec.read(kashflow.InvoiceDraft, body),
                certificate=_certificate(told),
            )
        case "create_credit_note":
            return CreateCreditNote(
                key,
                kashflow_codec.read(kashflow.InvoiceDraft, body),
                certificate=_certificate(told),
                original=_number(told["original"]),
            )
        case "add_payment":
            return AddPayment(
                key,
                cast("int", told["invoice_number"]),
                payment=kashflow_codec.read(kashflow.PaymentDraft, body),
                invoice_reference=str(told["invoice_reference"]),
            )
        case "add_note":
            return AddNote(
                key,
                str(body["Text"]),
                invoice=_number(told["invoice"]),
                invoice_reference=str(told["invoice_reference"]),
            )
        case other:
            raise ValueError(f"there is no action of the kind {other!r}")


def _changes(body: JsonObject) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(str(one["Field"]), str(one["Before"]), str(one["After"]))
        for one in _objects(body["Changes"])
    )


def _certificate(told: JsonObject) -> Certificate:
    return Certificate.from_json(cast("JsonObject", told["certificate"]))


def _said(action: Action) -> str:
    match action:
        case CreateCustomer():
            return f"create customer {action.draft.code} ({action.draft.name})"
        case UpdateCustomer():
            return f"update customer {action.code}: {_named(action.changes)}"
        case UpdateShopCustomer():
            return f"update customer {action.customer_id} of the shop: {_named(action.changes)}"
        case CreateProduct():
            return f"create product {action.draft.code} under nominal {action.draft.nominal_code}"
        case CreateInvoice():
            paid = len(action.draft.payment_lines)
            with_payments = f" with {paid} payment(s)" if paid else ""
            return f"create invoice {action.reference}{with_payments}: {action.certificate}"
        case CreateCreditNote():
            return f"create credit note {action.reference}: {action.certificate}"
        case AddPayment():
            amount = shown(action.payment.amount)
            return f"add payment of {amount} to invoice {action.invoice_number}"
        case AddNote():
            return f"add a note to invoice {action.invoice_reference}: {action.text}"


def _named(changes: Sequence[FieldChange]) -> str:
    return ", ".join(change.field for change in changes)
