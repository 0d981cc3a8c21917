"""Adopting an invoice on the command line."""

from kashmag.cli import run


def test_whoever_adopts_an_invoice_is_told_on_whose_account_it_is(installed, kashmag, capsys):
    assert kashmag("sync", "orders", "000000003")[0] == 0
    reference = "M1-ORD-000000003"
    (invoice,) = [
        one for one in installed.kashflow.invoices() if one["CustomerReference"] == reference
    ]
    number = invoice["Number"]
    assert run(["errors", "adopt", "000000003", str(number), "--reason", "it is the one"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert f"order 000000003 is invoice {number}, on the account of " in said
    assert f"({invoice['CustomerCode']})" in said
