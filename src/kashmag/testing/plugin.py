"""The pytest plugin: installed with kashmag, it gives its fixtures to every test suite.

    def test_books_have_a_nominal_of_their_own(kashmag_engine, magento_sandbox, kashflow_sandbox):
        order = place_order(magento_sandbox, ("BOOK-1", "12.00"))
        kashmag_engine.sync()
        invoice = assert_posted_once(kashflow_sandbox, order)

Override `kashmag_policy`, `kashmag_plugins`, `kashmag_options`, `magento_faults` or
`kashflow_faults` in your own tests; each is made anew for each test.

pytest imports this module at every start, in every project that has kashmag installed: so nothing
is imported here before a fixture is asked for, and the stand-ins' extra may be missing. What the
fixtures are is said in their docstrings.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def magento_faults() -> object:
    """The shop's bad days (`Faults`); none. Override it: `Faults.named("slow")`."""
    from kashmag.sandbox.faults import Faults

    return Faults.none()


@pytest.fixture
def kashflow_faults() -> object:
    """The account's bad days (`Faults`); none. Override it: `Faults.named("cut_after", seed=7)`."""
    from kashmag.sandbox.faults import Faults

    return Faults.none()


@pytest.fixture
def kashmag_policy() -> object:
    """The bookkeeper's answers (`Policy`): usual methods are posted to account 1. Override it."""
    from kashmag.testing.worlds import POLICY

    return POLICY


@pytest.fixture
def kashmag_plugins() -> object:
    """Your plugins: a list of modules or objects with hooks. Override it."""
    return ()


@pytest.fixture
def kashmag_options() -> object:
    """The engine's durations (`EngineOptions`). Override it."""
    from kashmag.engine.options import EngineOptions

    return EngineOptions()


@pytest.fixture
def kashmag_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[object]:
    """Shop, account, logbook and clock together (`kashmag.testing.worlds.World`)."""
    from kashmag.testing.worlds import World

    world = World(
        tmp_path,
        policy=request.getfixturevalue("kashmag_policy"),
        options=request.getfixturevalue("kashmag_options"),
        magento_faults=request.getfixturevalue("magento_faults"),
        kashflow_faults=request.getfixturevalue("kashflow_faults"),
    )
    yield world
    world.account.close()
    world.shop.close()


@pytest.fixture
def kashmag_time(request: pytest.FixtureRequest) -> object:
    """What time it is for everybody (`TurnedClock`): it stands still until you `advance` it."""
    return request.getfixturevalue("kashmag_world").time


@pytest.fixture
def magento_sandbox(request: pytest.FixtureRequest) -> object:
    """A shop without orders (`MagentoSandbox`): `place_order`, `load_recorded`, `add_orders`."""
    return request.getfixturevalue("kashmag_world").shop


@pytest.fixture
def kashflow_sandbox(request: pytest.FixtureRequest) -> object:
    """A KashFlow account as new (`KashflowSandbox`)."""
    return request.getfixturevalue("kashmag_world").account


@pytest.fixture
def kashmag_engine(request: pytest.FixtureRequest) -> object:
    """An engine between the two (`Desk`): `plan`, `apply`, `sync`; in async tests `opened`."""
    from kashmag.testing.desk import Desk

    return Desk(
        request.getfixturevalue("kashmag_world"),
        plugins=request.getfixturevalue("kashmag_plugins"),
    )
