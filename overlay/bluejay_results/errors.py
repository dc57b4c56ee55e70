"""All errors that this package raises.

```text
BluejayError
├── UsageError               a mistake in the calling code: nothing was sent
│   ├── ConfigurationError   the key, the URL or a setting can't be used
│   └── InvalidIdError       an id that can't be sent
├── ConnectionFailedError    no response, or a response that could not be read to its end
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
├── UnsupportedValueError    a 200 with a value that this package can't represent
├── ContractViolationError   a 200 with a body that breaks the contract
├── WebhookError             a delivery of a webhook was refused before anything in it was parsed
└── WaitTimeoutError         the run had not settled in time
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

if TYPE_CHECKING:
    from .recording.exchange import Exchange
    from .results.run import SimulationRun


def run_prefix(run_id: str | None) -> str:
    """Return the start of a message about a run, such as `Run 48213: `; an empty string for None."""
    if run_id is None:
        return ""
    return f"Run {run_id if len(run_id) <= 100 else run_id[:100] + '…'}: "


class _Data(TypedDict, total=False):
    """The data of every error, apart from its message; see `BluejayError`."""

    status_code: int | None
    body: bytes | None
    url: str | None
    run_id: str | None
    headers: Mapping[str, str]
    run_may_exist: bool
    exchange: Exchange | None


class BluejayError(Exception):
    """The base class of all errors of this package. Errors can be pickled.

    Attributes:
        status_code: The HTTP status of the response; None without a response.
        body: The exact bytes of the response's body; None without a response.
        url: The URL that was requested; None if nothing was sent.
        run_id: The id of the run that was requested; None if no run was requested.
        headers: The headers of the response, by their names in lower case; empty without a response.
        run_may_exist: Whether the run may have been queued in spite of the error. If true, look in the
            app before you queue the run again.
        exchange: The request, and the response or the failure after it; None if nothing was sent.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        body: bytes | None = None,
        url: str | None = None,
        run_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        run_may_exist: bool = False,
        exchange: Exchange | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body
        self.url = url
        self.run_id = run_id
        self.headers = headers or {}
        self.run_may_exist = run_may_exist
        self.exchange = exchange

    def changed(self, message: str, **changes: Any) -> Self:
        """Return a new error with another message and with changed attributes."""
        data = {name: value for name, value in vars(self).items() if name != "__notes__"}
        return type(self)(message, **(data | changes))

    @property
    def reason(self) -> str:
        """The message without the run id at its start."""
        return str(self).removeprefix(run_prefix(self.run_id))

    @property
    def request_id(self) -> str | None:
        """The request id that the service assigned, to quote to its support; None if it sent none."""
        return self.headers.get("x-request-id") or None


class UsageError(BluejayError, ValueError):
    """The calling code made a mistake, such as an invalid argument; nothing was sent."""


class ConfigurationError(UsageError):
    """The API key, the base URL or a setting can't be used."""


class InvalidIdError(UsageError):
    """The id of a run, a result or a simulation can't be sent."""


class ConnectionFailedError(BluejayError):
    """No response arrived, or the response could not be read to its end.

    Attributes:
        was_sent: Whether the request may have reached the service; False only if no connection was made.
    """

    def __init__(self, message: str, *, was_sent: bool = True, **data: Unpack[_Data]) -> None:
        super().__init__(message, **data)
        self.was_sent = was_sent


class RequestTimeoutError(ConnectionFailedError):
    """No response arrived in time."""


class TLSError(ConnectionFailedError):
    """The certificate can't be verified, or the server does not use TLS; a retry can't help."""


class ResponseError(BluejayError):
    """The service responded with an error.

    Attributes:
        retry_after: Seconds to wait before a retry, from the header Retry-After of a response with status 429
            or 500 to 511; None without that header.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, **data: Unpack[_Data]) -> None:
        super().__init__(message, **data)
        self.retry_after = retry_after


class AuthenticationError(ResponseError):
    """401 or 403: the API key was refused."""


class NotFoundError(ResponseError):
    """404: the requested object does not exist, or this key is not allowed to read it."""


class RunNotFoundError(NotFoundError):
    """404: the run does not exist, or this key is not allowed to read it."""


@dataclass(frozen=True, slots=True)  # not attrs: printing help would have to import attrs
class FieldError:
    """One invalid field of a request.

    Attributes:
        field: The path of the field, such as `header.X-API-Key`; empty when unknown.
        message: What is wrong, for people.
        type: What is wrong, for programs, such as `missing`; empty when unknown.
    """

    field: str
    message: str
    type: str


class RequestRejectedError(ResponseError):
    """422: the request is not valid.

    Attributes:
        errors: The invalid fields; empty if the response names no field.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: float | None = None,
        **data: Unpack[_Data],
    ) -> None:
        super().__init__(message, retry_after=retry_after, **data)
        self.errors = errors


class RateLimitError(ResponseError):
    """429: too many requests."""


class ServerError(ResponseError):
    """500 to 511: the service failed."""


class UnexpectedStatusError(ResponseError):
    """A status that the service doesn't document, such as a redirect or a CDN's 520."""


@dataclass(frozen=True, slots=True)  # not attrs: printing help would have to import attrs
class Violation:
    """One value in a body that breaks the contract, or that this package can't represent.

    Attributes:
        path: The exact JSON path, such as `$.simulation_results[3].id`; `$` for the whole body. For a missing
            required field, the path where it should be.
        message: What was expected and what was received.
        is_limit: Whether the contract allows the value, but this package can't represent it.
        is_malformed: Whether the body isn't valid JSON.
    """

    path: str
    message: str
    is_limit: bool = False
    is_malformed: bool = field(default=False, repr=False)


class ResponseTooLargeError(BluejayError):
    """The body is larger than `max_body_bytes`; its bytes are not kept."""


class UnsupportedValueError(BluejayError):
    """The contract allows the body of a 200, but this package can't represent the body.

    Examples are `1e400` in a field of type number, and JSON nested 100,000 deep. `body` is the whole body.
    """


class ContractViolationError(BluejayError):
    """The body of a 200 breaks the contract.

    Attributes:
        violations: The values that break the contract, in the order in which the body contains them.
    """

    def __init__(
        self, message: str, *, violations: tuple[Violation, ...] = (), **data: Unpack[_Data]
    ) -> None:
        super().__init__(message, **data)
        self.violations = violations

    @property
    def path(self) -> str:
        """The JSON path of the first violation; `$` for the whole body."""
        return self.violations[0].path if self.violations else "$"


class WebhookError(BluejayError):
    """A delivery of a webhook was refused; nothing in it was parsed."""


class WaitTimeoutError(BluejayError):
    """The run had not settled in time.

    Attributes:
        run: The run at the last successful poll; None if no poll succeeded.
        last_error: The transient error of the last poll; None if that poll succeeded.
    """

    def __init__(
        self,
        message: str,
        *,
        run: SimulationRun | None = None,
        last_error: BluejayError | None = None,
        **data: Unpack[_Data],
    ) -> None:
        super().__init__(message, **data)
        self.run = run
        self.last_error = last_error
