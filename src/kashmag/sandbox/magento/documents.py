"""Documents as Magento's REST API writes them: untyped trees of JSON, with exact numbers.

Encoding follows recordings of a real 2.4.7: a slash and everything beyond ASCII is escaped, whole
amounts lose their point. What a field means lives in the modules named after the nouns.
"""

import copy
import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeAlias

from kashmag.sandbox.magento.answers import bad_request

# A stand-in holds documents of any module of any shop, so their values stay untyped here.
Value: TypeAlias = Any
Document: TypeAlias = dict[str, Value]

ZERO: Final = Decimal(0)
PENNY: Final = Decimal("0.01")
STORED: Final = Decimal("0.0001")  # database columns for money are decimal(20,4)


def decode(text: str | bytes) -> Value:
    """Read JSON with fractions as Decimal; anything else than JSON is Magento's decoding error."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as fault:
        raise bad_request("Decoding error.") from fault


def encode(value: Value) -> str:
    """Write JSON exactly as PHP does for the REST API."""
    return json.dumps(value, separators=(",", ":"), default=_number).replace("/", "\\/")


def _number(value: object) -> int | float:
    """Turn a Decimal into the JSON number of the same text."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no place in a document")
    # Sixteen digits are more than any amount has, so the shortest text of the float is the decimal.
    return int(value) if value == value.to_integral_value() else float(value)


def amount(value: Value) -> Decimal:
    """Read a number, a numeric string or an absent field as an exact amount."""
    if value is None or value == "":
        return ZERO
    return value if isinstance(value, Decimal) else Decimal(str(value))


def pence(value: Decimal) -> Decimal:
    """Round half up, away from zero, to two places, as the price currency of Magento does."""
    return value.quantize(PENNY, ROUND_HALF_UP)


def stored(value: Decimal) -> Decimal:
    """Round to the four places that a database column keeps."""
    return value.quantize(STORED, ROUND_HALF_UP)


def present(fields: Mapping[str, Value]) -> Document:
    """Leave out the fields without a value, as Magento does with optional ones."""
    return {name: value for name, value in fields.items() if value is not None}


def duplicate(value: Document) -> Document:
    """Copy a document so that the copy can be changed or handed out."""
    return copy.deepcopy(value)
