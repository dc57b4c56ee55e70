"""Creates clients for use with a stub.

The stub imports this module only when needed, because it must work without the client's code.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from bluejay_results import BluejayClient

__all__ = ["BluejayClient", "make_client"]

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
