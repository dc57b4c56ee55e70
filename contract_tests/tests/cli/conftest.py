"""The command, and a stub that accepts its key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import Clock

from ..fork_server import programs
from ..overlay.conftest import ManualClock
from .command import CANARY, COMMAND, Command, InProcess


@pytest.fixture(scope="session")
def stub() -> Iterator[Stub]:
    """A stub that accepts the canary, a key that no output may contain."""
    with Stub(api_key=CANARY) as running:
        yield running


@pytest.fixture
def command(stub: Stub) -> InProcess:
    """The command, run in the test's process, with the stub as its service."""
    return InProcess(stub.url)


@pytest.fixture
def process(stub: Stub) -> Command:
    """The command, run in a process that is forked, with the stub as its service."""
    return Command(stub.url, programs() / COMMAND.name)


@pytest.fixture
def new_process(stub: Stub) -> Command:
    """The command, run in a process that starts with the interpreter, with the stub as its service."""
    return Command(stub.url)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock for commands in the test's process; it advances only while a command sleeps."""
    clock = ManualClock()
    monkeypatch.setattr(Clock, "now", lambda _: clock.now())
    monkeypatch.setattr(Clock, "sleep", lambda _, seconds: clock.sleep(seconds))
    return clock


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the settled run."""
    path = tmp_path_factory.mktemp("saved") / "run.json"
    path.write_bytes(SCENARIOS["settled"].bodies[-1])
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with saved runs and a pyproject.toml without rules."""
    (tmp_path / "pyproject.toml").write_text("")
    for name in ("settled", "all_passed", "repeats"):
        (tmp_path / f"{name}.json").write_bytes(SCENARIOS[name].bodies[-1])
    return tmp_path
