"""Creates clients for use with a stub.

The stub imports this module only when needed, because the stub must work without the client's code.
"""

import os
from collections.abc import Mapping
from threading import Lock
from typing import Any
from unittest.mock import patch

from bluejay_results import BluejayClient

__all__ = ["BluejayClient", "make_client"]

_ENVIRONMENT = Lock()


def make_client(environment: Mapping[str, str], **options: Any) -> BluejayClient:
    """Return a client. The environment contains these variables only while the client is created."""
    # httpx reads its proxies only from the process environment.
    with _ENVIRONMENT, patch.dict(os.environ, environment):
        return BluejayClient(**options)
