"""The comments of a drafted settings file: what shop and account were found to be."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date

from kashmag.accounting.vat import shown_rate
from kashmag.cli.survey import Books, Shop
from kashmag.reconciliation.inference import Numbers, Prices, account_use, shop_use


def stores(shop: Shop) -> Iterator[str]:
    """The store views, and what recent orders were in."""
    use = shop_use(shop.orders.answer)
    for one in shop.configs.answer:
        name = use.stores.get(one.id or 0, "")
        about = ", ".join(
            told
            for told in (
                f"base currency {one.base_currency_code}" if one.base_currency_code else "",
                f"shows {one.default_display_currency_code}"
                if one.default_display_currency_code
                else "",
                one.timezone or "",
                f'"{name}"' if name else "",
            )
            if told
        )
        yield f"# Store view {one.code} ({one.id}): {about}."
    if len(shop.configs.answer) > 1:
        yield "# A view's own answers go under [policy.store.CODE]."
    if use.order_currencies:
        yield f"# Of the latest {use.orders} orders by currency: {_counted(use.order_currencies)}."


def numbering(shop: Shop, books: Books) -> Iterator[str]:
    """Who numbers the account's invoices so far."""
    rows = books.invoices.answer
    use = account_use(rows, (order.increment_id or "" for order in shop.orders.answer))
    if use.numbers is Numbers.NONE:
        yield "# The account has no invoices of the last three months."
    else:
        yield (
            f"# {use.invoices} invoices of the last three months are numbered "
            f"{use.numbers.value}, up to {use.highest}."
        )
    if use.ours:
        yield f"# {use.ours} of them carry a reference of kashmag's already."
    if not shop_use(shop.orders.answer).numbers_are_digits:
        yield "# Order numbers have letters: they cannot be invoice numbers."


def vat_scheme(books: Books) -> Iterator[str]:
    """How the account stands to VAT, and which returns its documents are in."""
    vat = books.vat.answer
    if vat is not None:
        registered = "registered" if vat.is_vat_registered else "not registered"
        cash = vat.cash_accounting
        is_cash = bool(cash and cash.is_invoice_on_cash_accounting)
        by = ", on cash accounting: payments decide the quarter" if is_cash else ""
        yield f"# KashFlow: {registered} for VAT{by}."
        if vat.is_vat_registered:
            yield "# flat_rate = 7.5                # KashFlow does not tell; only on that scheme"
    filed = [row.issued_date for row in books.invoices.answer if row.vat_return_id]
    newest = max((day for day in filed if day is not None), default=None)
    if newest is not None:
        yield f"# A document of {newest} is in a VAT return; its last day, if you know better:"
        yield f"# vat_returns_filed_until = {_month_end(newest)}"


def tax_setup(shop: Shop, books: Books) -> Iterator[str]:
    """What recent orders show of the shop's tax set-up."""
    use = shop_use(shop.orders.answer)
    has = {rate.vat_rate for rate in books.vat_rates.answer}
    if has:
        yield f"# Rates of the account: {', '.join(f'{shown_rate(r)} %' for r in sorted(has))}."
    if use.orders:
        rates = {f"{rate} %": count for rate, count in use.vat_rates.items()}
        yield f"# Orders by VAT rate: {_counted(rates)}."
        yield from _strange_rates(shop, books)
    if use.prices is not Prices.UNKNOWN:
        yield f"# The shop's prices {use.prices.value}."
    if use.shipping_with_vat or use.shipping_without_vat:
        yield (
            f"# Shipping with VAT: {use.shipping_with_vat} orders, without: "
            f"{use.shipping_without_vat}."
        )
    if use.countries_without_vat:
        yield f"# Orders without VAT went to: {_counted(use.countries_without_vat)}."
    classes = [one.class_name for one in shop.tax_classes.answer if one.class_name]
    if classes:
        yield f"# The shop's tax classes: {', '.join(dict.fromkeys(classes))}."
    yield "# 0 % is zero-rated unless its tax class is exempt; second-hand goods may be on margin:"
    yield '# exempt_tax_classes = ["..."]'
    yield '# margin_tax_classes = ["..."]'
    if use.totals_of_nothing:
        yield f"# Orders over nothing: {use.totals_of_nothing}; to skip such as tests:"
        yield "# test_orders = { zero_total = true }"


def stock(books: Books) -> Iterator[str]:
    """Whether KashFlow manages stock."""
    options = books.stock.answer
    if options is None:
        yield "# The account does not tell whether it manages stock."
    elif options.enable_stock_management:
        yield "# KashFlow manages stock: product codes on invoices would lower it."
        yield "# stock_baseline = true           # when both sides' stock agrees"
    else:
        yield "# KashFlow manages no stock."


def _strange_rates(shop: Shop, books: Books) -> Iterator[str]:
    has = {rate.vat_rate for rate in books.vat_rates.answer}
    used = {
        row.tax_percent
        for order in shop.orders.answer
        for row in order.items
        if row.tax_percent is not None
    }
    for rate in sorted(used - has) if has else ():
        yield f"# The account has no {shown_rate(rate)} %: such orders will be held."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
