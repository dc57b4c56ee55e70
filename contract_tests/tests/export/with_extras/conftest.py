"""The fixtures that `make test-export` shares with the suite: a stub and the command."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from ...cli.command import CANARY, InProcess
from ...fork_server import programs


@pytest.fixture(scope="session")
def stub() -> Iterator[Stub]:
    """A stub that accepts the canary, a key that no output may contain."""
    with Stub(api_key=CANARY) as running:
        yield running


@pytest.fixture(scope="session")
def command(stub: Stub) -> InProcess:
    """The command, run in the process of the test, with the stub as its service."""
    return InProcess(stub.url)


@pytest.fixture
def environment(stub: Stub) -> dict[str, str]:
    """The environment of a user whose service is the stub."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(programs())])
    return os.environ | stub.environment | {"COLUMNS": "120", "PATH": path}
