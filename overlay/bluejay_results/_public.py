"""The public names of the package, which `bluejay_results` loads when the first of them is used."""
# ruff: noqa: F405 - all errors are public, so they are imported with a star

from ._version import __version__
from .client.async_client import AsyncBluejayClient
from .client.polling import RunProgress
from .client.sync_client import BluejayClient
from .clock import Clock
from .errors import *  # noqa: F403
from .results.latency import LatencySummary, LatencyUnit
from .results.metrics import Metric
from .results.notes import Note, NoteKind
from .results.outcome import Outcome, Reason, Why
from .results.pass_rates import Caller
from .results.queued import QueuedRun
from .results.result import SimulationResult
from .results.run import SimulationRun
from .results.simulation_runs import ListedRun, SimulationRuns
from .results.status import Owner

__all__ = [
    "AsyncBluejayClient",
    "AuthenticationError",
    "BluejayClient",
    "BluejayError",
    "Caller",
    "Clock",
    "ConfigurationError",
    "ConnectionFailedError",
    "ContractViolationError",
    "FieldError",
    "InvalidIdError",
    "LatencySummary",
    "LatencyUnit",
    "ListedRun",
    "Metric",
    "NotFoundError",
    "Note",
    "NoteKind",
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
    "RunProgress",
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
    "__version__",
]
