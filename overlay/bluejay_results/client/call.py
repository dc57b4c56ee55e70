"""One request of an operation: it is sent once, and the response is turned into a result or an error."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import httpx
from attrs import evolve, frozen
from bluejay_api import AsyncClient
from bluejay_api.errors import InvalidBody
from bluejay_api.types import Response

from .._log_commands import without_log_commands
from .._secrets import without_signatures
from ..clock import Deadline
from ..errors import (
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    RequestTimeoutError,
    ResponseTooLargeError,
    TLSError,
    UnsupportedValueError,
)
from ..recording.exchange import OTHER, Exchange, resource_at
from ..results.page import Page, Record
from ..results.response_errors import CHECK_PROXY, cleaned, complete_body_error, error_of_status, named
from ..results.simulation_runs import SimulationRuns
from .config import HEADERS, Config
from .http_clients import classes
from .operations import BoundOperation
from .transfer import IO, Received

T = TypeVar("T")

LOG = logging.getLogger("bluejay_results")

_NEVER_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
"""Exceptions that the HTTP library raises before it sends anything."""


@frozen
class Call(Generic[T]):
    """One request of an operation, with the settings of the client.

    Attributes:
        io: The I/O of the client.
        config: The settings of the client.
        operation: The operation to call.
        deadline: When the request must be over.
        max_body_bytes: The maximum size of the decompressed body (bytes).
    """

    io: IO
    config: Config
    operation: BoundOperation[T]
    deadline: Deadline
    max_body_bytes: int

    @property
    def url(self) -> str:
        """The requested URL."""
        return self.config.base_url + self.operation.path

    async def send(self) -> T:
        """Send the request once; return its result, or raise the error for its status, body or connection.

        The error has no cause, because the frames of the cause contain the headers, and so the key.
        """
        operation, started_at = self.operation, self.deadline.utc_now()
        settings = {"x_api_key": self.config.api_key.reveal()}
        if operation.has_organization and self.config.organization_id is not None:
            settings["x_organization_id"] = self.config.organization_id
        response: Response[Any] | InvalidBody
        try:
            response = await operation.send(client=AsyncClient(self.config.base_url, self), **settings)
        except InvalidBody as error:
            response = error.with_traceback(None)  # the frames contain the key and the body
        except classes("RequestError", "InvalidURL") as error:  # InvalidURL: after a bad redirect
            kind, text = _connection_failure(error)
            failure = kind(self.clean(f"{type(error).__name__}: {text}"))
            failure.was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
            raise named(failure, operation.run_id, self.url) from None
        except ResponseTooLargeError as error:
            raise named(error, operation.run_id, self.url) from None
        except RuntimeError:
            if not self.io.http_clients.current.is_closed:
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
        left = self.deadline.left()
        if left <= 0:
            raise httpx.ConnectTimeout("the call's deadline is over")  # a user's client would connect
        pause = min(self.config.request_timeout, left)
        request = {
            "method": method,
            "url": url,
            "headers": {**headers, **HEADERS},
            "content": content,
            "timeout": (pause, pause, pause, left),  # to connect, read, write and get a connection
            "follow_redirects": False,
        }
        response = Received(self.deadline, self.max_body_bytes, self.config.max_body_bytes)
        started, end = time.monotonic(), ""
        try:
            await self.io.receive(request, response, is_repeatable=self.operation.is_repeatable)
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
        operation = self.operation
        exchange = Exchange(
            self.url,
            resource_at(self.url) or OTHER,
            started_at,
            max(self.deadline.utc_now() - started_at, datetime.timedelta()),
            self.deadline.now(),
            response.status_code,
            response.headers,
            response.content,
        )
        if exchange.status != 200:
            raise error_of_status(exchange, operation.noun, operation.run_id, self.clean)
        try:
            result = operation.read(response.parsed if isinstance(response, Response) else None, exchange)
        except (ContractViolationError, UnsupportedValueError) as error:
            complete_body_error(error, exchange, operation.run_id, self.clean)
            raise
        if isinstance(result, Page | Record | SimulationRuns) and result.violations:
            return evolve(result, violations=cleaned(result.violations, self.clean))
        return result

    def clean(self, text: str) -> str:
        """Return `text` with the key and the credentials in URLs masked."""
        return without_signatures(self.config.api_key.redact(text))


def _connection_failure(error: Exception) -> tuple[type[ConnectionFailedError], str]:
    """Return the error class and the text for an exception of httpx.

    A failure of TLS is recognized by the reason that OpenSSL reports.
    """
    if isinstance(error, classes("PoolTimeout")):
        return RequestTimeoutError, "no connection was free in time. Make fewer calls at once."
    if isinstance(error, classes("TimeoutException")):
        return RequestTimeoutError, "no answer in time. Try again later."
    if isinstance(error, classes("ProxyError")):
        return ConnectionFailedError, f"{error}. {CHECK_PROXY}"
    cause: BaseException | None = error
    while cause:
        reason = getattr(cause, "reason", None)
        if reason == "CERTIFICATE_VERIFY_FAILED":
            advice = "Set SSL_CERT_FILE to the certificates of the authority that you trust."
            return TLSError, f"{error}. {advice}"
        if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:  # OpenSSL 3.2 reports the latter
            advice = "The server does not use TLS: use http:// in the base URL or the proxy's URL."
            return TLSError, f"{error}. {advice}"
        cause = cause.__cause__ or cause.__context__
    return ConnectionFailedError, f"{error}. Check the base URL, the proxies and the network."


def printable(text: str) -> str:
    """Return `text` with line breaks and the commands of terminals and CI systems escaped."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))
