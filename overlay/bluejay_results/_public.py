"""The public names that don't need an HTTP library; `bluejay_results` loads all of them when any is used."""
# ruff: noqa: F405 - all errors are public, so they are imported with a star

from .errors import *  # noqa: F403 - all errors are public
from .results.aggregate import Aggregate
from .results.figures import FigureObstacle, RunFigure
from .results.latency import LatencySummary, LatencyUnit
from .results.metrics import Metric
from .results.notes import Note, NoteKind
from .results.outcome import Outcome, Owner
from .results.pass_rates import Caller
from .results.queued import QueuedRun
from .results.reason import Reason, Why
from .results.result import SimulationResult
from .results.run import SimulationRun
from .results.simulation_runs import ListedRun, SimulationRuns

__all__ = [
    "Aggregate",
    "AuthenticationError",
    "BluejayError",
    "Caller",
    "ConfigurationError",
    "ConnectionFailedError",
    "ContractViolationError",
    "FieldError",
    "FigureObstacle",
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
    "RunFigure",
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
