"""The client, set up for a stub or to be judged.

The stub loads this module late: it answers without code of the client.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import pytest
from bluejay_results import BluejayClient, BluejayError

__all__ = ["BluejayClient", "JudgedClient", "make_client"]

_ENVIRONMENT = Lock()


def make_client(environment: Mapping[str, str], **options: Any) -> BluejayClient:
    """Return a client with these settings; the process has them only while the client is made."""
    # httpx takes its proxies from the environment of the process, and from nowhere else.
    with _ENVIRONMENT, pytest.MonkeyPatch.context() as process:
        for name, value in environment.items():
            process.setenv(name, value)
        return BluejayClient(**options)


class JudgedClient:
    """The client as a judge sees it: what it makes of a response, by name."""

    def __init__(self, key: str, url: str) -> None:
        self._client = BluejayClient(key, url, retries=0)

    def error_of(self, run_id: str) -> str:
        """Fetch a run. Return the name of the error that this raises; empty if it is accepted."""
        try:
            self._client.retrieve(run_id)
        except BluejayError as error:
            return type(error).__name__
        return ""

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()
