"""Our client, as called by `contract-kit`: one function that calls any operation."""

from __future__ import annotations

from typing import Any

from bluejay_results import BluejayClient

from ..operations import TRAITS


def call(url: str, operation: str, _arguments: dict[str, Any]) -> object:
    """Call an operation with the id in the contract's example."""
    described = TRAITS[operation]
    with BluejayClient("test-key", url, retries=0) as client:
        return described.call(client, described.requested)
