"""The exception hierarchy of this package.

```text
BluejayError
├── UsageError               a mistake in the calling code: nothing was sent
│   ├── ConfigurationError   the key, the URL or a setting can't be used
│   └── InvalidIdError       an id that can't be sent
├── ConnectionFailedError    no response, or a response that could not be read completely
│   ├── RequestTimeoutError  no response in time
│   └── TLSError             the certificate can't be verified, or the server does not use TLS
├── ResponseError            the service responded with an error
│   ├── AuthenticationError    401, 403
│   ├── NotFoundError          404
│   │   └── RunNotFoundError   404 for a run
│   ├── RequestRejectedError   422
│   ├── RateLimitError         429
│   ├── ServerError            500 to 511
│   └── UnexpectedStatusError  any other status
├── ResponseTooLargeError    a body larger than max_body_bytes
├── UnsupportedValueError    a 200 response with a value that this package can't represent
├── ContractViolationError   a 200 response with a body that breaks the contract
├── WebhookError             a webhook delivery was rejected before anything in it was parsed
└── WaitTimeoutError         the run had not settled in time
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .recording.exchange import Exchange
    from .results.run import SimulationRun


def run_prefix(run_id: str | None) -> str:
    """Return the prefix of a message about a run, such as `Run 48213: `, or an empty string for None."""
    if run_id is None:
        return ""
    return f"Run {run_id if len(run_id) <= 100 else run_id[:100] + '…'}: "


@dataclass(eq=False, repr=False, kw_only=True)
class BluejayError(Exception):
    """The base class for every error that this package raises. Errors can be pickled.

    Attributes:
        message: What happened, and what to do next.
        status_code: The response's HTTP status; None if there is no response.
        body: The exact bytes of the response body; None if there is no response.
        url: The URL that was requested; None if nothing was sent.
        run_id: The id of the requested run; None if no run was requested.
        headers: The response headers by lowercase name; empty if no response was received.
        run_may_exist: Whether the run might have been queued despite the error. If true, check the app before
            you queue the run again.
        exchange: The request and its response or failure; None if nothing was sent.
    """

    message: str = field(kw_only=False)
    status_code: int | None = None
    body: bytes | None = None
    url: str | None = None
    run_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    run_may_exist: bool = False
    exchange: Exchange | None = None

    def __post_init__(self) -> None:
        super().__init__(self.message)

    @property
    def reason(self) -> str:
        """The message without the run id prefix."""
        return str(self).removeprefix(run_prefix(self.run_id))

    @property
    def request_id(self) -> str | None:
        """The service's request id, to quote in a support request; None if the service sent none."""
        return self.headers.get("x-request-id") or None


class UsageError(BluejayError, ValueError):
    """The calling code is wrong, for example because an argument is invalid; nothing was sent."""


class ConfigurationError(UsageError):
    """The API key, the base URL or a setting can't be used."""


class InvalidIdError(UsageError):
    """The id of a run, a result or a simulation can't be sent."""


@dataclass(eq=False, repr=False, kw_only=True)
class ConnectionFailedError(BluejayError):
    """No response arrived, or the response could not be read completely.

    Attributes:
        was_sent: Whether the request might have reached the service. False only if no connection was made.
    """

    was_sent: bool = True


class RequestTimeoutError(ConnectionFailedError):
    """No response arrived in time."""


class TLSError(ConnectionFailedError):
    """The certificate can't be verified, or the server doesn't use TLS. A retry won't help."""


@dataclass(eq=False, repr=False, kw_only=True)
class ResponseError(BluejayError):
    """The service responded with an error.

    Attributes:
        retry_after: Seconds to wait before retrying, from the Retry-After header of a response with status
            429 or 500 to 511; None without that header.
    """

    retry_after: float | None = None


class AuthenticationError(ResponseError):
    """401 or 403: the API key was rejected."""


class NotFoundError(ResponseError):
    """404: the requested object doesn't exist, or the API key has no access to it."""


class RunNotFoundError(NotFoundError):
    """404: the run doesn't exist, or the API key has no access to it."""


@dataclass(frozen=True, slots=True)  # not attrs: printing help would have to import attrs
class FieldError:
    """An invalid field in a request.

    Attributes:
        field: The field's path, such as `header.X-API-Key`; empty if unknown.
        message: A human-readable description of the problem.
        type: A machine-readable error type, such as `missing`; empty if unknown.
    """

    field: str
    message: str
    type: str


@dataclass(eq=False, repr=False, kw_only=True)
class RequestRejectedError(ResponseError):
    """422: the request is invalid.

    Attributes:
        errors: The invalid fields; empty if the response lists none.
    """

    errors: tuple[FieldError, ...] = ()


class RateLimitError(ResponseError):
    """429: too many requests."""


class ServerError(ResponseError):
    """500 to 511: the service failed."""


class UnexpectedStatusError(ResponseError):
    """A status that the service doesn't document, such as a redirect or a CDN's 520."""


@dataclass(frozen=True, slots=True)  # not attrs: printing help would have to import attrs
class Violation:
    """A received value that breaks the contract, or that this package can't represent.

    Attributes:
        path: The exact JSON path, such as `$.simulation_results[3].id`; `$` for the entire body. For a
            missing required field, the path where it should be.
        message: What was expected and what was received.
        is_limit: Whether the contract allows the value, but this package can't represent it.
        is_malformed: Whether the body isn't valid JSON.
    """

    path: str
    message: str
    is_limit: bool = False
    is_malformed: bool = field(default=False, repr=False)


class ResponseTooLargeError(BluejayError):
    """A body, or a run's responses together, had more than `max_body_bytes`; the last body was discarded."""


class UnsupportedValueError(BluejayError):
    """The contract allows the body of a 200 response, but this package can't represent it.

    Examples are `1e400` in a number field, and JSON nested 100,000 levels deep. `body` is the entire body.
    """


@dataclass(eq=False, repr=False, kw_only=True)
class ContractViolationError(BluejayError):
    """The body of a 200 response breaks the contract.

    Attributes:
        violations: The values that break the contract, in document order.
    """

    violations: tuple[Violation, ...] = ()

    @property
    def path(self) -> str:
        """The JSON path of the first violation; `$` for the entire body."""
        return self.violations[0].path if self.violations else "$"


class WebhookError(BluejayError):
    """A webhook delivery was rejected; nothing in it was parsed."""


@dataclass(eq=False, repr=False, kw_only=True)
class WaitTimeoutError(BluejayError):
    """The run had not settled in time.

    Attributes:
        run: The run at the last successful poll; None if no poll succeeded.
        last_error: The transient error from the last poll; None if that poll succeeded.
    """

    run: SimulationRun | None = None
    last_error: BluejayError | None = None
