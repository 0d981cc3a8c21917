import re
from pathlib import Path

import pytest

from kashmag.sandbox.faults import BAD_DAYS, Faults, Kind
from kashmag.sandbox.kashflow import Credentials, KashflowSandbox

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_bad_day_is_described():
    described = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| `.*", PAGE, re.MULTILINE))))
    assert set(BAD_DAYS) <= described
    assert {kind.value for kind in Kind} <= set(BAD_DAYS)


def test_the_schedule_file_of_the_page_can_be_read(tmp_path):
    file = tmp_path / "schedule.toml"
    (text,) = blocks("toml")
    file.write_text(text)
    assert len(Faults.from_file(file).schedule.rules) == 2 + len(BAD_DAYS["mixed"])


@pytest.mark.parametrize("number", [0, 1])
async def test_the_programs_of_the_page_run(number):
    program = "async def main():\n" + "".join(
        f"    {line}\n" for line in blocks("python")[number].splitlines()
    )
    room = {}
    exec(program, room)
    await room["main"]()


def test_every_call_of_the_page_is_there_and_the_credentials_are_true():
    section = PAGE.partition("## Looking inside")[2].partition("## Switches")[0]
    named = set(re.findall(r"`(\w+)\(", section))
    assert len(named) > 10
    assert [name for name in named if not hasattr(KashflowSandbox, name)] == []
    known = Credentials()
    assert all(
        f"`{word}`" in PAGE for word in (known.user_name, known.password, known.memorable_word)
    )
