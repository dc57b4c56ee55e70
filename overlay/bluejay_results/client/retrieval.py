"""What the clients' methods do, step by step."""

from __future__ import annotations

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
from .fetch_by_id import Rereading, read_singly
from .operations import retrieve_result, retrieve_run
from .polling import Polling
from .steps import Sleep, Steps, sent


@frozen
class Reads:
    """What the reads of one call share."""

    config: Config
    clock: Clock
    deadline: Deadline
    on_violation: OnViolation
    grace: float
    recorder: Recorder

    def run_call(self, run_id: str, queued_ids: tuple[str, ...] = ()) -> Call[SimulationRun]:
        """Make the call that lists a run."""
        context = RunContext(queued_ids=queued_ids)
        operation = retrieve_run(run_id, self.on_violation, context)
        return Call(self.config, operation, self.deadline, self.recorder)

    def result_call(self, result_id: str) -> Call[SimulationResult]:
        """Make the call that reads one conversation."""
        operation = retrieve_result(result_id, self.on_violation)
        return Call(self.config, operation, self.deadline, self.recorder)

    def rereading(self, *, is_wait: bool) -> Rereading:
        """Make what decides on single reads."""
        return Rereading(self.clock, self.grace, self.on_violation, self.recorder, is_wait=is_wait)


def retrieved(reads: Reads, call: Call[SimulationRun], *, complete: bool) -> Steps[SimulationRun]:
    """Read a run as it is now; with `complete`, fetch by id once what the list may have left out."""
    run = yield from sent(call)
    rereading = reads.rereading(is_wait=False)
    run = rereading.observed(run)
    if complete and (ids := rereading.due(run)):
        outcomes = yield from read_singly(ids, reads.result_call)
        late = next((each for each in outcomes.values() if isinstance(each, RequestTimeoutError)), None)
        if late and reads.deadline.room() <= 0:
            raise late
        run = call.cleaned(rereading.took(run, outcomes, is_late=False))
    return run


def waited(reads: Reads, call: Call[SimulationRun], polling: Polling) -> Steps[SimulationRun]:
    """Poll a run until it is settled, and fetch by id what the list may have left out."""
    rereading = reads.rereading(is_wait=True)
    while True:
        until_next = float("inf")
        try:
            run = rereading.observed((yield from sent(call, polling.retried)))
            polling.seen(run)
            while ids := rereading.due(run):
                outcomes = yield from read_singly(ids, reads.result_call, polling.retried)
                is_late = reads.deadline.room() <= 0
                run = call.cleaned(rereading.took(run, outcomes, is_late=is_late))
                polling.seen(run)
                if is_late:
                    break
            until_next = rereading.until_next(run)
        except BluejayError as error:
            polling.failed(error)
        else:
            if polling.is_settled(run):
                return run
        yield Sleep(polling.pause(until_next))
