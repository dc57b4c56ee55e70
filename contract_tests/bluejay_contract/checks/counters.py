"""Rules that compare a run's counters with its results. The table in bounds.py limits the counters."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity, Words
from bluejay_contract.operations import RESULTS, RUNS

from .document import is_whole, number, results_of, run_of, runs_of, text
from .outcomes import has_ended, is_settled, passed_range
from .rule import Finding, rule, success
from .statuses import normalized


def _has_whole_run(_: Contract, exchange: Exchange) -> bool:
    return exchange.is_success and exchange.request.operation is RESULTS and is_whole(exchange)


@rule("completed-run-has-results", Severity.SUSPICIOUS, _has_whole_run)
def _completed_run_has_results(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A COMPLETED run with conversations must list results."""
    run = run_of(exchange)
    has_conversations = (number(run, "total_tests") or 0) > 0
    if run.get("status") == "COMPLETED" and has_conversations and not results_of(exchange):
        yield "$.simulation_results", "at least one result", exchange.document.get("simulation_results")


@rule("results-match-total", Severity.SUSPICIOUS, _has_whole_run)
def _results_match_total(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """A run that has ended must list exactly `total_tests` results."""
    total = number(run_of(exchange), "total_tests")
    count = len(results_of(exchange))
    if has_ended(exchange) and total is not None and count and count != total:
        yield "$.simulation_results", _results(total), Words(_results(count))


def _results(count: int | float) -> str:
    return "1 result" if count == 1 else f"{count} results"


@rule("counters-match-results", Severity.SUSPICIOUS, _has_whole_run)
def _counters_match_results(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """The counters of a settled run must match its results; unknown results may count as passed."""
    if not is_settled(exchange) or not isinstance(exchange.document.get("simulation_results"), list):
        return
    run = run_of(exchange)
    count = len({number(result, "id") for _, result in results_of(exchange)})
    total, passed = number(run, "total_tests"), number(run, "tests_passed")
    if total is not None and total < count:
        yield "$.simulation_run.total_tests", f"at least {count} (the number of listed results)", total
    low, listed = passed_range(exchange)
    high = listed + max(0, (total or 0) - count)
    if passed is not None and not low <= passed <= high:
        allowed = f"{low}" if low == high else f"{low} to {high}"
        expected = f"{allowed} (computed from the results' goals and tool calls)"
        yield "$.simulation_run.tests_passed", expected, passed


@rule("no-completions-while-initializing", Severity.SUSPICIOUS, success(RESULTS, RUNS))
def _no_completions_while_initializing(_: Contract, exchange: Exchange) -> Iterator[Finding]:
    """An INITIALIZING run must have no completed conversations."""
    for path, run in runs_of(exchange):
        is_initializing = normalized(text(run, "status")) == "INITIALIZING"
        if is_initializing and (number(run, "tests_completed") or 0) > 0:
            yield f"{path}.tests_completed", "0 while the run is INITIALIZING", run["tests_completed"]
    if normalized(text(run_of(exchange), "status")) == "INITIALIZING":
        for path, result in results_of(exchange):
            if normalized(text(result, "status")) == "COMPLETED":
                yield (
                    f"{path}.status",
                    "a status other than COMPLETED while the run is INITIALIZING",
                    result["status"],
                )
