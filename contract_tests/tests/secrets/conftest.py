"""A stub that accepts the canary as its key."""

from collections.abc import Iterator

import pytest
from bluejay_contract.stub import Stub

from .canary import KEY


@pytest.fixture(scope="session")
def stub() -> Iterator[Stub]:
    """A stub that accepts the canary and no other key."""
    with Stub(api_key=KEY) as running:
        yield running
