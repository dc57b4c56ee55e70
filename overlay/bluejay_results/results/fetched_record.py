"""Decides whether a record fetched by id replaces the listed one, and what to note about the record.

See `docs/definitions.md`, Fetched records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import define

from .._errors import BluejayError
from .result import SimulationResult

_EXAMPLES = 5


@define
class FetchedRecord:
    """What is known about one conversation that was fetched by id.

    Attributes:
        first: When the conversation was first fetched, by the monotonic clock.
        last: When the conversation was last fetched.
        result: The fetched record; None if every fetch failed.
        error: Why the last fetch failed; None if it succeeded.
        listed: The listed record at the time of the last fetch; None if the list left it out.
    """

    first: float
    last: float
    result: SimulationResult | None = None
    error: BluejayError | None = None
    listed: SimulationResult | None = None


def replaces(fetched: SimulationResult, listed: SimulationResult, before: SimulationResult | None) -> bool:
    """Whether a fetched record replaces the listed one; `before` was the listed one at the time of the fetch.

    A listed record that has changed since then is newer than the fetched one. The newer record counts, unless
    it has fewer tool calls or fewer expected tools.
    """
    if fetched.recorded_calls != listed.recorded_calls:
        return fetched.recorded_calls > listed.recorded_calls
    has_changed = before is None or _judged_fields(before) != _judged_fields(listed)
    return not has_changed or len(fetched.expected_tools) > len(listed.expected_tools)


def _judged_fields(result: SimulationResult) -> tuple[object, ...]:
    """Return the fields that a verdict depends on, without signed URLs, which every response may change."""
    response = result.response
    return response.status, response.digital_human_id, response.evaluations, response.tool_calls


def contradictions(record: FetchedRecord, listed: SimulationResult) -> Iterator[str]:
    """Yield each contradiction between a fetched record and the list.

    A field that has changed in the list since the fetch doesn't contradict the fetched record.
    """
    fetched, before = record.result, record.listed
    if fetched is None or before is None or fetched.id != listed.id:
        return
    for name in ("status", "digital_human_id", "goal_success"):
        in_list, by_id = getattr(listed, name), getattr(fetched, name)
        if in_list != by_id and in_list == getattr(before, name):
            yield f"{name} is {in_list} in the list and {by_id} in the record fetched by id"


def _failures(result_id: str, record: FetchedRecord) -> Iterator[str]:
    """Yield why a fetch gave no record that can replace the listed one."""
    fetched, listed = record.result, record.listed
    used = ", so the listed record is used" if listed else ""
    if record.error:
        reason = str(record.error).rstrip(".")
        yield f"could not be fetched by id{'' if fetched else used} ({reason})"
    if fetched and str(fetched.id) != result_id:
        yield f"the fetch by id returned conversation {fetched.id}{used}"
    elif fetched and listed and fetched.recorded_calls < listed.recorded_calls:
        yield "the record fetched by id has fewer tool calls, so the listed record is used"


def notes_on(
    records: Mapping[str, FetchedRecord], contradictions: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the notes from fetches by id: one line for all conversations with the same finding."""
    ids_of = defaultdict[str, list[str]](list)
    for result_id, record in records.items():
        for finding in (*_failures(result_id, record), *contradictions.get(result_id, ())):
            ids_of[finding].append(result_id)
    for finding, ids in ids_of.items():
        more = f" and {len(ids) - _EXAMPLES} more" if len(ids) > _EXAMPLES else ""
        noun = "conversations" if len(ids) > 1 else "conversation"
        yield f"{noun} {', '.join(ids[:_EXAMPLES])}{more}: {finding}"
