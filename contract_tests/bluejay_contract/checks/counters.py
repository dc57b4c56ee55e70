"""Rules about the counters of a run, and about the results that they count."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity, Words

from .applicability import has_runs, has_whole_run
from .document import is_whole, number, results_of, run_of, runs_of, text
from .life_cycle import has_ended, has_results_under_way, is_settled
from .outcomes import passed_range
from .rule import Finding, Rule
from .statuses import normalized

COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


def _counters_not_negative(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No counter of a run may be negative."""
    for path, run in runs_of(exchange):
        for name in COUNTERS:
            if (number(run, name) or 0) < 0:
                yield f"{path}.{name}", "0 or more", run[name]


def _passed_and_failed_within_total(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """tests_passed + tests_failed must not exceed total_tests."""
    for path, run in runs_of(exchange):
        passed, total = number(run, "tests_passed"), number(run, "total_tests")
        failed = max(0, number(run, "tests_failed") or 0)
        if passed is not None and total is not None and passed + failed > total:
            expected = f"tests_passed + tests_failed to be at most total_tests ({total})"
            yield f"{path}.tests_passed", expected, passed + failed


def _completed_and_incompleted_add_up(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """tests_completed + tests_incompleted must not exceed total_tests, and must equal it in a settled run."""
    has_whole_run = bool(run_of(exchange)) and is_whole(exchange)
    is_settled_run = has_whole_run and has_ended(exchange) and not has_results_under_way(exchange)
    for path, run in runs_of(exchange):
        total, completed = number(run, "total_tests"), number(run, "tests_completed")
        incompleted = number(run, "tests_incompleted")
        if total is None or completed is None or incompleted is None:
            continue
        count = completed + incompleted
        if count > total or (is_settled_run and count < total):
            relation = "equal" if is_settled_run else "be at most"
            expected = f"tests_completed + tests_incompleted to {relation} total_tests ({total})"
            yield f"{path}.tests_completed", expected, count


def _completed_run_has_results(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A COMPLETED run with conversations must list results."""
    run = run_of(exchange)
    if (
        run.get("status") == "COMPLETED"
        and (number(run, "total_tests") or 0) > 0
        and not results_of(exchange)
    ):
        yield "$.simulation_results", "at least one result", exchange.document.get("simulation_results")


def _results_match_total(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A run that has ended must list total_tests results."""
    total = number(run_of(exchange), "total_tests")
    count = len(results_of(exchange))
    if has_ended(exchange) and total is not None and count and count != total:
        yield "$.simulation_results", _results(total), Words(_results(count))


def _results(count: int | float) -> str:
    return "1 result" if count == 1 else f"{count} results"


def _counters_match_results(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The counters of a settled run must match its results; unknown results may count as passed."""
    if not is_settled(exchange) or not isinstance(exchange.document.get("simulation_results"), list):
        return
    run = run_of(exchange)
    count = len({number(result, "id") for _, result in results_of(exchange)})
    total, passed = number(run, "total_tests"), number(run, "tests_passed")
    if total is not None and total < count:
        yield "$.simulation_run.total_tests", f"at least {count}, the number of listed results", total
    low, listed = passed_range(exchange)
    high = listed + max(0, (total or 0) - count)
    if passed is not None and not low <= passed <= high:
        allowed = f"{low}" if low == high else f"{low} to {high}"
        expected = f"{allowed}, computed from the goals and tool calls of the results"
        yield "$.simulation_run.tests_passed", expected, passed


def _no_completions_while_initializing(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """An INITIALIZING run must have no completed conversation."""
    for path, run in runs_of(exchange):
        is_initializing = normalized(text(run, "status")) == "INITIALIZING"
        if is_initializing and (number(run, "tests_completed") or 0) > 0:
            yield f"{path}.tests_completed", "0 while the run is INITIALIZING", run["tests_completed"]
    if normalized(text(run_of(exchange), "status")) != "INITIALIZING":
        return
    for path, result in results_of(exchange):
        if normalized(text(result, "status")) == "COMPLETED":
            yield f"{path}.status", "no COMPLETED while the run is INITIALIZING", result["status"]


RULES = (
    Rule("counters-not-negative", Severity.SUSPICIOUS, _counters_not_negative, has_runs),
    Rule("passed-and-failed-within-total", Severity.SUSPICIOUS, _passed_and_failed_within_total, has_runs),
    Rule(
        "completed-and-incompleted-add-up", Severity.SUSPICIOUS, _completed_and_incompleted_add_up, has_runs
    ),
    Rule("completed-run-has-results", Severity.SUSPICIOUS, _completed_run_has_results, has_whole_run),
    Rule("results-match-total", Severity.SUSPICIOUS, _results_match_total, has_whole_run),
    Rule("counters-match-results", Severity.SUSPICIOUS, _counters_match_results, has_whole_run),
    Rule(
        "no-completions-while-initializing", Severity.SUSPICIOUS, _no_completions_while_initializing, has_runs
    ),
)
