"""A stand-in for a Magento 2.4.7 shop, as an ASGI application with a memory of its own.

    sandbox = MagentoSandbox(seed=1)
    sandbox.load_recorded()
    async with serving(sandbox.app) as url: ...

Written from recorded exchanges with the real shop; it shares no code with the client.
"""

from kashmag.sandbox.magento.sandbox import Census, MagentoSandbox
from kashmag.sandbox.magento.settings import (
    Credentials,
    Integration,
    ShopSettings,
    StoreView,
    TaxSettings,
)

__all__ = [
    "Census",
    "Credentials",
    "Integration",
    "MagentoSandbox",
    "ShopSettings",
    "StoreView",
    "TaxSettings",
]
