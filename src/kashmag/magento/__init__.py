"""Magento's truth in Magento's names: the typed client, its records and its operations.

One module per noun holds shapes and operation-making functions; `Client` sends them.
"""

from kashmag.magento.attributes import CustomAttribute
from kashmag.magento.credit_memos import (
    CreditMemo,
    CreditMemoComment,
    CreditMemoExtension,
    CreditMemoItem,
)
from kashmag.magento.customer_groups import CustomerGroup, CustomerGroupExtension
from kashmag.magento.customers import Address, Customer, CustomerExtension, Region
from kashmag.magento.inventory import (
    SalesChannel,
    Source,
    SourceItem,
    Stock,
    StockExtension,
    StockSourceLink,
)
from kashmag.magento.invoices import Invoice, InvoiceComment, InvoiceExtension, InvoiceItem
from kashmag.magento.legacy_stock import StockItem
from kashmag.magento.order_addresses import OrderAddress
from kashmag.magento.order_items import GiftMessage, OrderItem, OrderItemExtension
from kashmag.magento.order_payments import (
    OrderPayment,
    OrderPaymentExtension,
    PaymentAdditionalInfo,
)
from kashmag.magento.order_record import (
    CompanyOrder,
    CustomFee,
    GiftCard,
    Order,
    OrderComment,
    OrderExtension,
)
from kashmag.magento.order_shipping import Shipping, ShippingAssignment, ShippingTotal
from kashmag.magento.order_taxes import (
    AppliedTax,
    AppliedTaxExtension,
    AppliedTaxRate,
    ItemAppliedTaxes,
    OrderTax,
    OrderTaxItem,
)
from kashmag.magento.prices import BasePrice, PriceFault, SpecialPrice, TierPrice
from kashmag.magento.product_options import (
    BundleOption,
    ConfigurableItemOption,
    CustomOption,
    DownloadableOption,
    ProductOption,
    ProductOptionExtension,
)
from kashmag.magento.products import (
    CategoryLink,
    MediaEntry,
    Product,
    ProductExtension,
    ProductLink,
    ProductTierPrice,
)
from kashmag.magento.shipments import (
    Shipment,
    ShipmentComment,
    ShipmentExtension,
    ShipmentItem,
    Track,
)
from kashmag.magento.showing import missing
from kashmag.magento.store import (
    Country,
    CountryRegion,
    CurrencyInformation,
    ExchangeRate,
    StoreConfig,
    StoreGroup,
    StoreView,
    Website,
)
from kashmag.magento.taxes import TaxClass, TaxRate, TaxRateTitle, TaxRule
from kashmag.magento.transactions import Transaction

__all__ = [
    "Address",
    "AppliedTax",
    "AppliedTaxExtension",
    "AppliedTaxRate",
    "BasePrice",
    "BundleOption",
    "CategoryLink",
    "CompanyOrder",
    "ConfigurableItemOption",
    "Country",
    "CountryRegion",
    "CreditMemo",
    "CreditMemoComment",
    "CreditMemoExtension",
    "CreditMemoItem",
    "CurrencyInformation",
    "CustomAttribute",
    "CustomFee",
    "CustomOption",
    "Customer",
    "CustomerExtension",
    "CustomerGroup",
    "CustomerGroupExtension",
    "DownloadableOption",
    "ExchangeRate",
    "GiftCard",
    "GiftMessage",
    "Invoice",
    "InvoiceComment",
    "InvoiceExtension",
    "InvoiceItem",
    "ItemAppliedTaxes",
    "MediaEntry",
    "Order",
    "OrderAddress",
    "OrderComment",
    "OrderExtension",
    "OrderItem",
    "OrderItemExtension",
    "OrderPayment",
    "OrderPaymentExtension",
    "OrderTax",
    "OrderTaxItem",
    "PaymentAdditionalInfo",
    "PriceFault",
    "Product",
    "ProductExtension",
    "ProductLink",
    "ProductOption",
    "ProductOptionExtension",
    "ProductTierPrice",
    "Region",
    "SalesChannel",
    "Shipment",
    "ShipmentComment",
    "ShipmentExtension",
    "ShipmentItem",
    "Shipping",
    "ShippingAssignment",
    "ShippingTotal",
    "Source",
    "SourceItem",
    "SpecialPrice",
    "Stock",
    "StockExtension",
    "StockItem",
    "StockSourceLink",
    "StoreConfig",
    "StoreGroup",
    "StoreView",
    "TaxClass",
    "TaxRate",
    "TaxRateTitle",
    "TaxRule",
    "TierPrice",
    "Track",
    "Transaction",
    "Website",
    "missing",
]
