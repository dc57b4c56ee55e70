"""Fixtures for all tests."""

from pathlib import Path

import pytest
import trustme
from bluejay_contract.contract import Contract
from contract_kit.tests.environment import closed as closed

from .outside import settings_from_outside


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
