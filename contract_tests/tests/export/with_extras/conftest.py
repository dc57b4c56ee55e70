"""Fixtures that `make test-export` shares with the suite: a stub and the command."""

import os
import sys
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from ...cli.conftest import command as command
from ...cli.conftest import saved as saved
from ...cli.conftest import stub as stub
from ...fork_server import programs


@pytest.fixture(scope="module", autouse=True)
def _no_leaks() -> None:
    """Allow leaks: Dask keeps the threads of its pools and of its event loop."""


@pytest.fixture
def environment(stub: Stub) -> dict[str, str]:
    """The environment variables of a user whose service is the stub."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(programs())])
    return os.environ | stub.environment | {"COLUMNS": "120", "PATH": path}
