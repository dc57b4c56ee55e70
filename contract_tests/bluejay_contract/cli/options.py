"""What the options of a command come to."""

from __future__ import annotations

from attrs import frozen
from bluejay_results.cli.key import KeyOptions

TEST_KEY = "test-key"
"""The key that the stub accepts unless an option names another."""


@frozen
class Options:
    """How to judge.

    Attributes:
        base_url: Where the service is; None when the environment says it.
        key: Where the API key is.
        max_bytes: The largest body to judge.
        strict: Whether drift counts.
    """

    base_url: str | None
    key: KeyOptions
    max_bytes: int
    strict: bool
