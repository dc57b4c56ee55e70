"""Judge a run by rules. The project's definitions say what each number means and which rule comes first."""

from __future__ import annotations

from collections.abc import Iterator

from .._readiness import incomplete, not_settled, violation
from ..errors import UsageError
from ..result import Outcome, SimulationResult
from ..run import SimulationRun
from ._callers import always_failing, baseline_broken
from ._pass_rate import min_pass_rate
from ._quality import latency, metric, share, tools
from .rules import Rules
from .verdict import Answer, Decision, Finding, Verdict


def gate(run: SimulationRun, rules: Rules | None = None) -> Verdict:
    """Judge a run.

    Args:
        run: The run, settled: as `wait` returns it or a saved file holds it.
        rules: What it has to keep. Default: 80 % passed, and no caller that always fails.

    Raises:
        UsageError: A rule is about a metric that has no order, or the baseline is the run itself.
    """
    rules = rules or Rules()
    if rules.baseline and rules.baseline.id == run.id:
        raise UsageError(f"The baseline is run {run.id} itself. Give an earlier run.")
    if reason := violation(run):
        return Verdict(run, Decision.VIOLATION, reason)
    if reason := not_settled(run):
        return Verdict(run, Decision.NOT_SETTLED, reason)
    validity, quality = tuple(_validity(run, rules)), tuple(_quality(run, rules))
    decision, reason = _decision(validity, quality, len(_judged(run)))
    return Verdict(run, decision, reason, validity, quality, tuple(_notes(run, rules)))


def _decision(
    validity: tuple[Finding, ...], quality: tuple[Finding, ...], judged: int
) -> tuple[Decision, str]:
    def said(findings: list[Finding]) -> str:
        return "; ".join(_said(each, judged) for each in findings)

    if invalid := [each for each in validity if each.answer is not Answer.KEPT]:
        return Decision.INCONCLUSIVE, f"inconclusive: {'; '.join(_said(each) for each in invalid)}"
    for answer, decision, word in (
        (Answer.BROKEN, Decision.DO_NOT_SHIP, "don't ship"),
        (Answer.INCONCLUSIVE, Decision.INCONCLUSIVE, "inconclusive"),
    ):
        if found := [each for each in quality if each.answer is answer]:
            return decision, f"{word}: {said(found)}"
    kept = [each for each in quality if each.answer is Answer.KEPT]
    if not kept:
        return Decision.INCONCLUSIVE, "inconclusive: no rule about quality applies to this run"
    return Decision.SHIP, f"ship: {said(kept)}"


def _said(finding: Finding, judged: int = 0) -> str:
    """Say what became of a rule, and on how little that rests."""
    if finding.answer is Answer.INCONCLUSIVE or not finding.value:
        return f"{finding.rule}: {finding.explanation}"
    is_partial = finding.sample < judged and finding.rule.startswith(("metric", "max-latency"))
    basis = f" (in {finding.sample} of {judged} judged)" if is_partial else ""
    return f"{finding.rule} {finding.threshold}: {finding.value}{basis}"


def _validity(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    judged, void = _judged(run), run.results_by_outcome[Outcome.VOID]
    total, listed = run.response.simulation_run.total_tests, len(run.results)
    yield Finding(
        "min-conversations",
        f"{rules.min_conversations}",
        f"{len(judged)} judged",
        listed,
        _kept(len(judged) >= rules.min_conversations),
        "conversations that passed or failed",
    )
    everything = max(listed, run.expected_count)
    missing = everything - listed
    percent = 100 * (len(void) + missing) / everything if everything else 100.0
    yield Finding(
        "max-void",
        f"{rules.max_void:g} %",
        f"{percent:.1f} % void or missing{_untold(void)}",
        everything,
        _kept((len(void) + missing) * 100 <= rules.max_void * everything and everything > 0),
        f"{len(void)} void and {missing} missing of {everything}",
        tuple(void),
    )
    known = "unknown" if total is None else f"{total}"
    yield Finding(
        "total-tests", "known and above 0", known, listed, _kept(bool(total)), "the run's own count"
    )
    contradictions = run.contradictions
    yield Finding(
        "counters",
        "that fit the conversations",
        contradictions[0] if contradictions else "they fit",
        listed,
        _kept(not contradictions),
        "the run's counters against its conversations",
    )


def _untold(void: tuple[SimulationResult, ...]) -> str:
    """Say what a void for missing tool calls can mean, and where to look."""
    silent = [each for each in void if each.lacks_tool_calls]
    if not silent:
        return ""
    return (
        f"; {len(silent)} with tools expected and none recorded: either the recording failed or the agent "
        f"called none, open conversation {silent[0].id}"
    )


def _quality(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    judged = _judged(run)
    if rules.min_pass_rate > 0:
        yield min_pass_rate(run, judged, rules)
    if rules.max_always_failing is not None:
        yield always_failing(run, rules.max_always_failing)
    for figure, limit in rules.max_latency.items():
        yield latency(figure, limit, judged, rules.latency_unit or run.latency_unit)
    if rules.max_hallucination is not None:
        yield share("hallucination", rules.max_hallucination, judged)
    if rules.max_redundancy is not None:
        yield share("redundancy", rules.max_redundancy, judged)
    for each in rules.metrics:
        yield metric(each, judged)
    if rules.require_tools:
        yield tools(judged)
    if rules.baseline:
        yield baseline_broken(run, rules.baseline)


def _notes(run: SimulationRun, rules: Rules) -> Iterator[str]:
    yield from run.notes
    if reason := incomplete(run):
        yield reason
    before = rules.baseline
    if before and before.simulation_id != run.simulation_id:
        yield f"the baseline is a run of simulation {before.simulation_id}, this one of {run.simulation_id}"


def _judged(run: SimulationRun) -> tuple[SimulationResult, ...]:
    outcomes = {Outcome.PASSED, Outcome.FAILED}
    return tuple(each for each in run.results if each.outcome in outcomes)


def _kept(is_kept: bool) -> Answer:
    return Answer.KEPT if is_kept else Answer.BROKEN
