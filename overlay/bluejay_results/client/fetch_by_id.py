"""Fetches conversations by id: the list of a large run leaves out tool calls, and some arrive late.

`docs/definitions.md`, Fetched records, says which conversations are fetched, when, and which record counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve

from ..clock import Clock
from ..errors import BluejayError, ConnectionFailedError, RateLimitError
from ..reading.body import OnViolation
from ..recording.recorder import Recorder
from ..results.fetched_record import (
    FetchedRecord,
    contradictions,
    notes_on,
    replaces,
)
from ..results.grace import Grace, date_in
from ..results.incomplete import to_fetch_by_id
from ..results.result import Outcome, SimulationResult
from ..results.run import SimulationRun
from .call import Call
from .retry import Retries, is_transient
from .steps import (
    FATAL,
    SendAll,
    Sleep,
    Steps,
)

AT_ONCE = 8
"""The maximum number of conversations that are fetched at the same time."""
REPEATS = (30.0, 60.0, 120.0)
"""When a conversation without a recorded tool call is fetched again (seconds after the first fetch)."""

MakeCall: TypeAlias = Callable[[str], Call[SimulationResult]]
Outcomes: TypeAlias = Mapping[str, SimulationResult | BluejayError]


def fetch_by_id(
    ids: Sequence[str], make_call: MakeCall, on_retry: Callable[[BluejayError], None] | None = None
) -> Steps[Outcomes]:
    """Fetch conversations by id, up to eight at a time; return each conversation's record or error.

    After a 429, half as many conversations are fetched at a time; without a 429, the number grows again.
    `on_retry` is called with each error before a retry.

    Raises:
        ContractViolationError: A record breaks the contract.
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


