"""Drafting a settings file from what shop and account report. Money is left to a person.

Everything that decides where money goes is written as a comment, with what was found beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from kashmag import kashflow
from kashmag.accounting.vat import plain_rate
from kashmag.assembly import assemble_books, assemble_shop
from kashmag.cli.judging import nothing_told
from kashmag.cli.survey import Books, Shop, survey_books, survey_shop
from kashmag.errors import SettingsError
from kashmag.plans.policy import Nominals
from kashmag.reconciliation.inference import Numbers, Prices, account_use, shop_use
from kashmag.settings import Settings

_WORDS: Final = {
    "goods": ("sale of goods", "sales of goods", "goods", "sales"),
    "carriage": ("carriage", "postage", "shipping", "delivery"),
    "fees": ("fees", "surcharge", "charges"),
}


@frozen
class Report:
    """What both sides have reported."""

    shop: Shop
    books: Books


async def draft_settings(settings: Settings, go_live: str) -> tuple[str, tuple[str, ...]]:
    """The text of a settings file, and a sentence for each thing that could not be asked.

    Raises:
        RemoteError: one of the two could not be asked anything.
        SettingsError: `go_live` is no date.
    """
    async with assemble_shop(settings) as client:
        shop = await survey_shop(client)
    async with assemble_books(settings) as account:
        books = await survey_books(account)
    asked = (shop.configs, shop.orders, shop.invoices, shop.credit_memos)
    for told in (asked, tuple(books.by_name.values())):
        if error := nothing_told(told):
            raise error
    report = Report(shop, books)
    left_out = tuple(str(one.error) for one in (*asked, *books.by_name.values()) if one.error)
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
    yield "[policy]"
    yield from _policy(report, go_live)
    yield ""
    yield from _nominals(report.books)
    yield ""
    yield from _payments(report)


def _policy(report: Report, go_live: str) -> Iterator[str]:
    zones = _common(config.timezone for config in report.shop.configs.answer)
    zone = zones[0] if zones else "Europe/London"
    yield 'shop = "M"                       # first letters of every reference'
    yield f"go_live = {_day(go_live, zone)}             # nothing older is touched"
    yield from _numbering(report)
    yield from _currency(report)
    if len(zones) > 1:
        yield f"# The shop has views in {', '.join(zones)}; [policy.store.CODE] may differ."
    yield f'time_zone = "{zone}"'
    yield 'unknown_sku = "line"             # a SKU that is no product; or "hold", "create"'
    yield 'adjustments = "hold"             # of credit memos; or "no_vat", "pro_rata", "standard"'
    yield from _vat(report)
    yield from _tax_setup(report)


def _numbering(report: Report) -> Iterator[str]:
    rows = report.books.invoices.answer
    numbers = (order.increment_id or "" for order in report.shop.orders.answer)
    use = account_use(rows, numbers)
    if use.numbers is not Numbers.NONE:
        yield f"# Recent invoices are numbered {use.numbers.value}, up to {use.highest}."
    if use.ours:
        yield f"# {use.ours} of them carry a reference of kashmag's already."
    yield 'numbering = "account"            # KashFlow numbers; "order": the order\'s number'


def _tax_setup(report: Report) -> Iterator[str]:
    """What recent orders show of the shop's tax set-up."""
    use = shop_use(report.shop.orders.answer)
    if not use.orders:
        return
    if use.prices is not Prices.UNKNOWN:
        yield f"# The shop's prices {use.prices.value} (from {use.orders} recent orders)."
    without = ", ".join(f"{code} ({n})" for code, n in use.countries_without_vat.items())
    if without:
        yield f"# Orders without VAT went to: {without}."
        yield "# 0 % is zero-rated unless a tax class is exempt:"
        yield '# exempt_tax_classes = ["..."]    # and margin_tax_classes, for second-hand goods'
    if use.totals_of_nothing:
        yield f"# Orders over nothing: {use.totals_of_nothing}; to skip such as tests:"
        yield "# test_orders = { zero_total = true }"
    if not use.numbers_are_digits:
        yield "# Order numbers have letters: they cannot be invoice numbers."
    stock = report.books.stock.answer
    if stock is not None and stock.enable_stock_management:
        yield "# KashFlow manages stock: product codes on invoices would lower it."
        yield "# stock_baseline = true           # when both sides' stock agrees"


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


def _vat(report: Report) -> Iterator[str]:
    vat = report.books.vat.answer
    if vat is not None:
        registered = "registered" if vat.is_vat_registered else "not registered"
        yield f"# KashFlow: {registered} for VAT."
        if vat.cash_accounting and vat.cash_accounting.is_invoice_on_cash_accounting:
            yield "# Cash accounting: VAT counts when the payment is dated, so payments matter."
    has = {rate.vat_rate for rate in report.books.vat_rates.answer}
    used = {
        row.tax_percent
        for order in report.shop.orders.answer
        for row in order.items
        if row.tax_percent is not None
    }
    if report.books.vat_rates.answer:
        rates = ", ".join(f"{plain_rate(rate):f} %" for rate in sorted(has))
        yield f"# Rates of the account: {rates}."
    for rate in sorted(used - has):
        yield f"# Recent orders have VAT at {plain_rate(rate):f} %: they will be held."


def _nominals(books: Books) -> Iterator[str]:
    yield "[policy.nominals]"
    sales = [one for one in books.nominals.answer if not one.archived]
    usual = Nominals()
    for key, words in _WORDS.items():
        code = getattr(usual, key)
        found = _nominal(sales, code, words)
        name = f"# {found.name}" if found else "# the account has none like it: name one"
        yield f"{key} = {found.code if found else code}".ljust(33) + name
    yield "# discount = ...".ljust(33) + "# without it, lines are posted after discount"
    for key in ("adjustments", "vouchers", "suspense", "foreign_vat"):
        yield f"# {key} = ...".ljust(33) + "# without it, what would need it is held"


def _nominal(
    nominals: Iterable[kashflow.Nominal], code: int, words: tuple[str, ...]
) -> kashflow.Nominal | None:
    known = tuple(nominals)
    if usual := next((one for one in known if one.code == code), None):
        return usual
    named = (one for word in words for one in known if word in (one.name or "").lower())
    return next(named, None)


def _payments(report: Report) -> Iterator[str]:
    yield "# Where money goes is for a person to decide. A method that is not here is held."
    yield "[policy.payments]"
    for told, name in (
        ({one.id: one.name or "" for one in report.books.methods.answer}, "method"),
        ({one.id: one.account_name for one in report.books.bank_accounts.answer}, "bank_account"),
    ):
        listed = ", ".join(f"{number} {words}" for number, words in sorted(told.items()))
        yield f"#   {name}: {listed or 'none was told'}"
    used = Counter(
        order.payment.method
        for order in report.shop.orders.answer
        if order.payment is not None and order.payment.method
    )
    total = len(report.shop.orders.answer)
    for method, count in used.most_common():
        rule = (
            '{ action = "leave" }            # KashFlow imports PayPal itself'
            if method.startswith("paypal")
            else '{ action = "post", method = 0, bank_account = 0 }'
        )
        yield f"# {method} = {rule}  # {count} of the latest {total} orders"


def _common(values: Iterable[str | None]) -> list[str]:
    return [value for value, _ in Counter(value for value in values if value).most_common()]
