"""Cancels an asynchronous call when it has come to a point, and tells how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event

import attrs
from bluejay_results import AsyncBluejayClient, SimulationRun

from ._call import KEY, RUN_ID, Call, Ending
from ._performing import Recorder, arguments, left_open, settings

_A_MOMENT = 0.05


def cancel(call: Call, point: Event) -> Ending:
    """Make a call and cancel it once the server is at the point."""
    return asyncio.run(_cancel(call, point))


async def _cancel(call: Call, point: Event) -> Ending:
    ending = await _cancelled(call, point)
    return attrs.evolve(ending, transports=await left_open())


async def _cancelled(call: Call, point: Event) -> Ending:
    async with AsyncBluejayClient(KEY, call.base_url, **settings(call.options)) as client:
        method: Callable[..., Awaitable[SimulationRun]]
        method = client.wait if call.way.waits else client.retrieve
        task = asyncio.ensure_future(method(RUN_ID, **arguments(call)))
        with Recorder(client._http, call.options) as recorder:
            while not point.is_set() and not task.done():
                await asyncio.sleep(_A_MOMENT / 10)
            await asyncio.sleep(_A_MOMENT)  # what the server has sent takes its time to be read
            task.cancel()
            await task
        return attrs.evolve(recorder.ending, tasks=len(asyncio.all_tasks()) - 1)
