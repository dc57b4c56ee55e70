"""What the response says about one conversation."""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol, cast

from attrs import define, evolve, field
from bluejay_api.models import Evaluation, Event, SimulationResultResponse, ToolCallComparisonGroup

from .._errors import Violation
from ..reading.json_path import without_indexes
from ..reading.unknown import unknown_fields
from .context import RunContext, request_id_in
from .latency import (
    LatencySummary,
    LatencyUnit,
    agent_latency,
    filler_ignored_latency,
)
from .metrics import Metric
from .status import NEVER_CONNECTED, normalized

_NO_TIME = datetime.datetime.min.replace(tzinfo=datetime.UTC)

_HIDES_EVALUATION = frozenset({"$.evaluations", "$.evaluations[]"})
_HIDES_ORDER = frozenset({"$.evaluations[].created_at"})


class _Run(Protocol):
    """The part of a run that its conversations need."""

    @property
    def id(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def has_ended(self) -> bool: ...
    @property
    def raw_results(self) -> tuple[bytes, ...]: ...
    @property
    def context(self) -> RunContext: ...
    @property
    def latency_unit(self) -> LatencyUnit | None: ...
    @property
    def doubts(self) -> Mapping[int, str]: ...
    def is_fetched_by_id(self, index: int) -> bool: ...


@define(frozen=True, eq=False)
class ReceivedResult:
    """One simulated conversation, as received.

    Attributes:
        response: The generated model, in full.
        violations: The run's violations that are in this result, with paths from it (`$.events[0].title`).
    """

    response: SimulationResultResponse = field(repr=False)
    _run: _Run = field(repr=False)
    _index: int = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)

    @property
    def id(self) -> int:
        """Identifier of the result."""
        return self.response.id

    @property
    def run_id(self) -> str | None:
        """Identifier of its run; None if the conversation was read by itself."""
        return self._run.id

    @property
    def digital_human_id(self) -> int | None:
        """The simulated caller that led the conversation."""
        return self.response.digital_human_id

    @property
    def status(self) -> str | None:
        """The status in one spelling: `No Answer` reads NO_ANSWER. As received: `response.status`."""
        return normalized(self.response.status) or None

    @property
    def connected(self) -> bool | None:
        """Whether the caller and the agent were connected; None if unknown."""
        if self.status in NEVER_CONNECTED:
            return False
        return True if self.response.start_time or self.evaluation else None

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """The current evaluation, the one created last (source: domain facts).

        None before there is one, and where a violation hides which one it is.
        """
        evaluations = self.response.evaluations or []
        if self._hidden_by(self._hides_current):
            return None
        order = ((each.created_at or _NO_TIME, index) for index, each in enumerate(evaluations))
        latest = max(order, default=None)
        return None if latest is None else evaluations[latest[1]]

    @property
    def goal_success(self) -> bool | None:
        """The goal judge's verdict, None before there is one. It may ignore skipped tools."""
        return self.evaluation.goal_success if self.evaluation else None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The custom metrics of the current evaluation, with their answers as numbers."""
        return tuple(Metric.of(each) for each in (self.evaluation and self.evaluation.custom_metrics) or ())

    @property
    def tool_calls(self) -> tuple[ToolCallComparisonGroup, ...]:
        """The calls of each tool, expected and actual; empty where there are none."""
        return tuple(self.response.tool_calls or ())

    @property
    def is_fetched_by_id(self) -> bool:
        """Whether this record was fetched by id; else it is the one in the list of its run."""
        return self._run.is_fetched_by_id(self._index)

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened during the conversation, as received; empty where there is nothing."""
        return tuple(self.response.events or ())

    @property
    def expected_tools(self) -> tuple[str, ...]:
        """Names of the tools that the scenario required, in order."""
        return tuple(self._expected)

    @property
    def actual_tools(self) -> tuple[str, ...]:
        """Names of the tools that the agent called, in order."""
        return tuple(self._actual)

    @property
    def recorded_calls(self) -> int:
        """How many tool calls are recorded, of whatever tool."""
        return sum(len(group.actual or ()) for group in self.response.tool_calls or ())

    @property
    def matched_tools(self) -> tuple[str, ...]:
        """Required tools that the agent called, by name."""
        return tuple(name for name in self.expected_tools if name in self._actual)

    @property
    def missing_tools(self) -> tuple[str, ...]:
        """Required tools that the agent never called, by name."""
        return tuple(name for name in self.expected_tools if name not in self._actual)

    @property
    def latency(self) -> LatencySummary:
        """How long the agent took to answer, in the unit of the run."""
        return evolve(self.latency_received, unit=self._run.latency_unit)

    @property
    def latency_received(self) -> LatencySummary:
        """The same without a unit: as it stands in the evaluation."""
        return agent_latency(self.evaluation)

    @property
    def filler_ignored_latency(self) -> LatencySummary:
        """How long the agent took to answer, filler words not counted, in the unit of the run."""
        return evolve(filler_ignored_latency(self.evaluation), unit=self._run.latency_unit)

    @property
    def start_time(self) -> datetime.datetime | None:
        """When the conversation started; always with a zone."""
        return self.response.start_time

    @property
    def end_time(self) -> datetime.datetime | None:
        """When the conversation ended; always with a zone."""
        return self.response.end_time

    @property
    def duration(self) -> datetime.timedelta | None:
        """Length of the conversation: its end less its start. None unless both are known and in order.

        `response.duration` may be milliseconds or seconds and is no help (source: domain facts).
        """
        start, end = self.response.start_time, self.response.end_time
        return end - start if start and end and end >= start else None

    @property
    def raw(self) -> bytes:
        """The exact bytes of this result in the response."""
        return self._run.raw_results[self._index]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response that it came in; empty when it was read from bytes or a file."""
        return self._run.context.headers

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return request_id_in(self.headers)

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """Values that the contract doesn't know, by JSON path from this result (`$.trace_ids`)."""
        return unknown_fields(self.raw, SimulationResultResponse)

    @cached_property
    def _expected(self) -> dict[str, None]:
        return self._tools("expected")

    @cached_property
    def _actual(self) -> dict[str, None]:
        return self._tools("actual")

    def _tools(self, side: str) -> dict[str, None]:
        named = [group.name for group in self.response.tool_calls or () if getattr(group, side)]
        return {name: None for name in named if cast("str | None", name) is not None}  # a violation makes it

    @property
    def _hides_current(self) -> frozenset[str]:
        """The fields whose violation hides which evaluation is the current one."""
        is_one_of_several = len(self.response.evaluations or []) > 1
        return _HIDES_EVALUATION | _HIDES_ORDER if is_one_of_several else _HIDES_EVALUATION

    def _hidden_by(self, fields: frozenset[str]) -> Violation | None:
        return next((each for each in self.violations if without_indexes(each.path) in fields), None)
