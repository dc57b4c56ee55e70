"""Defines the service's operations, sends their requests, and reads the responses."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import httpx
from attrs import frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs, queue_simulation_run
from bluejay_api.models import QueueSimulationRunRequest

from .._secrets import clear_traceback_locals, without_signatures
from ..errors import BluejayError, ConfigurationError, ResponseTooLargeError
from ..recording.exchange import Exchange, Failure, Resource
from ..results.page import Page, Record, read_page, read_record
from ..results.queued import QueuedRun
from ..results.responses import OnViolation
from ..results.simulation_runs import SimulationRuns
from .config import HEADERS, Config
from .deadline import Clock, Deadline
from .http_clients import (
    Allowance,
    BodyTooLargeError,
    HTTPClients,
    Received,
    classes,
    failure_of,
    key_masked_in_logs,
)
from .retries import LOG, OnFault, RateLimit, Retries, printable

T = TypeVar("T", covariant=True)
Item = TypeVar("Item")
R = TypeVar("R")


@frozen
class Operation(Generic[T]):
    """An operation bound to its arguments.

    Attributes:
        resource: What is requested.
        build_request: Takes the base URL and the key; returns the HTTP client's arguments.
        read: Returns an exchange's result, or raises its error. A replay uses the same function.
        is_repeatable: Whether the client may retry the request even if the service might have received it.
        has_organization: Whether the request can specify an organization.
    """

    resource: Resource
    build_request: Callable[..., dict[str, Any]]
    read: Callable[[Exchange], T]
    is_repeatable: bool = True
    has_organization: bool = False


def retrieve_page(
    run_id: str, offset: int, limit: int, on_violation: OnViolation, simulation_id: str | None = None
) -> Operation[Page]:
    """Read one page of a run: at most `limit` results, skipping the first `offset` results.

    If `simulation_id` is passed, a run of another simulation is rejected.
    """
    return Operation(
        Resource("page", run_id, offset),
        partial(retrieve_simulation_results.build_request, run_id, limit=limit, offset=offset),
        partial(read_page, on_violation=on_violation, simulation_id=simulation_id),
        has_organization=True,
    )


def retrieve_record(result_id: str, on_violation: OnViolation) -> Operation[Record]:
    """Fetch the full record of one conversation by id; reject the record of any other conversation."""
    return Operation(
        Resource("conversation", result_id),
        partial(retrieve_simulation_result.build_request, result_id),
        partial(read_record, on_violation=on_violation),
        has_organization=True,
    )


def list_runs(simulation_id: str, on_violation: OnViolation) -> Operation[SimulationRuns]:
    """List the runs of a simulation."""
    return Operation(
        Resource("runs", simulation_id),
        partial(get_simulation_runs.build_request, simulation_id),
        partial(SimulationRuns.received, on_violation=on_violation),
    )


def queue_run(request: QueueSimulationRunRequest) -> Operation[QueuedRun]:
    """Queue a run."""
    return Operation(
        Resource("queue", request.simulation_id),
        partial(queue_simulation_run.build_request, body=request),
        QueuedRun.received,
        is_repeatable=False,
    )


class IO(Protocol):
    """What differs between the two clients. The blocking client's coroutines never suspend."""

    clock: Clock

    @property
    def http_clients(self) -> HTTPClients[Any]:
        """The httpx clients that send the requests."""

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""

    async def map(
        self, call: Callable[[Item], Coroutine[Any, Any, R]], items: Iterable[Item], at_once: int
    ) -> list[R]:
        """Make calls in parallel, and return their results in any order. An exception stops new calls."""


