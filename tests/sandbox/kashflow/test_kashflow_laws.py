"""Whatever is asked in whatever order, the account's own sums agree; and its file remembers."""

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

codes = st.sampled_from(["A", "B"])
rates = st.integers(-40, 40).map(lambda pounds: Decimal(pounds) / 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), codes, rates, st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("put"), st.integers(1, 6), rates, st.integers(0, 5), codes),
        st.tuples(st.just("delete"), st.integers(1, 6)),
        st.tuples(st.just("bulk"), st.integers(1, 6), rates),
        st.tuples(st.just("unbulk"), st.integers(1, 3)),
        st.tuples(st.just("credit"), st.integers(1, 6)),
        st.tuples(st.just("unallocate"), st.integers(1, 6)),
        st.tuples(st.just("nonsense"), st.integers(1, 6)),
    ),
    max_size=12,
)


class Story:
    def __init__(self, desk, make_line, make_payment):
        self.desk, self.line, self.payment = desk, make_line, make_payment

    def body(self, code, rate, quantity, payments):
        line = self.line(str(rate), str(rate / 5), Quantity=quantity, ProductCode="P")
        paid = [self.payment(str(n + 1), AccountId=n + 1) for n in range(payments)]
        return {"CustomerCode": code, "LineItems": [line], "PaymentLines": paid}

    def post(self, code, rate, quantity, payments):
        self.desk.call("POST", "/invoices", self.body(code, rate, quantity, payments))

    def put(self, number, rate, quantity, code):
        self.desk.call("PUT", f"/invoices/{number}", self.body(code, rate, quantity, 1))

    def delete(self, number):
        self.desk.call("DELETE", f"/invoices/{number}")

    def bulk(self, number, rate):
        item = {"ObjectNumber": number, "Amount": rate}
        body = {"Method": 1, "AccountId": 2, "PaymentItems": [item]}
        self.desk.call("POST", "/invoices/bulk/payments", body)

    def unbulk(self, number):
        self.desk.call("DELETE", f"/invoices/bulk/payments/{number}")

    def credit(self, number):
        found = self.desk.call("GET", f"/invoices/{number}")
        if found.status == 200:
            path = f"/internal/invoices/{found.json['Id']}/credits"
            self.desk.call("POST", path, self.desk.ask(path)[:1])

    def unallocate(self, number):
        found = self.desk.call("GET", f"/invoices/{number}")
        for line in found.json.get("PaymentLines", [])[:1]:
            path = f"/internal/invoices/{number}/payments/{line['Id']}/unallocate"
            self.desk.call("POST", path)

    def nonsense(self, number):
        refused = self.desk.call("PUT", f"/invoices/{number}", {"CustomerCode": "A"})
        assert refused.status in (400, 404)


@given(told=steps)
@settings(max_examples=60, deadline=None)
def test_the_sums_of_the_account_agree_after_any_story(open_desk, make_line, make_payment, told):
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.db"
        desk = open_desk(state=state)
        desk.customer("A")
        desk.customer("B")
        desk.post("/products", STOCKED)
        story = Story(desk, make_line, make_payment)
        for name, *how in told:
            getattr(story, name)(*how)
        check(desk)
        before = everything(desk)
        desk.sandbox.close()
        again = open_desk(state=state)
        assert everything(again) == before
        again.sandbox.close()


STOCKED = {
    "Name": "Planter",
    "Code": "P",
    "NominalCode": 4000,
    "ManageStockLevel": True,
    "QuantityInStock": 100,
}


def everything(desk):
    account = desk.sandbox
    return (account.invoices(), account.customers(), account.products(), account.bank_accounts())


def check(desk):
    invoices = desk.sandbox.invoices()
    lines = [line for invoice in invoices for line in invoice["LineItems"]]
    taken = sum(line["Quantity"] for line in lines if line["Rate"] * line["Quantity"] >= 0)
    assert desk.sandbox.products()[0]["QuantityInStock"] == 100 - taken
    for bank in desk.sandbox.bank_accounts():
        paid = [p for i in invoices for p in i["PaymentLines"] if p["AccountId"] == bank["Id"]]
        path = f"/bankaccounts/{bank['Id']}/transactions?perpage=100"
        entries = desk.ask(path)["Data"]
        on_account = [e for e in entries if e["EntityName"] == "advancepayment"]
        assert bank["BankBalance"] == sum(e["PaidIn"] - e["PaidOut"] for e in entries)
        assert bank["BankBalance"] == sum(p["Amount"] for p in paid) + sum(
            e["PaidIn"] - e["PaidOut"] for e in on_account
        )
    for customer in desk.sandbox.customers():
        mine = [i for i in invoices if i["CustomerCode"] == customer["Code"]]
        assert customer["OutstandingBalance"] == sum(i["DueAmount"] for i in mine)
        assert customer["TotalPaidAmount"] == sum(i["TotalPaidAmount"] for i in mine)
        assert customer["InvoicedNetAmount"] == sum(i["NetAmount"] for i in mine)
    census = desk.sandbox.census()
    assert census.gross == sum(i["GrossAmount"] for i in invoices)
    assert census.invoices + census.credit_notes == len(invoices)
    shown = desk.ask("/invoices?perpage=200")
    assert [row["Number"] for row in shown["Data"]] == [i["Number"] for i in invoices]
