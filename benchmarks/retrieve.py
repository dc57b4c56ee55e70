"""Retrieving one run over loopback with the blocking client."""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from .case import Case, Measure, timed
from .server import PATH, serving

Get = Callable[[str], Any]


def _ours(url: str) -> Get:
    from bluejay_results import BluejayClient

    return BluejayClient("test-key", url).retrieve


def _httpx(url: str) -> Get:
    import httpx

    client = httpx.Client(base_url=url)
    return lambda run: json.loads(client.get(f"{PATH}{run}", headers={"X-API-Key": "test-key"}).content)


def _sdk(url: str) -> Get:
    from importlib import import_module

    client = import_module("bluejay").Bluejay(server_url=url, api_key="test-key")
    return lambda run: client.retrieve_simulation_results.retrieve_simulation_results(simulation_run_id=run)


CLIENTS: dict[str, Callable[[str], Get]] = {
    "ours": _ours,
    "httpx.Client.get, json.loads": _httpx,
    "bluejay-sdk": _sdk,
}


def _prepare(contender: str, conversations: int) -> Measure:
    server = serving()
    url = server.__enter__()
    atexit.register(server.__exit__, None, None, None)
    return timed(partial(CLIENTS[contender](url), str(conversations)))


CASES = [
    *(Case("retrieve 7 kB", each, partial(_prepare, each, 1), loops=50, rounds=9) for each in CLIENTS),
    *(Case("retrieve 7 MB", each, partial(_prepare, each, 1_000), rounds=5) for each in CLIENTS),
]
