"""Sends the requests of the blocking client: the I/O that its methods share."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import httpx
from bluejay_api import Client
from bluejay_api.errors import InvalidBody

from .._secrets import clear_traceback_locals
from ..errors import BluejayError
from .base import BaseClient
from .call import Call
from .http.library import BlockingHTTPClient
from .http.transfer import Sender
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
from .threads import parallel

T = TypeVar("T")


class SyncSending(BaseClient[BlockingHTTPClient]):
    """Runs the steps of each method with blocking I/O."""

    _HTTP_CLIENT = "Client"

    def _run(self, steps: Steps[T]) -> T:
        with closing(steps):  # so that a recording is written even after Ctrl-C during a pause
            return self._result(steps)

    def _result(self, steps: Steps[T]) -> T:
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
                case Send(call):
                    outcome = self._outcome(call)
                case SendAll():
                    outcome = self._send_all(Turns(step))

    def _outcome(self, call: Call[Any]) -> Any:
        try:
            with clear_traceback_locals():
                return self._attempt(call)
        except BluejayError as error:
            return error

    def _send_all(self, turns: Turns) -> dict[int, Any]:
        def send(turn: tuple[int, Call[Any]]) -> bool:
            return turns.took(turn[0], self._outcome(turn[1]))

        with closing(parallel(send, turns, turns.at_once)) as took:
            for is_fatal in took:
                if is_fatal:
                    break
        return dict(turns.outcomes)  # a copy, because other threads may still add theirs

    def _retrieve_one(self, many: Many, run_id: str) -> Retrieved:
        try:
            return run_id, self._run(many.steps(run_id))
        except BluejayError as error:
            return run_id, error

    def _attempt(self, call: Call[T]) -> T:
        with call.translated() as started_at, self._while_open(), self._connection_for(call) as http:
            try:
                response: Any = call.operation.sync(
                    client=Client(call.config.base_url, Sender(http, call)),
                    **call.credentials(),
                )
            except InvalidBody as error:
                response = error.with_traceback(None)  # the frames contain the key and the body
        return call.result(response, started_at)

    @contextmanager
    def _connection_for(self, call: Call[Any]) -> Iterator[BlockingHTTPClient]:
        """Yield the httpx client to send with."""
        if not self._needs_its_own(call):
            yield self._http
            return
        with self._own_http_client() as http:
            yield http

    def _new_http_client(self) -> httpx.Client:
        return httpx.Client(limits=LIMITS, cookies=no_cookies())
