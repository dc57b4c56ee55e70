"""The options of the commands."""

from __future__ import annotations

from attrs import frozen
from bluejay_results.cli.key import KeyOptions

TEST_KEY = "test-key"
"""The key that the stub accepts unless an option names another key."""


@frozen
class Options:
    """The options of `check` and `live`.

    Attributes:
        base_url: The service's base URL; None to read it from the environment.
        key: The options that name the source of the API key.
        max_bytes: The maximum size of a body.
        strict: Whether drift counts.
    """

    base_url: str | None
    key: KeyOptions
    max_bytes: int
    strict: bool
