import inspect
import re
from pathlib import Path

import pytest

from kashmag import errors
from kashmag.errors import KashmagError, Remedy

ROOT = Path(__file__).parents[2]
FAMILY = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, KashmagError)
]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "tests").rglob("test_*.py")
    if path != Path(__file__)
)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_has_a_remedy_a_line_in_the_docs_and_a_place_in_the_tree(kind):
    assert isinstance(kind.remedy, Remedy)
    assert f"| `{kind.__name__}` | `{kind.remedy.name}` |" in PAGE
    assert re.search(rf"^ *.*\b{kind.__name__}\b", errors.__doc__, re.MULTILINE)
    assert kind.__doc__


@pytest.mark.parametrize("kind", FAMILY[1:], ids=lambda kind: kind.__name__)
def test_every_error_is_met_in_a_test(kind):
    assert re.search(rf"\b{kind.__name__}\b", TESTS)


@pytest.mark.parametrize("remedy", Remedy)
def test_every_remedy_has_its_exit_code_in_the_docs(remedy):
    assert f"| `{remedy.name}` | {remedy.exit_code} |" in PAGE


def test_the_docs_name_no_error_that_is_not_there():
    named = set(re.findall(r"^\| `(\w+Error)`", PAGE, re.MULTILINE))
    assert named == {kind.__name__ for kind in FAMILY}


def test_an_error_of_the_far_end_is_one_sentence_with_names_and_numbers():
    error = errors.InvalidError(
        "no such nominal", vendor="KashFlow", operation="create invoice", status=400
    )
    assert str(error) == "KashFlow create invoice (400): no such nominal"
