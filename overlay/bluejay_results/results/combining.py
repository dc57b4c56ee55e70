"""Combines a conversation's records from several pages or fetches by id.

The evaluations and tool calls of all records are merged; every other field comes from the record that was
read last. Each record is read once, newest first, so the time grows in proportion to the records' size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from attrs import evolve
from bluejay_api.models import Evaluation, SimulationResultResponse, ToolCallComparisonGroup

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(
    enc_hook=lambda number: msgspec.Raw(str(number).encode()),  # a number too large for a double
    order="deterministic",
)


def combined(records: Sequence[SimulationResultResponse]) -> SimulationResultResponse:
    """Return one model for a conversation's records, which are in the order they arrived."""
    newest_first = records[::-1]
    return evolve(
        newest_first[0],
        evaluations=_merged([each.evaluations for each in newest_first], _evaluations),
        tool_calls=_merged([each.tool_calls for each in newest_first], _tool_calls),
    )


def _merged(lists: list[list[T] | None], merge: Callable[[list[list[T]]], list[T]]) -> list[T] | None:
    filled = [each for each in lists if each]
    return merge(filled) if len(filled) > 1 else next(iter(filled), lists[0])


def _evaluations(lists: list[list[Evaluation]]) -> list[Evaluation]:
    """Return the newest evaluations, and older ones whose ids aren't in a newer record."""
    known, kept = set[str](), list[list[Evaluation]]()
    for evaluations in lists:
        kept.append([each for each in evaluations if each.id not in known])
        known.update(each.id for each in evaluations if each.id)
    return _union(kept)


def _tool_calls(lists: list[list[ToolCallComparisonGroup]]) -> list[ToolCallComparisonGroup]:
    """For each tool, add the older calls that are missing from the newer records."""
    found = defaultdict[str, list[ToolCallComparisonGroup]](list)
    for groups in lists:
        for name, group in _by_name(groups).items():
            found[name].append(group)
    return [
        ToolCallComparisonGroup(
            name,
            _union([each.expected or [] for each in groups]),
            _union([each.actual or [] for each in groups]),
        )
        for name, groups in found.items()
    ]


def _by_name(groups: list[ToolCallComparisonGroup]) -> dict[str, ToolCallComparisonGroup]:
    found: dict[str, ToolCallComparisonGroup] = {}
    for each in groups:
        group = found.setdefault(each.name, ToolCallComparisonGroup(each.name, [], []))
        for side in ("expected", "actual"):
            getattr(group, side).extend(getattr(each, side) or ())
    return found


def _union(lists: list[list[T]]) -> list[T]:
    """Return the newest items, and the older items that aren't identical to a newest item.

    A newer item matches only one of several identical older items.
    """
    added, known = list[T](), Counter[object]()
    for items in lists:
        counts = Counter[object]()
        for each in items:
            key = _key(each)
            counts[key] += 1
            if counts[key] > known[key]:
                added.append(each)
        for key, count in counts.items():
            known[key] = max(known[key], count)
    return added


def _key(item: object) -> object:
    """Return a value that is equal for identical items."""
    try:
        return _ENCODER.encode(item)
    except RecursionError:  # nested too deeply to compare, so the item counts as different from all others
        return object()
