"""Fetching a thousand runs of 70 kB, several in parallel: time and peak memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

from .case import Case, Measure, peak_memory, timed
from .server import PATH, serving

CONCURRENCY = 16
RUN = "10"
"""The id of a run with ten conversations, 70 kB."""

Get = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def _ours(url: str) -> AsyncIterator[Get]:
    from bluejay_results import AsyncBluejayClient

    async with AsyncBluejayClient("test-key", url) as client:
        yield partial(client.retrieve, RUN)


@asynccontextmanager
async def _httpx_json(url: str) -> AsyncIterator[Get]:
    async with _httpx(url) as get:

        async def get_json() -> Any:
            return json.loads((await get()).content)

        yield get_json


@asynccontextmanager
async def _httpx(url: str) -> AsyncIterator[Get]:
    import httpx

    async with httpx.AsyncClient(base_url=url, headers={"X-API-Key": "test-key"}) as client:
        yield partial(client.get, PATH + RUN)


CLIENTS: dict[str, Callable[[str], AbstractAsyncContextManager[Get]]] = {
    "ours": _ours,
    "httpx.AsyncClient.get, json.loads": _httpx_json,
    "httpx.AsyncClient.get alone": _httpx,
}


async def fetch(contender: str, url: str, count: int) -> None:
    """Fetch a run `count` times, `CONCURRENCY` at a time, and discard the responses."""
    left = iter(range(count))
    async with CLIENTS[contender](url) as get:

        async def take_turns() -> None:
            for _ in left:
                await get()

        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENCY):
                group.create_task(take_turns())


def _prepare(contender: str, count: int, measure: Callable[[Callable[[], Any]], Measure]) -> Measure:
    def with_server(loops: int) -> float:
        with serving() as url:
            asyncio.run(fetch(contender, url, CONCURRENCY))  # imports the client, fills the server's cache
            return measure(lambda: asyncio.run(fetch(contender, url, count)))(loops)

    return with_server


CASES = [
    *(
        Case("fetch 1,000 runs", contender, partial(_prepare, contender, 1_000, timed), values=1, rounds=9)
        for contender in CLIENTS
    ),
    *(
        Case(
            "fetch, memory",
            f"{count:,} runs",
            partial(_prepare, "ours", count, peak_memory),
            values=1,
            rounds=1,
            unit="byte",
        )
        for count in (100, 1_000)
    ),
]
