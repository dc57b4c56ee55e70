"""The machine on which a CI system runs the gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from .machine import KEY, Machine


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A stub whose queued runs end soon."""
    with Stub(api_key=KEY, queued_run_seconds=0.2) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, stub: Stub) -> Machine:
    return Machine(tmp_path / "checkout", stub)
