"""Reading a run with 1,000 conversations, 50 of which are fetched by id, at 20 ms per response."""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from .build import GAPS as LEFT_OUT
from .case import Case, Measure, timed
from .server import GAPS, PATH, RESULT_PATH, serving

DELAY = 0.02
"""How long the service takes for each response, in seconds."""

Get = Callable[[], Any]


def _ours(url: str) -> Get:
    from bluejay_results import BluejayClient

    client = BluejayClient("test-key", url)

    def get() -> None:
        run = client.retrieve(GAPS, complete=True)
        if len(run.responses) != 1 + LEFT_OUT or run.parts.failed_fetches:
            raise RuntimeError(f"{len(run.responses)} responses instead of {1 + LEFT_OUT}")

    return get


def _httpx(url: str) -> Get:
    import httpx

    client = httpx.Client(base_url=url, headers={"X-API-Key": "test-key"})

    def get() -> None:
        run = json.loads(client.get(PATH + GAPS).content)
        for each in run["simulation_results"]:
            if any(tool["expected"] for tool in each["tool_calls"] or ()) and not any(
                tool["actual"] for tool in each["tool_calls"]
            ):
                each |= json.loads(client.get(f"{RESULT_PATH}{each['id']}").content)["simulation_result"]

    return get


CLIENTS: dict[str, Callable[[str], Get]] = {"ours": _ours, "httpx, one after the other": _httpx}


def _prepare(contender: str) -> Measure:
    server = serving(DELAY)
    url = server.__enter__()
    atexit.register(server.__exit__, None, None, None)
    get = CLIENTS[contender](url)
    get()  # loads the client and connects
    return timed(get)


CASES = [
    Case("reread 50 of 1,000 conversations", each, partial(_prepare, each), values=1, rounds=9)
    for each in CLIENTS
]
