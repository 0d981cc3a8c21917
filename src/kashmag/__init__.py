"""kashmag keeps a Magento 2 shop and a KashFlow set of accounts in step.

The front door: everything here is loaded when it is first asked for, so that `import kashmag` costs
next to nothing. What type checkers see is in `__init__.pyi`, beside this file.
"""

from __future__ import annotations

import importlib
from typing import Final

# Name -> the module it comes from; a room stands for itself.
_ROOMS: Final = ("accounting", "errors", "kashflow", "magento")
_HOMES: Final = {
    "Answers": "kashmag.plans.questions",
    "Buyer": "kashmag.accounting",
    "Certificate": "kashmag.plans.certificate",
    "Decision": "kashmag.plans.decisions",
    "Event": "kashmag.plans.events",
    "Holds": "kashmag.accounting",
    "KashmagError": "kashmag.errors",
    "Money": "kashmag.accounting",
    "OrderOutcome": "kashmag.plans.policy",
    "Outcome": "kashmag.plans.events",
    "Payment": "kashmag.accounting",
    "PaymentAction": "kashmag.plans.policy",
    "PaymentRule": "kashmag.plans.policy",
    "Plan": "kashmag.plans.plan",
    "Policy": "kashmag.plans.policy",
    "Problem": "kashmag.accounting",
    "ProductChoice": "kashmag.plans.decisions",
    "Question": "kashmag.plans.questions",
    "Read": "kashmag.plans.questions",
    "Refund": "kashmag.accounting",
    "Sale": "kashmag.accounting",
    "SaleLine": "kashmag.accounting",
    "Settings": "kashmag.settings",
    "VatChoice": "kashmag.plans.decisions",
    "VatTreatment": "kashmag.accounting",
    "hookimpl": "kashmag.hooks.hookspecs",
    "open_engine": "kashmag.assembly",
}

__all__ = [  # noqa: PLE0604 - made of the two tables above
    *_ROOMS,
    *_HOMES,
]


def __getattr__(name: str) -> object:
    """Load a name when it is first asked for."""
    if name in _ROOMS:
        return importlib.import_module(f"kashmag.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'kashmag' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
