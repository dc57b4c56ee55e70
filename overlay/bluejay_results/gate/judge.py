"""Judges a run by rules. docs/gate.md lists the rules, and docs/definitions.md defines the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve

from ..errors import UsageError
from ..judging.readiness import incomplete_note, not_settled_reason, violation_reason
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .callers import always_failing, baseline_broken
from .evidence import Evidence
from .latency_rule import latency
from .metric_rule import metric
from .pass_rate import few_conversations_note, min_pass_rate
from .quality import flagged, tools
from .rules_and_defaults import Rules
from .validity import (
    counters,
    max_void,
    min_conversations,
    total_tests,
)
from .verdict import (
    Decision,
    Finding,
    RuleVerdict,
    Verdict,
)

Judge = Callable[[Evidence], Finding]


def gate(run: SimulationRun, rules: Rules | None = None) -> Verdict:
    """Judge a run.

    Args:
        run: A settled run, from `wait` or from a saved file.
        rules: The rules that the run must keep. Default: at least 80 % passed, and no caller always fails.

    Raises:
        UsageError: A rule names a metric whose answers have no order, the baseline is the run itself, or
            `rules` isn't a `Rules`.
    """
    rules = Rules() if rules is None else rules
    if not isinstance(rules, Rules):
        raise UsageError(f"rules must be a Rules, got {rules!r}.")
    if rules.baseline and rules.baseline.id == run.id:
        raise UsageError(f"The baseline is run {run.id} itself. Give an earlier run.")
    if reason := violation_reason(run):
        return Verdict(run, Decision.VIOLATION, reason)
    if reason := not_settled_reason(run):
        return Verdict(run, Decision.NOT_SETTLED, reason)
    evidence = Evidence(run)
    validity = tuple(_validity(run, rules))
    quality = tuple(judge(evidence) for judge in _quality(rules))
    if _has_doubt(run, rules.baseline):
        judged = zip(quality, _quality(rules), strict=True)
        quality = tuple(_with_doubt(finding, judge, evidence) for finding, judge in judged)
    decision, reason = _decision(validity, quality, len(evidence.judged))
    return Verdict(run, decision, reason, validity, quality, tuple(_notes(evidence, rules)))


def _validity(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    yield min_conversations(run, rules.min_conversations)
    yield max_void(run, rules.max_void)
    yield total_tests(run)
    if rules.counters:
        yield counters(run)


def _quality(rules: Rules) -> Iterator[Judge]:
    """For each rule that is on, yield the function that judges the rule."""
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


def _with_doubt(finding: Finding, judge: Judge, evidence: Evidence) -> Finding:
    """Return the finding; make it inconclusive if the rule is kept only while doubt is ignored."""
    if finding.verdict is not RuleVerdict.KEPT:
        return finding
    doubted = judge(evidence.with_doubt)
    if doubted.verdict is RuleVerdict.KEPT or doubted.verdict is RuleVerdict.NOT_APPLICABLE:
        return finding
    doubtful = tuple(each for each in evidence.run.doubtful if each.outcome is not Outcome.FAILED)
    return evolve(
        finding.inconclusive(_doubt_text(doubtful, evidence.run.missing_count, doubted)), doubtful=doubtful
    )


def _doubt_text(doubtful: tuple[SimulationResult, ...], missing: int, doubted: Finding) -> str:
    """Return how many conversations may have failed, which one to open, and the value if all failed."""
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

    if invalid := [each for each in validity if each.verdict is not RuleVerdict.KEPT]:
        return Decision.INCONCLUSIVE, f"inconclusive: {reasons(invalid)}"
    for rule_verdict, decision, word in (
        (RuleVerdict.BROKEN, Decision.DO_NOT_SHIP, "don't ship"),
        (RuleVerdict.INCONCLUSIVE, Decision.INCONCLUSIVE, "inconclusive"),
    ):
        if found := [each for each in quality if each.verdict is rule_verdict]:
            return decision, f"{word}: {reasons(found)}"
    kept = [each for each in quality if each.verdict is RuleVerdict.KEPT]
    if not kept:
        return Decision.INCONCLUSIVE, "inconclusive: no rule about quality applies to this run"
    return Decision.SHIP, f"ship: {reasons(kept)}"


def _reason(finding: Finding, judged: int) -> str:
    """Return the result of a rule as text; if conversations lack its figure, say how many have the figure."""
    if finding.verdict is RuleVerdict.INCONCLUSIVE or not finding.value:
        return f"{finding.rule}: {finding.explanation}"
    is_partial = finding.is_about_figure and finding.sample < judged
    basis = f" (in {finding.sample} of {judged} judged conversations)" if is_partial else ""
    return f"{finding.rule} {finding.threshold}: {finding.value}{basis}"


def _notes(evidence: Evidence, rules: Rules) -> Iterator[str]:
    run, before = evidence.run, rules.baseline
    judged = len(evidence.judged)
    if rules.confidence is None and (note := few_conversations_note(judged, rules.min_pass_rate)):
        yield note
    yield from run.notes
    if note := incomplete_note(run):
        yield note
    if before and before.simulation_id != run.simulation_id:
        yield f"the baseline belongs to simulation {before.simulation_id}, the run to {run.simulation_id}"
