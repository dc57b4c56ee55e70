"""The two clients: the same calls, one blocking and one asynchronous."""

from __future__ import annotations

import asyncio
import os
from typing import Generic, Self, TypeVar

import httpx
from bluejay_api import AsyncClient, Client
from bluejay_api.api.simulation_results import retrieve_simulation_results
from bluejay_api.errors import InvalidBody

from ._call import Answer, Call
from ._clock import Clock, Deadline
from ._config import Config, seconds
from ._http.deadlines import apply_deadlines
from ._http.patch_httpcore import patch_httpcore
from ._http.transfer import AsyncSender, Sender
from ._pacing import OnFault, OnUpdate, Polling, Retries
from ._secrets import as_secret, clear_traceback_locals
from .errors import BluejayError, ConfigurationError
from .run import OnViolation, SimulationRun, check_on_violation

RETRIEVE_TIMEOUT = 60.0
WAIT_TIMEOUT = 25 * 60.0
POLL_INTERVAL = 10.0
MAX_BODY_BYTES = 256 * 1024 * 1024
MAX_CONNECTIONS = 100

# By default httpx keeps 20 of 100: busy with more, it makes a new connection for every request.
_LIMITS = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)

HTTPClientT = TypeVar("HTTPClientT", httpx.Client, httpx.AsyncClient)


