"""Lists: one kind of document searched, sorted, paged, trimmed and written out.

Criteria themselves are `criteria`'s. Which route lists what is said in `routes`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from attrs import evolve, field, frozen

from kashmag.sandbox.magento.answers import RefusedError, bad_request, internal_error
from kashmag.sandbox.magento.criteria import (
    Criteria,
    Tree,
    check_groups,
    read_criteria,
)
from kashmag.sandbox.magento.documents import Document, Value, encode
from kashmag.sandbox.magento.matching import matcher, sort_key
from kashmag.sandbox.magento.package_data import columns
from kashmag.sandbox.magento.settings import ShopSettings
from kashmag.sandbox.magento.store import Key, Shelf

_FIELDS: Final = re.compile(r"[\w\[\],]*")
_REPORT: Final = "webapi-6b03f19615010"


@frozen
class Kind:
    """How one kind of document is listed."""

    name: str
    key: str = "entity_id"
    aliases: Mapping[str, str] = field(factory=dict, kw_only=True)
    """Column name to the name in the document, where they differ."""
    attributes: bool = field(default=False, kw_only=True)
    """Whether custom attributes can be asked for, and an unknown one is a 400."""

    def knows(self, name: str) -> bool:
        """Whether there is such a column."""
        known = columns(self.name)
        return name in self.aliases or not known or (name in known and name != self.aliased)

    @property
    def aliased(self) -> str | None:
        """The document's own name for the key, which is no column where the column has another."""
        return self.aliases.get("entity_id")


@frozen
class Hits:
    """One page of what was found."""

    keys: tuple[Key, ...]
    total: int
    criteria: Criteria


def find(
    shelf: Shelf,
    kind: Kind,
    query: Tree,
    settings: ShopSettings,
    is_hidden: Callable[[str, Key], bool] | None = None,
) -> Hits:
    """Search a shelf as a list call asks, or refuse the criteria."""
    criteria = read_criteria(query)
    if criteria.page_size is None:
        criteria = evolve(criteria, page_size=settings.page_size_default)
    _check_limits(criteria, settings)
    _check_names(criteria, kind, shelf, settings)
    matches = matcher(criteria)
    read, names = _reader(kind), criteria.names
    found = [
        (key, view) for key, document in shelf.entries() if matches(view := read(document, names))
    ]
    if is_hidden is not None:
        found = [entry for entry in found if not is_hidden(kind.name, entry[0])]
    if not criteria.sorts:
        found.sort(key=lambda entry: entry[0] if isinstance(entry[0], int) else 0)
    for name, direction in reversed(criteria.sorts):
        by = sort_key(name)
        found.sort(key=lambda entry, by=by: by(entry[1]), reverse=direction == "DESC")  # type: ignore[misc]
    return Hits(tuple(key for key, _ in _page(found, criteria, settings)), len(found), criteria)


def write(shelf: Shelf, hits: Hits, *, fields: str | None, render: Callable[[Key], str]) -> str:
    """Write a page as JSON: from the encoded documents, or trimmed to the fields asked for."""
    if fields is None:
        items = ",".join(render(key) for key in hits.keys)
        echo = encode(hits.criteria.echo())
        return f'{{"items":[{items}],"search_criteria":{echo},"total_count":{hits.total}}}'
    whole: Document = {
        "items": [shelf.get(key) for key in hits.keys],
        "search_criteria": hits.criteria.echo(),
        "total_count": hits.total,
    }
    trimmed = trim(whole, fields)
    if isinstance(trimmed, dict) and "items" in trimmed and not hits.keys:
        trimmed["items"] = None  # a search with `fields` and no hit: money.md, section 6
    return encode(trimmed)


def trim(value: Value, fields: str) -> Value:
    """Keep only the fields named, such as `items[sku,extension_attributes[qty]],total_count`."""
    if not _FIELDS.fullmatch(fields) or fields.count("[") != fields.count("]"):
        return []
    wanted, _ = _read_fields(fields, 0)
    return _keep(value, wanted)


Wanted = dict[str, "Wanted | None"]


def _read_fields(text: str, at: int) -> tuple[Wanted, int]:
    wanted: Wanted = {}
    name = ""
    while at < len(text):
        char = text[at]
        at += 1
        if char == "[":
            wanted[name], at = _read_fields(text, at)
            name = ""
        elif char in ",]":
            if name:
                wanted[name] = None
            name = ""
            if char == "]":
                return wanted, at
        else:
            name += char
    if name:
        wanted[name] = None
    return wanted, at


def _keep(value: Value, wanted: Wanted) -> Value:
    if isinstance(value, list):
        return [_keep(each, wanted) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {
        name: held if (inner := wanted[name]) is None else _keep(held, inner)
        for name, held in value.items()
        if name in wanted
    }
    return kept or []  # an empty map is an empty PHP array: products_fields


def _check_limits(criteria: Criteria, settings: ShopSettings) -> None:
    maximum = settings.page_size_maximum
    if maximum is not None and criteria.page_size is not None and criteria.page_size > maximum:
        raise bad_request("Maximum SearchCriteria pageSize is %max", {"max": maximum})
    check_groups(criteria, settings.array_maximum)


def _check_names(criteria: Criteria, kind: Kind, shelf: Shelf, settings: ShopSettings) -> None:
    for name in sorted(criteria.names):
        if kind.knows(name) or (kind.attributes and _has_attribute(shelf, name)):
            continue
        if kind.attributes:
            raise bad_request(
                'The "%1" attribute name is invalid. Reset the name and try again.', [name]
            )
        raise database_fault(settings)


def database_fault(settings: ShopSettings, report: str = _REPORT) -> RefusedError:
    """A fault of the database: a 500, or in newer releases the same text as a 400."""
    fault = internal_error(report)
    return bad_request(fault.message) if settings.prefers_400 else fault


def _has_attribute(shelf: Shelf, name: str) -> bool:
    return any(
        attribute["attribute_code"] == name
        for document in shelf
        for attribute in document.get("custom_attributes", ())
    )


def _reader(kind: Kind) -> Callable[[Document, frozenset[str]], Document]:
    """How a document looks to the criteria: by column names, custom attributes included."""
    if not kind.aliases and not kind.attributes:
        return lambda document, _: document

    def read(document: Document, names: frozenset[str]) -> Document:
        return {name: _column(document, name, kind) for name in names}

    return read


def _column(document: Document, name: str, kind: Kind) -> Value:
    found = document.get(kind.aliases.get(name, name))
    if found is None and kind.attributes:
        for attribute in document.get("custom_attributes", ()):
            if attribute["attribute_code"] == name:
                return attribute["value"]
    return found


def _page(
    found: list[tuple[Key, Document]], criteria: Criteria, settings: ShopSettings
) -> Iterable[tuple[Key, Document]]:
    size = criteria.page_size
    if not size or size < 0:
        return found
    page = max(criteria.page or 1, 1)
    if settings.repeats_last_page:
        page = min(page, max(-(-len(found) // size), 1))
    return found[(page - 1) * size : page * size]
