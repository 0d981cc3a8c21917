"""Magento documents from files, as the REST API serves them: one, a list, or a search result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kashmag.errors import SettingsError
from kashmag.rest.codec import Json, JsonObject, dumps, loads

ORDER: Final = "order"
INVOICE: Final = "invoice"
CREDIT_MEMO: Final = "credit memo"

# Keys that tell a document of each kind from anything else that is JSON.
_MARKS: Final[Mapping[str, frozenset[str]]] = {
    ORDER: frozenset({"increment_id", "entity_id", "grand_total", "base_grand_total", "state"}),
    INVOICE: frozenset({"order_id"}),
    CREDIT_MEMO: frozenset({"order_id"}),
}


def read_documents(paths: Sequence[Path], kind: str) -> tuple[JsonObject, ...]:
    """Every document of these files, in their order; one that stands there twice counts once.

    Raises:
        SettingsError: a file cannot be read, is no JSON, or holds something else; or the files
            hold one document in two versions.
    """
    found = {dumps(one): one for path in paths for one in _documents(path, kind)}
    told = Counter(str(one["entity_id"]) for one in found.values() if one.get("entity_id"))
    for entity_id, versions in told.items():
        if versions > 1:
            raise SettingsError(
                f"the files hold {versions} versions of the {kind} with entity_id {entity_id}, "
                "which differ; give only the one that is meant"
            )
    return tuple(found.values())


def _documents(path: Path, kind: str) -> Iterator[JsonObject]:
    for told in _spread(_json(path)):
        if not isinstance(told, Mapping) or not _MARKS[kind] & told.keys():
            raise SettingsError(
                f"{path} holds something that is no Magento {kind}; it must hold one as the REST "
                "API serves it, a list of them, or a search result"
            )
        yield told


def _json(path: Path) -> Json:
    try:
        return loads(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise SettingsError(f"{path} is nested too deeply to be a Magento document") from error
    except ValueError as error:
        raise SettingsError(f"{path} is not valid JSON: {error}") from error


def _spread(told: Json) -> Iterable[Json]:
    if isinstance(told, Mapping) and "items" in told and "increment_id" not in told:
        # An order has `items` too; a search result has no number of its own, and no items at
        # all where it was asked for certain fields and found nothing (money.md, section 6).
        items = told["items"] or ()
        is_search = "total_count" in told or "search_criteria" in told
        return items if is_search and isinstance(items, list | tuple) else (told,)
    return told if isinstance(told, list) else (told,)
