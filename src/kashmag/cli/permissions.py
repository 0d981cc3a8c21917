"""What kashmag reads in the shop, by permission: which of them the settings in force need.

Magento answers a missing permission like a bad token, so each is asked on its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Final

from attrs import field, frozen

from kashmag import magento
from kashmag.cli.asking import Asking, Told
from kashmag.cli.findings import Code, Finding, failed, ok, unchecked
from kashmag.cli.judging import remedy_of
from kashmag.plans.policy import Policy

_ONE: Final = magento.Criteria().sized(1)


def _by_products(policy: Policy) -> str:
    named = {
        "exempt_tax_classes": policy.exempt_tax_classes,
        "margin_tax_classes": policy.margin_tax_classes,
        "nominals_by_tax_class": policy.nominals_by_tax_class,
        "nominals_by_attribute": policy.nominals_by_attribute,
    }
    common = [f"policy.{key}" for key, value in named.items() if value]
    own = [f"policy.store.{view}" for view in policy.store if policy.for_store(view).asks_products]
    return ", ".join(common or own)


def _always(_: Policy) -> str:
    return "every plan"


def _never(_: Policy) -> str:
    return ""


@frozen
class Permission:
    """One permission of the integration; `needed_for` says which settings need it, or nothing.

    `else_for` is who else would miss it. `ask` reads one record under it.
    """

    name: str
    resource: str
    where: str = field(kw_only=True)
    ask: Callable[[magento.Client], Awaitable[object]] = field(kw_only=True)
    needed_for: Callable[[Policy], str] = field(default=_never, kw_only=True)
    else_for: str = field(default="", kw_only=True)

    @property
    def how(self) -> str:
        """How a person gives it."""
        return (
            f"In Magento: System > Extensions > Integrations > kashmag's > API: tick {self.where} "
            f"({self.resource}), save, and activate the integration again."
        )


# Names of the integration's form and resources: etc/acl.xml and etc/webapi.xml of 2.4.6 to 2.4.8.
PERMISSIONS: Final = (
    Permission(
        "store views", "Magento_Backend::store", where="Stores > Settings > All Stores",
        ask=lambda shop: shop.store.views(), needed_for=lambda _: "the store views' own answers",
    ),
    Permission(
        "orders", "Magento_Sales::actions_view", where="Sales > Operations > Orders > View",
        ask=lambda shop: shop.orders.page(_ONE), needed_for=_always,
    ),
    Permission(
        "invoices", "Magento_Sales::sales_invoice", where="Sales > Operations > Invoices",
        ask=lambda shop: shop.invoices.page(_ONE), needed_for=_always,
    ),
    Permission(
        "credit memos", "Magento_Sales::sales_creditmemo",
        where="Sales > Operations > Credit Memos",
        ask=lambda shop: shop.credit_memos.page(_ONE), needed_for=_always,
    ),
    Permission(
        "products", "Magento_Catalog::products", where="Catalog > Inventory > Products",
        ask=lambda shop: shop.products.page(_ONE), needed_for=_by_products,
        else_for="`kashmag sync stock`",
    ),
    Permission(
        "tax classes", "Magento_Tax::manage_tax", where="Stores > Taxes",
        ask=lambda shop: shop.taxes.classes.page(_ONE), needed_for=_by_products,
    ),
    Permission(
        "customers", "Magento_Customer::customer", where="Customers > All Customers",
        ask=lambda shop: shop.customers.page(_ONE), else_for="`kashmag sync customers`",
    ),
    Permission(
        "transactions", "Magento_Sales::transactions_fetch",
        where="Sales > Operations > Transactions > Fetch",
        ask=lambda shop: shop.transactions.page(_ONE), else_for="programs of your own",
    ),
    Permission(
        "stock sources", "Magento_InventoryApi::source", where="Stores > Inventory > Sources",
        ask=lambda shop: shop.inventory.sources.page(_ONE), else_for="`kashmag sync stock`",
    ),
    Permission(
        "stocks", "Magento_InventoryApi::stock", where="Stores > Inventory > Stocks",
        ask=lambda shop: shop.inventory.stocks.page(_ONE), else_for="`kashmag sync stock`",
    ),
)  # fmt: skip


async def ask_permissions(shop: magento.Client, asking: Asking) -> dict[str, Told[object]]:
    """What comes of reading one record under each permission."""
    return {
        one.name: await asking.ask(one.name, partial(one.ask, shop), None) for one in PERMISSIONS
    }


def about_permissions(told: dict[str, Told[object]], policy: Policy) -> Iterator[Finding]:
    """A finding for each permission: a fault only where the settings in force need it."""
    if policy.customers.write_back:
        yield unchecked(
            Code.WRITING,
            "magento: customers",
            "whether the integration may change customers (Magento_Customer::manage), which "
            "policy.customers.write_back needs: only a write would tell",
        )
    for one in PERMISSIONS:
        subject, error = f"magento: {one.name}", told[one.name].error
        needed = one.needed_for(policy)
        if error is None:
            yield ok(Code.PERMISSION, subject, "can be read")
        elif needed:
            remedy = remedy_of(error, "magento", f"Needed for {needed}. {one.how}")
            yield failed(Code.PERMISSION, subject, error, remedy)
        else:
            message = f"cannot be read; nothing in these settings needs it, only {one.else_for}"
            yield ok(Code.PERMISSION, subject, f"{message}. {one.how}")
