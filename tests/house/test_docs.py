import re
from enum import Enum
from pathlib import Path

import attrs
import pytest
import yaml

from kashmag.plans import policy
from kashmag.plans.policy import Policy
from kashmag.settings.environment import VARIABLES
from kashmag.settings.sections import SECTIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ALL = [*PAGES, ROOT / "README.md"]
CODE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")


def pages(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from pages(one)
    else:
        for one in value:
            yield from pages(one)


def test_every_page_is_in_the_contents_and_every_entry_is_a_page():
    contents = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert set(pages(contents)) == {path.relative_to(DOCS).as_posix() for path in PAGES}


@pytest.mark.parametrize("page", ALL, ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ALL, ids=lambda path: path.name)
def test_every_python_example_is_python(page):
    for language, code in CODE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            compile(code, str(page), "exec", flags=0x2000)  # await may stand at the top


@pytest.mark.parametrize("page", ALL, ids=lambda path: path.name)
def test_every_import_of_an_example_is_there(page):
    for language, code in CODE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            for statement in re.findall(r"^(?:from kashmag|import kashmag).*$", code, re.MULTILINE):
                if not statement.endswith("("):
                    exec(statement, {})


def test_the_errors_page_runs():
    for language, code in CODE.findall((DOCS / "errors.md").read_text(encoding="utf-8")):
        if language == "python":
            exec(code, {})


SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")


def rows(heading):
    part = SETTINGS.split(f"`[policy{heading}]`", 1)[1].split("\n#", 1)[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", part, re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("", Policy),
        (".nominals", policy.Nominals),
        (".payments", policy.PaymentRule),
        (".test_orders", policy.TestOrders),
        (".not_of_the_shop", policy.NotOfTheShop),
        (".limits", policy.Limits),
    ],
)
def test_every_policy_key_is_documented_with_its_default(heading, record):
    told = rows(heading)
    assert set(told) == {one.name for one in attrs.fields(record)}
    for one in attrs.fields(record):
        if one.default is attrs.NOTHING:
            assert told[one.name].strip() == "required"
        elif not isinstance(one.default, attrs.Factory):
            assert told[one.name].strip().strip("`") == shown(one.default), one.name


def shown(default):
    if default is None:
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return "[" + ", ".join(f'"{one}"' for one in default) + "]"
    value = getattr(default, "value", default)
    return str(value) if isinstance(value, int) else f'"{value}"'


def test_every_choice_of_the_policy_is_documented():
    kinds = [kind for kind in vars(policy).values() if isinstance(kind, type)]
    for kind in kinds:
        if issubclass(kind, Enum) and kind is not Enum:
            for choice in kind:
                assert f'"{choice.value}"' in SETTINGS, choice


def test_every_variable_is_documented_beside_its_key():
    for name, (section, key) in VARIABLES.items():
        assert f"| `{section}.{key}` | `{name}` |" in SETTINGS
    assert set(VARIABLES.values()) == {
        (section, key) for section, keys in SECTIONS.items() for key in keys
    }


def test_the_settings_page_shows_a_file_that_can_be_read(tmp_path):
    from kashmag.settings import Settings

    toml = next(code for language, code in CODE.findall(SETTINGS) if language == "toml")
    (tmp_path / "kashmag.toml").write_text(toml, encoding="utf-8")
    settings = Settings.load(tmp_path / "kashmag.toml", "qa", {})
    assert settings.policy.numbering.value == "order"
    assert settings.rules == ("./our_rules.py",)
