"""How the little shop is configured, and who may talk to it.

Every choice has the default of a fresh Magento 2.4.7 with UK VAT. The keys are fixed and obviously
false: they open nothing but this stand-in.
"""

# ruff: noqa: S106 - the secrets below are the published ones of the stand-in.

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from attrs import field, frozen

Algorithm = Literal["unit", "row", "total"]


@frozen
class Integration:
    """An integration: OAuth 1.0a keys, and the permissions that its role has."""

    name: str
    consumer_key: str
    consumer_secret: str = field(kw_only=True, repr=False)
    access_token: str = field(kw_only=True, repr=False)
    access_token_secret: str = field(kw_only=True, repr=False)
    resources: frozenset[str] | None = field(default=None, kw_only=True)
    """The permissions; None stands for all of them."""


@frozen
class Credentials:
    """What opens the shop: one integration with all permissions, and one administrator."""

    consumer_key: str
    consumer_secret: str
    access_token: str = field(kw_only=True)
    access_token_secret: str = field(kw_only=True)
    admin_username: str = field(kw_only=True)
    admin_password: str = field(kw_only=True)

    @property
    def bearer_token(self) -> str:
        """The access token, which is also sent as Bearer where the shop allows it."""
        return self.access_token


CREDENTIALS: Final = Credentials(
    "sandboxconsumerkey00000000000000",
    "sandboxconsumersecret00000000000",
    access_token="sandboxaccesstoken00000000000000",
    access_token_secret="sandboxtokensecret00000000000000",
    admin_username="sandbox-admin",
    admin_password="sandbox-password-1",
)
FULL_ACCESS: Final = Integration(
    "kashmag sandbox",
    CREDENTIALS.consumer_key,
    consumer_secret=CREDENTIALS.consumer_secret,
    access_token=CREDENTIALS.access_token,
    access_token_secret=CREDENTIALS.access_token_secret,
)
ORDERS_ONLY: Final = Integration(
    "orders only",
    "ordersonlyconsumerkey00000000000",
    consumer_secret="ordersonlyconsumersecret00000000",
    access_token="ordersonlyaccesstoken00000000000",
    access_token_secret="ordersonlytokensecret00000000000",
    resources=frozenset({"Magento_Sales::actions_view"}),
)


@frozen
class TaxSettings:
    """The shop's tax configuration, by Magento's names."""

    algorithm: Algorithm = "total"
    price_includes_tax: bool = True
    shipping_includes_tax: bool = field(default=True, kw_only=True)
    apply_after_discount: bool = field(default=True, kw_only=True)
    discount_tax: bool = field(default=True, kw_only=True)
    """Whether a discount is taken on the price with tax."""
    shipping_tax_class: int = field(default=2, kw_only=True)
    cross_border_trade: bool = field(default=False, kw_only=True)
    default_country: str = field(default="GB", kw_only=True)
    rates: Mapping[str, Mapping[int, Decimal]] = field(kw_only=True)
    """Country code to product tax class to percent; a country that is missing has no tax."""

    @rates.default
    def _uk_rates(self) -> Mapping[str, Mapping[int, Decimal]]:
        uk = {2: Decimal(20), 5: Decimal(5), 4: Decimal(0)}
        return {"GB": uk, "IM": uk}


@frozen
class StoreView:
    """A store view: the code in the address, and what its orders carry."""

    store_id: int
    code: str
    name: str = field(kw_only=True)
    currency: str = field(default="GBP", kw_only=True)
    rate: Decimal = field(default=Decimal(1), kw_only=True)
    """How much of the view's currency one unit of the base currency buys."""
    number_prefix: str = field(kw_only=True)

    @number_prefix.default
    def _prefix(self) -> str:
        # The second view numbers from 2000000001, the first from 000000001.
        return "" if self.store_id == 1 else str(self.store_id)

    @property
    def store_name(self) -> str:
        """Website, group and view, as an order carries them."""
        return f"Main Website\nMain Website Store\n{self.name}"

    def increment_id(self, count: int) -> str:
        """The number of the count-th document of this view."""
        width = 9
        return f"{self.number_prefix}{count:0{width}d}"


UK_VIEWS: Final = (
    StoreView(1, "default", name="Default Store View"),
    StoreView(2, "eu", name="EU view", currency="EUR", rate=Decimal("1.1734")),
    StoreView(3, "us", name="US view", currency="USD", rate=Decimal("1.2619")),
)


@frozen
class ShopSettings:
    """Everything about the shop that is configuration rather than content."""

    tax: TaxSettings = field(factory=TaxSettings)
    views: tuple[StoreView, ...] = field(default=UK_VIEWS, kw_only=True)
    base_currency: str = field(default="GBP", kw_only=True)
    integrations: tuple[Integration, ...] = field(default=(FULL_ACCESS, ORDERS_ONLY), kw_only=True)
    bearer_allowed: bool = field(default=True, kw_only=True)
    """Whether an integration's token may be sent as Bearer; off in a fresh shop since 2.4.4."""
    admin_token_lifetime: timedelta = field(default=timedelta(minutes=60), kw_only=True)
    page_size_maximum: int | None = field(default=None, kw_only=True)
    page_size_default: int | None = field(default=None, kw_only=True)
    array_maximum: int | None = field(default=None, kw_only=True)
    consumers_run: bool = field(default=True, kw_only=True)
    """Whether the queue consumers work, without which a bulk stays open for ever."""
    queue_delay: timedelta = field(default=timedelta(0), kw_only=True)
    """How long an asynchronous call waits for its consumer."""
    repeats_last_page: bool = field(default=False, kw_only=True)
    """Whether a page beyond the end repeats the last one, as up to 2.3."""
    prefers_400: bool = field(default=False, kw_only=True)
    """Whether a database fault is a 400 with a report identifier, as in newer releases."""
    default_source: str = field(default="leeds", kw_only=True)

    def view(self, store_id: int) -> StoreView:
        """The view with this number; the first one if there is none."""
        return next((view for view in self.views if view.store_id == store_id), self.views[0])
