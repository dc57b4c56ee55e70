"""Invariants that must hold for any bytes that the decoders read."""

from contextlib import suppress

from bluejay_api.models import SimulationRunResponse
from bluejay_results import (
    ContractViolationError,
    Outcome,
    QueuedRun,
    SimulationResult,
    SimulationRun,
    UnsupportedValueError,
)
from bluejay_results.recording.exchange import Exchange
from bluejay_results.results.page import read_record
from bluejay_results.results.responses import OnViolation, read_body
from bluejay_results.results.result import result_alone

_PROPERTIES = {
    kind: [name for name in dir(kind) if not name.startswith("_") and not callable(getattr(kind, name))]
    for kind in (SimulationRun, SimulationResult)
}


def judge(body: bytes) -> bool:
    """Read a body in every way, as a response for each operation; return whether it is accepted as a run.

    Raises:
        AssertionError: An invariant is broken.
        Exception: Any other error, which must not occur.
    """
    _judge_as_others(body)
    strict, collected, again = (_read(body, way) for way in ("raise", "collect", "collect"))
    if isinstance(collected, SimulationRun):
        assert collected.responses[0].body == body, "raw is not the body"
        assert isinstance(again, SimulationRun), "refused the second time"
        assert (again.response, again.violations) == (collected.response, collected.violations)
        _look_at_everything(collected)
    else:
        assert type(collected) is type(strict), "one body is refused in two ways"
    for each in (strict, collected):
        assert isinstance(each, SimulationRun) or each.body == body, "the error has another body"
    if isinstance(strict, SimulationRun):
        assert isinstance(collected, SimulationRun), "accepted, and refused when collecting"
        assert strict.violations == collected.violations == (), "accepted with violations"
        assert strict.response == collected.response, "two readings of one body differ"
        return True
    assert not isinstance(collected, SimulationRun) or collected.violations, "refused, and nothing is wrong"
    if isinstance(strict, ContractViolationError):
        assert strict.path, "an error without a path"
        if not isinstance(collected, UnsupportedValueError):
            listed = tuple(each for each in collected.violations if not each.is_limit)
            is_same = strict.violations == listed != () or "unusable" in str(collected)
            assert is_same, "the error lists other violations"
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
        result = result_alone(read_record(Exchange(body=body), on_violation))
        _look_at(result)
        return result
    return None


def _look_at(subject: SimulationRun | SimulationResult) -> None:
    repr(subject)
    for name in _PROPERTIES[type(subject)]:
        getattr(subject, name)


def _look_at_everything(run: SimulationRun) -> None:
    _look_at(run)
    for result in run.results:
        _look_at(result)
    ids: list[int | None] = [result.id for result in run.results]
    known = [each for each in ids if each is not None]  # a violation makes an id None
    assert len(set(known)) == len(known), "an id occurs twice"
    assert sum(map(len, run.results_by_outcome.values())) == len(run.results), "a result has no outcome"
    rates = (run.service_pass_rate, run.pass_rate, run.pass_rate_lowest, run.pass_rate_highest)
    assert all(each is None or 0 <= each <= 100 for each in rates), "a pass rate beyond 0 to 100"
    assert not (run.is_settled and run.results_by_outcome[Outcome.UNDER_WAY]), "settled, and under way"
    for result in run.results:
        assert "\n" not in str(result.reason), "a reason of two lines"
        assert set(result.expected_tools) - set(result.actual_tools) == set(result.missing_tools)
        assert 0.0 not in {result.latency.average, result.latency.p50, result.latency.p99}
        assert result.duration is None or result.duration.total_seconds() >= 0


def _read(
    body: bytes, on_violation: OnViolation
) -> SimulationRun | ContractViolationError | UnsupportedValueError:
    try:
        return SimulationRun.from_bytes(body, on_violation=on_violation)
    except (ContractViolationError, UnsupportedValueError) as error:
        return error
