"""Reading conversations by themselves: the list of a large run leaves out tool calls, others land late.

Source: domain facts; the project's definitions say which are read, when, and which record stands.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import define, evolve

from ..clock import Clock
from ..errors import BluejayError, ConnectionFailedError, RateLimitError
from ..reading.body import OnViolation
from ..recording.recorder import Recorder
from ..results.grace import Grace, date_in
from ..results.missing_tool_calls import to_read_singly
from ..results.result import Outcome, SimulationResult
from ..results.run import SimulationRun
from .call import Call
from .retry import Retries
from .steps import (
    FATAL,
    SendAll,
    Sleep,
    Steps,
)

_EXAMPLES = 5
AT_ONCE = 8
"""The most conversations that are read at the same time."""
REPEATS = (30.0, 60.0, 120.0)
"""When a conversation without a recorded call is read again (s after the first time)."""

MakeCall: TypeAlias = Callable[[str], Call[SimulationResult]]
Outcomes: TypeAlias = Mapping[str, SimulationResult | BluejayError]


def read_singly(
    ids: Sequence[str], make_call: MakeCall, on_retry: Callable[[BluejayError], None] | None = None
) -> Steps[Outcomes]:
    """Read conversations, up to eight at a time, and half as many after each 429; return what came of each.

    `on_retry` is called with each error that a retry follows.

    Raises:
        ContractViolationError: A record is not what the contract says.
        UsageError: The client was closed.
    """
    at_once, waiting, outcomes = AT_ONCE, list(ids), dict[str, SimulationResult | BluejayError]()
    retries: dict[str, Retries] = {}
    while waiting:
        calls = [make_call(each) for each in waiting]
        answers: dict[int, SimulationResult | BluejayError] = yield SendAll(calls, at_once)
        pause, is_limited = 0.0, False
        left = [each for place, each in enumerate(waiting) if place not in answers]
        for place, answer in answers.items():
            if isinstance(answer, FATAL):
                raise answer
            result_id, call = waiting[place], calls[place]
            outcomes[result_id] = answer
            if not isinstance(answer, BluejayError):
                continue
            is_limited |= isinstance(answer, RateLimitError)
            pacing = retries.setdefault(result_id, Retries(call.config.retries, call.deadline))
            if (again := _pause_after(pacing, answer)) is not None:
                pause = max(pause, again)
                left.append(result_id)
                if on_retry:
                    on_retry(answer)
        at_once = max(1, at_once // 2) if is_limited else min(AT_ONCE, at_once * 2)
        waiting = left
        if pause:
            yield Sleep(pause)
    return outcomes


def _pause_after(pacing: Retries, error: BluejayError) -> float | None:
    try:
        return pacing.pause_after(error)
    except BluejayError:
        return None


@define
class _Record:
    """What is known of one conversation that was read singly.

    Attributes:
        first: When it was first read, by the monotonic clock.
        last: When it was last read.
        result: The record; None where none was got.
        error: Why the last read got none.
        doubts: In what it contradicts the list of that moment: a later list may well know more.
    """

    first: float
    last: float
    result: SimulationResult | None = None
    error: BluejayError | None = None
    doubts: tuple[str, ...] = ()


class Rereading:
    """Which conversations of a run are to be read singly, when, and which record of each stands."""

    def __init__(
        self, clock: Clock, grace: float, on_violation: OnViolation, recorder: Recorder, *, is_wait: bool
    ) -> None:
        self._clock = clock
        self._on_violation = on_violation
        self._grace = grace
        self._is_wait = is_wait
        self._recorder = recorder
        self._records: dict[str, _Record] = {}
        self._read_since: set[int] = set()

    def observed(self, run: SimulationRun) -> SimulationRun:
        """Return a run that was just listed with its grace, and with the records that were read before."""
        now = self._clock.now()
        if self._is_wait:
            self._see(run, now)
        self._listed = run
        self._recorder.listed(now)
        if not self._records:
            recording = self._recorder.recording()
            return evolve(run, context=evolve(run.context, grace=self._grace_at(now), recording=recording))
        return self._merged(now, fresh=())

    def _see(self, run: SimulationRun, now: float) -> None:
        for each in run.results:
            if run.has_ended or each.has_ended:
                self._recorder.first_ended.setdefault(each.id, now)
        if run.has_ended and self._recorder.run_first_ended is None:
            self._recorder.run_first_ended = now

    def due(self, run: SimulationRun) -> list[str]:
        """Return the ids of the conversations to read now: none while anything else is under way."""
        if self._is_wait and not (run.has_ended and self._is_all_over(run)):
            return []
        return [result_id for result_id, when in self._schedule(run) if when <= 0]

    def _is_all_over(self, run: SimulationRun) -> bool:
        return all(each.is_awaited for each in run.results_by_outcome[Outcome.UNDER_WAY])

    def until_next(self, run: SimulationRun) -> float:
        """Return the seconds until another conversation is to be read."""
        return min((when for _, when in self._schedule(run) if when > 0), default=math.inf)

    def took(self, run: SimulationRun, outcomes: Outcomes, *, is_late: bool) -> SimulationRun:
        """Return a run with what was read singly; reads that came too late to be answered do not count."""
        now = self._clock.now()
        shown = {str(each.id): each for each in run.results}
        listed = {str(each.id): each for each in self._listed.results}
        for result_id, outcome in outcomes.items():
            if is_late and isinstance(outcome, ConnectionFailedError):
                continue
            record = self._records.setdefault(result_id, _Record(now, now))
            record.last = now
            if isinstance(outcome, BluejayError):
                record.error = outcome
            else:
                record.result, record.error = outcome, None
            record.doubts = tuple(_doubts(result_id, record, listed.get(result_id)))
            if (each := shown.get(result_id)) and each.tool_call_seconds_left <= 0:
                self._read_since.add(each.id)
        self._recorder.fetched(now, is_late=is_late)
        return self._merged(now, fresh=outcomes.keys())

    def _grace_at(self, now: float) -> Grace:
        date = date_in(self._listed.headers)
        if not self._is_wait:
            return Grace(self._grace, date or self._recorder.list_received_at)
        seen = {result_id: now - first for result_id, first in self._recorder.first_ended.items()}
        run_first = self._recorder.run_first_ended
        run_seen = None if run_first is None else now - run_first
        return Grace(self._grace, date, seen, run_seen, frozenset(self._read_since))

    def _schedule(self, run: SimulationRun) -> Iterator[tuple[str, float]]:
        """Yield the id of each conversation to read singly, and in how many seconds; 0 or less is now."""
        for each in to_read_singly(run.results):
            record = self._records.get(str(each.id))
            if record is None:
                yield str(each.id), 0.0
            elif each.lacks_tool_calls and self._is_wait and each.id not in self._read_since:
                yield str(each.id), self._until_repeat(record, each.tool_call_seconds_left)
        for result_id in run.missing_ids:
            record = self._records.get(result_id)
            if record is None:
                yield result_id, 0.0
            elif run.context.grace.run_left:
                yield result_id, self._until_repeat(record, run.context.grace.run_left)

    def _until_repeat(self, record: _Record, grace_left: float) -> float:
        now = self._clock.now()
        times = [record.first + each - now for each in REPEATS if record.first + each > record.last]
        return min([grace_left, *times])

    def _merged(self, now: float, fresh: Collection[str]) -> SimulationRun:
        """Return the run as listed last, with each record that stands in place of the listed one."""
        run, items, added = self._listed, dict[int, SimulationResult](), list[SimulationResult]()
        listed = {str(each.id): (place, each) for place, each in zip(run.places, run.results, strict=True)}
        for result_id, record in self._sound_records():
            if result_id not in listed:
                added.append(record)
                continue
            place, before = listed[result_id]
            if _stands(record, before, is_fresh=result_id in fresh):
                items[place] = record
        context = evolve(
            run.context,
            grace=self._grace_at(now),
            read_singly=frozenset(result_id for result_id, _ in self._sound_records()),
            notes=tuple(self._notes()),
            recording=self._recorder.recording(),
        )
        if not items and not added:
            return evolve(run, context=context)
        context = evolve(
            context,
            records={place: record.raw for place, record in items.items()},
            added=tuple(record.raw for record in added),
        )
        merged = evolve(run, context=context)
        if run.violations or any(each.violations for each in (*items.values(), *added)):
            read = SimulationRun.from_bytes(merged.raw, on_violation=self._on_violation)
            return evolve(read, raw_list=run.raw_list, context=context)
        results = list(run.response.simulation_results or ())
        for place, record in items.items():
            results[place] = record.response
        results += [record.response for record in added]
        return evolve(merged, response=evolve(run.response, simulation_results=results))

    def _sound_records(self) -> Iterator[tuple[str, SimulationResult]]:
        for result_id, record in self._records.items():
            if record.result and str(record.result.id) == result_id:
                yield result_id, record.result

    def _notes(self) -> Iterator[str]:
        """Yield what single reads have shown, a line for all conversations of which the same is true."""
        said = defaultdict[str, list[str]](list)
        for result_id, record in self._records.items():
            for each in record.doubts:
                said[each].append(result_id)
        for each, ids in said.items():
            more = f" and {len(ids) - _EXAMPLES} more" if len(ids) > _EXAMPLES else ""
            noun = "conversations" if len(ids) > 1 else "conversation"
            yield f"{noun} {', '.join(ids[:_EXAMPLES])}{more}: {each}"


def _stands(record: SimulationResult, listed: SimulationResult, *, is_fresh: bool) -> bool:
    """Whether a record stands in place of the listed one: unless that has more recorded calls.

    A record that is older than the list stands only where the list still lacks something that it has.
    """
    calls = record.recorded_calls - listed.recorded_calls
    return calls >= 0 if is_fresh else calls > 0 or len(record.expected_tools) > len(listed.expected_tools)


def _doubts(result_id: str, record: _Record, listed: SimulationResult | None) -> Iterator[str]:
    """Yield in what a single read failed or contradicts the list."""
    if record.error:
        yield f"could not be fetched by id, so the listed record is used ({str(record.error).rstrip('.')})"
    alone = record.result
    if alone is None:
        return
    if str(alone.id) != result_id:
        yield f"the fetch by id returned conversation {alone.id}, so the listed record is used"
    elif listed:
        if alone.recorded_calls < listed.recorded_calls:
            yield "the record fetched by id has fewer tool calls, so the listed record is used"
        for name in ("status", "digital_human_id", "goal_success"):
            before, now = getattr(listed, name), getattr(alone, name)
            if before != now:
                yield f"{name} is {before} in the list and {now} fetched by id"
