"""Our client, as called by `contract-kit`: one function that calls any operation."""

from __future__ import annotations

from typing import Any

import httpx
from bluejay_results import BluejayClient

from ..operations import TRAITS

HTTP = httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
"""Making a client for each call would take most of the time."""


def call(url: str, operation: str, _arguments: dict[str, Any]) -> object:
    """Call an operation with the id in the contract's example."""
    described = TRAITS[operation]
    with BluejayClient("test-key", url, retries=0, http_client=HTTP) as client:
        return described.call(client, described.requested)
