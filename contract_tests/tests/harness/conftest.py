"""The `bluejay-contract` command, and a stub that accepts its key."""

from collections.abc import Iterator

import pytest
from bluejay_contract.stub import Stub

from ..cli.command import CANARY, COMMAND, InProcess


@pytest.fixture(scope="session")
def running_stub() -> Iterator[Stub]:
    with Stub(api_key=CANARY) as stub:
        yield stub


@pytest.fixture
def stub(running_stub: Stub) -> Iterator[Stub]:
    """A stub, reset before the test, that accepts the canary: a key that no output may contain."""
    running_stub.reset()
    yield running_stub
    running_stub.reset()


@pytest.fixture(scope="session")
def command(running_stub: Stub) -> InProcess:
    """The command, run in the test's process, with the stub as its service."""
    return InProcess(running_stub.url, COMMAND.with_name("bluejay-contract"))
