"""Sends the requests of the asynchronous client: the I/O that its methods share."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from typing import Any, TypeVar

import httpx
from bluejay_api import AsyncClient
from bluejay_api.errors import InvalidBody

from .._secrets import clear_traceback_locals
from ..errors import BluejayError, ConfigurationError
from .base import BaseClient
from .call import Call
from .http.library import AsyncHTTPClient
from .http.transfer import AsyncSender
from .http_clients import LIMITS, no_cookies
from .many_runs import Many, Retrieved
from .steps import (
    Send,
    SendAll,
    Sleep,
    Steps,
    Turns,
    next_step,
)
from .tasks import parallel

T = TypeVar("T")


class AsyncSending(BaseClient[AsyncHTTPClient]):
    """Runs the steps of each method with asyncio."""

    _HTTP_CLIENT = "AsyncClient"

    async def _run(self, steps: Steps[T]) -> T:
        with closing(steps):  # so that a recording is written even after Ctrl-C during a pause
            return await self._result(steps)

    async def _result(self, steps: Steps[T]) -> T:
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
                case Send(call):
                    outcome = await self._outcome(call)
                case SendAll():
                    outcome = await self._send_all(Turns(step))

    async def _outcome(self, call: Call[Any]) -> Any:
        try:
            with clear_traceback_locals():
                return await self._attempt(call)
        except BluejayError as error:
            return error

    async def _send_all(self, turns: Turns) -> dict[int, Any]:
        async def send(turn: tuple[int, Call[Any]]) -> bool:
            return turns.took(turn[0], await self._outcome(turn[1]))

        async with aclosing(parallel(send, turns, turns.at_once)) as took:
            async for is_fatal in took:
                if is_fatal:
                    break
        return dict(turns.outcomes)

    async def _retrieve_one(self, many: Many, run_id: str) -> Retrieved:
        try:
            return run_id, await self._run(many.steps(run_id))
        except BluejayError as error:
            return run_id, error

    async def _attempt(self, call: Call[T]) -> T:
        with call.translated() as started_at, self._while_open():
            async with self._connection_for(call) as http:
                try:
                    response: Any = await call.operation.asyncio(
                        client=AsyncClient(call.config.base_url, AsyncSender(http, call)),
                        **call.credentials(),
                    )
                except InvalidBody as error:
                    response = error.with_traceback(None)  # the frames contain the key and the body
        return call.result(response, started_at)

    @asynccontextmanager
    async def _connection_for(self, call: Call[Any]) -> AsyncIterator[AsyncHTTPClient]:
        """Yield the httpx client to send with."""
        self._check_loop()
        if not self._needs_its_own(call):
            yield self._http
            return
        async with self._own_http_client() as http:
            yield http

    def _new_http_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(limits=LIMITS, cookies=no_cookies())

    def _check_loop(self) -> None:
        """Raise ConfigurationError in another event loop: the connections belong to the first one."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "AsyncBluejayClient needs asyncio and does not run under trio."
            ) from None
        if self._loop_of.setdefault(os.getpid(), loop) is not loop:
            raise ConfigurationError("This client belongs to another event loop. Make one client per loop.")