class FetchesById:
    """Decides which conversations of a run to fetch by id, when to fetch them, and which records count."""

    def __init__(
        self, clock: Clock, grace: float, on_violation: OnViolation, recorder: Recorder, *, is_wait: bool
    ) -> None:
        self._clock = clock
        self._on_violation = on_violation
        self._grace = grace
        self._is_wait = is_wait
        self._recorder = recorder
        self._records: dict[str, FetchedRecord] = {}
        self._replacing: set[str] = set()
        self._fetched_since: set[int] = set()

    def listed(self, run: SimulationRun) -> SimulationRun:
        """Return a run that was just listed, with its grace period and the records fetched so far."""
        now = self._clock.now()
        if self._is_wait:
            self._see(run, now)
        self._listed = run
        self._recorder.listed(now)
        if not self._records:
            recording = self._recorder.recording()
            return evolve(run, context=evolve(run.context, grace=self._grace_at(now), recording=recording))
        return self._merged(now)

    def _see(self, run: SimulationRun, now: float) -> None:
        for each in run.results:
            if run.has_ended or each.has_ended:
                self._recorder.first_ended.setdefault(each.id, now)
        if run.has_ended and self._recorder.run_first_ended is None:
            self._recorder.run_first_ended = now

    def due(self, run: SimulationRun) -> list[str]:
        """Return the ids of the conversations to fetch now.

        During a wait, no conversation is fetched until the run and every other conversation have ended.
        """
        if self._is_wait and not (run.has_ended and self._is_all_over(run)):
            return []
        return [result_id for result_id, when in self._schedule(run) if when <= 0]

    def _is_all_over(self, run: SimulationRun) -> bool:
        under_way = run.results_by_outcome[Outcome.UNDER_WAY]
        return all(each.is_awaited or str(each.id) in self._replacing for each in under_way)

    def until_next(self, run: SimulationRun) -> float:
        """Return the seconds until the next conversation is due to be fetched."""
        return min((when for _, when in self._schedule(run) if when > 0), default=math.inf)

    def fetched(self, run: SimulationRun, outcomes: Outcomes, *, is_late: bool) -> SimulationRun:
        """Return a run with the records fetched by id. If `is_late`, failed connections are ignored."""
        now = self._clock.now()
        shown = {str(each.id): each for each in run.results}
        listed = {str(each.id): each for each in self._listed.results}
        for result_id, outcome in outcomes.items():
            if is_late and isinstance(outcome, ConnectionFailedError):
                continue
            record = self._records.setdefault(result_id, FetchedRecord(now, now))
            record.last, record.listed = now, listed.get(result_id)
            if isinstance(outcome, BluejayError):
                record.error = outcome
            else:
                record.result, record.error = outcome, None
            each = shown.get(result_id)
            if each and each.tool_call_seconds_left <= 0 and not self._is_fetched_again(record):
                self._fetched_since.add(each.id)
        self._recorder.fetched(now, is_late=is_late)
        return self._merged(now)

    def _is_fetched_again(self, record: FetchedRecord) -> bool:
        """Whether another fetch is due because the last one failed with a transient error."""
        is_passing = record.error is not None and is_transient(record.error)
        return self._is_wait and is_passing and self._clock.now() < record.first + REPEATS[-1]

    def _grace_at(self, now: float) -> Grace:
        date = date_in(self._listed.headers)
        if not self._is_wait:
            return Grace(self._grace, date or self._recorder.list_received_at)
        seen = {result_id: now - first for result_id, first in self._recorder.first_ended.items()}
        run_first = self._recorder.run_first_ended
        run_seen = None if run_first is None else now - run_first
        return Grace(self._grace, date, seen, run_seen, frozenset(self._fetched_since))

    def _schedule(self, run: SimulationRun) -> Iterator[tuple[str, float]]:
        """Yield the id of each conversation to fetch, and how soon (seconds); 0 or less means now."""
        for each in to_fetch_by_id(run.results):
            record = self._records.get(str(each.id))
            if record is None:
                yield str(each.id), 0.0
            elif each.lacks_tool_calls and self._is_wait and each.id not in self._fetched_since:
                yield str(each.id), self._until_repeat(record, each.tool_call_seconds_left)
        for each in run.results_by_outcome[Outcome.UNDER_WAY]:
            if self._is_wait and str(each.id) in self._replacing and not each.is_awaited:
                yield str(each.id), self._records[str(each.id)].last + REPEATS[0] - self._clock.now()
        for result_id in run.missing_ids:
            record = self._records.get(result_id)
            if record is None:
                yield result_id, 0.0
            elif run.context.grace.run_left:
                yield result_id, self._until_repeat(record, run.context.grace.run_left)

    def _until_repeat(self, record: FetchedRecord, grace_left: float) -> float:
        now = self._clock.now()
        times = [record.first + each - now for each in REPEATS if record.first + each > record.last]
        if grace_left <= 0 and self._is_fetched_again(record):
            return min(times)
        return min([grace_left, *times])

    def _merged(self, now: float) -> SimulationRun:
        """Return the last listed run, with the fetched records that replace listed or missing ones."""
        run, items, added = self._listed, dict[int, SimulationResult](), list[SimulationResult]()
        listed: dict[str, list[tuple[int, SimulationResult]]] = {}
        for place, each in zip(run.places, run.results, strict=True):
            listed.setdefault(str(each.id), []).append((place, each))
        self._replacing = set()
        for result_id, fetched in self._sound_records():
            if result_id not in listed:
                added.append(fetched)
                continue
            for place, before in listed[result_id]:
                if replaces(fetched, before, self._records[result_id].listed):
                    items[place] = fetched
                    self._replacing.add(result_id)
        found = {
            result_id: [*contradictions(record, listed[result_id][-1][1])]
            for result_id, record in self._records.items()
            if result_id in listed
        }
        context = evolve(
            run.context,
            grace=self._grace_at(now),
            fetched_ids=frozenset(result_id for result_id, _ in self._sound_records()),
            doubts={int(result_id): "; ".join(each) for result_id, each in found.items() if each},
            notes=tuple(notes_on(self._records, found)),
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
