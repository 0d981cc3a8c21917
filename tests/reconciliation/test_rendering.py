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

from kashmag.reconciliation import Figures, Remembered, reconcile, vat_report
from kashmag.reconciliation.as_csv import report_csv, vat_csv
from kashmag.reconciliation.as_html import report_html, vat_html
from kashmag.reconciliation.as_json import report_json, vat_json
from kashmag.reconciliation.as_text import report_text
from kashmag.reconciliation.figures import Counted
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


COLUMNS = ("net", "vat", "gross", "paid")


def added(lines):
    """Column by column, as a person with a calculator does."""
    return tuple(
        sum((Decimal(line[at]) for line in lines), Decimal(0)) for at in range(len(COLUMNS))
    )


@st.composite
def troubled_worlds(draw):
    """Something is missing, something is dated elsewhere, money comes later, and abroad too."""
    world = draw(worlds.clean_worlds() | worlds.reissued_worlds())
    for at in range(len(world.account)):
        change = draw(st.sampled_from(["", "day", "money", "figures", "gone"]))
        if change == "day":
            world = world.with_account(at, issued_on=draw(worlds.days))
        elif change == "money":
            lines = world.account[at].payments
            moved = tuple(evolve(one, paid_on=draw(worlds.days)) for one in lines)
            world = world.with_account(at, payments=moved)
        elif change == "figures":
            world = world.with_account(at, bands={"20": Figures(Decimal(3), Decimal("0.60"))})
        elif change == "gone":
            world = world.with_account(at, is_deleted=True)
    return world


@given(troubled_worlds())
def test_the_lines_of_every_form_add_up_to_its_totals(world):
    report, _ = both(world)
    for one in report.sums:
        rows = [row for row in report.rows if row.currency == one.currency]
        zero = Counted()
        assert sum((row.shop for row in rows if row.shop), zero) == one.shop
        assert sum((row.account for row in rows if row.account), zero) == one.account
        found = [each for each in report.differences if each.currency == one.currency]
        assert sum((each.counted for each in found), zero) == one.difference


@given(troubled_worlds())
def test_a_spreadsheet_adds_up(world):
    report, _ = both(world)
    told = list(csv.DictReader(io.StringIO(report_csv(report), newline="")))
    for total in (one for one in told if one["section"] == "total"):
        here = [one for one in told if one["currency"] == total["currency"]]
        for section, side in (
            ("document", "shop"), ("document", "kashflow"), ("difference", "difference"),
        ):  # fmt: skip
            lines = [
                [one[f"{side}_{column}"] or "0" for column in COLUMNS]
                for one in here
                if one["section"] == section
            ]
            assert added(lines) == added([[total[f"{side}_{column}"] for column in COLUMNS]])


@given(troubled_worlds())
def test_a_spreadsheet_says_which_differences_need_a_person(world):
    report, vat = both(world)
    by_band = [one for one in vat.differences for _ in one.bands]
    for text, told in ((report_csv(report), report.differences), (vat_csv(vat), by_band)):
        lines = csv.DictReader(io.StringIO(text, newline=""))
        said = [one["needs_a_person"] for one in lines if one["causes"] and one["message"]]
        assert said == [("no", "yes")[one.needs_a_person] for one in told]


@given(troubled_worlds())
def test_json_adds_up(world):
    report, _ = both(world)
    told = json.loads(dumps(report_json(report)))
    for total in told["totals"]:
        for name, side in (
            ("documents", "shop"), ("documents", "kashflow"), ("differences", "difference"),
        ):  # fmt: skip
            lines = [
                [one[side][column] for column in COLUMNS]
                for one in told[name]
                if one["currency"] == total["currency"] and one[side]
            ]
            assert added(lines) == added([[total[side][column] for column in COLUMNS]])


@given(worlds.clean_worlds(), st.booleans())
def test_a_terminal_adds_up(world, is_gone):
    world = world.without_account(0) if is_gone else world
    report, _ = both(world)
    lines = report_text(report, whence="anew").splitlines()
    heads, *_ = [line.split() for line in lines if line.split()[:1] == ["net"]]
    assert heads == ["net", "VAT", "gross", "paid"]
    cells = [line[: 12 * len(COLUMNS)].split() for line in lines if "GBP difference" in line]
    told = {one.message for one in report.differences}
    found = [
        line[: 12 * len(COLUMNS)].split()
        for line in lines
        if line[12 * len(COLUMNS) :].strip() in told
    ]
    assert added(found) == added(cells)
    assert len(found) == len(report.differences)


class Tables(Page):
    """The column heads of each table, under its title."""

    def __init__(self, text):
        self.title, self.heads = "", {}
        super().__init__(text)

    def handle_data(self, data):
        if self.open == "h2":
            self.title = data
        if self.open == "th":
            self.heads.setdefault(self.title, []).append(data)
        super().handle_data(data)


@given(worlds.clean_worlds())
def test_a_page_has_the_same_columns_in_its_totals_and_its_lines(world):
    report, _ = both(world.without_account(0))
    heads = Tables(report_html(report)).heads
    for title in ("Totals", "Differences", "Differences by cause"):
        assert [head for head in heads[title] if head in ("Net", "VAT", "Gross", "Paid")] == [
            "Net", "VAT", "Gross", "Paid",
        ]  # fmt: skip
    assert heads["Documents"].count("paid") == heads["Documents"].count("gross") == 2
