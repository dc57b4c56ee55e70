"""Rules about two responses for the same run: two pages of one read, or an earlier and a later read.

The pages of one read must not share a result, and a later read must not contradict an earlier one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity
from bluejay_contract.operations import Page

from .document import Object, is_whole, number, objects, results_of, run_of, text
from .outcomes import has_ended, verdict_of
from .rule import Finding, rule
from .statuses import ENDED, RUN_ENDED, UNDER_WAY, normalized

FIXED_OF_A_PAGE = ("id", "simulation_id", "created_at")
FIXED_OF_A_RUN = (*FIXED_OF_A_PAGE, "total_tests")
FIXED_OF_A_RESULT = ("digital_human_id", "start_time")


def pairs(responses: Sequence[Exchange]) -> Iterator[tuple[Exchange, Exchange]]:
    """Yield the pairs of responses that the rules compare, ordered by the later response.

    Each response is compared with the previous response, with the last response for the same page, and with
    the other pages of the same read. A read begins with the first page.
    """
    start = 0
    last: dict[Page, int] = {}
    for index, later in enumerate(responses):
        page = _page(later)
        if page.offset == 0:
            start = index
        compared = {*range(start, index), index - 1, last.get(page, -1)} - {-1}
        yield from ((responses[each], later) for each in sorted(compared))
        last[page] = index


def _page(exchange: Exchange) -> Page:
    return exchange.request.page or Page()


def _are_pages(earlier: Exchange, later: Exchange) -> bool:
    return bool(run_of(earlier) and run_of(later)) and _page(earlier).end <= _page(later).offset


def _are_reads(earlier: Exchange, later: Exchange) -> bool:
    return bool(run_of(earlier) and run_of(later)) and _page(earlier).end > _page(later).offset


@rule("pages-of-one-run", Severity.VIOLATION, _are_pages)
def _pages_of_one_run(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """All pages of a read must belong to the same run."""
    runs = run_of(earlier), run_of(later)
    yield from _changed("$.simulation_run", *runs, FIXED_OF_A_PAGE, "the same value as on the previous page")


@rule("results-on-one-page", Severity.VIOLATION, _are_pages)
def _results_on_one_page(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """If the run has ended, no result may be on two pages of one read."""
    if not has_ended(earlier):
        return
    ids = {number(result, "id") for _, result in results_of(earlier)} - {None}
    for path, result in results_of(later):
        if number(result, "id") in ids:
            yield f"{path}.id", "a result that is not on an earlier page", result["id"]


@rule("run-identity-unchanged", Severity.SUSPICIOUS, _are_reads)
def _run_identity_unchanged(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A run's ids, created_at and total_tests must not change, but a total_tests of 0 may."""
    yield from _changed("$.simulation_run", run_of(earlier), run_of(later), FIXED_OF_A_RUN)


@rule("run-status-moves-forward", Severity.SUSPICIOUS, _are_reads)
def _run_status_moves_forward(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A run's status must not go back: from ended to under way, or from RUNNING to INITIALIZING."""
    was, now = (text(run_of(each), "status") for each in (earlier, later))
    if normalized(was) in RUN_ENDED:
        goes_back = normalized(now) != normalized(was)
    elif has_ended(earlier):  # its status is null, missing or unknown, but its conversations have ended
        goes_back = normalized(now) in UNDER_WAY
    else:
        goes_back = (was, now) == ("RUNNING", "INITIALIZING")
    if goes_back:
        yield "$.simulation_run.status", f"{was or 'an ended status'} or a later status", now


@rule("counters-never-decrease", Severity.SUSPICIOUS, _are_reads)
def _counters_never_decrease(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A run's counters must not decrease, unless a reviewer's corrections explain the decrease."""
    before, after = run_of(earlier), run_of(later)
    corrections = _corrections(earlier, later)
    moved = {"tests_passed": corrections, "tests_failed": corrections}
    for name in ("tests_passed", "tests_failed", "tests_completed", "tests_incompleted"):
        was, now = number(before, name), number(after, name)
        least = max(0, (was or 0) - moved.get(name, 0))
        if was and (now is None or now < least):
            yield f"$.simulation_run.{name}", f"{least} or more", after.get(name)


def _corrections(earlier: Exchange, later: Exchange) -> float:
    """Return the maximum number of conversations that corrections can have moved between two counters."""
    if not is_whole(later):
        return math.inf
    results = [result for each in (earlier, later) for _, result in results_of(each)]
    return len({number(each, "id") for each in results if _is_corrected(each)})


@rule("results-not-removed", Severity.SUSPICIOUS, _are_reads)
def _results_not_removed(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A result from an earlier read must still be listed."""
    if not _page(later).has(_page(earlier)):
        return
    ids = {number(result, "id") for _, result in results_of(later)}
    for _, result in results_of(earlier):
        if number(result, "id") not in ids:
            yield "$.simulation_results", "every result from the earlier read", {"missing": result.get("id")}


@rule("result-identity-unchanged", Severity.SUSPICIOUS, _are_reads)
def _result_identity_unchanged(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A conversation's digital_human_id and start_time must not change."""
    for path, before, after in _pairs(earlier, later):
        yield from _changed(path, before, after, FIXED_OF_A_RESULT)


@rule("result-status-moves-forward", Severity.SUSPICIOUS, _are_reads)
def _result_status_moves_forward(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """A conversation's status must not go back from ended to under way."""
    for path, before, after in _pairs(earlier, later):
        was, now = text(before, "status"), text(after, "status")
        if normalized(was) in ENDED and normalized(now) in UNDER_WAY:
            yield f"{path}.status", f"{was} or another ended status", now


@rule("evaluations-not-removed", Severity.SUSPICIOUS, _are_reads)
def _evaluations_not_removed(earlier: Exchange, later: Exchange) -> Iterator[Finding]:
    """An evaluation from an earlier read must still be listed."""
    for path, before, after in _pairs(earlier, later):
        was, now = (len(list(objects(each, "evaluations", path))) for each in (before, after))
        if now < was:
            yield f"{path}.evaluations", f"{was} or more", now


def _is_corrected(result: Object) -> bool:
    verdict = verdict_of(result)
    return verdict.value is not verdict.judged


def _pairs(earlier: Exchange, later: Exchange) -> Iterator[tuple[str, Object, Object]]:
    before = {number(result, "id"): result for _, result in results_of(earlier)}
    for path, result in results_of(later):
        if number(result, "id") in before:
            yield path, before[number(result, "id")], result


def _changed(
    path: str, before: Object, after: Object, names: Sequence[str], expected: str = "an unchanged value"
) -> Iterator[Finding]:
    for name in names:
        if before.get(name) not in (None, "", 0) and after.get(name) != before[name]:
            yield f"{path}.{name}", expected, {"before": before[name], "after": after.get(name)}
