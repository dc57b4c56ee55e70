"""A stub for every test here, and a client that has its key."""

from collections.abc import Iterator

import httpx
import pytest
from bluejay_contract.stub import Stub


@pytest.fixture(scope="session")
def running_stub() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(running_stub: Stub) -> Stub:
    """A stub that remembers nothing of the tests before."""
    running_stub.reset()
    return running_stub


@pytest.fixture
def client(stub: Stub) -> Iterator[httpx.Client]:
    """A client at the operation's path, with the stub's key."""
    base_url = f"{stub.url}/v1/retrieve-simulation-results/"
    with httpx.Client(base_url=base_url, headers={"X-API-Key": "test-key"}, trust_env=False) as client:
        yield client
