"""Calls a function for many items at once, in tasks; the asynchronous form of `threads`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def parallel(
    call: Callable[[T], Awaitable[R]], items: Iterable[T], at_once: int
) -> AsyncGenerator[R, None]:
    """Yield the result for each item as it arrives; closing the iterator cancels the running calls."""
    results = asyncio.Queue[tuple[R | None, Exception | None, bool]](at_once)
    waiting = iter(items)

    async def work() -> None:
        try:
            for each in waiting:
                await results.put((await call(each), None, False))
        except Exception as error:
            await results.put((None, error, False))
        await results.put((None, None, True))

    tasks = [asyncio.ensure_future(work()) for _ in range(at_once)]
    working = at_once
    try:
        while working:
            result, failure, is_end = await results.get()
            if failure:
                raise failure
            if is_end:
                working -= 1
                continue
            yield result  # type: ignore[misc] # only an end or a failure has no result
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
