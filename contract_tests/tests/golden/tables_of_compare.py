"""What a comparison says about all small changes: a line for each."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from bluejay_results.compare import Comparison, Effect, Pair, compare, sentence
from bluejay_results.compare.comparison_text import (
    left_out_text,
    passed_text,
    reason_text,
)
from bluejay_results.gate import Rules, gate
from bluejay_results.measuring.measurement import MeasurementRules
from bluejay_results.report.charts import change_lines

from ..compare.sides import both, side
from ..gate.runs import finding
from .tables_of_gate import letters, told

LENIENT = MeasurementRules(max_void=100)
UNUSABLE: dict[str, dict[str, Any]] = {
    "usable": {},
    "under way": {"status": "RUNNING"},
    "violation": {"tests_passed": "one"},
    "violation, under way": {"status": "RUNNING", "tests_passed": "one"},
    "no count": {"total_tests": None},
    "no simulation": {"simulation_id": None},
    "mostly missing": {"total_tests": 9},
    "wrong counter": {"tests_passed": 0},
}


def pairs() -> Iterator[str]:
    """Yield the change of a caller for all outcomes of up to two conversations in each run."""
    for before, now in product(letters("PFUV", range(3)), repeat=2):
        five = dict.fromkeys(range(1, 6), "P")
        base, run = side({7: before} | five, id="1"), side({7: now} | five, "P", id="2")
        comparison = compare(base, run, LENIENT)
        found = [each for each in comparison.pairs if each.now.id == 7]
        pair = [f"{passed_text(each.before)} to {passed_text(each.now)}, {_values(each)}" for each in found]
        place = [comparison.pairs.index(each) for each in found]
        left_out = left_out_text(comparison)
        of_gate = told(finding(run, "base", base, max_void=100))
        said = f"{' '.join(pair)} {place}; {left_out}; {_told(comparison)}; {of_gate}"
        yield f"{before or '-'} then {now or '-'}: {said}"


def _values(pair: Pair) -> str:
    changes = f"{pair.change_if_failed:.1f} {pair.change_if_passed:.1f}"
    return f"{changes} {pair.is_changed} {reason_text(pair)}"


def _told(comparison: Comparison) -> str:
    lines = [(each.dot.x, each.interval, each.words) for each in change_lines(comparison)]
    return f"{sentence(comparison)}; unknown {comparison.unknown}; {comparison.cause}; chart {lines}"


def callers() -> Iterator[str]:
    """Yield the verdict on each number of callers of which each number got worse, better or unknown."""
    for count in (*range(1, 9), 20):
        for changed, kind in product(range(min(count, 8) + 1), (("P", "F"), ("F", "P"), ("P", "U"))):
            base, run = both((count - changed, "P", "P"), (changed, *kind))
            comparison = compare(base, run)
            found = finding(run, "base", base, min_pass_rate=0)
            notes = ", ".join(map(str, comparison.notes))
            said = f"{sentence(comparison)}; {notes}; gate {told(found)} | {found.rule.next_step(found)}"
            yield f"{changed} of {count} {'>'.join(kind)}: {said}"


def intervals() -> Iterator[str]:
    """Yield the verdict for intervals that end at 0, just below it and just above it."""
    ends = [
        Effect(0, low, high)
        for low, high in ((-2, -1e-9), (-2, 0), (-2, 1e-9), (-1e-9, 2), (0, 2), (1e-9, 2))
    ]
    base, run = both((5, "P", "P"))
    for failed, passed in product(ends, repeat=2):
        found = Comparison(
            base=base, run=run, cause=compare(base, run).cause, if_failed=failed, if_passed=passed
        )
        yield f"{failed.low} to {failed.high}, {passed.low} to {passed.high}: {found.change}"


def sizes() -> Iterator[str]:
    """Yield the interval for callers with few conversations in either run, some of which are void."""
    for before, now in product(("P", "PP", "PPV", "PPPP", "PPPPV"), repeat=2):
        yield f"{before} then {now}: {_told(compare(*both((10, before, now)), LENIENT))}"


def causes() -> Iterator[str]:
    """Yield the verdict if either run can't be compared, and what a gate with this base run decides."""
    five = dict.fromkeys(range(1, 6), "P")
    for (first, of_base), (second, of_run) in product(UNUSABLE.items(), repeat=2):
        base, run = side(five, id="1", **of_base), side(five, id="2", **of_run)
        said = [sentence(compare(base, run))]
        for rules in (Rules(), Rules(max_void=50, no_counters=True)):
            verdict = gate(run, rules, base=base)
            found = [told(each) for each in verdict.runs[0].findings if each.rule.name == "base"]
            said.append(f"gate {verdict.exit_code} {found}")
        yield f"{first} then {second}: {'; '.join(said)}"
