"""Problems as JSON, and back: as plans print and store them."""

from __future__ import annotations

from kashmag.accounting.problems import Holds, Problem
from kashmag.rest.codec import Json, JsonObject


def told_problem(problem: Problem) -> dict[str, Json]:
    """A problem as JSON; what is empty is left out."""
    told: dict[str, Json] = {
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "holds": problem.holds.value,
    }
    if problem.document:
        told["document"] = problem.document
    if problem.payment:
        told["payment"] = problem.payment
    if problem.settings:
        told["settings"] = problem.settings
    return told


def problem_from(told: JsonObject) -> Problem:
    """The problem that `told_problem` wrote."""
    return Problem(
        str(told["code"]),
        str(told["message"]),
        remedy=str(told["remedy"]),
        holds=Holds(told["holds"]),
        document=str(told.get("document", "")),
        payment=str(told.get("payment", "")),
        settings=str(told.get("settings", "")),
    )
