"""What a step of planning found: actions, decisions, problems and so on; they add up."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from kashmag.accounting.problems import Problem
from kashmag.plans.actions import Action
from kashmag.plans.decisions import Decision, DecisionNote
from kashmag.plans.plan import Adoption
from kashmag.plans.proposals import Proposal


@frozen
class Findings:
    """The yield of one step; an empty one is a step that found nothing."""

    actions: tuple[Action, ...] = field(default=(), kw_only=True)
    decisions: tuple[DecisionNote, ...] = field(default=(), kw_only=True)
    problems: tuple[Problem, ...] = field(default=(), kw_only=True)
    adoptions: tuple[Adoption, ...] = field(default=(), kw_only=True)
    proposals: tuple[Proposal, ...] = field(default=(), kw_only=True)

    def __add__(self, other: Findings) -> Findings:
        return together((self, other))


def together(parts: Iterable[Findings]) -> Findings:
    """All of them in order; what is found twice is found once (two lines of one new SKU)."""
    told = tuple(parts)
    return Findings(
        actions=tuple(dict.fromkeys(one for part in told for one in part.actions)),
        decisions=tuple(dict.fromkeys(one for part in told for one in part.decisions)),
        problems=tuple(dict.fromkeys(one for part in told for one in part.problems)),
        adoptions=tuple(dict.fromkeys(one for part in told for one in part.adoptions)),
        proposals=tuple(one for part in told for one in part.proposals),
    )


def noted(question: str, answer: str, decision: Decision[object]) -> Findings:
    """A decision, in the words in which the plan remembers it."""
    note = DecisionNote(question, answer, because=decision.because, rule=decision.rule)
    return Findings(decisions=(note,))


def stated(question: str, answer: str, *, because: str, rule: str = "policy") -> Findings:
    """A decision that the policy itself took."""
    return Findings(decisions=(DecisionNote(question, answer, because=because, rule=rule),))


def troubled(*problems: Problem) -> Findings:
    """Problems and nothing else."""
    return Findings(problems=problems)
