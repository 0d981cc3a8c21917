"""What kind of shop the generated orders come from: its size, its mix, its year."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from kashmag.sandbox.magento.settings import TaxSettings

# January sales, a quiet summer, and the weeks before Christmas.
UK_YEAR: Final = (0.95, 0.75, 0.8, 0.85, 0.9, 0.85, 0.8, 0.8, 0.9, 1.0, 1.6, 1.8)
UK_WEEK: Final = (1.1, 1.05, 1.0, 1.0, 0.95, 0.8, 1.1)


@frozen
class ShopProfile:
    """A plausible UK shop; shares are of all orders, between 0 and 1."""

    products: int = field(default=300, kw_only=True)
    customers: int = field(default=2000, kw_only=True)
    """Registered ones; guests come on top."""
    start: datetime = field(default=datetime(2025, 11, 1, tzinfo=UTC), kw_only=True)
    days: int = field(default=365, kw_only=True)
    tax: TaxSettings = field(factory=TaxSettings, kw_only=True)
    months: tuple[float, ...] = field(default=UK_YEAR, kw_only=True)
    weekdays: tuple[float, ...] = field(default=UK_WEEK, kw_only=True)
    tax_classes: Mapping[int, float] = field(kw_only=True)
    """How the catalogue falls into tax classes: standard, reduced, zero-rated."""
    stores: Mapping[int, float] = field(kw_only=True)
    """How orders fall to store views."""
    guests: float = field(default=0.45, kw_only=True)
    exports: float = field(default=0.05, kw_only=True)
    coupons: float = field(default=0.15, kw_only=True)
    unpaid: float = field(default=0.03, kw_only=True)
    cancelled: float = field(default=0.03, kw_only=True)
    edited: float = field(default=0.01, kw_only=True)
    held: float = field(default=0.005, kw_only=True)
    refunded: float = field(default=0.07, kw_only=True)
    trade: float = field(default=0.06, kw_only=True)
    """Buyers with a company name, some with a VAT number."""
    shipping_price: Decimal = field(default=Decimal("4.95"), kw_only=True)
    free_shipping_from: Decimal = field(default=Decimal(75), kw_only=True)

    @tax_classes.default
    def _mix(self) -> Mapping[int, float]:
        return {2: 0.72, 5: 0.06, 4: 0.22}

    @stores.default
    def _views(self) -> Mapping[int, float]:
        return {1: 0.96, 2: 0.025, 3: 0.015}
