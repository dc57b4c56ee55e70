"""The invariants of the decoders for any bytes."""

from contextlib import suppress

from bluejay_api.models import SimulationRunResponse
from bluejay_results import (
    ContractViolationError,
    QueuedRun,
    SimulationResult,
    SimulationRun,
    UnsupportedValueError,
)
from bluejay_results.reading.body import OnViolation, read_body
from bluejay_results.recording.exchange import Exchange
from bluejay_results.results.page import read_record
from bluejay_results.results.result import result_alone

_PROPERTIES = {
    kind: [name for name in dir(kind) if not name.startswith("_") and not callable(getattr(kind, name))]
    for kind in (SimulationRun, SimulationResult)
}


def judge(body: bytes) -> bool:
    """Read a body in every way, as a response of each operation; return whether a run accepts it.

    Raises:
        AssertionError: An invariant is broken.
        Exception: Any other error, which must not occur.
    """
    _judge_as_others(body)
    strict, collected = _read(body, "raise"), _read(body, "collect")
    for each in (strict, collected):
        if isinstance(each, SimulationRun):
            assert each.responses[0].body == body, "raw is not the body"
            _look_at_everything(each)
        else:
            assert each.body == body, "the error has another body"
        if isinstance(each, ContractViolationError):
            assert each.violations, "an error without a violation"
            assert each.path, "an error without a path"
    if isinstance(strict, SimulationRun):
        assert isinstance(collected, SimulationRun), "accepted, and refused when collecting"
        assert strict.violations == collected.violations == (), "accepted with violations"
        assert strict.response == collected.response, "two readings of one body differ"
        return True
    if not isinstance(collected, SimulationRun):
        assert type(collected) is type(strict), "one body is refused in two ways"
    if isinstance(strict, ContractViolationError) and not isinstance(collected, UnsupportedValueError):
        listed = tuple(each for each in collected.violations if not each.is_limit)
        assert strict.violations == listed, "the error lists other violations"
    if not isinstance(collected, SimulationRun):
        return False
    assert collected.violations, "refused, and nothing is wrong with it"
    again = SimulationRun.from_bytes(body, on_violation="collect")
    assert again.response == collected.response
    assert again.violations == collected.violations
    return False


def _judge_as_others(body: bytes) -> None:
    """Read the body as a result fetched by id and as a queued run."""
    strict, collected = (_read_single(body, way) for way in ("raise", "collect"))
    if strict:
        assert collected, "accepted, and refused when collecting"
        assert strict.violations == collected.violations == (), "accepted with violations"
        assert strict.response == collected.response, "two readings of one body differ"
    with suppress(ContractViolationError, UnsupportedValueError):
        queued = QueuedRun("731", read_body(body, SimulationRunResponse, "raise")[0], body)
        assert queued.raw == body, "raw is not the body"
        assert all(isinstance(each, str) for each in (queued.run_id, queued.agent_id, *queued.result_ids))
        assert queued.app_url.isprintable(), "a URL that a terminal would obey"


def _read_single(body: bytes, on_violation: OnViolation) -> SimulationResult | None:
    with suppress(ContractViolationError, UnsupportedValueError):
        result = result_alone(read_record(Exchange(body=body), None, on_violation))
        _look_at(result)
        return result
    return None


def _look_at(subject: SimulationRun | SimulationResult) -> None:
    repr(subject)
    for name in _PROPERTIES[type(subject)]:
        getattr(subject, name)


def _look_at_everything(run: SimulationRun) -> None:
    subjects: tuple[SimulationRun | SimulationResult, ...] = (run, *run.results)
    for subject in subjects:
        _look_at(subject)
    assert len({result.id for result in run.results}) == len(run.results), "an id occurs twice"
    assert sum(map(len, run.results_by_outcome.values())) == len(run.results), "a result has no outcome"
    assert run.pass_rate is None or 0 <= run.pass_rate <= 1, "a pass rate beyond 0 to 1"
    assert all("\n" not in str(result.reason) for result in run.results), "a reason of two lines"


def _read(
    body: bytes, on_violation: OnViolation
) -> SimulationRun | ContractViolationError | UnsupportedValueError:
    try:
        return SimulationRun.from_bytes(body, on_violation=on_violation)
    except (ContractViolationError, UnsupportedValueError) as error:
        return error
