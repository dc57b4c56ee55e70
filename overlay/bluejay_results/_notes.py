"""What to know about a run before trusting its numbers, one line each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bluejay_api.models import SimulationRunResultResponse, SimulationRunStatus

from ._reading.json_path import without_indexes
from .result import Outcome, SimulationResult
from .status import ENDED, NEVER_PASS, NOT_MEASURED, UNDER_WAY

_EXAMPLES = 3
_NEVER_PASSES = {*NOT_MEASURED, *NEVER_PASS}


def contradictions(
    counters: SimulationRunResultResponse, results: Sequence[SimulationResult]
) -> Iterator[str]:
    """Yield where the counters of a settled run can't be those of the conversations that it lists."""
    total, passed, listed = counters.total_tests, counters.tests_passed, len(results)
    if total is not None and listed < total:
        return
    if total is not None and total < listed:
        yield f"the run counts {total} conversations and lists {listed}"
    by_both = sum(result.outcome is Outcome.PASSED for result in results)
    by_goal = sum(each.goal_success is True and each.status not in _NEVER_PASSES for each in results)
    if passed is not None and not by_both <= passed <= by_goal:
        yield f"the run counts {passed} passed; {by_both} by goal and tool calls, {by_goal} by goal alone"


def unlisted(expected_count: int, results: Sequence[SimulationResult]) -> Iterator[str]:
    """Yield how many conversations of a settled run are counted or queued, and not listed."""
    if len(results) < expected_count:
        yield f"the run counts {expected_count} conversations and lists {len(results)}"


def listed_twice(results: Sequence[SimulationResult]) -> Iterator[str]:
    """Yield which conversations are listed more than once: each counts as often."""
    twice = [f"{each}" for each, count in Counter(each.id for each in results).items() if count > 1]
    if twice:
        yield f"listed more than once, and counted as often: {_examples('conversation', twice)}"


def not_in_contract(
    status: SimulationRunStatus | None, results: Sequence[SimulationResult], paths: Iterable[str]
) -> Iterator[str]:
    """Yield which statuses, and which fields at `paths`, the contract doesn't know."""
    statuses: list[str] = [status] if status and not status.is_known else []
    statuses += [
        each.response.status or "" for each in results if each.status and each.status not in ENDED | UNDER_WAY
    ]
    found = (_examples("status", statuses), _examples("field", map(without_indexes, paths)))
    if any(found):
        yield f"not in the contract: {'; '.join(filter(None, found))}"


def _examples(noun: str, all_names: Iterable[str]) -> str:
    names = list(dict.fromkeys(all_names))
    if not names:
        return ""
    more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
    return f"{noun} {', '.join(names[:_EXAMPLES])}{more}"
