"""A handwritten client with requests, which raises for error statuses and parses bodies with `json()`."""

from __future__ import annotations

from typing import Any

import requests


def call(request: dict[str, Any]) -> Any:
    """Send the request and parse the response body."""
    url = request["url"] + request["path"]
    response = requests.request(
        request["method"], url, headers=request["headers"], json=request.get("body"), timeout=10
    )
    response.raise_for_status()
    return response.json()
