"""Sends the requests of one call of a client's method, with its retries, its pauses and its deadline."""

from __future__ import annotations

import datetime
import logging
import math
import random
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import httpx
from attrs import define, field, frozen
from bluejay_api import AsyncClient
from bluejay_api.errors import InvalidBody
from bluejay_api.types import Response

from .._log_commands import without_log_commands
from .._secrets import clear_traceback_locals, without_signatures
from ..clock import Clock, Deadline
from ..errors import (
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    RateLimitError,
    ResponseError,
    ResponseTooLargeError,
    UnsupportedValueError,
)
from ..recording.exchange import OTHER, Exchange, resource_at
from ..results.response_errors import complete_body_error, error_of_status, is_transient, named
from .config import HEADERS, Config
from .http_clients import HTTPClients, Received, classes, connection_error
from .operations import BoundOperation

T = TypeVar("T")
R = TypeVar("R")

LOG = logging.getLogger("bluejay_results")
OnRetry: TypeAlias = Callable[[BluejayError], object]

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
JITTER = 0.5
"""The pauses between retries, in seconds. Each pause is twice the previous one, plus random jitter."""


class IO(Protocol):
    """Everything in which the two clients differ. The coroutines of the blocking client never suspend."""

    clock: Clock

    @property
    def http_clients(self) -> HTTPClients[Any]:
        """The httpx clients to send with."""

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order; after an exception, no more calls start."""


@define
class RateLimit:
    """The pause after a 429, for all requests that share this object. The maximum is `longest` seconds."""

    _clock: Clock
    _longest: float
    _resume_at: float = field(default=-math.inf, init=False)

    def note(self, error: BluejayError) -> None:
        """Start a pause if the error is a 429."""
        if isinstance(error, RateLimitError):
            requested = requested_pause(error)
            pause = min(FIRST_PAUSE if requested is None else requested, self._longest)
            self._resume_at = max(self._resume_at, self._clock.now() + pause)

    async def wait(self, io: IO, longest: float = math.inf) -> None:
        """Sleep until the pause is over, but not longer than the given seconds."""
        left = min(self._resume_at - self._clock.now(), longest)
        if left > 0:
            await io.sleep(left)


@frozen
class Sending:
    """Sends the requests of one call of a client's method."""

    io: IO
    config: Config
    deadline: Deadline
    rate_limit: RateLimit

    def retries(self, *, may_repeat: bool = True) -> Retries:
        """Return the retries that one request, or several requests together, may make."""
        return Retries(self.config.retries, self.deadline, may_repeat)

    async def send(
        self,
        operation: BoundOperation[T],
        on_retry: OnRetry | None = None,
        retries: Retries | None = None,
        max_body_bytes: int | None = None,
    ) -> T:
        """Send a request until it succeeds or can't be retried; call `on_retry` before each retry."""
        size = self.config.max_body_bytes if max_body_bytes is None else max_body_bytes
        request = Request(self, operation, size)
        retries = retries or self.retries(may_repeat=operation.is_repeatable)
        while True:
            await self.rate_limit.wait(self.io, self.deadline.seconds_to_send())
            try:
                with clear_traceback_locals():
                    return await request.send()
            except BluejayError as error:
                self.rate_limit.note(error)
                pause = retries.pause_after(error)
                if on_retry:
                    on_retry(error)
            await self.io.sleep(pause)


