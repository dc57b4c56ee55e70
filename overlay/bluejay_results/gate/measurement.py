"""The conditions that make a run a measurement."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..results.run import SimulationRun
from .rules_and_defaults import Rules
from .verdict import Finding, RuleVerdict


def measurement(run: SimulationRun, rules: Rules) -> Iterator[Finding]:
    """Yield a finding for each condition; all of them must be kept."""
    yield _min_conversations(run, rules.min_conversations)
    yield _max_void(run, rules.max_void)
    yield _total_tests(run)
    if rules.counters:
        yield Finding("counters", _kept_if(not run.contradictions), details=run.contradictions)


def _min_conversations(run: SimulationRun, least: int) -> Finding:
    known = len(run.passed) + len(run.failed)
    total = len(run.results) + run.missing_count
    return Finding(
        "min-conversations", _kept_if(known >= least), least, float(known), sample=known, total=total
    )


def _max_void(run: SimulationRun, most: float) -> Finding:
    total, void = len(run.results) + run.missing_count, len(run.void) + run.missing_count
    share = Fraction(100 * void, total) if total else Fraction(0)
    return Finding(
        "max-void",
        _kept_if(share <= Fraction(str(most))),
        most,
        float(share),
        sample=void,
        total=total,
        conversations=run.void,
    )


def _total_tests(run: SimulationRun) -> Finding:
    total = run.response.simulation_run.total_tests
    return Finding("total-tests", _kept_if(bool(total)), value=None if total is None else float(total))


def _kept_if(is_kept: bool) -> RuleVerdict:
    return RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN
