"""One call of the REST API, as a handler sees it, and the answer that goes back."""

from collections.abc import Callable
from typing import Final, TypeAlias

from attrs import field, frozen

from kashmag.sandbox.magento.access import Caller
from kashmag.sandbox.magento.answers import required, wrong_type
from kashmag.sandbox.magento.criteria import Tree
from kashmag.sandbox.magento.documents import Document, Value, encode
from kashmag.sandbox.magento.shop import Shop

JSON: Final = "application/json; charset=utf-8"


@frozen
class Call:
    """A request that has been routed and whose caller may do what it asks."""

    shop: Shop
    path: tuple[str, ...]
    """The variable parts of the address, in order."""
    query: Tree = field(kw_only=True)
    body: Value = field(kw_only=True)
    store: str = field(kw_only=True)
    """The store code of the address; empty where there was none."""
    caller: Caller = field(kw_only=True)

    @property
    def id(self) -> int:
        """The first variable part of the address, as a number."""
        return whole(self.path[0])

    @property
    def fields(self) -> str | None:
        """What the answer is to be trimmed to, if anything."""
        found = self.query.get("fields")
        return found if isinstance(found, str) else None

    def member(self, name: str) -> Document:
        """An object of the body that must be there."""
        found = self.given(name)
        if found is None:
            raise required(name)
        if not isinstance(found, dict):
            raise wrong_type(str(found), "object", name)
        return found

    def given(self, name: str) -> Value:
        """A member of the body, or None; camel case and snake case are the same."""
        if not isinstance(self.body, dict):
            return None
        camel = "".join(
            part if place == 0 else part.capitalize() for place, part in enumerate(name.split("_"))
        )
        return self.body.get(name, self.body.get(camel))


@frozen
class Answer:
    """What goes back: JSON that is already encoded."""

    text: str
    status: int = 200
    content_type: str = JSON


Handler: TypeAlias = Callable[[Call], Answer]


def answer(value: Value, status: int = 200) -> Answer:
    """Answer with a value."""
    return Answer(encode(value), status)


def whole(text: str) -> int:
    """Read a number out of an address (`err_order_nonint`)."""
    if not text.removeprefix("-").isdigit():
        raise wrong_type(text, "int")
    return int(text)
