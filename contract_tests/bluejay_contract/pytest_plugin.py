"""Fixtures for tests of code that reads simulation results; pytest loads them by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .stub import Stub


@pytest.fixture(scope="session")
def _bluejay_stub_server() -> Iterator[Stub]:
    from .stub import Stub  # loaded late: a test run that asks for no stub shouldn't pay for one

    with Stub() as stub:
        yield stub


@pytest.fixture
def bluejay_stub(_bluejay_stub_server: Stub) -> Stub:
    """A stub of the service on loopback that remembers nothing of earlier tests."""
    _bluejay_stub_server.reset()
    return _bluejay_stub_server
