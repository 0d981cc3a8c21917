"""The recipes of the documentation run as they stand."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from kashmag import magento
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.serving import serving

PAGE = Path(__file__).parents[2] / "docs" / "magento-recipes.md"
RECIPES = re.findall(r"^## (.+?)\n.*?^```python\n(.*?)^```", PAGE.read_text(), re.M | re.S)
TOP_LEVEL_AWAIT = 0x2000


@pytest.mark.parametrize(("name", "code"), RECIPES, ids=[name for name, _ in RECIPES])
async def test_a_recipe_runs(name: str, code: str) -> None:
    made = MagentoSandbox(seed=1)
    made.load_recorded()
    told = made.credentials
    auth = magento.OAuth1(
        consumer_key=told.consumer_key,
        consumer_secret=told.consumer_secret,
        access_token=told.access_token,
        access_token_secret=told.access_token_secret,
    )
    async with serving(made.app) as url, magento.Client(url, auth=auth) as shop:
        step = eval(compile(code, name, "exec", flags=TOP_LEVEL_AWAIT), {"shop": shop})
        if inspect.isawaitable(step):
            await step


def test_there_are_recipes() -> None:
    assert len(RECIPES) > 10
