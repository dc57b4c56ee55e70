"""Fixtures for all tests."""

import gc
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from bluejay_contract.contract import Contract
from contract_kit.tests.environment import closed as closed

from .outside import settings_from_outside

SHARED = {"stub"}
"""The threads of servers that several modules share."""


def pytest_collection_finish() -> None:
    """Let the search for garbage after each module skip everything that was imported."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _no_leaks() -> Iterator[None]:
    """Fail after a module that left a thread, a socket, a file or an event loop open."""
    before = {*threading.enumerate()}
    yield
    end = time.monotonic() + 5
    for each in threading.enumerate():
        if each not in before and each.name not in SHARED:
            each.join(max(0.0, end - time.monotonic()))  # it may be about to end
            assert not each.is_alive(), f"{each} has not ended"
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert [str(each.message) for each in found] == []


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load()


@pytest.fixture(scope="session")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a single certificate for clients to load; loading httpx's own file takes 7 ms."""
    path = tmp_path_factory.mktemp("certificates") / "authority.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, _authority: Path) -> None:
    for name in settings_from_outside():
        monkeypatch.delenv(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(_authority))
