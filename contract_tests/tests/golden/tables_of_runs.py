"""How a run is read: each status, verdict, counter, latency and answer, one line for each."""

from collections.abc import Iterator
from itertools import combinations_with_replacement, product

from bluejay_results.export import to_rows
from bluejay_results.gate import Aggregate, gate
from bluejay_results.gate.advice import about_unknown, about_void
from bluejay_results.gate.verdict_text import headline
from bluejay_results.report.quality import quality_rows
from bluejay_results.results import outcome
from bluejay_results.results.run_figures import computed
from bluejay_results.writing.numbers import figure_text, obstacle_of_figure

from .. import builders
from ..gate.runs import evaluated, judged, metrics, run_of
from .tables_of_gate import run_with

KNOWN = sorted(outcome.ENDED | outcome.UNDER_WAY)
STATUSES = (*KNOWN, "No  answer", "in-progress", "Canceled", "NEW", "", None)
UNCALLED = builders.tool_calls("book", actual=0)
COUNTERS = {"total_tests": 5, "tests_passed": 2, "tests_failed": 1}
COUNTERS |= {"tests_completed": 4, "tests_incompleted": 1}
ANSWERS = (
    *("yes", "No.", " PASS ", "fail", "true", "False", "5", "5.1", " 4 ", "0.9", "1", "-2", "1e0", "1_0"),
    *("1/5", "nan", "inf", "٤", "", "N/A", "not applicable.", "not_applicable", "na", "polite"),
)
TYPES = ("quantitative", "yes_no", "pass_fail", " Tool_Call", "enum", "text", "json", "qualitative", "new")
EDGES = (0, 19.9, 20, 200, 200.1)


def statuses_of_runs() -> Iterator[str]:
    """Yield what the gate decides about a run with each status."""
    for status in STATUSES:
        run = run_of({}, status=status)
        yield f"{status!r}: settled {run.is_settled}; {headline(gate(run))} ({gate(run).exit_code})"


def advice() -> Iterator[str]:
    """Yield who has to act on void and unknown conversations, for each status and for missing ones."""
    for status in sorted(outcome.VOID | outcome.INCONCLUSIVE):
        run = run_of({"status": status, "evaluations": None})
        yield f"{status}: {about_void(run) if run.void else about_unknown(run)}"
    for name, run in {"missing": run_with("PMM"), "no calls": run_of({"tool_calls": [UNCALLED]})}.items():
        yield f"{name}: {about_void(run) if run.missing_count else ''} {about_unknown(run)}".strip()


def counters() -> Iterator[str]:
    """Yield the unmet conditions for each value of each counter, for a run of P, P, F, U and V."""
    for name, value in product(COUNTERS, (None, -1, *range(8))):
        run = run_with("PPFUV", **COUNTERS | {name: value})
        unmet = [
            [
                f"{each.name} {[*map(str, each.contradictions)]} {each.negative}"
                for each in judged(run, max_void=100, no_counters=no_counters).unmet
            ]
            for no_counters in (False, True)
        ]
        yield f"{name} {value}: missing {run.missing_count}; {unmet[0]}; without counters {unmet[1]}"


def limits_of_measurements() -> Iterator[str]:
    """Yield how many void, missing and known conversations a run of each size may have."""
    for size in range(1, 11):
        shares = []
        for kind in "VM":
            met = [
                judged(run_with("P" * (size - bad) + kind * bad)).measurement[1].is_met
                for bad in range(size + 1)
            ]
            shares.append(f"{kind} up to {met.index(False) - 1}, then {met.count(True)} of {len(met)}")
        needed = [
            judged(run_with("P" * size), min_conversations=least).measurement[0].is_met
            for least in range(1, 12)
        ]
        yield f"{size} conversations: {'; '.join(shares)}; at least up to {needed.count(True)}"


def latencies() -> Iterator[str]:
    """Yield the unit and the highest average of each one to three averages at the edges of the units."""
    for size in (1, 2, 3):
        for averages in combinations_with_replacement(EDGES, size):
            run = evaluated(*({"avg_agent_latency": each} for each in averages))
            found = computed(run).figure(Aggregate.MAX, "latency.average")
            said = figure_text(found) if found.value else obstacle_of_figure(found)
            yield f"{averages}: {run.latency_unit}; {said}"


def answers() -> Iterator[str]:
    """Yield what each answer to a metric of each type, from 1 to 5, is worth in each output."""
    for kind, answer in product(TYPES, ANSWERS):
        run = metrics(answer, kind=kind, min_value=1, max_value=5)
        figures = (
            computed(run).figure(each, "politeness", is_metric=True)
            for each in (Aggregate.MEAN, Aggregate.RATE)
        )
        said = [f"{each.value}" if each.value is not None else obstacle_of_figure(each) for each in figures]
        [row] = to_rows(run, "metrics")
        [*rows] = [
            f"{each.value}, worst {each.worst}"
            for each in quality_rows(judged(run))
            if each.name == "politeness"
        ]
        yield f"{kind} {answer!r}: mean {said[0]}; rate {said[1]}; column {row['number']}; page {rows}"
