"""What holds for every test: no network but loopback, no settings of the machine, no home."""

import os
import socket

import pytest
from hypothesis import HealthCheck, settings

# A red build must mean a broken change: the laws try the same examples every time, until code or
# law changes. `make laws` lets them try new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("LAWS", "steady"))

LOOPBACK = ("127.0.0.1", "::1", "localhost", "", None)


class NetworkRefusedError(AssertionError):
    """A test has tried to leave the machine."""


def _refuse(host):
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOOPBACK:
        raise NetworkRefusedError(f"tests do not leave this machine, not even to {name}")


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """Refuse every connection and every look-up of a name that is not loopback."""
    connect, connect_ex, look_up = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded(original):
        def call(self, address, *rest):
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse(address[0])
            return original(self, address, *rest)

        return call

    def guarded_look_up(host, *rest, **named):
        _refuse(host)
        return look_up(host, *rest, **named)

    socket.socket.connect, socket.socket.connect_ex = guarded(connect), guarded(connect_ex)
    socket.getaddrinfo = guarded_look_up
    yield
    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
    socket.getaddrinfo = look_up


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch, tmp_path_factory):
    """Forget KASHMAG_ variables, and keep data folders out of the home."""
    for name in [name for name in os.environ if name.startswith("KASHMAG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))
