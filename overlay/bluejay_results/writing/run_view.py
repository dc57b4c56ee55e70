"""The view of a run: plain values, from which every output is written. `view.py` writes it as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen
from bluejay_api.models import Event, ToolCallComparisonGroup

from ..errors import Violation
from ..results.answers import Answer, Question, answer_to
from ..results.figures import RunFigure
from ..results.latency import LatencySummary, LatencyUnit
from ..results.notes import Note, NoteKind
from ..results.outcome import Outcome, Reason
from ..results.pass_rates import Caller
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.status import ENDED, UNDER_WAY, Owner

_WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.VOID, Outcome.UNDER_WAY)


@frozen
class RunFacts:
    """A run without its conversations. Only the id is known if the service couldn't be asked.

    Attributes:
        id: The id of the run.
        simulation_id: The simulation that the run belongs to.
        app_url: The URL of the run's page in the app; None if it is unknown.
        status: The run's own status.
        is_settled: Whether the run is settled.
        created_at: When the run was created.
        summary: The service's summary.
        total_tests: The run's own count of its conversations.
        tests_passed: The run's own count of the conversations that passed.
        pass_rate: passed / (passed + failed), in percent.
        pass_rate_lowest: The pass rate if every unknown conversation failed.
        pass_rate_highest: The pass rate if every unknown conversation passed.
        service_pass_rate: `tests_passed / total_tests`, in percent.
        outcomes: The number of conversations for each outcome.
        missing: The number of conversations that are counted or queued, but not listed.
        awaited: The number of conversations under way whose verdict or tool calls may still arrive.
        latency_unit: The unit of the run's latencies; None if the latencies don't show it.
        violation: The first value that breaks the contract; None if there is none.
        notes: What to know before trusting the numbers.
    """

    id: str
    simulation_id: str = ""
    app_url: str | None = None
    status: str | None = None
    is_settled: bool = False
    created_at: datetime.datetime | None = None
    summary: str | None = None
    total_tests: int | None = None
    tests_passed: int | None = None
    pass_rate: float | None = None
    pass_rate_lowest: float | None = None
    pass_rate_highest: float | None = None
    service_pass_rate: float | None = None
    outcomes: Mapping[Outcome, int] = field(factory=dict)
    missing: int = 0
    awaited: int = 0
    latency_unit: LatencyUnit | None = None
    violation: Violation | None = None
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, run: SimulationRun) -> RunFacts:
        """Return the facts about a run."""
        counters = run.response.simulation_run
        return cls(
            run.id,
            run.simulation_id,
            run.app_url,
            run.status,
            run.is_settled,
            run.created_at,
            run.summary,
            counters.total_tests,
            counters.tests_passed,
            run.pass_rate,
            run.pass_rate_lowest,
            run.pass_rate_highest,
            run.service_pass_rate,
            {outcome: len(results) for outcome, results in run.results_by_outcome.items()},
            run.missing_count,
            sum(each.is_awaited for each in run.under_way),
            run.latency_unit,
            run.violations[0] if run.violations else None,
            (*run.notes, *_incomplete(run)),
        )


@frozen
class ConversationView:
    """One conversation.

    Attributes:
        id: The id of the result.
        digital_human_id: The caller; None if the conversation names none.
        status: A known status in one spelling, or another status as received; None if the status is null.
        outcome: The outcome.
        reason: Why the conversation has this outcome.
        owner: Who has to act; None if that is not known.
        start_time: When it started.
        duration_seconds: The end minus the start; None if either is unknown.
        latency: The latencies as received, with their unit.
        latency_ms: The latencies in milliseconds; None if the unit isn't known.
        expected_tools: The tools that the agent should call.
        actual_tools: The tools that the agent called.
        missing_tools: The tools that the agent should have called but didn't.
        summary: The service's summary.
        answers: The answers of the current evaluation, then the verdicts of the others.
        tool_calls: The expected and the actual calls of each tool, as received.
        events: The events, as received.
        transcript_url: The signed URL of the transcript.
        audio_url: The signed URL of the audio.
        is_incomplete: Whether a verdict or tool calls may be missing from the run's list.
    """

    id: int
    digital_human_id: int | None
    status: str | None
    outcome: Outcome
    reason: Reason
    owner: Owner | None
    start_time: datetime.datetime | None
    duration_seconds: float | None
    latency: LatencySummary
    latency_ms: LatencySummary | None
    expected_tools: tuple[str, ...]
    actual_tools: tuple[str, ...]
    missing_tools: tuple[str, ...]
    summary: str | None
    answers: tuple[Answer, ...]
    tool_calls: tuple[ToolCallComparisonGroup, ...]
    events: tuple[Event, ...]
    transcript_url: str | None
    audio_url: str | None
    is_incomplete: bool = False

    @classmethod
    def of(cls, result: SimulationResult, *, is_incomplete: bool = False) -> ConversationView:
        """Return the view of a conversation."""
        received, latency = result.response, result.latency
        return cls(
            result.id,
            result.digital_human_id,
            result.status if result.status in ENDED | UNDER_WAY else received.status,
            result.outcome,
            result.reason,
            result.owner,
            received.start_time,
            None if result.duration is None else result.duration.total_seconds(),
            latency,
            latency.in_milliseconds(),
            result.expected_tools,
            result.actual_tools,
            result.missing_tools,
            None if result.evaluation is None else result.evaluation.call_summary,
            tuple(_answers(result)),
            result.tool_calls,
            tuple(received.events or ()),
            received.transcript_url,
            received.audio_url,
            is_incomplete,
        )


@frozen
class RunView:
    """A run with its conversations.

    Attributes:
        run: The facts about the run.
        callers: How the conversations of each caller ended.
        figures: The figures of the run, as `SimulationRun.figures`.
        results: The conversations, oldest first.
        not_passed: The ids of the conversations that did not pass, the worst first.
    """

    run: RunFacts
    callers: tuple[Caller, ...] = ()
    figures: tuple[RunFigure, ...] = ()
    results: tuple[ConversationView, ...] = ()
    not_passed: tuple[int, ...] = ()

    @classmethod
    def of(cls, run: SimulationRun) -> RunView:
        """Return the view of a run."""
        incomplete = {each.id for each in run.incomplete}
        return cls(
            RunFacts.of(run),
            run.callers,
            run.figures,
            tuple(ConversationView.of(each, is_incomplete=each.id in incomplete) for each in run.results),
            tuple(each.id for each in worst_first(run)),
        )


def worst_first(run: SimulationRun) -> list[SimulationResult]:
    """Return the conversations that did not pass, by outcome: failed, unknown, void, under way.

    Among conversations with the same outcome, the slowest comes first.
    """
    return [
        result
        for outcome in _WORST_FIRST
        for result in sorted(run.results_by_outcome[outcome], key=_slowness, reverse=True)
    ]


def _slowness(result: SimulationResult) -> float:
    return result.latency.p95 or result.latency.average or 0.0


def _incomplete(run: SimulationRun) -> Iterator[Note]:
    ids = [each.id for each in run.incomplete]
    if ids:
        yield Note(NoteKind.INCOMPLETE, {"run_id": run.id, "ids": ids})


def _answers(result: SimulationResult) -> Iterator[Answer]:
    """Yield the answers that count, then the verdicts of the other evaluations."""
    yield from result.answers
    for other in result.response.evaluations or ():
        if other is not result.evaluation:
            verdict = answer_to(Question.GOAL, other)
            yield evolve(verdict, evaluated_at=other.created_at, is_current=False)
