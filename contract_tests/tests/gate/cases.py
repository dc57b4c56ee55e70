"""Helpers that judge a run by one rule."""

from typing import Any

import attrs
from bluejay_results import SimulationRun
from bluejay_results.gate import Finding, Rules, RuleVerdict, gate

KEPT, BROKEN, UNSURE, OFF = (
    RuleVerdict.KEPT,
    RuleVerdict.BROKEN,
    RuleVerdict.INCONCLUSIVE,
    RuleVerdict.NOT_APPLICABLE,
)
LENIENT = Rules(min_pass_rate=0, max_always_failing=None, max_void=100)
"""Rules under which every settled run passes the validity rules, and that judge no quality."""
Case = tuple[dict[str, Any], SimulationRun, str, RuleVerdict]
"""The rules that differ from LENIENT, a run, the name of a rule, and the verdict of this rule."""


def finding_of(name: str, run: SimulationRun, **rules: Any) -> Finding:
    """Return what a rule finds in a run; the other rules are lenient."""
    verdict = gate(run, attrs.evolve(LENIENT, **rules))
    return next(each for each in (*verdict.validity, *verdict.quality) if each.rule == name)


def verdict_of(run: SimulationRun, **rules: Any) -> RuleVerdict:
    """Return the verdict of the only rule about quality that is on."""
    [finding] = gate(run, attrs.evolve(LENIENT, **rules)).quality
    return finding.verdict
