"""Decisions: answers chosen by a rule or plugin, each with its `because`."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import field, frozen

T_co = TypeVar("T_co", covariant=True)


@frozen
class Decision(Generic[T_co]):
    """An answer and why it was chosen; `rule` names the rule or plugin (filled in by the facade).

    A decided draft means "create this one".
    """

    value: T_co
    because: str = field(kw_only=True)
    rule: str = field(default="", kw_only=True)


@frozen
class DecisionNote:
    """A decision as a plan remembers it: in words."""

    question: str
    answer: str
    because: str = field(kw_only=True)
    rule: str = field(kw_only=True)
