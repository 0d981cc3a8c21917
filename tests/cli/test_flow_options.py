"""What every flow of `kashmag sync` takes: one set of options."""

import pytest

from kashmag.cli.options import ASKED, Asked
from kashmag.cli.sync import orders, sync

FLOWS = ("orders", "payments", "refunds", "customers", "drift")
SAID = {
    ("--since", "2026-04-01"): {"since": "2026-04-01"},
    ("--until", "2026-05-01T09:00"): {"until": "2026-05-01T09:00"},
    ("--limit", "3"): {"limit": 3},
    ("--dry-run",): {"dry_run": True},
    ("--quiet",): {"quiet": True},
    ("--approved", "year's end"): {"approved": "year's end"},
}


def asked(flow: str, *words: str) -> Asked:
    _, bound, _ = sync.parse_args([flow, *words], exit_on_error=False, print_error=False)
    return bound.arguments.get("asked", ASKED)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_takes_every_option_alone_and_all_of_them(flow):
    for words, told in SAID.items():
        assert asked(flow, *words) == Asked(**told)
    everything = [word for words in SAID for word in words]
    together = {name: value for told in SAID.values() for name, value in told.items()}
    assert asked(flow, *everything) == Asked(**together)
    assert asked(flow) == ASKED


@pytest.mark.parametrize(
    "words", [one for one in SAID if one not in {("--dry-run",), ("--quiet",)}]
)
def test_who_names_orders_does_not_say_otherwise_which(words):
    assert asked("orders", *words).says_which
    with pytest.raises(Exception, match="not both"):
        orders("000000012", asked=asked("orders", *words))


@pytest.mark.parametrize("words", [("--dry-run",), ("--quiet",)])
def test_how_a_run_goes_about_it_says_nothing_of_which(words):
    assert not asked("orders", *words).says_which
