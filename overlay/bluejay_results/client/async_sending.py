"""Sends the requests of the asynchronous client: the I/O that its methods share."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx
from bluejay_api import AsyncClient
from bluejay_api.errors import InvalidBody

from .._secrets import clear_traceback_locals
from ..errors import BluejayError, ConfigurationError
from .base import BaseClient
from .call import Call
from .http.connection_limit import AsyncConnectionLimit
from .http.library import AsyncHTTPClient
from .http.patch_httpcore import close_idle_async, patch_httpcore
from .http.transfer import AsyncSender
from .http_clients import LIMITS, MAX_CONNECTIONS, no_cookies
from .many_runs import Many, Retrieved
from .steps import (
    Listen,
    Send,
    SendAll,
    Sleep,
    Steps,
    next_step,
)
from .tasks import send_all

T = TypeVar("T")


class AsyncSending(BaseClient[AsyncHTTPClient]):
    """Runs the steps of each method with asyncio."""

    _HTTP_CLIENT = "AsyncClient"
    _QUEUE = asyncio.Queue

    async def _run(self, steps: Steps[T]) -> T:
        outcome: Any = None
        while True:
            try:
                step = next_step(steps, outcome)
            except StopIteration as stop:
                result: T = stop.value
                return result
            match step:
                case Sleep(pause):
                    await self._clock.sleep_async(pause)
                    outcome = None
                case Listen(events, longest):
                    outcome = await self._clock.get_async(events, longest)
                case Send(call):
                    outcome = await self._outcome(call)
                case SendAll():
                    outcome = await send_all(step, self._outcome)

    async def _outcome(self, call: Call[Any]) -> Any:
        try:
            with clear_traceback_locals():
                return await self._attempt(call)
        except BluejayError as error:
            return error

    async def _retrieve_one(self, many: Many, run_id: str) -> Retrieved:
        try:
            return run_id, await self._run(many.steps(run_id))
        except BluejayError as error:
            return run_id, error

    async def _attempt(self, call: Call[T]) -> T:
        with call.translated(), self._while_open():
            async with self._connection_for(call) as http:
                try:
                    response: Any = await call.operation.asyncio(
                        client=AsyncClient(call.config.base_url, AsyncSender(http, call)),
                        **call.credentials(),
                    )
                except InvalidBody as error:
                    response = error.with_traceback(None)  # the frames contain the key and the body
        return call.result(response)

    @asynccontextmanager
    async def _connection_for(self, call: Call[Any]) -> AsyncIterator[AsyncHTTPClient]:
        """Wait until a connection is free for a call, and yield the httpx client to send with."""
        limit = self._limit()
        async with limit.slot(call.deadline.left()):
            if not self._needs_its_own(call):
                yield self._http
                return
            async with limit.closing:
                await close_idle_async(self._http, keep=limit.size - limit.in_use)
            async with self._own_http_client() as http:
                yield http

    def _new_http_client(self) -> httpx.AsyncClient:
        return patch_httpcore(httpx.AsyncClient(limits=LIMITS, cookies=no_cookies()))

    def _limit(self) -> AsyncConnectionLimit:
        """Return the limit on connections; it belongs to one event loop."""
        try:
            limit: AsyncConnectionLimit = self._limit_of.setdefault(
                os.getpid(), AsyncConnectionLimit(MAX_CONNECTIONS)
            )
        except RuntimeError:
            raise ConfigurationError(
                "AsyncBluejayClient needs asyncio and does not run under trio."
            ) from None
        if limit.loop is not asyncio.get_running_loop():
            raise ConfigurationError("This client belongs to another event loop. Make one client per loop.")
        return limit
