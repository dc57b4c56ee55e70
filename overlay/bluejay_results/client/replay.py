"""Replays a recording, with the same code that the clients use to read a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeVar

import httpx
from bluejay_api.types import Response

from .._secrets import Secret
from ..clock import Clock, Deadline
from ..errors import BluejayError, ConnectionFailedError, ContractViolationError
from ..reading.body import OnViolation
from ..recording.exchange import Exchange
from ..recording.recorder import Recorder
from ..recording.recording import Recording
from ..results.context import RunContext
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import SimulationRuns
from .call import Call
from .config import Config
from .fetch_by_id import FetchesById
from .operations import BoundOperation, list_runs, retrieve_result, retrieve_run
from .retry import is_cdn_fault, is_transient

T = TypeVar("T")


def replay(recording: Recording, on_violation: OnViolation) -> SimulationRun:
    """Return the run that a client built from these responses.

    Raises:
        BluejayError: The error that the client raised, if it never read the run or ended with an error.
    """
    state = _Replay(recording, on_violation)
    for (is_list, moment), group in groupby(recording.exchanges, lambda each: (each.is_list, each.moment)):
        state.clock.moment = moment or 0.0
        if is_list:
            for each in group:
                state.list_received(each)
        else:
            state.fetched(list(group))
    if recording.last_moment and recording.last_moment > state.clock.moment:
        state.clock.moment = recording.last_moment
        state.fetched([])
    return state.run()


def replay_runs(exchange: Exchange, on_violation: OnViolation) -> SimulationRuns:
    """Return the runs of a simulation in a recorded response; raise the error that the client raised."""
    return _result(exchange, list_runs(exchange.resource.id, on_violation), Clock())


def _result(exchange: Exchange, operation: BoundOperation[T], clock: Clock) -> T:
    if exchange.failure:
        raise ConnectionFailedError(exchange.failure, url=exchange.url)
    base_url = exchange.url.rpartition("/v1/")[0]
    config = Config(Secret(), base_url, request_timeout=0.0, retries=0, max_body_bytes=0)
    call = Call(config, operation, Deadline(clock, 0.0))
    headers = httpx.Headers(dict(exchange.headers))
    return call.result(Response[Any](exchange.status, headers, exchange.body, None))


class _ReplayClock(Clock):
    """A clock that shows the recorded moment of the current exchange."""

    moment = 0.0

    def now(self) -> float:
        return self.moment


class _Replay:
    def __init__(self, recording: Recording, on_violation: OnViolation) -> None:
        settings = recording.settings
        self.clock = _ReplayClock()
        self._queued_ids = settings.queued_ids
        self._is_wait = settings.is_wait
        self._on_violation = on_violation
        self._recorder = Recorder()
        self._recorder.begin(settings, self.clock, Secret())
        self._recorder.first_ended.update(recording.first_ended)
        self._fetches = FetchesById(
            self.clock, settings.tool_call_grace, on_violation, self._recorder, is_wait=settings.is_wait
        )
        self._run: SimulationRun | None = None
        self._failure: BluejayError | None = None

    def run(self) -> SimulationRun:
        """Return the last state of the run; raise the last error if the run was never read."""
        if self._run is None:
            raise self._failure or ContractViolationError("The recording has no response.")
        return self._run

    def list_received(self, exchange: Exchange) -> None:
        """Read a list; in a wait, a transient error leaves the run unchanged."""
        self._recorder.add(exchange)
        context = RunContext(queued_ids=self._queued_ids)
        try:
            run = _result(
                exchange, retrieve_run(exchange.resource.id, self._on_violation, context), self.clock
            )
        except BluejayError as error:
            polls_again = self._is_wait and (is_transient(error) or is_cdn_fault(error))
            if self._run and not polls_again:
                raise
            self._failure = error
        else:
            self._run = self._fetches.listed(run)

    def fetched(self, exchanges: Sequence[Exchange]) -> None:
        """Read conversations that were fetched by id; of several attempts, the last one counts."""
        outcomes: dict[str, SimulationResult | BluejayError] = {}
        for each in exchanges:
            self._recorder.add(each)
            try:
                operation = retrieve_result(each.resource.id, self._on_violation)
                outcomes[each.resource.id] = _result(each, operation, self.clock)
            except ContractViolationError:
                raise
            except BluejayError as error:
                outcomes[each.resource.id] = error
        if self._run:
            self._run = self._fetches.fetched(self._run, outcomes, is_late=False)
