"""Bare httpx: no types."""

from typing import Any

import httpx


def get(url: str, arguments: dict[str, Any]) -> httpx.Response:
    """Request the run, and raise for an error status."""
    path = f"/v1/retrieve-simulation-results/{arguments['simulation_run_id']}"
    return httpx.get(url + path, headers={"X-API-Key": "test-key"}).raise_for_status()


def call(url: str, _: str, arguments: dict[str, Any]) -> Any:
    """Retrieve the run."""
    return get(url, arguments).json()
