"""Fixtures for tests of code that reads simulation results. Pytest loads this plugin automatically."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .stub import Stub


@pytest.fixture(scope="session")
def _bluejay_stub_server() -> Iterator[Stub]:
    try:
        from .stub import Stub  # imported late: tests without a stub don't need it
    except ModuleNotFoundError as error:
        from .installing import install_advice

        pytest.fail(install_advice(error, "stub"), pytrace=False)
    with Stub() as stub:
        yield stub


@pytest.fixture
def bluejay_stub(_bluejay_stub_server: Stub) -> Stub:
    """A stub of the service on loopback, reset before each test."""
    _bluejay_stub_server.reset()
    return _bluejay_stub_server


@pytest.fixture
def bluejay_stub_env(bluejay_stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """A stub for `BluejayClient()` and `bluejay-results`, which find it through environment variables.

    Sets BLUEJAY_API_URL, BLUEJAY_API_KEY and NO_PROXY; unsets other key sources.
    """
    monkeypatch.delenv("BLUEJAY_API_KEY_FILE", raising=False)
    for name, value in bluejay_stub.environment.items():
        monkeypatch.setenv(name, value)
    return bluejay_stub
