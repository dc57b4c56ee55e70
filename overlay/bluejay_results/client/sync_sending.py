"""Sends the requests of the blocking client: the I/O that its methods share."""

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
from bluejay_api import Client
from bluejay_api.errors import InvalidBody

from .._secrets import clear_traceback_locals
from ..errors import BluejayError
from .base import BaseClient
from .call import Call
from .http.connection_limit import ConnectionLimit
from .http.deadlines import apply_deadlines
from .http.library import BlockingHTTPClient
from .http.patch_httpcore import close_idle, patch_httpcore
from .http.transfer import Sender
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
from .threads import send_all

T = TypeVar("T")


class SyncSending(BaseClient[BlockingHTTPClient]):
    """Runs the steps of each method with blocking I/O."""

    _HTTP_CLIENT = "Client"
    _QUEUE = queue.Queue

    def _run(self, steps: Steps[T]) -> T:
        outcome: Any = None
        while True:
            try:
                step = next_step(steps, outcome)
            except StopIteration as stop:
                result: T = stop.value
                return result
            match step:
                case Sleep(pause):
                    self._clock.sleep(pause)
                    outcome = None
                case Listen(events, longest):
                    outcome = self._clock.get(events, longest)
                case Send(call):
                    outcome = self._outcome(call)
                case SendAll():
                    outcome = send_all(step, self._outcome)

    def _outcome(self, call: Call[Any]) -> Any:
        try:
            with clear_traceback_locals():
                return self._attempt(call)
        except BluejayError as error:
            return error

    def _retrieve_one(self, many: Many, run_id: str) -> Retrieved:
        try:
            return run_id, self._run(many.steps(run_id))
        except BluejayError as error:
            return run_id, error

    def _attempt(self, call: Call[T]) -> T:
        with call.translated(), self._while_open(), self._connection_for(call) as http:
            try:
                response: Any = call.operation.sync(
                    client=Client(call.config.base_url, Sender(http, call)),
                    **call.credentials(),
                )
            except InvalidBody as error:
                response = error.with_traceback(None)  # the frames contain the key and the body
        return call.result(response)

    @contextmanager
    def _connection_for(self, call: Call[Any]) -> Iterator[BlockingHTTPClient]:
        """Wait until a connection is free for a call, and yield the httpx client to send with."""
        limit = self._limit_of.setdefault(os.getpid(), ConnectionLimit(MAX_CONNECTIONS))
        with limit.slot(call.deadline.left()):
            if not self._needs_its_own(call):
                yield self._http
                return
            with limit.closing:
                close_idle(self._http, keep=limit.size - limit.in_use)
            with self._own_http_client() as http:
                yield http

    def _new_http_client(self) -> httpx.Client:
        return apply_deadlines(patch_httpcore(httpx.Client(limits=LIMITS, cookies=no_cookies())))
