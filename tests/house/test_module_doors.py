import ast
from pathlib import Path

import pytest

import kashmag

ROOT = Path(kashmag.__file__).parent
MODULES = sorted(
    path for path in ROOT.rglob("*.py") if "migrations" not in path.parts and path.stat().st_size
)
IDS = [str(path.relative_to(ROOT)) for path in MODULES]
FORBIDDEN = {"utils", "util", "common", "misc", "core", "base", "helpers", "manager"}


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_every_module_has_a_door_plate(path):
    plate = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert plate, "say what lives here, what does not, and where that lives"
    assert plate.splitlines()[0].rstrip().endswith((".", ":", "?")) or "\n" in plate


def test_no_module_has_a_name_that_says_nothing():
    names = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & FORBIDDEN


def test_no_module_hides_a_circle_behind_type_checking():
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "TYPE_CHECKING" not in names, path
