"""Fixtures: a folder with a document and a client, where commands run, and clients to call directly."""

import math
import os
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from contract_kit.derive.model import Mutant
from contract_kit.judge.client_run import run_mutant
from contract_kit.judge.results import Result
from contract_kit.serve.clients import Client, PythonClient
from contract_kit.serve.server import KitServer

from .command import CLIENT, DOCUMENT, Run, run
from .environment import SETTINGS
from .environment import closed as closed
from .fakes import MODULE, FakeCatalogue, Judge, Write, mutant


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the user's settings for proxies, terminals and CI systems."""
    for name in [each for each in os.environ if each.lower().startswith(SETTINGS)]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with `orders.yaml` and `client.py`."""
    (tmp_path / "orders.yaml").write_text(DOCUMENT)
    (tmp_path / "client.py").write_text(CLIENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def kit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `contract-kit` in this process, in `folder`. It prints no progress, even on a slow machine."""
    assert folder == Path.cwd()
    monkeypatch.setattr("contract_kit.terminal._SECONDS_PER_LINE", math.inf)
    return run


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes a client's module with the given body, and returns the client."""
    monkeypatch.chdir(tmp_path)

    def write(body: str, *refuses: str) -> Client:
        function = f"def call(url, operation, arguments):\n{textwrap.indent(body, '    ')}\n"
        Path("client.py").write_text(MODULE + function)
        return PythonClient("client:call", refuses or ("client:RefusedError",))

    return write


@pytest.fixture(scope="session")
def empty_server() -> Iterator[KitServer]:
    """A server without mutants of its own, which serves only mutants that a test offers."""
    with KitServer(FakeCatalogue(())) as running:
        yield running


@pytest.fixture
def row(empty_server: KitServer) -> Iterator[Judge]:
    """Serve a mutant to a client, and return the result."""
    with ExitStack() as stack:

        def call(client: Client, given: Mutant | None = None, timeout: float = 20) -> Result:
            caller = client.caller(timeout)
            stack.callback(caller.close)
            return run_mutant(empty_server, caller, given or mutant("broken"))

        yield call
