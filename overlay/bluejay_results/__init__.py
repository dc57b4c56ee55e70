"""Typed results of a Bluejay simulation run."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .client.async_client import AsyncBluejayClient
    from .client.sync_client import BluejayClient
    from .clock import Clock
    from .errors import *  # noqa: F403 - all errors are public
    from .results.digital_human import DigitalHuman
    from .results.latency import LatencySummary, LatencyUnit
    from .results.metrics import Metric
    from .results.notes import Note, NoteKind
    from .results.outcome import Outcome, Reason, Why
    from .results.progress import RunProgress
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
    "Clock",
    "ConfigurationError",
    "ConnectionFailedError",
    "ContractViolationError",
    "DigitalHuman",
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

if not TYPE_CHECKING:  # a type checker would assume that `__getattr__` defines every name
    _MODULES = {
        "AsyncBluejayClient": ".client.async_client",
        "BluejayClient": ".client.sync_client",
        "Clock": ".clock",
        "DigitalHuman": ".results.digital_human",
        "LatencySummary": ".results.latency",
        "LatencyUnit": ".results.latency",
        "ListedRun": ".results.simulation_runs",
        "Metric": ".results.metrics",
        "Note": ".results.notes",
        "NoteKind": ".results.notes",
        "Outcome": ".results.outcome",
        "Owner": ".results.status",
        "QueuedRun": ".results.queued",
        "Reason": ".results.outcome",
        "RunProgress": ".results.progress",
        "SimulationResult": ".results.result",
        "SimulationRun": ".results.run",
        "SimulationRuns": ".results.simulation_runs",
        "Why": ".results.outcome",
    }
    """The module of each public name; the errors are in `errors`."""
    _SUBMODULES = {"compare", "errors", "export", "gate", "webhooks"}

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used, so that printing help doesn't load the decoder."""
        if name in _SUBMODULES:
            return import_module(f".{name}", __name__)
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES.get(name, ".errors"), __name__), name)
        globals()[name] = value  # so that the next look-up doesn't call this function
        return value

    def __dir__() -> list[str]:
        return sorted({*__all__, *_SUBMODULES})
