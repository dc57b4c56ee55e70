"""A stub for the tests in this folder, and clients with its key."""

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
    """A stub without any state from earlier tests."""
    running_stub.reset()
    return running_stub


@pytest.fixture
def client(stub: Stub) -> Iterator[httpx.Client]:
    """A client with the stub's key. Its request paths consist of the run id and the query."""
    url, headers = f"{stub.url}/v1/retrieve-simulation-results/", {"X-API-Key": stub.api_key}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        yield client
