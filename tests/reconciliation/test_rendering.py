"""What is printed: JSON, CSV and HTML say the same, and nothing in them runs."""

import csv
import importlib.util
import io
import json
import sys
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kashmag.reconciliation import Remembered, reconcile, vat_report
from kashmag.reconciliation.as_csv import report_csv, vat_csv
from kashmag.reconciliation.as_html import report_html, vat_html
from kashmag.reconciliation.as_json import report_json, vat_json
from kashmag.rest.codec import dumps

_spec = importlib.util.spec_from_file_location(
    "reconciliation_worlds", Path(__file__).with_name("worlds.py")
)
worlds = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = worlds
_spec.loader.exec_module(worlds)


class Page(HTMLParser):
    """Collects tags and table cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.open = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open = tag

    def handle_data(self, data):
        if self.open in ("td", "th"):
            self.cells.append(data)

    def handle_endtag(self, tag):
        self.open = ""


def both(world):
    sides = (world.shop, world.account, world.memory, worlds.QUARTER)
    return reconcile(*sides), vat_report(*sides)


@given(worlds.clean_worlds(), st.text(min_size=1, max_size=30))
def test_no_text_of_a_document_becomes_markup_or_a_formula(world, text):
    world = world.with_account(0, issued_on=date(2026, 7, 9))
    world = world.with_shop(0, order=text, number=text)
    report, vat = both(world)
    for page in (report_html(report), vat_html(vat)):
        tags = set(Page(page).tags)
        assert tags <= {
            "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead",
            "tbody", "tr", "th", "td",
        }  # fmt: skip
    for told in (report_csv(report), vat_csv(vat)):
        for row in csv.DictReader(io.StringIO(told, newline="")):
            for name in ("label", "order", "number", "message"):
                assert not row[name].startswith(("=", "+", "-", "@"))


@given(worlds.clean_worlds())
def test_json_and_csv_carry_the_totals_of_the_report(world):
    world = world.without_account(0)
    report, vat = both(world)
    told = json.loads(dumps(report_json(report)))
    assert told["balances"] is True
    assert Decimal(told["totals"][0]["shop"]["net"]) == report.totals[0].shop.net
    rows = list(csv.DictReader(io.StringIO(report_csv(report), newline="")))
    total = next(row for row in rows if row["section"] == "total")
    assert Decimal(total["difference_gross"]) == report.totals[0].difference.gross
    assert json.loads(dumps(vat_json(vat)))["balances"] is True
    assert str(report.totals[0].shop.gross) in Page(report_html(report)).cells


@given(worlds.clean_worlds())
def test_every_page_says_what_the_report_comes_to(world):
    report, vat = both(world)
    assert "Shop and KashFlow agree." in report_html(report)
    assert "Shop and KashFlow agree." in vat_html(vat)
    unread = evolve(report, unread=("order 12: it cannot be read",))
    assert "Not everything could be read" in report_html(unread)
    gone, _ = both(world.without_account(0))
    assert "1 difference needs a person." in report_html(gone)
    memory = {**world.memory, world.shop[0].key: Remembered("skipped", "it is", is_decided=True)}
    report, vat = both(evolve(world.without_account(0), memory=memory))
    assert "Every difference is explained; nothing needs a person." in report_html(report)
    assert "Every difference is explained; nothing needs a person." in vat_html(vat)
