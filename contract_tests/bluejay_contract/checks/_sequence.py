"""Rules about two reads of one run: time goes one way, and what is settled stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import frozen

from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Failure, Severity, as_json

from ._document import Object, has_ended, number, objects, results_of, run_of, text
from ._rule import Finding, Show, failures
from ._statuses import ENDED, UNDER_WAY, normalized

FIXED_OF_A_RUN = ("id", "simulation_id", "created_at", "total_tests")
FIXED_OF_A_RESULT = ("digital_human_id", "start_time")


@frozen
class SequenceRule:
    """A rule about an earlier and a later read of one run."""

    name: str
    severity: Severity
    look: Callable[[Exchange, Exchange], Iterator[Finding]]

    @property
    def says(self) -> str:
        """The rule in one sentence."""
        return (self.look.__doc__ or "").split("\n")[0]

    def failures(self, earlier: Exchange, later: Exchange, show: Show = as_json) -> Iterator[Failure]:
        """Yield a failure for each place where the later read breaks this rule."""
        if self.applies(earlier, later):
            yield from failures(self.name, self.severity, self.look(earlier, later), later.request, show)

    def applies(self, earlier: Exchange, later: Exchange) -> bool:
        """Whether both reads have a run that could break this rule."""
        return bool(run_of(earlier) and run_of(later))


def _run_identity_kept(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """What identifies a run doesn't change; its total does from 0 only."""
    before, after = run_of(earlier), run_of(later)
    for name in FIXED_OF_A_RUN:
        if before.get(name) and after.get(name) != before[name]:
            yield f"$.simulation_run.{name}", "no change", _change(before, after, name)


def _run_goes_forward(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A run that has ended doesn't start again, and one that runs doesn't initialize again."""
    before, after = run_of(earlier), run_of(later)
    ended = has_ended(earlier) and after.get("status") != before["status"]
    restarted = before.get("status") == "RUNNING" and after.get("status") == "INITIALIZING"
    if ended or restarted:
        yield "$.simulation_run.status", f"{before['status']} or further", after.get("status")


def _counters_grow(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """The counters of a run never shrink."""
    before, after = run_of(earlier), run_of(later)
    for name in ("tests_passed", "tests_failed", "tests_completed", "tests_incompleted"):
        was, now = number(before, name), number(after, name)
        if was and (now is None or now < was):
            yield f"$.simulation_run.{name}", f"{was} or more", after.get(name)


def _results_stay(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A result that was there stays there."""
    ids = {number(result, "id") for _, result in results_of(later)}
    for _, result in results_of(earlier):
        if number(result, "id") not in ids:
            yield "$.simulation_results", "every result of the earlier read", {"missing": result.get("id")}


def _result_identity_kept(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """What identifies a conversation doesn't change."""
    for path, before, after in _pairs(earlier, later):
        for name in FIXED_OF_A_RESULT:
            if before.get(name) is not None and after.get(name) != before[name]:
                yield f"{path}.{name}", "no change", _change(before, after, name)


def _result_goes_forward(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A conversation that has ended doesn't start again."""
    for path, before, after in _pairs(earlier, later):
        was, now = text(before, "status"), text(after, "status")
        if normalized(was) in ENDED and normalized(now) in UNDER_WAY:
            yield f"{path}.status", f"{was} or another end", now


def _evaluations_stay(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """An evaluation that was there stays there."""
    for path, before, after in _pairs(earlier, later):
        was, now = (len(list(objects(each, "evaluations", path))) for each in (before, after))
        if now < was:
            yield f"{path}.evaluations", f"{was} or more", now


def _pairs(earlier: Exchange, later: Exchange) -> Iterator[tuple[str, Object, Object]]:
    before = {number(result, "id"): result for _, result in results_of(earlier)}
    for path, result in results_of(later):
        if number(result, "id") in before:
            yield path, before[number(result, "id")], result


def _change(before: Object, after: Object, name: str) -> Object:
    return {"before": before[name], "after": after.get(name)}


SEQUENCE_RULES = (
    SequenceRule("run-identity-kept", Severity.SUSPICIOUS, _run_identity_kept),
    SequenceRule("run-goes-forward", Severity.SUSPICIOUS, _run_goes_forward),
    SequenceRule("counters-grow", Severity.SUSPICIOUS, _counters_grow),
    SequenceRule("results-stay", Severity.SUSPICIOUS, _results_stay),
    SequenceRule("result-identity-kept", Severity.SUSPICIOUS, _result_identity_kept),
    SequenceRule("result-goes-forward", Severity.SUSPICIOUS, _result_goes_forward),
    SequenceRule("evaluations-stay", Severity.SUSPICIOUS, _evaluations_stay),
)
