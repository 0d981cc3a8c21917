"""What shop and account report about themselves; each question may fail without the others."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import frozen

from kashmag import kashflow, magento
from kashmag.cli.asking import Asking, Told

RECENT: Final = 200
RECENTLY: Final = timedelta(days=92)


@frozen(kw_only=True)
class Shop:
    """The shop: its views, and a page of its latest documents of each kind."""

    configs: Told[tuple[magento.StoreConfig, ...]]
    orders: Told[tuple[magento.Order, ...]]
    invoices: Told[tuple[magento.Invoice, ...]]
    credit_memos: Told[tuple[magento.CreditMemo, ...]]
    tax_classes: Told[tuple[magento.TaxClass, ...]]
    attributes: Told[tuple[magento.ProductAttribute, ...]]
    customer_groups: Told[tuple[magento.CustomerGroup, ...]]


@frozen(kw_only=True)
class Books:
    """The account: what invoices and payments may refer to."""

    company: Told[kashflow.CompanyDetails | None]
    vat: Told[kashflow.VatSettings | None]
    vat_rates: Told[tuple[kashflow.VatRate, ...]]
    nominals: Told[tuple[kashflow.Nominal, ...]]
    bank_accounts: Told[tuple[kashflow.BankAccount, ...]]
    methods: Told[tuple[kashflow.PaymentMethod, ...]]
    invoices: Told[tuple[kashflow.InvoiceRow, ...]]
    stock: Told[kashflow.StockOptions | None]
    customers: Told[object]
    products: Told[object]
    currencies: Told[tuple[kashflow.Currency, ...]]

    @property
    def by_name(self) -> Mapping[str, Told[object]]:
        """Every answer under the name that people know it by."""
        return {
            "company": self.company,
            "VAT settings": self.vat,
            "VAT rates": self.vat_rates,
            "nominals": self.nominals,
            "bank accounts": self.bank_accounts,
            "payment methods": self.methods,
            "invoices": self.invoices,
            "stock options": self.stock,
            "customers": self.customers,
            "products": self.products,
            "currencies": self.currencies,
        }


async def survey_shop(client: magento.Client, asking: Asking) -> Shop:
    """Ask the shop, one question after another."""
    ask = asking.ask
    latest = magento.Criteria().sorted_by("entity_id", "DESC").sized(RECENT)

    async def orders() -> tuple[magento.Order, ...]:
        return tuple((await client.orders.page(latest)).items)

    async def invoices() -> tuple[magento.Invoice, ...]:
        return tuple((await client.invoices.page(latest.sized(1))).items)

    async def credit_memos() -> tuple[magento.CreditMemo, ...]:
        return tuple((await client.credit_memos.page(latest.sized(1))).items)

    async def tax_classes() -> tuple[magento.TaxClass, ...]:
        return tuple([one async for one in client.taxes.classes.matching()])

    async def attributes() -> tuple[magento.ProductAttribute, ...]:
        return tuple([one async for one in client.products.attributes.matching()])

    async def customer_groups() -> tuple[magento.CustomerGroup, ...]:
        return tuple([one async for one in client.customers.groups.matching()])

    return Shop(
        configs=await ask("store views", client.store.configs, ()),
        orders=await ask("orders", orders, ()),
        invoices=await ask("invoices", invoices, ()),
        credit_memos=await ask("credit memos", credit_memos, ()),
        tax_classes=await ask("tax classes", tax_classes, ()),
        attributes=await ask("product attributes", attributes, ()),
        customer_groups=await ask("customer groups", customer_groups, ()),
    )


async def survey_books(client: kashflow.Client, asking: Asking) -> Books:
    """Ask the account, one question after another."""
    ask = asking.ask
    return Books(
        company=await ask("company", client.account.company_details, None),
        vat=await ask("VAT settings", client.vat_rates.settings, None),
        vat_rates=await ask("VAT rates", client.vat_rates.every, ()),
        nominals=await ask("nominals", client.nominals.every, ()),
        bank_accounts=await ask("bank accounts", client.bank_accounts.every, ()),
        methods=await ask("payment methods", client.payments.methods, ()),
        invoices=await ask("invoices", lambda: _recent_invoices(client), ()),
        stock=await ask("stock options", client.products.stock_options, None),
        customers=await ask(
            "customers", lambda: anext(aiter(client.customers.matching()), None), None
        ),
        products=await ask("products", lambda: _first(client.products.every()), None),
        currencies=await ask("currencies", client.currencies.every, ()),
    )


async def _first(rows: AsyncIterable[object]) -> object:
    return await anext(aiter(rows), None)


async def _recent_invoices(client: kashflow.Client) -> tuple[kashflow.InvoiceRow, ...]:
    since = datetime.now(UTC).date() - RECENTLY
    found: list[kashflow.InvoiceRow] = []
    async for row in client.invoices.matching(kashflow.InvoiceFilter(issued_from=since)):
        found.append(row)
        if len(found) >= RECENT:
            break
    return tuple(found)