class _BaseClient(Generic[HTTPClientT]):
    """What the two clients share: everything but the I/O."""

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        request_timeout: float = 30.0,
        retries: int = 3,
        max_body_bytes: int = MAX_BODY_BYTES,
        http_client: HTTPClientT | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a client; nothing is sent.

        Args:
            api_key: Default: BLUEJAY_API_KEY.
            base_url: With or without `/v1`. Default: BLUEJAY_API_URL, else production.
            request_timeout: Seconds to connect, and to wait for each piece of an answer.
            retries: Attempts after the first one, with growing pauses, on connection faults, 429, 500, 502,
                503 and 504.
            max_body_bytes: The largest body read, decompressed (bytes).
            http_client: Your own httpx client, for proxies or certificates. It stays yours to close.
            clock: What waits and pauses go by; for tests.

        Raises:
            ConfigurationError: An argument, or a setting that httpx takes from the environment, is missing or
                can't be used.
        """
        key, api_key = as_secret(api_key), None  # from here on no frame holds it in the open
        self._config = Config.resolve(key, base_url, request_timeout, retries, max_body_bytes)
        self._clock = clock or Clock()
        self._is_owner = http_client is None
        self._is_closed = False
        self._http_of: dict[int, HTTPClientT] = {os.getpid(): http_client or self._own_http_client()}
        self._line_of: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Semaphore]] = {}

    def __repr__(self) -> str:
        config = getattr(self, "_config", None)  # a traceback shows a client that could not be made as well
        return f"<{type(self).__name__} {config.base_url if config else 'without settings'}>"

    @property
    def _http(self) -> HTTPClientT:
        """The httpx client of this process.

        Two processes that read one connection take each other's answers. An inherited client is kept as it
        is: closing it could end the connections of the other process.
        """
        process = os.getpid()
        if http := self._http_of.get(process):
            return http
        if not self._is_owner:
            raise ConfigurationError(
                "A forked process can't use the httpx client of its parent. Make both clients anew."
            )
        return self._http_of.setdefault(process, self._own_http_client())  # of two threads one wins

    def _own_http_client(self) -> HTTPClientT:
        try:
            return self._new_http_client()
        except httpx.InvalidURL:  # its text can hold a part of the proxy's password
            reason = "a proxy is not a URL"
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).rstrip(".")
        raise ConfigurationError(
            f"The HTTP settings of the environment fail: {reason}. Check the proxies and SSL_CERT_FILE."
        )

    def _new_http_client(self) -> HTTPClientT:
        raise NotImplementedError

    def _to_close(self) -> HTTPClientT | None:
        """Note that the client is closed; return what this process has to close of it."""
        self._is_closed = self._is_owner
        return self._http_of.get(os.getpid()) if self._is_owner else None

    def _call(self, run_id: str, deadline: Deadline, on_violation: OnViolation) -> Call:
        if self._is_closed or self._http.is_closed:
            raise ConfigurationError("The client is closed. Make a new one.")
        self._config.check_run_id(run_id)
        check_on_violation(on_violation)
        return Call(self._config, run_id, deadline, on_violation)

    def _deadline(self, timeout: float) -> Deadline:
        return Deadline(self._clock, seconds("timeout", timeout))


class BluejayClient(_BaseClient[httpx.Client]):
    """Reads the results of simulation runs. Safe to share between threads.

    After a fork the child makes connections of its own. With your own httpx client its calls raise
    `ConfigurationError`.
    """

    def retrieve(
        self, run_id: str, *, timeout: float = RETRIEVE_TIMEOUT, on_violation: OnViolation = "raise"
    ) -> SimulationRun:
        """Return a run as it is now.

        Args:
            run_id: The run to read.
            timeout: Seconds that the call may take with all its retries.
            on_violation: `collect` keeps what is sound in an answer that breaks the contract and lists the
                rest in `SimulationRun.violations`.

        Raises:
            BluejayError: See `bluejay_results.errors` for which and when.
        """
        return self._retrieve(self._call(run_id, self._deadline(timeout), on_violation))

    def wait(
        self,
        run_id: str,
        *,
        timeout: float = WAIT_TIMEOUT,
        poll_interval: float = POLL_INTERVAL,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
    ) -> SimulationRun:
        """Return a run once it is settled: it has ended and none of its conversations is under way.

        Args:
            run_id: The run to wait for.
            timeout: Seconds to wait.
            poll_interval: Seconds between two looks.
            on_update: Called with the run after each look.
            on_fault: Called with the error after each look that failed and is lived through.
            on_violation: As in `retrieve`. A run is not settled while a violation hides whether it is.

        Raises:
            WaitTimeoutError: It had not settled in time; the error carries the last state.
            BluejayError: A fault that waiting doesn't mend. Passing faults are lived through, once the
                service was reached at all: before that its URL is more likely wrong.
        """
        call = self._call(run_id, self._deadline(timeout), on_violation)
        polling = Polling(call, poll_interval, on_update, on_fault)
        while True:
            try:
                run = self._retrieve(call)
            except BluejayError as error:
                polling.failed(error)
            else:
                if polling.is_settled(run):
                    return run
            self._clock.sleep(polling.pause())

    def close(self) -> None:
        """Close the connections, unless the httpx client is yours."""
        if http := self._to_close():
            http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _retrieve(self, call: Call) -> SimulationRun:
        retries = Retries(self._config.retries, call.deadline)
        with clear_traceback_locals():
            while True:
                try:
                    return self._attempt(call)
                except BluejayError as error:
                    pause = retries.pause_after(error)
                self._clock.sleep(pause)

    def _attempt(self, call: Call) -> SimulationRun:
        config = call.config
        with call.translated():
            try:
                answer: Answer = retrieve_simulation_results.sync(
                    call.run_id,
                    client=Client(config.base_url, Sender(self._http, call)),
                    x_api_key=config.api_key.reveal(),
                )
            except InvalidBody as error:
                answer = error.with_traceback(None)  # its frames hold the key and the body
        return call.run(answer)

    def _new_http_client(self) -> httpx.Client:
        return apply_deadlines(patch_httpcore(httpx.Client(limits=_LIMITS)))


class AsyncBluejayClient(_BaseClient[httpx.AsyncClient]):
    """The asynchronous twin of `BluejayClient`: the same calls with the same meaning.

    Of any number of calls at once, 100 have a request under way; the others wait for their turn. All calls
    belong to the asyncio event loop of the first one: in another loop, and under trio, they raise
    `ConfigurationError`.
    """

    async def retrieve(
        self, run_id: str, *, timeout: float = RETRIEVE_TIMEOUT, on_violation: OnViolation = "raise"
    ) -> SimulationRun:
        """Return a run as it is now; see `BluejayClient.retrieve`."""
        return await self._retrieve(self._call(run_id, self._deadline(timeout), on_violation))

    async def wait(
        self,
        run_id: str,
        *,
        timeout: float = WAIT_TIMEOUT,
        poll_interval: float = POLL_INTERVAL,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
    ) -> SimulationRun:
        """Return a run once it is settled; see `BluejayClient.wait`."""
        call = self._call(run_id, self._deadline(timeout), on_violation)
        polling = Polling(call, poll_interval, on_update, on_fault)
        while True:
            try:
                run = await self._retrieve(call)
            except BluejayError as error:
                polling.failed(error)
            else:
                if polling.is_settled(run):
                    return run
            await self._clock.sleep_async(polling.pause())

    async def aclose(self) -> None:
        """Close the connections, unless the httpx client is yours."""
        if http := self._to_close():
            self._turns()
            await http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()

    async def _retrieve(self, call: Call) -> SimulationRun:
        retries = Retries(self._config.retries, call.deadline)
        with clear_traceback_locals():
            while True:
                try:
                    return await self._attempt(call)
                except BluejayError as error:
                    pause = retries.pause_after(error)
                await self._clock.sleep_async(pause)

    async def _attempt(self, call: Call) -> SimulationRun:
        config = call.config
        with call.translated():
            try:
                answer: Answer = await retrieve_simulation_results.asyncio(
                    call.run_id,
                    client=AsyncClient(config.base_url, AsyncSender(self._http, call, self._turns())),
                    x_api_key=config.api_key.reveal(),
                )
            except InvalidBody as error:
                answer = error.with_traceback(None)  # its frames hold the key and the body
        return call.run(answer)

    def _new_http_client(self) -> httpx.AsyncClient:
        return patch_httpcore(httpx.AsyncClient(limits=_LIMITS))

    def _turns(self) -> asyncio.Semaphore:
        """Return the line for a connection, in the one event loop that this process uses the client in."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError("AsyncBluejayClient runs in asyncio alone, not in trio.") from None
        process = os.getpid()
        line = self._line_of.get(process)
        first, turns = line or self._line_of.setdefault(process, (loop, asyncio.Semaphore(MAX_CONNECTIONS)))
        if first is not loop:
            raise ConfigurationError("The client was used in another event loop. Make one in every loop.")
        return turns
