"""The examples run, as their users would run them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from attrs import evolve

from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.settings import ORDERS_ONLY
from kashmag.sandbox.serving import serving

EXAMPLES = Path(__file__).parents[2] / "examples"


async def run(url: str, keys, name: str, *words: str, told: str = "") -> tuple[int, str]:
    environment = {
        **os.environ,
        "KASHMAG_MAGENTO_URL": url,
        "KASHMAG_MAGENTO_CONSUMER_KEY": keys.consumer_key,
        "KASHMAG_MAGENTO_CONSUMER_SECRET": keys.consumer_secret,
        "KASHMAG_MAGENTO_ACCESS_TOKEN": keys.access_token,
        "KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET": keys.access_token_secret,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / name),
        *words,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate(told.encode())
    assert process.returncode is not None
    return process.returncode, said.decode()


@pytest.fixture
async def shop():
    made = MagentoSandbox(seed=1)
    made.load_recorded()
    async with serving(made.app) as url:
        yield url, made.credentials


async def test_the_orders_are_printed(shop) -> None:
    code, said = await run(*shop, "magento_orders_since.py", "36500")
    assert code == 0, said
    assert len(said.splitlines()) == 13
    assert "000000001,complete," in said


async def test_the_vat_is_added_up_by_rate(shop) -> None:
    code, said = await run(*shop, "magento_vat_by_rate.py", "36500")
    assert code == 0, said
    assert [line.split()[0] for line in said.splitlines()] == ["5", "20"]


async def test_stock_is_compared_first_and_written_when_told_to(shop) -> None:
    stock = "WH-PEN-02,41\nWH-MUG-01,42.5\n"
    code, said = await run(*shop, "magento_set_stock.py", "leeds", told=stock)
    assert code == 0, said
    assert "WH-PEN-02:" in said
    code, again = await run(*shop, "magento_set_stock.py", "leeds", "--write", told=stock)
    assert (code, again) == (0, said)
    code, done = await run(*shop, "magento_set_stock.py", "leeds", told=stock)
    assert (code, done) == (0, "")
    code, refused = await run(*shop, "magento_set_stock.py", "leeds", told="NOPE,1\n")
    assert (code, refused) == (1, "no such SKU: NOPE\n")


async def test_access_is_checked_permission_by_permission(shop) -> None:
    url, keys = shop
    code, said = await run(url, keys, "magento_check_access.py")
    assert code == 0, said
    assert set(line.partition(": ")[2] for line in said.splitlines()) == {"yes"}  # noqa: C401
    code, said = await run(url, ORDERS_ONLY, "magento_check_access.py")
    assert code == 2
    assert "orders: yes" in said
    assert "customers: no." in said
    wrong = evolve(keys, consumer_secret="x" * 32)
    code, said = await run(url, wrong, "magento_check_access.py")
    assert "Nothing is allowed" in said
    assert "xxxx" not in said
