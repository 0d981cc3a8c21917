"""What the logbook keeps of the shop's documents comes back as it was, without the buyer."""

import importlib.util
import sys
from pathlib import Path

from attrs import evolve
from hypothesis import given

from kashmag.reconciliation import Remembered
from kashmag.reconciliation.as_posted import as_posted
from kashmag.reconciliation.remembering import read_back, written

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)


@given(worlds.clean_worlds())
def test_documents_come_back_as_they_were_written_but_nobodys_name(world):
    text = written(world.shop)
    assert read_back(text) == tuple(evolve(one, buyer_names=()) for one in world.shop)
    for document in world.shop:
        for name in document.buyer_names:
            assert name not in text


@given(worlds.clean_worlds())
def test_what_was_posted_reconciles_with_what_was_read(world):
    from kashmag.reconciliation import reconcile

    account = [as_posted(one, world.memory[one.key]) for one in world.shop]
    report = reconcile(world.shop, account, world.memory, worlds.QUARTER)
    assert report.differences == ()
    assert report.balances


@given(worlds.clean_worlds())
def test_what_was_not_posted_has_no_counterpart(world):
    assert as_posted(world.shop[0], Remembered("held", "Two customers fit.")) is None
