"""`kashmag reconcile`, `vat` and `candidates`, run as their user runs them, on the stand-ins."""

import csv
import io
import json

import pytest
from attrs import evolve

from kashmag.cli import run
from kashmag.cli.options import ASKED, Common
from kashmag.cli.reconciling import Wanted, run_reconcile, run_vat
from kashmag.cli.searching import show_candidates
from kashmag.cli.syncing import run_flow
from kashmag.errors import SettingsError

POLICY = """
[policy]
go_live = 2020-01-01
adjustments = "pro_rata"
nominals = { goods = 4000, adjustments = 4200 }
[policy.payments]
checkmo = { action = "post", method = 1, bank_account = 1 }
"""
EVER = Wanted("2020-01-01", "2030-12-31")


async def test_after_a_sync_every_form_of_the_report_says_the_same(shop, capsys):
    await run_flow("orders", ASKED, Common())
    capsys.readouterr()
    for remote in (False, True):
        wanted = Wanted(EVER.first, EVER.last, remote=remote)
        assert await run_reconcile(wanted, Common(True)) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["clean"]
        assert told["balances"]
        assert told["totals"][0]["shop"] == told["totals"][0]["kashflow"]
        assert len(told["documents"]) > 5
    wanted = Wanted(EVER.first, EVER.last, csv=True)
    assert await run_reconcile(wanted, Common()) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    total = next(row for row in rows if row["section"] == "total")
    assert total["shop_net"] == told["totals"][0]["shop"]["net"]
    wanted = Wanted(EVER.first, EVER.last, html=True)
    assert await run_reconcile(wanted, Common()) == 0
    assert told["totals"][0]["shop"]["gross"] in capsys.readouterr().out
    assert await run_vat(EVER, Common(True)) == 0
    boxes = json.loads(capsys.readouterr().out)
    assert boxes["shop"] == boxes["kashflow"]
    assert boxes["shop"]["box_1"] == told["totals"][0]["shop"]["vat"]


async def test_an_account_that_is_registered_no_longer_is_told_so_and_no_order_is_held(
    shop, capsys
):
    await run_flow("orders", ASKED, Common())
    assert await run_flow("drift", ASKED, Common()) == 0
    shop.kashflow.stand_to_vat(is_registered=False)
    assert await run_flow("drift", ASKED, Common()) == 0
    wanted = Wanted(EVER.first, EVER.last, remote=True)
    for command in (run_reconcile, run_vat):
        capsys.readouterr()
        assert await command(wanted, Common(True)) == 1
        told = json.loads(capsys.readouterr().out)
        assert not told["clean"]
        (remark,) = told["remarks"]
        assert "not registered for VAT" in remark
        assert await command(wanted, Common()) == 1
        said = capsys.readouterr().err
        assert remark in said
        assert "nothing needs a person" not in said
        for form in ({"csv": True}, {"html": True}):
            assert await command(evolve(wanted, **form), Common()) == 1
            assert remark in capsys.readouterr().out
    shop.kashflow.stand_to_vat()
    assert await run_reconcile(wanted, Common()) == await run_vat(wanted, Common()) == 0


async def test_a_flat_rate_counts_what_is_paid_where_the_account_does(shop, capsys, tmp_path):
    settings = tmp_path / "kashmag.toml"
    told = settings.read_text().replace("[policy]", "[policy]\nflat_rate = 7.5", 1)
    settings.write_text(told)
    await run_flow("orders", ASKED, Common())
    for is_on_cash, turnover in ((False, "basic"), (True, "cash_based")):
        shop.kashflow.stand_to_vat(is_on_cash=is_on_cash)
        for remote in (True, False):
            capsys.readouterr()
            assert await run_vat(evolve(EVER, remote=remote), Common(True)) == 0
            said = capsys.readouterr()
            assert json.loads(said.out)["turnover"] == turnover
            assert await run_vat(evolve(EVER, remote=remote), Common()) == 0
            said = capsys.readouterr().err
            assert f"flat rate 7.5 %, {turnover.replace('_', ' ')} turnover" in said
            assert "box 6, flat rate turnover, VAT included" in said


async def test_before_a_sync_everything_is_missing_and_it_says_so(shop, capsys):
    wanted = Wanted(EVER.first, EVER.last, remote=True)
    assert await run_reconcile(wanted, Common(True)) == 1
    told = json.loads(capsys.readouterr().out)
    assert {one["cause"] for one in told["by_cause"]} == {"not posted yet"}
    assert told["balances"]
    assert await run_vat(wanted, Common()) == 1
    said = capsys.readouterr()
    assert "is not posted yet" in said.err
    assert said.out == ""


async def test_nothing_wants_a_decision_where_nothing_was_typed(shop, capsys):
    assert await show_candidates("", Common(True)) == 0
    assert json.loads(capsys.readouterr().out)["candidates"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2026-04-31", "--to", "2026-06-30"), "is no date"),
        (("--from", "2026-07-01", "--to", "2026-06-30"), "is before"),
        (("--from", "2026-04-01", "--to", "2026-06-30", "--csv", "--html"), "one of"),
        (("--from", "2026-04-01", "--to", "2026-06-30", "--csv", "--json"), "one of"),
    ],
)
@pytest.mark.parametrize("command", ["reconcile", "vat"])
def test_what_makes_no_sense_is_said_before_anybody_is_asked(command, arguments, said, capsys):
    assert run([command, *arguments]) == 2
    assert said in capsys.readouterr().err


async def test_candidates_need_a_day_to_go_live(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="go_live"):
        await show_candidates("", Common())
