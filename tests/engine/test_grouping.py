"""What waits says what to do; what asks nobody for anything does not stand in the list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import kashmag
from kashmag.engine import causes
from kashmag.engine.grouping import UNFINISHED, Group, grouped, what_to_do
from kashmag.logbook import DocumentRecord

IDLE = re.compile(r"^nothing (has|is|needs|was)\b", re.IGNORECASE)
CODES = sorted(
    {value for name, value in vars(causes).items() if name.isupper() and isinstance(value, str)}
    | {UNFINISHED}
)


@pytest.mark.parametrize("code", CODES)
def test_every_cause_of_the_engines_own_has_a_remedy_of_its_own(code: str) -> None:
    assert what_to_do(code) != what_to_do("a cause that nobody knows")
    assert not IDLE.match(what_to_do(code))


def test_nowhere_does_a_problem_that_holds_say_that_nothing_has_to_be_done() -> None:
    """Wherever such a remedy is worded, the same call says that it holds nothing."""
    found = 0
    for path in Path(kashmag.__file__).parent.rglob("*.py"):
        if not {"plans", "planner", "reading", "hooks"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'"Nothing (?:has|is|needs) to be done', text):
            rest = text[match.start() :].partition("\n\n")[0]
            assert "holds=Holds.NOTHING" in rest, f"{path.name}: {rest}"
            found += 1
    assert found >= 3


def record(number: int, *problems: dict[str, Any], codes: tuple[str, ...] = ()) -> DocumentRecord:
    return DocumentRecord(
        f"M:order:{number}", kind="order", number=str(number), entity_id=str(number),
        outcome="held", reason=f"reason {number}", codes=codes, problems=problems,
    )  # fmt: skip


async def groups(*records: DocumentRecord) -> dict[str, Group]:
    async def each() -> AsyncIterator[DocumentRecord]:
        for one in records:
            yield one

    return {one.code: one for one in await grouped(each())}


HOLDING = {"code": "a", "message": "It is so.", "remedy": "Do this.", "holds": "plan"}
ADVICE = {
    **HOLDING,
    "message": "By the way.",
    "remedy": "Nothing has to be done.",
    "holds": "nothing",
}
kinds = st.sampled_from(("holding", "advised", "borrowed"))


@given(st.lists(kinds, min_size=1, max_size=6))
async def test_a_group_says_what_its_problem_says_whichever_document_comes_first(
    order: list[str],
) -> None:
    """A memo that waits for its order has no problem of its own; advice of the code is none."""
    told = {"holding": (HOLDING,), "advised": (ADVICE, HOLDING), "borrowed": ()}
    records = [record(at, *told[kind], codes=("a",)) for at, kind in enumerate(order)]
    (group,) = (await groups(*records)).values()
    assert group.count == len(order)
    if set(order) == {"borrowed"}:
        assert group.remedy == what_to_do("a")
    else:
        assert (group.remedy, group.example) == ("Do this.", "It is so.")


async def test_money_that_is_only_awaited_stands_in_no_group() -> None:
    assert await groups(record(1, codes=("payment_awaited",))) == {}


async def test_a_document_whose_run_did_not_end_is_run_again() -> None:
    (group,) = (await groups(evolve(record(1), outcome=""))).values()
    assert group.code == UNFINISHED
    assert "run again" in group.remedy
