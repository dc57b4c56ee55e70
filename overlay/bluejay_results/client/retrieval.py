"""The steps of `retrieve` and `wait`."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ..clock import Clock, Deadline
from ..errors import BluejayError, RequestTimeoutError
from ..reading.body import OnViolation
from ..recording.recorder import Recorder
from ..results.context import RunContext
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .call import Call
from .config import Config
from .fetch_by_id import FetchesById, fetch_by_id
from .operations import retrieve_result, retrieve_run
from .polling import Polling
from .steps import Listen, Sleep, Steps, send_with_retries


@frozen
class CallFactory:
    """Makes the requests of one `retrieve` or `wait`, which share their settings, deadline and recorder."""

    config: Config
    clock: Clock
    deadline: Deadline
    on_violation: OnViolation
    grace: float
    recorder: Recorder

    def run_call(self, run_id: str, queued_ids: tuple[str, ...] = ()) -> Call[SimulationRun]:
        """Return the call that lists a run."""
        context = RunContext(queued_ids=queued_ids)
        operation = retrieve_run(run_id, self.on_violation, context)
        return Call(self.config, operation, self.deadline, self.recorder)

    def result_call(self, result_id: str) -> Call[SimulationResult]:
        """Return the call that fetches one conversation by id."""
        operation = retrieve_result(result_id, self.on_violation)
        return Call(self.config, operation, self.deadline, self.recorder)

    def fetches(self, *, is_wait: bool) -> FetchesById:
        """Return the object that decides which conversations to fetch by id."""
        return FetchesById(self.clock, self.grace, self.on_violation, self.recorder, is_wait=is_wait)


def retrieve_steps(calls: CallFactory, call: Call[SimulationRun], *, complete: bool) -> Steps[SimulationRun]:
    """Read the current state of a run.

    With `complete`, fetch by id, once each, the conversations whose tool calls the list may have left out.
    """
    run = yield from send_with_retries(call)
    fetches = calls.fetches(is_wait=False)
    run = fetches.listed(run)
    if complete and (ids := fetches.due(run)):
        outcomes = yield from fetch_by_id(ids, calls.result_call)
        late = next((each for each in outcomes.values() if isinstance(each, RequestTimeoutError)), None)
        if late and calls.deadline.room() <= 0:
            raise late
        run = call.cleaned(fetches.fetched(run, outcomes, is_late=False))
    return run


def wait_steps(
    calls: CallFactory, call: Call[SimulationRun], polling: Polling, events: Any = None
) -> Steps[SimulationRun]:
    """Poll a run until it is settled. Fetch conversations by id if the list may have left out tool calls.

    An event in the queue only causes the next poll. The run itself always comes from the service's responses.
    """
    fetches = calls.fetches(is_wait=True)
    while True:
        until_next = float("inf")
        try:
            run = fetches.listed((yield from send_with_retries(call, polling.retried)))
            polling.seen(run)
            while ids := fetches.due(run):
                outcomes = yield from fetch_by_id(ids, calls.result_call, polling.retried)
                is_late = calls.deadline.room() <= 0
                run = call.cleaned(fetches.fetched(run, outcomes, is_late=is_late))
                polling.seen(run)
                if is_late:
                    break
            until_next = fetches.until_next(run)
        except BluejayError as error:
            polling.failed(error)
        else:
            if polling.is_settled(run):
                return run
        pause = polling.pause(until_next)
        if events is None:
            yield Sleep(pause)
        else:
            yield from _listen(calls.clock, polling, events, pause)


def _listen(clock: Clock, polling: Polling, events: Any, pause: float) -> Steps[None]:
    """Wait for the pause before the next poll; an event of the run shortens the pause."""
    start = clock.now()
    end = start + pause
    while (event := (yield Listen(events, max(0.0, end - clock.now())))) is not None:
        if polling.concerns(event):
            end = start + min(pause, polling.shortest_pause())
