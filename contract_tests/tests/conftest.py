"""What every test may use."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from bluejay_contract.contract import Contract
from hypothesis import HealthCheck, settings

from .outside import settings_from_outside

settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("quick"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts background jobs with Ctrl-C ignored, but tests send it to processes that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # `nohup` starts programs with SIGHUP ignored. This handler keeps a SIGHUP from ending the tests.
    signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract under test."""
    return Contract.load()


@pytest.fixture(scope="session")
def closed() -> Iterator[str]:
    """A URL where nothing listens, on a port that nobody else can take."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(scope="session")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one certificate for clients to load, because loading the file of httpx takes 7 ms."""
    path = tmp_path_factory.mktemp("certificates") / "authority.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, _authority: Path) -> None:
    for name in settings_from_outside():
        monkeypatch.delenv(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(_authority))
