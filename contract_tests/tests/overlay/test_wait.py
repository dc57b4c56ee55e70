"""Waiting until a run is settled: the result, and what a wait does after each poll."""

import pytest
from bluejay_results import (
    ConnectionFailedError,
)

from .. import builders
from .answers import UNSCORED, listed
from .conftest import MakeReader

RUNNING = listed(builders.result(**UNSCORED), status="RUNNING")


def test_wait_fails_immediately_if_the_first_poll_cannot_connect(
    make_either: MakeReader, closed: str
) -> None:
    """If the URL is wrong, a wait shouldn't take 25 minutes. After a successful poll, it would continue."""
    with pytest.raises(ConnectionFailedError):
        make_either(base_url=closed).wait("48213")
