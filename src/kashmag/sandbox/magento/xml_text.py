"""Answers in XML, for callers who accept nothing else."""

from xml.sax.saxutils import escape

from kashmag.sandbox.magento.documents import Value


def to_xml(value: Value) -> str:
    """Write a value as Magento's XML renderer does: members of a list are `item`s."""
    return f'<?xml version="1.0"?>\n<response>\n{_write(value, 1)}</response>\n'


def _write(value: Value, depth: int) -> str:
    space = "  " * depth
    if isinstance(value, dict):
        return "".join(_element(name, held, depth) for name, held in value.items())
    if isinstance(value, list):
        return "".join(_element("item", held, depth) for held in value)
    return f"{space}{_text(value)}\n"


def _element(name: str, value: Value, depth: int) -> str:
    space = "  " * depth
    if isinstance(value, dict | list):
        inner = _write(value, depth + 1)
        return f"{space}<{name}>\n{inner}{space}</{name}>\n" if inner else f"{space}<{name}/>\n"
    text = _text(value)
    return f"{space}<{name}>{text}</{name}>\n"


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(c if c.isascii() else f"&#x{ord(c):X};" for c in escape(str(value)))
