"""The blocking client, which does concurrent I/O in threads."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from contextlib import closing
from os import PathLike
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
from bluejay_api.models import QueueSimulationRunRequest

from .._defaults import (
    POLL_INTERVAL,
    RETRIEVE_TIMEOUT,
    TOOL_CALL_GRACE,
    WAIT_TIMEOUT,
)
from ..errors import BluejayError
from ..results.queued import QueuedRun
from ..results.responses import OnViolation
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .base import BaseClient
from .deadline import Clock
from .http_clients import BlockingHTTPClient, HTTPClients, Received
from .polling import OnUpdate
from .retries import OnFault

T = TypeVar("T")
R = TypeVar("R")


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run one of the blocking client's coroutines; they never suspend because all their I/O is blocking."""
    with closing(coroutine):
        try:
            coroutine.send(None)
        except StopIteration as stop:
            result: T = stop.value
            return result
    raise RuntimeError("a coroutine of the blocking client was suspended")


class BlockingIO:
    """Blocking I/O and threads; the coroutines never suspend."""

    def __init__(self, http_client: BlockingHTTPClient | None, clock: Clock) -> None:
        self.http_clients = HTTPClients[BlockingHTTPClient](httpx.Client, "Client", http_client)
        self.clock = clock

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""
        with (
            self.http_clients.for_request(is_repeatable=is_repeatable) as http,
            http.stream(**request) as source,
        ):
            try:
                response.begin(source)
                for chunk in source.iter_bytes() if source.is_stream_consumed else source.iter_raw():
                    response.add(chunk)
                response.end()
            finally:
                self.http_clients.close_abandoned(source)

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""
        self.clock.sleep(seconds)

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Make calls in parallel, and return their results in any order. An exception stops new calls."""
        with closing(parallel(lambda each: run_blocking(call(each)), items, at_once)) as results:
            return list(results)


def parallel(call: Callable[[T], R], items: Iterable[T], at_once: int) -> Generator[R, None, None]:
    """Call a function for each item, in several threads; yield the results as they become available.

    There are never more than `at_once` running calls and unconsumed results. After an exception, or once the
    iterator is closed, no more calls start; running threads finish their calls. Ctrl-C doesn't wait for the
    threads.
    """
    results = SimpleQueue[tuple[R | None, BaseException | None, bool]]()
    waiting, lock, slots, is_open = iter(items), Lock(), Semaphore(at_once), True

    def work() -> None:
        nonlocal is_open
        try:
            while slots.acquire():
                with lock:
                    found = next(((each,) for each in waiting), None) if is_open else None
                if found is None:
                    break
                results.put((call(*found), None, False))
        except BaseException as error:
            is_open = False
            results.put((None, error, False))
        finally:
            slots.release()
            results.put((None, None, True))

    for _ in range(at_once):
        Thread(target=work, daemon=True).start()
    working = at_once
    try:
        while working:
            result, failure, is_end = results.get()
            if failure:
                raise failure
            if is_end:
                working -= 1
                continue
            slots.release()
            yield result  # type: ignore[misc] # only an end or a failure has no result
    finally:
        is_open = False
        slots.release(at_once)


class BluejayClient(BaseClient[BlockingHTTPClient]):
    """Queues simulation runs and reads their results. Thread-safe.

    A forked process opens its own connections. If you passed your own httpx client, calls in a forked process
    raise `ConfigurationError`.
    """

    _IO = BlockingIO
    _io: BlockingIO

    def queue(
        self,
        run: str | QueueSimulationRunRequest,
        *,
        digital_human_ids: Sequence[str | int] | None = None,
        agent_version_id: str | UUID | None = None,
        timeout: float = RETRIEVE_TIMEOUT,
    ) -> QueuedRun:
        """Queue a run of a simulation. A run costs money, so a request that might have arrived isn't retried.

        The request is retried only if no connection was made, or after a 429. It is sent on a new connection,
        unless you passed your own httpx client.

        Args:
            run: The id of the simulation to run. To use the service's other options, pass the entire request.
            digital_human_ids: The callers. Repeat an id to have several conversations with that caller.
                Default: all callers of the simulation.
            agent_version_id: The id of the agent version to test.
            timeout: The maximum duration of the call, in seconds.

        Raises:
            UsageError: An argument is invalid or was passed twice; nothing was sent.
            BluejayError: Any other failure. If the error's `run_may_exist` is true, check the app before you
                queue the run again.
        """
        return run_blocking(self._queue(run, digital_human_ids, agent_version_id, timeout))

    def retrieve(
        self,
        run_id: str,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Return the current state of a run.

        Args:
            run_id: The run to read.
            complete: Whether to fetch each conversation by id, once, if its tool calls might be missing from
                the list. If false, `SimulationRun.incomplete` contains these conversations.
            tool_call_grace: How long, in seconds, tool calls can still arrive after a conversation has ended.
            timeout: The maximum duration of the call in seconds, including retries.
            on_fault: Called with each failed request's error before the retry.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
                violations in `SimulationRun.violations`.
            record: The HAR file to record the responses in, even if the call fails; `from_file` reads it.

        Raises:
            BluejayError: Any failure; `bluejay_results.errors` lists the error classes.
        """
        return run_blocking(
            self._retrieve(run_id, complete, tool_call_grace, timeout, on_violation, on_fault, record)
        )

    def retrieve_many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int = 20,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> Generator[tuple[str, SimulationRun | BluejayError], None, None]:
        """Retrieve several runs in parallel, in threads.

        Yields each run's id with the run, or with the error raised while reading it, as soon as it's
        available. After a 429, all calls pause. Closing the iterator cancels the calls that have not started;
        running threads finish their current call.

        Args:
            run_ids: The runs to read: their ids, or the result of `runs`.
            concurrency: How many runs to read in parallel, 1 to 100.
            complete: As in `retrieve`.
            tool_call_grace: As in `retrieve`.
            timeout: The maximum duration of each call in seconds, from its first request on, including
                retries.
            on_violation: As in `retrieve`.

        Raises:
            ConfigurationError: An argument is invalid, or the client is closed.
        """
        retrieve, ids = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return parallel(lambda run_id: run_blocking(retrieve(run_id)), ids, concurrency)

    def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return the full record of one conversation. The record doesn't include the run's id.

        Args:
            result_id: The conversation to fetch.
            timeout: The maximum duration of the call in seconds, including retries.
            on_violation: As in `retrieve`; the violations are in `SimulationResult.violations`.

        Raises:
            BluejayError: Any failure.
        """
        return run_blocking(self._result(result_id, timeout, on_violation))

    def runs(
        self,
        simulation_id: str,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRuns:
        """Return the runs of a simulation, newest first, without their conversations.

        Args:
            simulation_id: The simulation whose runs to list.
            timeout: The maximum duration of the call in seconds, including retries.
            on_violation: As in `retrieve`; the violations are in `SimulationRuns.violations`.
            record: As in `retrieve`.

        Raises:
            BluejayError: Any failure.
        """
        return run_blocking(self._runs(simulation_id, timeout, on_violation, record))

    def wait(
        self,
        run: str | QueuedRun,
        *,
        timeout: float = WAIT_TIMEOUT,
        poll_interval: float = POLL_INTERVAL,
        tool_call_grace: float = TOOL_CALL_GRACE,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Wait until a run is settled, and return it.

        A run is settled if it has ended, no conversation is under way, and no missing conversation can still
        arrive.

        A conversation is also fetched by id if its tool calls might be missing from the run's list.

        Args:
            run: The run to wait for: its id, its URL in the app, or the result of `queue`. If you pass the
                result of `queue`, the client knows which conversations to expect, and tolerates a 404 in the
                first 60 seconds.
            timeout: The maximum number of seconds to wait.
            poll_interval: Seconds between polls.
            tool_call_grace: How long, in seconds, tool calls can still arrive after a conversation has ended.
            on_update: Called with the run's status and counters after each poll.
            on_fault: Called with each failed request's error, before the retry or the next poll.
            on_violation: As in `retrieve`. If a field that shows whether a run has ended breaks the contract,
                the run doesn't count as settled.
            record: The HAR file to record the responses in, even if the call fails; `from_file` reads it.

        Raises:
            WaitTimeoutError: The run didn't settle in time; the error contains the last state.
            BluejayError: A non-transient error. Until a poll has succeeded, a failed connection also raises
                an error (after retries) because a wrong URL is more likely than an outage.
        """
        return run_blocking(
            self._wait(
                run, timeout, poll_interval, tool_call_grace, on_update, on_fault, on_violation, record
            )
        )

    def close(self) -> None:
        """Close the connections, unless you passed your own httpx client."""
        if http := self._io.http_clients.to_close():
            http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
