"""What a call returned or raised, as text."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bluejay_results import (
    BluejayError,
    ContractViolationError,
    SimulationResult,
    SimulationRun,
    SimulationRuns,
    WaitTimeoutError,
)
from bluejay_results.results.notes import notes
from bluejay_results.results.queued import QueuedRun


def violations(found: Any) -> Iterator[str]:
    yield from (f"violation: {each.path}: {each.message}" for each in found.violations)


def end(ended: Any) -> Iterator[str]:
    """Yield lines about a call's result or error."""
    match ended:
        case SimulationRun():
            counts = Counter(f"{each.outcome}" for each in ended.results)
            found = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no conversations"
            state = "settled" if ended.is_settled else "has ended" if ended.has_ended else "under way"
            yield f"{ended.id} {state}: {found}, {ended.missing_count} missing"
            yield from (
                f"{each.id}: {each.reason}" for each in ended.results[:3] if f"{each.outcome}" != "passed"
            )
            yield from (f"note: {each}" for each in notes(ended))
            yield from violations(ended)
            yield from (
                f"{each.id}: duration {each.response.duration}"
                for each in ended.results
                if each.response.duration
            )
        case SimulationResult():
            yield f"{ended!r}, run {ended.run_id}, {ended.latency.unit}, by id {ended.was_fetched_by_id}"
            yield from violations(ended)
        case SimulationRuns():
            yield f"{ended!r}"
            yield from (f"{each!r} {each.app_url}" for each in ended)
            yield from (f"note: {each}" for each in notes(ended))
            yield from violations(ended)
        case QueuedRun():
            yield f"{ended.run_id} {ended.result_ids} {ended.agent_id} {ended.app_url}"
        case BluejayError():
            yield f"{type(ended).__name__}: {ended}"
            if isinstance(ended, ContractViolationError):
                yield f"paths {[each.path for each in ended.violations]}"
            if isinstance(ended, WaitTimeoutError):
                yield f"last error {ended.last_error}"
                yield from end(ended.run) if ended.run else ()
        case dict():
            for key, each in ended.items():
                yield from (f"{key}: {line}" for line in end(each))
