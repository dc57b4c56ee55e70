"""The public names that don't need an HTTP library; `bluejay_results` loads all of them when any is used."""
# ruff: noqa: F405 - all errors are public, so they are imported with a star

from .errors import *  # noqa: F403 - all errors are public
from .results.latency import LatencySummary, LatencyUnit
from .results.outcome import Outcome, Owner
from .results.pass_rates import Caller
from .results.queued import QueuedRun
from .results.reason import Reason, Why
from .results.result import SimulationResult
from .results.run import SimulationRun
from .results.simulation_runs import ListedRun, SimulationRuns

__all__ = [
    "AuthenticationError",
    "BluejayError",
    "Caller",
    "ConfigurationError",
    "ConnectionFailedError",
    "ContractViolationError",
    "FieldError",
    "InvalidIdError",
    "LatencySummary",
    "LatencyUnit",
    "ListedRun",
    "NotFoundError",
    "Outcome",
    "Owner",
    "QueuedRun",
    "RateLimitError",
    "Reason",
    "RequestRejectedError",
    "RequestTimeoutError",
    "ResponseError",
    "ResponseTooLargeError",
    "RunNotFoundError",
    "ServerError",
    "SimulationResult",
    "SimulationRun",
    "SimulationRuns",
    "TLSError",
    "UnexpectedStatusError",
    "UnsupportedValueError",
    "UsageError",
    "Violation",
    "WaitTimeoutError",
    "WebhookError",
    "Why",
]
