"""Notes to read before trusting the numbers of a run, one line each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bluejay_api.models import SimulationRunResultResponse, SimulationRunStatus

from ..reading.json_path import without_indexes
from .outcome import Outcome, Reason, Why
from .page import FailedFetch
from .result import SimulationResult
from .status import ENDED, RUN_CUT_SHORT, UNDER_WAY, normalized

_EXAMPLES = 3
_BY_STATUS = frozenset({Why.STOPPED, Why.NOT_CONNECTED, Why.STATUS_ERROR})


def contradictions(
    counters: SimulationRunResultResponse, results: Sequence[SimulationResult], missing_count: int
) -> Iterator[str]:
    """Yield each counter of a settled run that contradicts its conversations."""
    total, passed, failed = counters.total_tests, counters.tests_passed, counters.tests_failed
    counted = [each for each in (passed, failed) if each is not None]
    least = sum(each.outcome is Outcome.PASSED for each in results)
    most = missing_count + sum(_may_count_as_passed(each) for each in results)
    if total is not None and total < len(results):
        yield f"the run counts {total} conversations and lists {len(results)}"
    if total is not None and sum(counted) > total:
        yield f"the run counts {passed or 0} passed and {failed or 0} failed of {total}"
    if passed is not None and not least <= passed <= most:
        found = f"{least}" if least == most else f"{least} to {most}"
        yield f"the run counts {passed} passed; by its conversations, {found} passed"


def _may_count_as_passed(result: SimulationResult) -> bool:
    """Whether the service may count a conversation as passed; its own count may ignore skipped tools."""
    reached = result.outcome is Outcome.FAILED and result.goal_success is True
    return reached or result.outcome in {Outcome.PASSED, Outcome.UNKNOWN}


def unusual_end(status: str | None) -> Iterator[str]:
    """Yield a note if the run ended early."""
    if normalized(status) in RUN_CUT_SHORT:
        yield f"the run ended {status}"


def left_out(outcome: str, results: Sequence[SimulationResult]) -> Iterator[str]:
    """Yield how many conversations have an outcome that the pass rate leaves out, and why."""
    if results:
        reasons = Counter(_short_reason(each.reason) for each in results)
        why = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        noun = "conversation is" if len(results) == 1 else "conversations are"
        yield f"{len(results)} {noun} {outcome}: {why}"


def _short_reason(reason: Reason) -> str:
    return f"status {normalized(reason.status)}" if reason.why in _BY_STATUS else reason.why.value


def missing(count: int) -> Iterator[str]:
    """Yield how many conversations the run counts but doesn't list."""
    if count:
        noun = "conversation is" if count == 1 else "conversations are"
        yield f"{count} {noun} missing: the run counts more than it lists"


def failed_fetches(failed: Iterable[FailedFetch]) -> Iterator[str]:
    """Yield which conversations could not be fetched by id: one line for all with the same reason."""
    ids_of = defaultdict[str, list[str]](list)
    for each in failed:
        ids_of[each.reason].append(each.exchange.resource.id)
    for reason, ids in ids_of.items():
        yield f"{examples('conversation', ids)} could not be fetched by id: {reason.rstrip('.')}"


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
