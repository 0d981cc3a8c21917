"""Keys of documents and of deeds, taken apart; `plans.actions.DocumentId` puts them together.

`M:order:12` is the key of a document: the shop, the kind, the id. What is done for it has a longer
one: `M:order:12:invoice:2`.
"""

from __future__ import annotations


def document_of(deed: str) -> str:
    """The key of the document that a deed is done for; of a document's own key, that."""
    return ":".join(deed.split(":", 3)[:3])


def kind_and_id(document: str) -> tuple[str, str]:
    """Of which kind a document is, and its id in the shop."""
    _, kind, entity_id = document_of(document).split(":")
    return kind, entity_id
