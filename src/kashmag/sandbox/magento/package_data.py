"""The data shipped with the stand-in: recorded documents and the columns of each kind.

`recorded/` holds answers of a real Magento Open Source 2.4.7-p3 with UK VAT, whose customers are
invented, and the column names of the published schema of that version.
"""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from kashmag.sandbox.magento.documents import Document, decode

_HERE: Final = resources.files("kashmag.sandbox.magento") / "recorded"


def recorded_documents(name: str) -> dict[str, list[Document]]:
    """Read `orders` (documents of trade) or `basics` (what any shop has), by kind."""
    packed = (_HERE / f"{name}.json.gz").read_bytes()
    found: dict[str, list[Document]] = decode(gzip.decompress(packed))
    return found


@cache
def columns(kind: str) -> Mapping[str, str]:
    """The columns of a kind of document with their JSON types; empty where they are unknown."""
    return MappingProxyType(_all_columns().get(kind, {}))


@cache
def _all_columns() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((_HERE / "columns.json").read_text("utf-8"))
    return found
