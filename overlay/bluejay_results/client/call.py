"""One call of an operation: the options of its request, and the result or the error of its response."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from attrs import evolve, frozen
from bluejay_api.types import Response

from .._secrets import without_signatures
from ..clock import Deadline
from ..errors import (
    BluejayError,
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
from .operations import AnyResponse, BoundOperation

T = TypeVar("T")


@frozen
class Call(Generic[T]):
    """One call of an operation, with the settings of the client.

    Attributes:
        config: The settings of the client.
        operation: The operation to call.
        deadline: When the call must be over.
        max_body_bytes: The maximum size of the decompressed body (bytes).
    """

    config: Config
    operation: BoundOperation[T]
    deadline: Deadline
    max_body_bytes: int

    @property
    def url(self) -> str:
        """The requested URL."""
        return self.config.base_url + self.operation.path

    def credentials(self) -> dict[str, str]:
        """Return the arguments of the operation that come from the settings: the key and the organization."""
        found = {"x_api_key": self.config.api_key.reveal()}
        if self.operation.has_organization and self.config.organization_id is not None:
            found["x_organization_id"] = self.config.organization_id
        return found

    def request_options(self, headers: Mapping[str, str], content: bytes | None) -> dict[str, Any]:
        """Return httpx options that limit the request to the call's remaining time and disable redirects."""
        left = self.deadline.left()  # the wait for a free connection may take all of this time
        pause = min(self.config.request_timeout, left)
        return {
            "headers": {**headers, **HEADERS},
            "content": content,
            "timeout": (pause, pause, pause, left),  # to connect, read, write and get a connection
            "follow_redirects": False,
        }

    @contextmanager
    def translated(self) -> Iterator[datetime.datetime]:
        """Yield the time; turn an exception of httpx or of the generated client into a `BluejayError`.

        The new error has no cause, because the frames of the cause contain the headers, and so the key.
        """
        try:
            yield self.deadline.utc_now()
        except classes("PoolTimeout"):
            late = RequestTimeoutError(
                "PoolTimeout: no connection was free in time. Make fewer calls at once."
            )
            late.was_sent = False
            failure: BluejayError = late
        except classes("TimeoutException") as error:
            late = RequestTimeoutError(f"{type(error).__name__}: no answer in time. Try again later.")
            late.was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
            failure = late
        except classes("RequestError", "InvalidURL") as error:  # InvalidURL: after a bad redirect
            kind, advice = _connection_failure(error)
            failed = kind(self.clean(f"{type(error).__name__}: {error}. {advice}"))
            failed.was_sent = not isinstance(error, classes(*_NEVER_CONNECTED))
            failure = failed
        except ResponseTooLargeError as error:
            failure = error.with_traceback(None)
        else:
            return
        raise named(failure, self.operation.run_id, self.url)

    def result(self, answer: AnyResponse, started_at: datetime.datetime) -> T:
        """Return the result of a response, or raise the error for its status or body."""
        operation = self.operation
        exchange = Exchange(
            self.url,
            resource_at(self.url) or OTHER,
            started_at,
            max(self.deadline.utc_now() - started_at, datetime.timedelta()),
            self.deadline.now(),
            answer.status_code,
            answer.headers,
            answer.content,
        )
        if exchange.status != 200:
            raise error_of_status(exchange, operation.noun, operation.run_id, self.clean)
        try:
            result = operation.read(answer.parsed if isinstance(answer, Response) else None, exchange)
        except (ContractViolationError, UnsupportedValueError) as error:
            complete_body_error(error, exchange, operation.run_id, self.clean)
            raise
        if isinstance(result, Page | Record | SimulationRuns) and result.violations:
            return evolve(result, violations=cleaned(result.violations, self.clean))
        return result

    def clean(self, text: str) -> str:
        """Return `text` with the key and the credentials in URLs masked."""
        return without_signatures(self.config.api_key.redact(text))


_NEVER_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")
"""Exceptions that the HTTP library raises before it sends anything."""


def _connection_failure(error: BaseException | None) -> tuple[type[ConnectionFailedError], str]:
    """Return the error class and the advice for an exception of httpx.

    A failure of TLS is recognized by the reason that OpenSSL reports.
    """
    if isinstance(error, classes("ProxyError")):
        return ConnectionFailedError, CHECK_PROXY
    while error:
        reason = getattr(error, "reason", None)
        if reason == "CERTIFICATE_VERIFY_FAILED":
            return TLSError, "Set SSL_CERT_FILE to the certificates of the authority that you trust."
        if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:  # OpenSSL 3.2 reports the latter
            return TLSError, "The server does not use TLS: use http:// in the base URL or the proxy's URL."
        error = error.__cause__ or error.__context__
    return ConnectionFailedError, "Check the base URL, the proxies and the network."
