"""The options of the commands."""

from __future__ import annotations

from attrs import frozen
from bluejay_results.cli.connection import Connection

TEST_KEY = "test-key"
"""The key that the stub accepts unless an option names another key."""


@frozen
class Options:
    """The options of `check` and `live`.

    Attributes:
        connection: How to reach the service.
        strict: Whether drift counts.
    """

    connection: Connection
    strict: bool
