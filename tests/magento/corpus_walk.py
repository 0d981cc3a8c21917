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
from kashmag.planner.discounts import with_discounts_apart
from kashmag.planner.lines import Placement, shape
from kashmag.plans.certificate import certify

PLACEMENT = Placement(4000)
DISCOUNTS = 4050


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


def faults_of_discounts(document, certified, raw_rows, basis, *, sign):
    """With discounts apart nothing changes per rate; what a row would have cost is Magento's."""
    placed = [(line, PLACEMENT) for line in document.lines]
    drafts = [
        draft
        for line, at in with_discounts_apart(placed, DISCOUNTS)
        for draft in shape(line, at, rate_decimals=4, sign=sign)
    ]
    if certify(document, drafts) != certified:
        yield f"{document.number} is another document with its discounts apart"
    for draft in drafts:
        if draft.nominal_code == DISCOUNTS and (
            sign * draft.net > 0 or sign * draft.vat_amount > 0
        ):
            yield f"{document.number} has a discount of {draft.net} and {draft.vat_amount}"
    for line in document.lines:
        found = raw_rows.get(line.key)
        if line.discount is None or found is None:
            continue
        net = sum(told(row, "row_total", basis) for row in found)
        gross = sum(told(row, "row_total_incl_tax", basis) for row in found)
        before = line.gross.amount + line.discount.net.amount + line.discount.vat.amount
        if abs(line.net.amount + line.discount.net.amount - net) > Decimal("0.01"):
            yield f"{line.key} of {document.number} would have cost {net} without VAT"
        if abs(before - gross) > Decimal("0.01"):
            yield f"{line.key} of {document.number} would have cost {gross}, not {before}"


def rows_before_discount(documents, lines):
    """By line, the rows of Magento's invoices or of one memo, where they are all of the line."""
    found = {}
    for document in documents:
        for row in document["items"]:
            found.setdefault(f"item:{row['order_item_id']}", []).append(row)
    return {
        line.key: found[line.key]
        for line in lines
        if line.key in found
        and sum(Decimal(str(row["qty"])) for row in found[line.key]) == line.quantity
    }


def faults_of_all_discounts(invoices, memos, reading, basis):
    for document, raw, sign in [
        (reading.sale, [one for one in invoices if one["state"] != 3], 1),
        *(
            (refund, [memo for memo in memos if str(memo["entity_id"]) == refund.source_id], -1)
            for refund in reading.refunds
        ),
    ]:
        drafts = [
            draft
            for line in document.lines
            for draft in shape(line, PLACEMENT, rate_decimals=4, sign=sign)
        ]
        rows = rows_before_discount(raw, document.lines)
        yield from faults_of_discounts(document, certify(document, drafts), rows, basis, sign=sign)


def discounted_lines(reading):
    """How many lines have a discount that is proved, and one that is not."""
    lines = [line for one in (reading.sale, *reading.refunds) if one for line in one.lines]
    return Counter(
        "discounts proved" if line.discount else "discounts not proved"
        for line in lines
        if line.discount or line.discount_doubt
    )


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
        *faults_of_all_discounts(invoices, memos, reading, basis),
    ]
    return "wrong" if faults else "exact", faults, reading


def main(folder, *, verbose):
    counted, started, many = Counter(), time.perf_counter(), 0
    for name, order, invoices, memos in documents(folder):
        for currency in CurrencyBasis:
            verdict, faults, reading = judge(order, invoices, memos, Basis(currency))
            counted[verdict] += 1
            counted += discounted_lines(reading)
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
