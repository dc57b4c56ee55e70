"""The two clients: the same methods, one blocking and one asynchronous."""

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
from ._defaults import MAX_BODY_BYTES, POLL_INTERVAL, RETRIEVE_TIMEOUT, WAIT_TIMEOUT
from ._http.deadlines import apply_deadlines
from ._http.patch_httpcore import patch_httpcore
from ._http.transfer import AsyncSender, Sender
from ._pacing import OnFault, OnUpdate, Polling, Retries
from ._secrets import as_secret, clear_traceback_locals
from .errors import BluejayError, ConfigurationError
from .run import OnViolation, SimulationRun, check_on_violation

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
        """Create a client; nothing is sent yet.

        Args:
            api_key: Default: BLUEJAY_API_KEY.
            base_url: With or without `/v1`. Default: BLUEJAY_API_URL, else production.
            request_timeout: Seconds to connect, and to wait for each part of a response.
            retries: How often to send a request again, with growing pauses, after a connection fault or
                status 429, 500, 502, 503 or 504.
            max_body_bytes: The largest body that is accepted, decompressed (bytes).
            http_client: Your own httpx client, for proxies or certificates. You close it.
            clock: Replaces the system clock in tests.

        Raises:
            ConfigurationError: An argument, or a setting that httpx reads from the environment, is missing or
                invalid.
        """
        key, api_key = as_secret(api_key), None  # no frame below holds the plain key
        self._config = Config.resolve(key, base_url, request_timeout, retries, max_body_bytes)
        self._clock = clock or Clock()
        self._is_owner = http_client is None
        self._is_closed = False
        self._http_of: dict[int, HTTPClientT] = {os.getpid(): http_client or self._own_http_client()}
        self._line_of: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Semaphore]] = {}

    def __repr__(self) -> str:
        config = getattr(self, "_config", None)  # a traceback may show a client whose __init__ failed
        return f"<{type(self).__name__} {config.base_url if config else 'without settings'}>"

    @property
    def _http(self) -> HTTPClientT:
        """The httpx client of this process.

        If two processes read one connection, each can get the other's response. An inherited client is left
        open: closing it could end the connections of the other process.
        """
        process = os.getpid()
        if http := self._http_of.get(process):
            return http
        if not self._is_owner:
            raise ConfigurationError(
                "A forked process can't use its parent's httpx client. Make new clients in this process."
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
        """Mark the client as closed; return the httpx client that this process has to close."""
        self._is_closed = self._is_owner
        return self._http_of.get(os.getpid()) if self._is_owner else None

    def _call(self, run_id: str, timeout: float, on_violation: OnViolation) -> Call:
        if self._is_closed or self._http.is_closed:
            raise ConfigurationError("The client is closed. Make a new one.")
        self._config.check_run_id(run_id)
        check_on_violation(on_violation)
        return Call(self._config, run_id, Deadline(self._clock, seconds("timeout", timeout)), on_violation)


class BluejayClient(_BaseClient[httpx.Client]):
    """Reads the results of simulation runs. Safe to share between threads.

    A forked process makes connections of its own. With your own httpx client its calls raise
    `ConfigurationError`.
    """

    def retrieve(
        self, run_id: str, *, timeout: float = RETRIEVE_TIMEOUT, on_violation: OnViolation = "raise"
    ) -> SimulationRun:
        """Return a run as it is now.

        Args:
            run_id: The run to read.
            timeout: Seconds that the call may take, retries included.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract and lists the
                rest in `SimulationRun.violations`.

        Raises:
            BluejayError: Every failure; `bluejay_results.errors` lists the kinds.
        """
        return self._retrieve(self._call(run_id, timeout, on_violation))

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
            poll_interval: Seconds between polls.
            on_update: Called with the run after each poll.
            on_fault: Called with the error after each poll that failed with a transient error.
            on_violation: As in `retrieve`. A run whose end a violation hides is not settled.

        Raises:
            WaitTimeoutError: It had not settled in time; the error carries the last state.
            BluejayError: A non-transient error. If the first poll can't connect, `wait` fails at once: the
                URL is more likely wrong than the service away.
        """
        call = self._call(run_id, timeout, on_violation)
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
        with call.translated():
            try:
                answer: Answer = retrieve_simulation_results.sync(
                    call.run_id,
                    client=Client(call.config.base_url, Sender(self._http, call)),
                    x_api_key=call.config.api_key.reveal(),
                )
            except InvalidBody as error:
                answer = error.with_traceback(None)  # the frames hold the key and the body
        return call.run(answer)

    def _new_http_client(self) -> httpx.Client:
        return apply_deadlines(patch_httpcore(httpx.Client(limits=_LIMITS)))


class AsyncBluejayClient(_BaseClient[httpx.AsyncClient]):
    """Offers the methods of `BluejayClient` as coroutines.

    At most 100 requests run at once; other calls wait in order. A client belongs to the asyncio event loop of
    its first call: in another loop, and under trio, it raises `ConfigurationError`.
    """

    async def retrieve(
        self, run_id: str, *, timeout: float = RETRIEVE_TIMEOUT, on_violation: OnViolation = "raise"
    ) -> SimulationRun:
        """Return a run as it is now; see `BluejayClient.retrieve`."""
        return await self._retrieve(self._call(run_id, timeout, on_violation))

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
        call = self._call(run_id, timeout, on_violation)
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
        with call.translated():
            try:
                answer: Answer = await retrieve_simulation_results.asyncio(
                    call.run_id,
                    client=AsyncClient(call.config.base_url, AsyncSender(self._http, call, self._turns())),
                    x_api_key=call.config.api_key.reveal(),
                )
            except InvalidBody as error:
                answer = error.with_traceback(None)  # the frames hold the key and the body
        return call.run(answer)

    def _new_http_client(self) -> httpx.AsyncClient:
        return patch_httpcore(httpx.AsyncClient(limits=_LIMITS))

    def _turns(self) -> asyncio.Semaphore:
        """Return the semaphore that calls wait on for a connection; it belongs to one event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "AsyncBluejayClient needs asyncio and does not run under trio."
            ) from None
        turns = asyncio.Semaphore(MAX_CONNECTIONS)
        first, turns = self._line_of.setdefault(os.getpid(), (loop, turns))
        if first is not loop:
            raise ConfigurationError("This client belongs to another event loop. Make one client per loop.")
        return turns
