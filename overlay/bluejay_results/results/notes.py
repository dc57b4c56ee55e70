"""Notes to read before trusting the numbers of a run, one line each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bluejay_api.models import SimulationRunResultResponse, SimulationRunStatus

from ..reading.json_path import without_indexes
from .latency import has_negative_latency
from .received_run import FailedFetch
from .result import Outcome, SimulationResult
from .status import (
    ENDED,
    NEVER_PASS,
    NOT_MEASURED,
    UNDER_WAY,
)

_EXAMPLES = 3
_NEVER_PASSES = {*NOT_MEASURED, *NEVER_PASS}


def contradictions(
    counters: SimulationRunResultResponse, results: Sequence[SimulationResult]
) -> Iterator[str]:
    """Yield each counter of a settled run that contradicts its conversations; `results` has each id once."""
    total, passed, failed = counters.total_tests, counters.tests_passed, counters.tests_failed
    by_both = sum(result.outcome is Outcome.PASSED for result in results)
    by_goal = sum(each.goal_success is True and each.status not in _NEVER_PASSES for each in results)
    listed = len(results)
    unlisted_count = max(0, (total or 0) - listed)
    if total is not None and total < listed:
        yield f"the run counts {total} conversations and lists {listed}"
    if passed is not None and not by_both <= passed <= by_goal + unlisted_count:
        more = f", {unlisted_count} not listed" if unlisted_count else ""
        passed_by = f"{by_both} passed by goal and tool calls, {by_goal} by goal alone{more}"
        yield f"the run counts {passed} passed; {passed_by}"
    if failed is not None and failed < 0:
        yield f"the run counts {failed} failed"
    if total is None or failed is None:
        return
    if passed is not None and passed + failed > total:
        yield f"the run counts {passed} passed and {failed} failed of {total}"
    if failed > total - by_both:
        yield f"the run counts {failed} failed of {total}, and {by_both} passed by goal and tool calls"


def unlisted(expected_count: int, results: Sequence[SimulationResult]) -> Iterator[str]:
    """Yield a note if a settled run counted or queued more conversations than it lists."""
    if len(results) < expected_count:
        yield f"the run counts {expected_count} conversations and lists {len(results)}"


def failed_fetches(failed: Iterable[FailedFetch]) -> Iterator[str]:
    """Yield which conversations could not be fetched by id: one line for all with the same reason."""
    ids_of = defaultdict[str, list[str]](list)
    for each in failed:
        ids_of[each.reason].append(each.exchange.resource.id)
    for reason, ids in ids_of.items():
        yield f"{examples('conversation', ids)} could not be fetched by id: {reason.rstrip('.')}"


def negative_latencies(results: Iterable[SimulationResult]) -> Iterator[str]:
    """Yield which conversations have a negative latency, which counts as not measured."""
    negative = [f"{each.id}" for each in results if has_negative_latency(each.evaluation)]
    if negative:
        yield f"a negative latency counts as not measured: {examples('conversation', negative)}"


def not_in_contract(
    run_statuses: Iterable[SimulationRunStatus | None],
    paths: Iterable[str],
    results: Sequence[SimulationResult] = (),
) -> Iterator[str]:
    """Yield the statuses of runs and results, and the fields at `paths`, that the contract doesn't list."""
    statuses: list[str] = [each for each in run_statuses if each and not each.is_known]
    statuses += [
        each.response.status or "" for each in results if each.status and each.status not in ENDED | UNDER_WAY
    ]
    found = (examples("status", statuses), examples("field", map(without_indexes, paths)))
    if any(found):
        yield f"not in the contract: {'; '.join(filter(None, found))}"


def examples(noun: str, all_names: Iterable[str]) -> str:
    """Return the noun, the first three distinct names, and the number of the others; "" without names."""
    names = list(dict.fromkeys(all_names))
    if not names:
        return ""
    more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
    return f"{noun} {', '.join(names[:_EXAMPLES])}{more}"
