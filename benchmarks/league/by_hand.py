"""A client written by hand, with requests: it raises for error statuses, and parses bodies with `json()`."""

from __future__ import annotations

from typing import Any

import requests


def call(request: dict[str, Any]) -> Any:
    """Request the operation and parse the body."""
    url = request["url"] + request["path"]
    response = requests.request(
        request["method"], url, headers=request["headers"], json=request.get("body"), timeout=10
    )
    response.raise_for_status()
    return response.json()
