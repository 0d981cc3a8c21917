import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import kashmag

STUB = Path(kashmag.__file__).with_suffix(".pyi")
HEAVY = ("httpx", "sqlalchemy", "alembic", "cattrs", "attrs", "pluggy", "starlette", "rich")


def stub_names():
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    return {
        alias.asname: f"{node.module}.{alias.name}" if node.module != "kashmag" else alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_see_what_the_front_door_has():
    assert set(stub_names()) == set(kashmag.__all__)
    assert len(kashmag.__all__) == len(set(kashmag.__all__))


@pytest.mark.parametrize("name", kashmag.__all__)
def test_every_name_of_the_front_door_opens(name):
    value = getattr(kashmag, name)
    home = stub_names()[name]
    if home == name:
        assert value is importlib.import_module(f"kashmag.{name}")
    else:
        module, _, attribute = home.rpartition(".")
        assert value is getattr(importlib.import_module(module), attribute)


def test_a_name_that_is_not_there_is_refused_by_name():
    with pytest.raises(AttributeError, match="no attribute 'open_engin'"):
        kashmag.open_engin  # noqa: B018


@pytest.mark.parametrize("statement", ["import kashmag", "import kashmag.cli"])
def test_importing_is_fast_because_nothing_heavy_comes_with_it(statement):
    told = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not set(HEAVY) & {name.split(".")[0] for name in told.stdout.split()}


def test_everything_shown_by_dir_is_public():
    assert dir(kashmag) == sorted(kashmag.__all__)
