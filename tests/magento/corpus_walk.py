"""The whole walk over a folder of real orders, judged by arithmetic of its own.

    python tests/magento/corpus_walk.py FOLDER [-v]

reads FOLDER/CONFIG/orders|invoices|creditmemos/ID.json (answers of the REST API, one document a
file) in base and in order currency, and prints how many orders are exact, void, held (by code) and
wrong. Nothing of `magento.reading` is used to judge it.
"""

import json
import sys
import time
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from kashmag import magento
from kashmag.magento import codec
from kashmag.magento.reading import Basis, CurrencyBasis, read
from kashmag.planner.lines import Placement, shape
from kashmag.plans.certificate import certify

PLACEMENT = Placement(4000)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def pence(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def told(document, name, basis):
    """A field of the raw document in the wanted currency; what is missing is nothing."""
    key = f"base_{name}" if basis.currency is CurrencyBasis.BASE else name
    return Decimal(str(document.get(key) or 0))


def documents(folder):
    """Every order of a folder with its invoices and memos, raw."""
    for path in sorted(folder.glob("*/orders/*.json")):
        order, config = load(path), path.parent.parent
        own = {
            kind: [
                one
                for file in sorted((config / kind).glob("*.json"))
                if (one := load(file))["order_id"] == order["entity_id"]
            ]
            for kind in ("invoices", "creditmemos")
        }
        yield f"{config.name}/{path.stem}", order, own["invoices"], own["creditmemos"]


def read_raw(order, invoices, memos, basis):
    return read(
        codec.read(magento.Order, order),
        [codec.read(magento.Invoice, one) for one in invoices],
        [codec.read(magento.CreditMemo, one) for one in memos],
        basis,
    )


def per_rate(lines):
    totals = Counter()
    for line in lines:
        totals[line.vat_rate.normalize()] += line.vat.amount
    return {rate: vat for rate, vat in totals.items() if vat}


def faults_of_sale(order, reading, basis):
    sale = reading.sale
    due = pence(told(order, "grand_total", basis) - told(order, "total_canceled", basis))
    if sum(line.net.amount + line.vat.amount for line in sale.lines) != due:
        yield f"its lines do not come to {due}"
    if sale.owed.amount != due:
        yield f"owed is {sale.owed}, not {due}"
    if not told(order, "total_canceled", basis):
        listed = Counter()
        for tax in order["extension_attributes"]["applied_taxes"]:
            listed[Decimal(tax["percent"]).normalize()] += told(tax, "amount", basis)
        expected = {rate: pence(vat) for rate, vat in listed.items() if pence(vat)}
        if per_rate(sale.lines) != expected:
            yield f"VAT per rate is {per_rate(sale.lines)}, not {expected}"
    for decimals in (2, 4):
        drafts = [d for line in sale.lines for d in shape(line, PLACEMENT, rate_decimals=decimals)]
        certificate = certify(sale, drafts)
        if not certificate.exact or certificate.gross != due:
            yield f"its certificate at {decimals} decimals is {certificate}"


def faults_of_payments(order, invoices, reading, basis):
    paid = sum(one.amount.amount for one in reading.payments)
    paid_invoices = [told(i, "grand_total", basis) for i in invoices if i["state"] == 2]
    told_paid = pence(sum(paid_invoices, Decimal(0)))
    if paid != told_paid:
        yield f"{paid} is paid, not {told_paid}"
    if paid > reading.sale.owed.amount:
        yield f"{paid} is paid, more than is owed"


def faults_of_refunds(memos, reading, basis):
    refunds = {int(refund.source_id): refund for refund in reading.refunds}
    if refunds.keys() != {memo["entity_id"] for memo in memos}:
        yield "not every memo is a refund"
    for memo in memos:
        refund = refunds.get(memo["entity_id"])
        if refund is None:
            continue
        if refund.gross.amount != pence(told(memo, "grand_total", basis)):
            yield f"memo {memo['increment_id']} is {refund.gross}"
        vat = sum(line.vat.amount for line in refund.lines)
        # Two rates with half a penny each may round a penny away from their sum.
        if abs(vat - told(memo, "tax_amount", basis)) > Decimal("0.01"):
            yield f"memo {memo['increment_id']} carries {vat} of VAT"
        drafts = [
            d for line in refund.lines for d in shape(line, PLACEMENT, rate_decimals=4, sign=-1)
        ]
        if refund.adjustment is None and not certify(refund, drafts).exact:
            yield f"memo {memo['increment_id']} has no exact certificate"


def judge(order, invoices, memos, basis):
    """Exact, void or held, and what is wrong."""
    reading = read_raw(order, invoices, memos, basis)
    if reading.is_void:
        return "void", [] if order["state"] == "canceled" else ["void and not cancelled"], reading
    if reading.sale is None:
        return "held", [], reading
    faults = [
        *faults_of_sale(order, reading, basis),
        *faults_of_payments(order, invoices, reading, basis),
        *faults_of_refunds(memos, reading, basis),
    ]
    return "wrong" if faults else "exact", faults, reading


def main(folder, *, verbose):
    counted, started, many = Counter(), time.perf_counter(), 0
    for name, order, invoices, memos in documents(folder):
        for currency in CurrencyBasis:
            verdict, faults, reading = judge(order, invoices, memos, Basis(currency))
            counted[verdict] += 1
            many += 1
            for problem in reading.problems:
                counted[f"{problem.code} ({problem.holds.value})"] += 1
                if verbose or verdict == "held":
                    print(name, currency.value, problem.code, problem.message)
            for fault in faults:
                print(name, currency.value, "WRONG:", fault)
    for verdict, times in sorted(counted.items()):
        print(f"{times:6} {verdict}")
    took = (time.perf_counter() - started) * 1000 / max(many, 1)
    print(f"{many:6} readings, {took:.1f} ms each with parsing, lines and certificates")
    return 1 if counted["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), verbose="-v" in sys.argv))
