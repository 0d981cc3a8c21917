"""Both stand-ins on loopback ports, for `sandbox` and `demo`."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from attrs import field, frozen

from kashmag.cli.wanted import Wanted
from kashmag.errors import SettingsError
from kashmag.sandbox.asgi import App
from kashmag.sandbox.faults import Faults
from kashmag.sandbox.kashflow import KashflowSandbox
from kashmag.sandbox.magento import MagentoSandbox
from kashmag.sandbox.magento.package_data import recorded_documents
from kashmag.sandbox.serving import serving
from kashmag.sandbox.workload import fill


@frozen
class StandIns:
    """Two running stand-ins and where they are."""

    magento: MagentoSandbox
    kashflow: KashflowSandbox
    magento_url: str = field(kw_only=True)
    kashflow_url: str = field(kw_only=True)

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables that point kashmag at them."""
        shop, accounts = self.magento.credentials, self.kashflow.credentials
        return {
            "KASHMAG_MAGENTO_URL": self.magento_url,
            "KASHMAG_MAGENTO_CONSUMER_KEY": shop.consumer_key,
            "KASHMAG_MAGENTO_CONSUMER_SECRET": shop.consumer_secret,
            "KASHMAG_MAGENTO_ACCESS_TOKEN": shop.access_token,
            "KASHMAG_MAGENTO_ACCESS_TOKEN_SECRET": shop.access_token_secret,
            "KASHMAG_KASHFLOW_URL": self.kashflow_url,
            "KASHMAG_KASHFLOW_USERNAME": accounts.user_name,
            "KASHMAG_KASHFLOW_PASSWORD": accounts.password,
            "KASHMAG_KASHFLOW_MEMORABLE_WORD": accounts.memorable_word,
        }


@contextlib.asynccontextmanager
async def stand_ins(wanted: Wanted) -> AsyncIterator[StandIns]:
    """Run both stand-ins while the block runs.

    Raises:
        SettingsError: a port is taken, the folder cannot be written, or there is no such bad day.
    """
    faults = _faults(wanted)
    magento = MagentoSandbox(seed=wanted.seed, faults=faults, state=_state(wanted, "magento"))
    kashflow = KashflowSandbox(seed=wanted.seed, faults=faults, state=_state(wanted, "kashflow"))
    load(magento, wanted)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(magento.close)
        stack.callback(kashflow.close)
        shop = await _served(stack, magento.app, wanted.magento_port)
        accounts = await _served(stack, kashflow.app, wanted.kashflow_port)
        yield StandIns(magento, kashflow, magento_url=shop, kashflow_url=f"{accounts}/v2")


def _faults(wanted: Wanted) -> Faults:
    if wanted.faults.endswith(".toml"):
        return Faults.from_file(Path(wanted.faults))
    return Faults.named(wanted.faults, seed=wanted.seed)


def _state(wanted: Wanted, vendor: str) -> Path | None:
    if wanted.folder is None:
        return None
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"the folder {wanted.folder} cannot be made: {error.strerror}"
        ) from error
    return wanted.folder / f"{vendor}.sqlite"


def load(magento: MagentoSandbox, wanted: Wanted) -> None:
    """Load the recorded orders and as many generated ones as wanted; again changes nothing.

    Raises:
        SettingsError: the folder holds a shop with other orders than are wanted now.
    """
    magento.load_recorded()
    recorded = len(recorded_documents("orders")["order"])
    there = len(magento.shop.orders)
    if there > recorded:
        _refuse_another_shop(wanted)
    elif wanted.orders:
        fill(magento, wanted.orders, seed=wanted.seed)
        if wanted.folder is not None:
            _note(wanted.folder).write_text(_told(wanted), encoding="utf-8")


def _refuse_another_shop(wanted: Wanted) -> None:
    if not wanted.orders or wanted.folder is None:
        return
    note = _note(wanted.folder)
    before = note.read_text(encoding="utf-8") if note.is_file() else ""
    if before != _told(wanted):
        raise SettingsError(
            f"the shop in {wanted.folder} was filled with other orders ({before or 'unknown'}): "
            "name another folder, or begin anew with --reset"
        )


def _note(folder: Path) -> Path:
    return folder / "orders.txt"


def _told(wanted: Wanted) -> str:
    return f"--orders {wanted.orders} --seed {wanted.seed}"


async def _served(stack: contextlib.AsyncExitStack, app: App, port: int) -> str:
    try:
        return await stack.enter_async_context(serving(app, port=port))
    except OSError as error:
        raise SettingsError(f"port {port} cannot be used: {error.strerror or error}") from error
