"""Creates clients for use with a stub.

The stub imports this module lazily because the stub must also work without the client's code.
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
    """Create a client. These environment variables are set only during its creation."""
    # httpx reads its proxies only from the process environment.
    with _ENVIRONMENT, patch.dict(os.environ, environment):
        return BluejayClient(**options)