@frozen
class Sending:
    """Sends the requests for one call to a client method."""

    io: IO
    config: Config
    deadline: Deadline
    rate_limit: RateLimit

    def retries(self, *, may_repeat: bool = True) -> Retries:
        """Return the retry limits for one request, or for several requests together."""
        return Retries(self.config.retries, self.deadline, may_repeat)

    async def send(
        self,
        operation: Operation[T],
        on_fault: OnFault | None = None,
        retries: Retries | None = None,
        allowance: Allowance | None = None,
    ) -> T:
        """Send a request until it succeeds or can't be retried; call `on_fault` before each retry.

        The responses that are retried also count towards the allowance.

        The error has no `__cause__`, because a cause's traceback would contain the headers, including the API
        key.
        """
        allowance = allowance or Allowance(self.config.max_body_bytes)
        retries = retries or self.retries(may_repeat=operation.is_repeatable)
        while True:
            if left := self.rate_limit.left(self.deadline.seconds_to_send()):
                await self.io.sleep(left)
            try:
                with clear_traceback_locals():
                    return operation.read(await self._exchange(operation, allowance))
            except BluejayError as error:
                self.rate_limit.note(error)
                pause = retries.pause_after(error)
                if on_fault:
                    on_fault(error)
            await self.io.sleep(pause)

    async def _exchange(self, operation: Operation[Any], allowance: Allowance) -> Exchange:
        config, clock, started_at = self.config, self.io.clock, self.io.clock.utc_now()
        request = operation.build_request(**self._settings(operation))
        response = Received(config.api_key, self.deadline, allowance)
        failure = None
        try:
            await self._receive(request, response, is_repeatable=operation.is_repeatable)
        except BodyTooLargeError as error:
            failure = Failure(ResponseTooLargeError.__name__, str(error))
        except classes("RequestError", "InvalidURL") as error:  # a bad redirect raises InvalidURL
            failure, response.status_code, response.headers = failure_of(error, self._clean), 0, {}
        except RuntimeError:
            if not self.io.http_clients.current.is_closed:
                raise
            raise ConfigurationError(
                "The client was closed during the call. Close it after its last call."
            ) from None
        if failure:
            response.discard()
        return Exchange(
            config.api_key.redact(request["url"]),
            operation.resource,
            started_at,
            max(clock.utc_now() - started_at, datetime.timedelta()),
            clock.now(),
            response.status_code,
            response.headers,
            response.content,
            failure,
        )

    def _settings(self, operation: Operation[Any]) -> dict[str, str]:
        config = self.config
        settings = {"base_url": config.base_url, "x_api_key": config.api_key.reveal()}
        if operation.has_organization and config.organization_id is not None:
            settings["x_organization_id"] = config.organization_id
        return settings

    async def _receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request, fill in its response, and log both on one line.

        The wait for a free connection is limited only by the call's deadline.

        Raises:
            httpx.RequestError: No complete response arrived.
            BodyTooLargeError: The body is larger than the call allows.
        """
        left = self.deadline.left()
        if left <= 0:
            # A user's own client would still connect after the deadline.
            raise httpx.ConnectTimeout("the call's deadline has passed")
        pause = min(self.config.request_timeout, left)
        request = request | {
            "headers": {**request["headers"], **HEADERS},
            "timeout": (pause, pause, pause, left),  # to connect, read, write and get a connection
            "follow_redirects": False,
        }
        started, end = time.monotonic(), ""
        try:
            with key_masked_in_logs(self.config.api_key):
                await self.io.receive(request, response, is_repeatable=is_repeatable)
            end = f"{response.status_code}, {len(response.content)} bytes"
        except BaseException as error:
            end = type(error).__name__
            raise
        finally:
            if LOG.isEnabledFor(logging.DEBUG):  # masking takes time
                method, url = request["method"], self._clean(request["url"])
                id_ = printable(self._clean(response.headers.get("x-request-id", "")))
                end += f", request id {id_}" if id_ else ""
                LOG.debug("%s %s: %s in %.3f s", method, url, end, time.monotonic() - started)

    def _clean(self, text: str) -> str:
        """Return `text` with the key and the credentials in URLs masked."""
        return without_signatures(self.config.api_key.redact(text))
