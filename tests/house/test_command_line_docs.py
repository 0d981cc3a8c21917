import re
from pathlib import Path

import pytest

from kashmag.cli import run
from kashmag.cli.app import COMMANDS
from kashmag.plans.proposals import Way

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
EVERYWHERE = {"--json", "--settings", "--env", "--debug", "--help"}
NESTED = {
    "sync": ("orders", "refunds", "payments", "customers", "drift", "stock"),
    "errors": ("list", "show", "retry", "skip", "drop", "accept", "adopt"),
    "audit": ("verify",),
}
CALLS = [
    (name, *rest)
    for name, *_ in COMMANDS
    for rest in ([(one,) for one in NESTED[name]] if name in NESTED else [()])
]


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_command_and_every_option_is_documented(call, capsys):
    assert run([*call, "--help"]) == 0
    told = capsys.readouterr().out
    section = re.search(
        rf"^## `kashmag {call[0]}(?:`| ).*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert section or f"`{call[0]}`" in PAGE
    words = section[0] if section else PAGE
    for word in call[1:]:
        assert word in words
    for option in set(re.findall(r"--[a-z][a-z-]+", told)) - EVERYWHERE:
        if option.startswith(("--no-", "--empty-")):
            continue
        assert option in words, option


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_command_takes_what_the_contract_says(call, capsys):
    run([*call, "--help"])
    told = capsys.readouterr().out
    for option in ("--json", "--settings", "--env"):
        assert option in told


def test_the_exit_codes_are_documented():
    for code in range(6):
        assert re.search(rf"^\| {code} \|", PAGE, re.MULTILINE)


def test_everything_that_is_documented_as_a_command_is_one():
    named = set(re.findall(r"^## .*?`kashmag (\w+)", PAGE, re.MULTILINE))
    assert named <= {name for name, *_ in COMMANDS}


def test_the_ways_out_of_a_drift_are_spelt_as_in_settings_and_pages(capsys):
    assert run(["errors", "resolve", "1", "--by", "crdit", "--reason", "why"]) == 2
    told = capsys.readouterr().err
    for way in Way:
        assert f'"{way.value}"' in told
        assert way is Way.POST or f"`{way.value}`" in PAGE
