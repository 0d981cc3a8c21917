"""The example programs, run as they stand against a served account."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.serving import serving

EXAMPLES = Path(__file__).parents[2] / "examples"


def program(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def account(monkeypatch):
    sandbox = KashflowSandbox(seed=2)
    async with serving(sandbox.app) as url:
        monkeypatch.setenv("KASHMAG_KASHFLOW_URL", f"{url}/v2")
        monkeypatch.setenv("KASHMAG_KASHFLOW_USERNAME", sandbox.credentials.user_name)
        monkeypatch.setenv("KASHMAG_KASHFLOW_PASSWORD", sandbox.credentials.password)
        monkeypatch.setenv("KASHMAG_KASHFLOW_MEMORABLE_WORD", sandbox.credentials.memorable_word)
        yield sandbox
    assert sandbox.violations() == ()


async def test_invoicing_twice_invoices_once(account, capsys):
    invoicing = program("kashflow_invoice_once")
    await invoicing.main()
    await invoicing.main()
    assert capsys.readouterr().out.splitlines() == [
        "WEB-100042 is now invoice 1, Paid",
        "WEB-100042 is invoice 1 already",
    ]
    assert (account.census().customers, account.census().invoices) == (1, 1)


async def test_a_payment_is_recorded_once_and_what_is_owed_is_listed(account, capsys):
    invoicing = program("kashflow_invoice_once")
    invoicing.INVOICE = invoicing.kashflow.codec.read(
        invoicing.kashflow.InvoiceDraft,
        {**invoicing.kashflow.codec.write(invoicing.INVOICE), "PaymentLines": []},
    )
    await invoicing.main()
    await program("kashflow_unpaid_invoices").main()
    recording = program("kashflow_record_payment")
    for _ in range(2):
        await recording.main(1, Decimal("86.40"), 2, 2)
    told = capsys.readouterr().out
    assert "1,FERN01,WEB-100042,2026-01-20,86.40,86.40" in told
    assert told.count("invoice 1: 86.4000 of 86.4000 paid") == 2
    account.reconcile(1)
    await recording.main(1, Decimal("1.00"), 2, 2)
    assert "left alone" in capsys.readouterr().out
    assert account.census().payments == 1


async def test_an_account_is_asked_what_holds(account, capsys):
    await program("kashflow_invoice_once").main()
    before = account.census()
    capsys.readouterr()
    await program("kashflow_check_account").main()
    told = capsys.readouterr().out
    assert "holds  searchtext finds an invoice by its whole reference" in told
    assert "DOES NOT HOLD" not in told
    assert account.census().invoices == before.invoices


async def test_a_wrong_password_is_one_sentence(account, monkeypatch):
    monkeypatch.setenv("KASHMAG_KASHFLOW_PASSWORD", "wrong")
    with pytest.raises(SystemExit, match=r"^KashFlow sign_in \(400\): .*InvalidCredentials"):
        await program("kashflow_check_account").main()
    monkeypatch.delenv("KASHMAG_KASHFLOW_PASSWORD")
    with pytest.raises(SystemExit, match="KASHMAG_KASHFLOW_PASSWORD is not set"):
        await program("kashflow_check_account").main()
    assert account.census().refused_sign_ins == 1
