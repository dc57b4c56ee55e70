"""Runs several calls of the asynchronous client at once, in tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from typing import Any

from .call import Call
from .many_runs import Many, Retrieved
from .steps import SendAll, Turns


async def send_all(step: SendAll, outcome_of: Callable[[Call[Any]], Awaitable[Any]]) -> dict[int, Any]:
    """Send the requests of a step; return each request's result or error, by its index."""
    turns = Turns(step)

    async def work() -> None:
        for place, call in turns:
            turns.took(place, await outcome_of(call))

    waiting = {asyncio.ensure_future(work()) for _ in turns.workers}
    try:
        while waiting and not turns.is_fatal:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
    finally:
        await _cancelled(waiting)
    return turns.outcomes


async def retrieve_all(
    many: Many, retrieve: Callable[[str], Awaitable[Retrieved]]
) -> AsyncGenerator[Retrieved, None]:
    """Yield each run, or its error, as it arrives; see `threads.retrieve_all`."""
    results = asyncio.Queue[Retrieved | Exception | None](len(many.workers))

    async def work(worker: int) -> None:
        try:
            while (run_id := many.take(worker)) is not None:
                await results.put(await retrieve(run_id))
        except Exception as error:
            await results.put(error)
        await results.put(None)

    tasks = [asyncio.ensure_future(work(worker)) for worker in many.workers]
    working = len(tasks)
    try:
        while working:
            result = await results.get()
            if isinstance(result, Exception):
                raise result
            if result is None:
                working -= 1
                continue
            yield result
    finally:
        many.stop()
        await _cancelled(tasks)


async def _cancelled(tasks: Collection[asyncio.Future[None]]) -> None:
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
