"""Invoices and credit notes: making, replacing and removing them, with all that follows.

What follows: totals, payments and their bank entries, stock. How they are listed: `invoice_routes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kashmag.sandbox.kashflow import sums
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import INT32, Record
from kashmag.sandbox.kashflow.currencies import currency_ref
from kashmag.sandbox.kashflow.customers import default_due_date, searchable
from kashmag.sandbox.kashflow.payment_lines import kept_payments, refuse_locked_payments, settle
from kashmag.sandbox.kashflow.places import filled_address
from kashmag.sandbox.kashflow.stock import move_stock
from kashmag.sandbox.kashflow.wire import ZERO, Refusal, money


def create(account: Account, body: Record) -> Record:
    """Keep a new invoice, or credit note.

    Raises:
        Refusal: 400, something in it is not known to the account, or its number is taken.
    """
    number = _free_number(account, body.get("Number", 0))
    invoice = {
        "Id": account.store.next_id(),
        "Number": number,
        "CreatedDate": account.today.isoformat(),
        "VATReturnId": 0,
        "EmailCount": 0,
        "IsArchived": False,
        "_Guid": account.guid(),
        "PaymentLines": [],
    }
    kept = _fill(account, invoice, body)
    _refuse_late(account, kept)
    settle(account, invoice, kept)
    if account.switches.stock_on_create:
        move_stock(account, [], kept["LineItems"])
    account.appear("invoices", number, kept)
    return kept


def replace(account: Account, old: Record, body: Record) -> Record:
    """Replace an invoice by what was sent, lines and payments included.

    Raises:
        Refusal: 400, as for a new one; or it is locked.
    """
    refuse_locked(account, old)
    number = body.get("Number", 0) or old["Number"]
    if number != old["Number"]:
        number = _free_number(account, number, may_replace=False)
    kept = _fill(account, {**old, "Number": number}, body)
    settle(account, old, kept)
    if account.switches.stock_on_edit:
        move_stock(account, old["LineItems"], kept["LineItems"])
    if number != old["Number"]:
        account.store.drop("invoices", old["Number"])
    account.store.put("invoices", number, kept)
    return kept


def remove(account: Account, invoice: Record) -> None:
    """Forget an invoice, its payments and their bank entries.

    Raises:
        Refusal: 400, it is locked.
    """
    refuse_locked(account, invoice)
    settle(account, invoice, {**invoice, "PaymentLines": []})
    if account.switches.stock_on_delete:
        move_stock(account, invoice["LineItems"], [])
    account.store.drop("invoices", invoice["Number"])


def with_payments(account: Account, invoice: Record, payments: Sequence[Record]) -> Record:
    """Keep the invoice with other payments; the rest of it untouched.

    Raises:
        Refusal: 400, a payment that goes is locked.
    """
    kept = summed(account, {**invoice, "PaymentLines": list(payments)})
    settle(account, invoice, kept)
    account.store.put("invoices", invoice["Number"], kept)
    return kept


def refuse_locked(account: Account, invoice: Record) -> None:
    """Refuse to touch a document in a VAT return, or with a reconciled payment.

    Raises:
        Refusal: 400, it is locked.
    """
    if account.switches.locked_documents == "allow":
        return
    if invoice["VATReturnId"]:
        raise account.locked(f"Invoice {invoice['Number']} is in a VAT return.")
    refuse_locked_payments(account, invoice["PaymentLines"])


def _refuse_late(account: Account, invoice: Record) -> None:
    filed = (account.store.get("settings", "vat_return") or {"Until": ""})["Until"]
    if invoice["IssuedDate"] <= filed and account.switches.late_documents == "refuse":
        raise account.locked(f"The VAT return until {filed} is filed.")


def summed(account: Account, invoice: Record) -> Record:
    """The invoice with the totals of its lines and payments."""
    totals = sums.totals(invoice["LineItems"], account.switches)
    return {
        **invoice,
        "NetAmount": money(totals.net),
        "VATAmount": money(totals.vat),
        "GrossAmount": money(totals.gross),
        "TotalPaidAmount": sum((p["Amount"] for p in invoice["PaymentLines"]), ZERO),
    }


def _free_number(account: Account, asked: int, *, may_replace: bool = True) -> int:
    if asked < 0 or asked > INT32:
        raise account.invalid(f"an invoice number cannot be {asked}")
    if asked and account.store.get("invoices", asked) is None:
        return asked
    replaces = may_replace and account.switches.taken_number == "assign_next"
    if asked and not replaces:
        message = f"Invoice number {asked} is already in use."
        raise Refusal(400, account.switches.taken_number_error, message)
    return next_number(account)


def next_number(account: Account) -> int:
    """The highest number and one."""
    numbers = account.store.numbers("invoices")
    return max(numbers[-1] + 1 if numbers else 0, account.switches.first_invoice_number)


def _fill(account: Account, base: Record, body: Record) -> Record:
    customer = account.customer(body["CustomerCode"])
    issued = body.get("IssuedDate", account.today.isoformat())
    currency = currency_ref(account, body.get("Currency", customer["Currency"]))
    reference = body.get("CustomerReference", "")
    invoice = {
        **base,
        "IssuedDate": issued,
        "DueDate": body.get("DueDate")
        or default_due_date(customer, date.fromisoformat(issued)).isoformat(),
        "CustomerCode": customer["Code"],
        "CustomerReference": reference,
        "ProjectNumber": body.get("ProjectNumber", 0),
        "IsCISReverseCharge": body.get("IsCISReverseCharge", False),
        "AutomaticCreditControlEnabled": body.get("AutomaticCreditControlEnabled", False),
        "UseCustomDeliveryAddress": body.get("UseCustomDeliveryAddress", False),
        "Currency": currency,
        **_addresses(account, customer, body),
        "LineItems": _lines(account, body["LineItems"], currency),
        "PaymentLines": kept_payments(account, base["PaymentLines"], body.get("PaymentLines", [])),
        "_Customer": account.customer_key(customer["Code"]),
        "_Search": reference.lower(),
    }
    _push_addresses(account, customer, body)
    return summed(account, invoice)


def _addresses(account: Account, customer: Record, body: Record) -> Record:
    address, delivery = body.get("Address"), body.get("DeliveryAddress")
    own = customer["Addresses"][0] if customer["Addresses"] else None
    return {
        "Address": filled_address(account, address) if address else own,
        "DeliveryAddress": {"Name": delivery.get("Name"), **filled_address(account, delivery)}
        if delivery
        else None,
    }


def _push_addresses(account: Account, customer: Record, body: Record) -> None:
    changed = dict(customer)
    if body.get("UpdateCustomerAddress") and body.get("Address"):
        changed["Addresses"] = [filled_address(account, body["Address"])]
    if body.get("UpdateCustomerDeliveryAddress") and body.get("DeliveryAddress"):
        delivery = body["DeliveryAddress"]
        filled = {"Name": delivery.get("Name"), **filled_address(account, delivery)}
        changed["DeliveryAddresses"] = [filled]
    if changed != customer:
        changed["LastUpdatedDate"] = account.today.isoformat()
        key = account.customer_key(customer["Code"])
        account.store.put("customers", key, searchable(changed))


def _lines(account: Account, sent: Sequence[Record], currency: Record) -> list[Record]:
    if not sent:
        raise account.invalid("at least one line is required @ $.LineItems")
    used = [line["Number"] for line in sent if line.get("Number", 0) > 0]
    if len(set(used)) != len(used):
        raise account.invalid("line numbers must differ @ $.LineItems")
    following = iter(range(max(used, default=0) + 1, max(used, default=0) + len(sent) + 1))
    lines = [
        _line(account, line, line["Number"] if line.get("Number", 0) > 0 else next(following), i)
        for i, line in enumerate(sent)
    ]
    rate = currency["ExchangeRate"]
    for line in lines:
        line["HomeCurrencyRate"] = sums.home(line["Rate"], rate)
        line["HomeCurrencyVATAmount"] = sums.home(line["VATAmount"], rate)
    return sorted(lines, key=lambda line: int(line["Number"]))


def _line(account: Account, sent: Record, number: int, index: int) -> Record:
    switches, place = account.switches, f"$.LineItems[{index}]"
    code = sent.get("NominalCode", 0)
    nominal = account.store.get("nominals", code)
    if nominal is None:
        raise account.invalid(f"there is no nominal {code} @ {place}.NominalCode")
    level = money(sent.get("VATLevel"))
    known = {rate["VATRate"] for rate in account.store.all("vat_rates")}
    if switches.unknown_vat_rate == "refuse" and level not in known:
        raise account.invalid(f"the account has no VAT rate {level} @ {place}.VATLevel")
    quantity, rate = money(sent.get("Quantity")), sums.rate_of(sent, switches)
    product_code = sent.get("ProductCode", "")
    product = account.store.get("products", f"{code}/{product_code.lower()}")
    if product_code and product is None and switches.unknown_product == "refuse":
        message = f"nominal {code} has no product {product_code!r} @ {place}.ProductCode"
        raise account.invalid(message)
    return {
        "Number": number,
        "Description": sent.get("Description", ""),
        "Quantity": quantity,
        "Rate": rate,
        "HomeCurrencyRate": rate,
        "VATLevel": level,
        "VATExempt": sent.get("VATExempt", False),
        "VATAmount": sums.vat_of(sent, quantity, rate, switches),
        "HomeCurrencyVATAmount": ZERO,
        "NominalCode": code,
        "NominalId": nominal["Id"],
        "NominalName": nominal["Name"],
        "ProductCode": product_code,
        "ProductName": product["Name"] if product else "",
        "TaxCode": sent.get("TaxCode", ""),
        "Disallowed": sent.get("Disallowed", False),
        "DisableDisallowed": False,
        "ProjectNumber": sent.get("ProjectNumber", 0),
        "ProjectName": None,
        **{f"ApplyTax{n}": sent.get(f"ApplyTax{n}", False) for n in range(1, 6)},
        **{f"Tax{n}Amount": ZERO for n in range(1, 6)},
    }
