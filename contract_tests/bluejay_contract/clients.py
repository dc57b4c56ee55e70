"""The client, set up for a stub. The stub loads this module late: it answers without code of the client."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import pytest
from bluejay_results import BluejayClient

__all__ = ["BluejayClient", "make_client"]

_ENVIRONMENT = Lock()


def make_client(environment: Mapping[str, str], **options: Any) -> BluejayClient:
    """Return a client with these settings; the process has them only while the client is made."""
    # httpx takes its proxies from the environment of the process, and from nowhere else.
    with _ENVIRONMENT, pytest.MonkeyPatch.context() as process:
        for name, value in environment.items():
            process.setenv(name, value)
        return BluejayClient(**options)
