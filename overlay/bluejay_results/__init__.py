"""Typed results of a Bluejay simulation run."""

from typing import TYPE_CHECKING, Any

from ._clock import Clock
from ._version import __version__
from .errors import (
    AuthenticationError,
    BluejayError,
    ConfigurationError,
    ConnectionFailedError,
    ContractViolationError,
    FieldError,
    InvalidRunIdError,
    RateLimitError,
    RequestRejectedError,
    RequestTimeoutError,
    ResponseError,
    ResponseTooLargeError,
    RunNotFoundError,
    ServerError,
    UnexpectedStatusError,
    UsageError,
    Violation,
    WaitTimeoutError,
)
from .latency import LatencySummary
from .result import Outcome, SimulationResult
from .run import SimulationRun

if TYPE_CHECKING:
    from ._client import AsyncBluejayClient, BluejayClient

__all__ = [
    "AsyncBluejayClient",
    "AuthenticationError",
    "BluejayClient",
    "BluejayError",
    "Clock",
    "ConfigurationError",
    "ConnectionFailedError",
    "ContractViolationError",
    "FieldError",
    "InvalidRunIdError",
    "LatencySummary",
    "Outcome",
    "RateLimitError",
    "RequestRejectedError",
    "RequestTimeoutError",
    "ResponseError",
    "ResponseTooLargeError",
    "RunNotFoundError",
    "ServerError",
    "SimulationResult",
    "SimulationRun",
    "UnexpectedStatusError",
    "UsageError",
    "Violation",
    "WaitTimeoutError",
    "__version__",
]


if not TYPE_CHECKING:  # to a type checker it would make any name an attribute

    def __getattr__(name: str) -> Any:
        """Load the clients, and with them the HTTP stack, when they are first asked for."""
        if name in {"BluejayClient", "AsyncBluejayClient"}:
            from . import _client

            return getattr(_client, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
