"""Drafting a settings file from what shop and account report. Money is left to a person.

Everything that decides where money goes is written as a comment, with what was found beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from kashmag.assembly import assemble_books, assemble_shop
from kashmag.cli import drafting_found, drafting_money
from kashmag.cli.asking import hurried, shown
from kashmag.cli.judging import nothing_told, remedy_of
from kashmag.cli.output import Output
from kashmag.cli.survey import Books, Shop, survey_books, survey_shop
from kashmag.errors import SettingsError
from kashmag.plans.number_ranges import CREDIT_NOTES_FROM, FURTHER_SUGGESTED
from kashmag.settings import Settings


@frozen
class Report:
    """What both sides have reported."""

    shop: Shop
    books: Books


async def draft_settings(
    settings: Settings, go_live: str, output: Output
) -> tuple[str, tuple[str, ...]]:
    """The text of a settings file, and a sentence for each thing that could not be asked.

    Raises:
        RemoteError: one of the two could not be asked anything.
        SettingsError: `go_live` is no date.
    """
    parts = hurried()
    async with assemble_shop(settings, parts) as client:
        with shown(f"the shop at {settings.magento.url}", output) as asking:
            shop = await survey_shop(client, asking)
    asked = (shop.configs, shop.orders, shop.invoices, shop.credit_memos)
    if error := nothing_told(asked):
        output.warn(f"nothing is written. {remedy_of(error, 'magento', '')}")
        raise error
    async with assemble_books(settings, parts) as account:
        with shown(f"KashFlow at {settings.kashflow.url}", output) as asking:
            books = await survey_books(account, asking)
    if error := nothing_told(books.by_name.values()):
        output.warn(f"nothing is written. {remedy_of(error, 'kashflow', '')}")
        raise error
    report = Report(shop, books)
    told = (*asked, shop.tax_classes, *books.by_name.values())
    left_out = tuple(str(one.error) for one in told if one.error)
    return "\n".join(_lines(report, settings, go_live)) + "\n", left_out


def _lines(report: Report, settings: Settings, go_live: str) -> Iterator[str]:
    env = "prod" if settings.env == "default" else settings.env
    yield "# Written by `kashmag init`. Every key: see the settings page of the documentation."
    yield '# rules = ["./our_rules.py"]       # plugins of your own'
    yield '# secrets = "secrets.toml"         # or in the environment: never in this file'
    yield ""
    yield f"[env.{env}.magento]"
    yield f'url = "{settings.magento.url}"'
    yield ""
    yield f"[env.{env}.kashflow]"
    yield f'url = "{settings.kashflow.url}"'
    yield f'username = "{settings.kashflow.username}"'
    yield ""
    yield "# What was found is a comment; what follows from it is a setting."
    yield "[policy]"
    yield from _policy(report, go_live)
    yield ""
    yield from drafting_money.nominals(report.books)
    yield ""
    yield from drafting_money.payments(report.shop.orders.answer, report.books)


def _policy(report: Report, go_live: str) -> Iterator[str]:
    shop, books = report.shop, report.books
    zones = _common(config.timezone for config in shop.configs.answer)
    zone = zones[0] if zones else "Europe/London"
    yield 'shop = "M"                       # first letters of every reference'
    yield f"go_live = {_day(go_live, zone)}             # nothing older is touched"
    yield 'issue_date = "order"             # or "invoice": of the first Magento invoice'
    yield "# books_closed_until = 2026-03-31  # nothing is dated until then"
    yield from drafting_found.stores(shop)
    if len(zones) > 1:
        yield f"# The shop has views in {', '.join(zones)}; [policy.store.CODE] may differ."
    yield f'time_zone = "{zone}"'
    yield from _currency(report)
    yield from drafting_found.numbering(shop, books)
    yield 'numbering = "account"            # KashFlow numbers; "order": the order\'s number'
    yield "# With order numbers, where credit notes, and reversals and reissues, are numbered from:"
    yield f"# credit_numbers_from = {CREDIT_NOTES_FROM}"
    yield f"# further_numbers_from = {FURTHER_SUGGESTED}"
    yield 'lookalikes = "hold"              # beside a hand-typed invoice like it; or "post"'
    yield from drafting_found.vat_scheme(books)
    yield from drafting_found.tax_setup(shop, books)
    yield from drafting_found.stock(books)
    yield 'unknown_sku = "line"             # a SKU that is no product; or "hold", "create"'
    yield 'adjustments = "hold"             # of credit memos; or "no_vat", "pro_rata", "standard"'


def _day(go_live: str, zone: str) -> date:
    try:
        return date.fromisoformat(go_live) if go_live else datetime.now(ZoneInfo(zone)).date()
    except ValueError as error:
        raise SettingsError(f'--go-live "{go_live}" is no date; write it as 2026-04-01') from error


def _currency(report: Report) -> Iterator[str]:
    base = _common(one.base_currency_code for one in report.shop.configs.answer)
    company = report.books.company.answer
    home = company.home_currency.code if company and company.home_currency else None
    if base and home and home not in base:
        yield f"# The shop's base currency is {base[0]}, the account's home currency {home}."
        yield 'currency = "order"               # what is in neither is held'
    else:
        yield 'currency = "base"                # or "order"'


def _common(values: Iterable[str | None]) -> list[str]:
    return [value for value, _ in Counter(value for value in values if value).most_common()]
