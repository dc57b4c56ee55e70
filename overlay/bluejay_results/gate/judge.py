"""Judge a run by rules. The project's definitions say what each number means and which rule comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve

from ..errors import UsageError
from ..judging.readiness import incomplete, not_settled, violation
from ..results.result import Outcome, SimulationResult
from ..results.run import SimulationRun
from .callers import always_failing, baseline_broken
from .evidence import Evidence
from .latency_rule import latency
from .metric_rule import metric
from .pass_rate import few_conversations, min_pass_rate
from .quality import flagged, tools
from .rules_and_defaults import Rules
from .validity import (
    counters,
    max_void,
    min_conversations,
    total_tests,
)
from .verdict import (
    Answer,
    Decision,
    Finding,
    Verdict,
)

Judge = Callable[[Evidence], Finding]


def gate(run: SimulationRun, rules: Rules | None = None) -> Verdict:
    """Judge a run.

    Args:
        run: The run, settled: as `wait` returns it or a saved file holds it.
        rules: What it has to keep. Default: 80 % passed, and no caller that always fails.

    Raises:
        UsageError: A rule is about a metric that has no order, the baseline is the run itself, or `rules`
            isn't a `Rules`.
    """
    rules = Rules() if rules is None else rules
    if not isinstance(rules, Rules):
        raise UsageError(f"rules must be a Rules, got {rules!r}.")
    if rules.baseline and rules.baseline.id == run.id:
        raise UsageError(f"The baseline is run {run.id} itself. Give an earlier run.")
    if reason := violation(run):
        return Verdict(run, Decision.VIOLATION, reason)
    if reason := not_settled(run):
        return Verdict(run, Decision.NOT_SETTLED, reason)
    evidence = Evidence(run)
    validity = tuple(_validity(run, rules))
    quality = tuple(judge(evidence) for judge in _quality(rules))
    if _has_doubt(run, rules.baseline):
        judged = zip(quality, _quality(rules), strict=True)
        quality = tuple(_upset_by_doubt(finding, judge, evidence) for finding, judge in judged)
    decision, reason = _decision(validity, quality, len(evidence.judged))
    return Verdict(run, decision, reason, validity, quality, tuple(_notes(evidence, rules)))


def _validity(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    yield min_conversations(run, rules.min_conversations)
    yield max_void(run, rules.max_void)
    yield total_tests(run)
    if rules.counters:
        yield counters(run)


def _quality(rules: Rules) -> Iterator[Judge]:
    """Yield what judges each rule that is on."""
    if rules.min_pass_rate > 0:
        yield partial(min_pass_rate, threshold=rules.min_pass_rate, confidence=rules.confidence)
    if rules.max_always_failing is not None:
        yield partial(always_failing, at_most=rules.max_always_failing)
    for figure, limit in rules.max_latency.items():
        yield partial(
            latency, figure=figure, limit=limit, unit=rules.latency_unit, min_measured=rules.min_measured
        )
    for flag, at_most in (("hallucination", rules.max_hallucination), ("redundancy", rules.max_redundancy)):
        if at_most is not None:
            yield partial(flagged, flag=flag, at_most=at_most, min_measured=rules.min_measured)
    for each in rules.metrics:
        yield partial(metric, rule=each, min_measured=rules.min_measured)
    if rules.require_tools:
        yield tools
    if rules.baseline:
        yield partial(baseline_broken, baseline=rules.baseline, max_void=rules.max_void)


def _has_doubt(run: SimulationRun, baseline: SimulationRun | None) -> bool:
    return bool(run.doubtful or run.missing_count or (baseline and baseline.doubtful))


def _upset_by_doubt(finding: Finding, judge: Judge, evidence: Evidence) -> Finding:
    """Return a finding; if the rule is only kept as long as no doubtful conversation failed, inconclusive."""
    if finding.answer is not Answer.KEPT:
        return finding
    doubted = judge(evidence.with_doubt)
    if doubted.answer is Answer.KEPT or doubted.answer is Answer.NOT_APPLICABLE:
        return finding
    doubtful = tuple(each for each in evidence.run.doubtful if each.outcome is not Outcome.FAILED)
    return evolve(
        finding.inconclusive(_doubt(doubtful, evidence.run.missing_count, doubted)), doubtful=doubtful
    )


def _doubt(doubtful: tuple[SimulationResult, ...], missing: int, doubted: Finding) -> str:
    """Say how many conversations may have failed, which one to open, and what the rule would find then."""
    count = len(doubtful) + missing
    conversations = "1 conversation" if count == 1 else f"{count} conversations"
    where = f"open {doubtful[0].id}" if doubtful else "missing from the list"
    then = f"; if counted as failed: {doubted.value}" if doubted.value else ""
    return f"{conversations} may have failed: {where}{then}"


def _decision(
    validity: tuple[Finding, ...], quality: tuple[Finding, ...], judged: int
) -> tuple[Decision, str]:
    def reasons(findings: list[Finding]) -> str:
        return "; ".join(_reason(each, judged) for each in findings)

    if invalid := [each for each in validity if each.answer is not Answer.KEPT]:
        return Decision.INCONCLUSIVE, f"inconclusive: {reasons(invalid)}"
    for answer, decision, word in (
        (Answer.BROKEN, Decision.DO_NOT_SHIP, "don't ship"),
        (Answer.INCONCLUSIVE, Decision.INCONCLUSIVE, "inconclusive"),
    ):
        if found := [each for each in quality if each.answer is answer]:
            return decision, f"{word}: {reasons(found)}"
    kept = [each for each in quality if each.answer is Answer.KEPT]
    if not kept:
        return Decision.INCONCLUSIVE, "inconclusive: no rule about quality applies to this run"
    return Decision.SHIP, f"ship: {reasons(kept)}"


def _reason(finding: Finding, judged: int) -> str:
    """Return the result of a rule in words; if not all conversations have its figure, how many do."""
    if finding.answer is Answer.INCONCLUSIVE or not finding.value:
        return f"{finding.rule}: {finding.explanation}"
    is_partial = finding.sample < judged and finding.rule.startswith(
        ("metric", "max-latency", "max-hall", "max-red")
    )
    basis = f" (in {finding.sample} of {judged} judged)" if is_partial else ""
    return f"{finding.rule} {finding.threshold}: {finding.value}{basis}"


def _notes(evidence: Evidence, rules: Rules) -> Iterator[str]:
    run, before = evidence.run, rules.baseline
    if rules.confidence is None and (few := few_conversations(len(evidence.judged), rules.min_pass_rate)):
        yield few
    yield from run.notes
    if reason := incomplete(run):
        yield reason
    if before and before.simulation_id != run.simulation_id:
        yield f"the baseline is a run of simulation {before.simulation_id}, this one of {run.simulation_id}"
