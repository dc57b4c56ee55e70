"""Creates clients for use with a stub, or by the judges.

The stub imports this module only when needed, because it must work without the client's code.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from bluejay_results import BluejayClient, BluejayError

__all__ = ["BluejayClient", "JudgedClient", "make_client"]

_ENVIRONMENT = Lock()


def make_client(environment: Mapping[str, str], **options: Any) -> BluejayClient:
    """Return a client. The environment contains these variables only while the client is created."""
    # httpx takes its proxies from the environment of the process, and from nowhere else.
    with _ENVIRONMENT, _variables(environment):
        return BluejayClient(**options)


@contextmanager
def _variables(environment: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables of this process, and restore them afterwards."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class JudgedClient:
    """Calls the client for a judge, and returns the name of the error that a response causes."""

    def __init__(self, key: str, url: str) -> None:
        self._client = BluejayClient(key, url, retries=0)

    def error_of(self, call: Callable[[BluejayClient], object]) -> str:
        """Call the client. Return the name of the error that it raises; empty if it accepts the response."""
        try:
            call(self._client)
        except BluejayError as error:
            return type(error).__name__
        return ""

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()
