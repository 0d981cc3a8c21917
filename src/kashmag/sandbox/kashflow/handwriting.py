"""The ways in which the service has been seen to print the same number or date differently.

Four decimals are the rule; six, two and a bare 0 have been seen, and dates with an offset. A
client that reads values and not their spelling notices nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Final

from kashmag.sandbox import json_text
from kashmag.sandbox.json_text import Json
from kashmag.sandbox.kashflow.switches import Switches

_NOON: Final = re.compile(r"^\d{4}-\d{2}-\d{2} 12:00:00$")


def vary(body: bytes, switches: Switches, dice: Random) -> bytes:
    """The same JSON in another hand, where the switches say so."""
    if switches.decimals == "four" and not switches.dates_carry_offset:
        return body
    return json_text.write(_vary(json_text.read(body), switches, dice))


def _vary(value: Json, switches: Switches, dice: Random) -> Json:
    if isinstance(value, dict):
        return {name: _vary(part, switches, dice) for name, part in value.items()}
    if isinstance(value, list):
        return [_vary(part, switches, dice) for part in value]
    if isinstance(value, Decimal) and switches.decimals == "mixed":
        return _spell(value, dice)
    if isinstance(value, str) and switches.dates_carry_offset and _NOON.match(value):
        return f"{value} +05:30"
    return value


def _spell(value: Decimal, dice: Random) -> Json:
    if not value:
        return 0
    spellings = [value, value.quantize(Decimal("0.000001"))]
    if value == value.quantize(Decimal("0.01")):
        spellings.append(value.quantize(Decimal("0.01")))
    return dice.choice(spellings)
