"""kashmag's own rules, as plugins like any other; one file each. Registered before all others."""

from kashmag.hooks.defaults import (
    asking,
    customer_matching,
    event_log,
    export_evidence,
    payment_table,
    product_codes,
    shop_vat,
    state_mapping,
    vat_scheme,
)

ALL = (
    asking,
    state_mapping,
    customer_matching,
    product_codes,
    shop_vat,
    payment_table,
    vat_scheme,
    export_evidence,
    event_log,
)

__all__ = ["ALL"]