@define
class Request(Generic[T]):
    """One request of an operation. The generated code uses this object like an httpx client.

    Attributes:
        sending: Sends all requests of one call of a client's method, including this request.
        operation: The operation to call.
        max_body_bytes: The maximum size of the decompressed body (bytes).
        url: The requested URL with the key masked; empty before the request is sent.
    """

    sending: Sending
    operation: BoundOperation[T]
    max_body_bytes: int
    url: str = ""

    async def send(self) -> T:
        """Send the request once; return its result, or raise the error for its status, body or connection.

        The error has no `__cause__`: the traceback of a cause would contain the headers, and so the API key.
        """
        config, operation, started_at = self.sending.config, self.operation, self.sending.deadline.utc_now()
        settings = {"x_api_key": config.api_key.reveal()}
        if operation.has_organization and config.organization_id is not None:
            settings["x_organization_id"] = config.organization_id
        response: Response[Any] | InvalidBody
        try:
            response = await operation.send(client=AsyncClient(config.base_url, self), **settings)
        except InvalidBody as error:
            response = error.with_traceback(None)  # drops the frames, which contain the key and the body
        except classes("RequestError", "InvalidURL") as error:  # a bad redirect raises InvalidURL
            raise named(connection_error(error, self.clean), operation.run_id, self.url) from None
        except ResponseTooLargeError as error:
            raise named(error, operation.run_id, self.url) from None
        except RuntimeError:
            if not self.sending.io.http_clients.current.is_closed:
                raise
            raise ConfigurationError(
                "The client was closed during the call. Close it after its last call."
            ) from None
        return self._result(response, started_at)

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Received:
        """Send a request for the generated code, receive the response, and log both in one line.

        The wait for a free connection may take all of the remaining time.

        Raises:
            httpx.RequestError: No complete response arrived.
            ResponseTooLargeError: The body is larger than the call allows.
        """
        config, deadline = self.sending.config, self.sending.deadline
        self.url, left = config.api_key.redact(url), deadline.left()
        if left <= 0:
            # Otherwise a user's own client would still connect.
            raise httpx.ConnectTimeout("the call's deadline is over")
        pause = min(config.request_timeout, left)
        request = {
            "method": method,
            "url": url,
            "headers": {**headers, **HEADERS},
            "content": content,
            "timeout": (pause, pause, pause, left),  # to connect, read, write and get a connection
            "follow_redirects": False,
        }
        response = Received(config.api_key, deadline, self.max_body_bytes, config.max_body_bytes)
        started, end = time.monotonic(), ""
        try:
            await self.sending.io.receive(request, response, is_repeatable=self.operation.is_repeatable)
            end = f"{response.status_code}, {len(response.content)} bytes"
        except BaseException as error:
            end = type(error).__name__
            raise
        finally:
            if LOG.isEnabledFor(logging.DEBUG):  # masking takes time
                id_ = printable(self.clean(response.headers.get("x-request-id", "")))
                end += f", request id {id_}" if id_ else ""
                LOG.debug("%s %s: %s in %.3f s", method, self.clean(url), end, time.monotonic() - started)
        return response

    def _result(self, response: Response[Any] | InvalidBody, started_at: datetime.datetime) -> T:
        operation, deadline = self.operation, self.sending.deadline
        exchange = Exchange(
            self.url,
            resource_at(self.url) or OTHER,
            started_at,
            max(deadline.utc_now() - started_at, datetime.timedelta()),
            deadline.now(),
            response.status_code,
            response.headers,
            response.content,
        )
        if exchange.status != 200:
            raise error_of_status(exchange, operation.noun, operation.run_id)
        try:
            return operation.read(response.parsed if isinstance(response, Response) else None, exchange)
        except (ContractViolationError, UnsupportedValueError) as error:
            complete_body_error(error, exchange, operation.run_id)
            raise

    def clean(self, text: str) -> str:
        """Return `text` with the key and the credentials in URLs masked."""
        return without_signatures(self.sending.config.api_key.redact(text))


@define
class Retries:
    """Decides after each failed attempt of one call whether to try again, and after which pause.

    A request that must not be repeated is sent again only if it never arrived or the response was a 429.
    """

    _left: int
    _deadline: Deadline
    _may_repeat: bool = True
    _attempts: int = field(default=0, init=False)

    def pause_after(self, error: BluejayError) -> float:
        """Return the seconds until the next attempt, or raise the error.

        The error is raised if it is not transient, no retry is left, or no time is left for another attempt.
        """
        self._attempts += 1
        pause = requested_pause(error)
        if pause is None:
            backoff = FIRST_PAUSE * 2 ** min(self._attempts - 1, 9)  # a larger power could overflow
            pause = min(LONGEST_PAUSE, backoff + random.uniform(0, JITTER))  # noqa: S311 - no secret
        may_help = is_transient(error) and (self._may_repeat or _did_nothing(error))
        if not may_help or self._attempts > self._left or pause >= self._deadline.seconds_to_send():
            raise error
        LOG.info("attempt %d failed, next in %.1f s: %s", self._attempts, pause, printable(str(error)))
        return pause


def _did_nothing(error: BluejayError) -> bool:
    """Whether a failed request can't have had any effect: it never arrived, or the response was a 429."""
    is_unsent = isinstance(error, ConnectionFailedError) and not error.was_sent
    return is_unsent or error.status_code == 429


def requested_pause(error: BluejayError | None) -> float | None:
    """Return the pause that the server asked for, in seconds; None if it asked for no pause."""
    return error.retry_after if isinstance(error, ResponseError) else None


def printable(text: str) -> str:
    """Return `text` with line breaks and the commands of terminals and CI systems escaped."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))
