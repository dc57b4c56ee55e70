"""The latency of a run: how long its turns took, read from the percentiles of its conversations."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import median

from attrs import frozen

from ..results.latency import LatencySummary

ALLOWED = {"p50": 0.5, "p90": 0.1, "p95": 0.05, "p99": 0.01}
"""By figure: the share of a run's turns that may take longer than the limit."""


@frozen
class Turns:
    """The turns of one conversation: the share that took longer than a time, as a falling line.

    Attributes:
        corners: Times in milliseconds and the share of turns that took longer, by rising time; linear
            between two corners. Before the first corner all turns took longer, after the last one none.
        weight: How much the conversation counts: its number of turns, or 1.
    """

    corners: tuple[tuple[float, float], ...]
    weight: float

    def share_above(self, time: float, *, is_before_fall: bool = False) -> float:
        """Return the share of turns that took longer than a time, 0 to 1.

        Where the line falls at once this is the share after the fall, or with `is_before_fall` before it.
        """
        place = bisect_left(self.corners, (time, -1.0 if is_before_fall else 2.0))
        if place == len(self.corners):
            return 0.0
        if place == 0:
            return 1.0
        (before, high), (after, low) = self.corners[place - 1], self.corners[place]
        return high + (low - high) * (time - before) / (after - before)


def latency_of_run(figure: str, conversations: Sequence[tuple[LatencySummary, int | None]]) -> float:
    """Return a latency figure over all turns of a run, in milliseconds.

    Conversations count by their number of turns, and once more all alike; the larger value counts, because
    callers who have to wait hang up after two turns.

    Args:
        figure: `average`, `p50`, `p90`, `p95` or `p99`.
        conversations: The latency of each, in milliseconds, that `knows` the figure; and its number of turns.
    """
    latencies = [latency for latency, _ in conversations]
    return max(
        _value(figure, latencies, weights) for weights in _weights([turns for _, turns in conversations])
    )


def knows(latency: LatencySummary, figure: str) -> bool:
    """Whether a conversation has a figure, and p50 and p90 to place it by."""
    if figure == "average":
        return latency.average is not None
    known = _known(latency)
    return figure in known and {"p50", "p90"} <= known.keys()


def _value(figure: str, latencies: Sequence[LatencySummary], weights: Sequence[float]) -> float:
    if figure == "average":
        weighted = (weight * (each.average or 0.0) for each, weight in zip(latencies, weights, strict=True))
        return sum(weighted) / sum(weights)
    return slowest_turns(list(map(turns_of, latencies, weights)), ALLOWED[figure])


def _known(latency: LatencySummary) -> dict[str, float]:
    """Return the percentiles by name; one below an earlier one doesn't count as known."""
    known, highest = dict[str, float](), 0.0
    for name, value in zip(ALLOWED, (latency.p50, latency.p90, latency.p95, latency.p99), strict=True):
        if value is not None and value >= highest:
            known[name] = highest = value
    return known


def turns_of(latency: LatencySummary, weight: float) -> Turns:
    """Return the turns of a conversation whose p50 and p90 are known.

    Between two known percentiles the share is linear. Below p50 it rises to 90 % at p50²/p90, and to all
    turns at 0. Above the highest percentile F it falls to none at F²/G, where G is the percentile below F.
    Nothing is above the maximum.
    """
    known = _known(latency)
    *_, below, highest = known.values()
    corners = [
        (0.0, 1.0),
        (known["p50"] ** 2 / known["p90"], 0.9),
        *((value, ALLOWED[name]) for name, value in known.items()),
        (highest**2 / below, 0.0),
    ]
    return Turns(tuple(_cut_at(corners, latency.maximum)), weight)


def _cut_at(corners: list[tuple[float, float]], maximum: float | None) -> list[tuple[float, float]]:
    """Let the line fall to none at once at the maximum, unless that is below a known percentile."""
    (highest, high), (end, _) = corners[-2:]
    if maximum is None or not highest <= maximum < end:
        return corners
    left = high * (end - maximum) / (end - highest)
    return [*corners[:-1], (maximum, left), (maximum, 0.0)]


def slowest_turns(run: Sequence[Turns], allowed: float) -> float:
    """Return the smallest time, in ms, that at most the allowed share of a run's turns exceeds.

    Conversations count by their weight.
    """
    total = sum(each.weight for each in run)

    def share_above(time: float, *, is_before_fall: bool = False) -> float:
        shares = (each.weight * each.share_above(time, is_before_fall=is_before_fall) for each in run)
        return sum(shares) / total

    times = sorted({time for each in run for time, _ in each.corners})
    place = _first(times, lambda time: share_above(time) <= allowed)
    if place == 0:
        return times[0]
    before, after = times[place - 1], times[place]
    high, low = share_above(before), share_above(after, is_before_fall=True)
    if low > allowed:
        return after
    return before + (after - before) * (high - allowed) / (high - low)


def _first(times: Sequence[float], is_kept: Callable[[float], bool]) -> int:
    """Return the first place from which on every time is kept; the last time always is."""
    low, high = 0, len(times) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_kept(times[middle]) else (middle + 1, high)
    return low


def _weights(turns: Sequence[int | None]) -> tuple[list[float], list[float]]:
    """Return two lists of weights: the number of turns of each conversation, and 1 for each.

    A missing number, or 0, counts as the median of the others.
    """
    known = [each for each in turns if each and each > 0]
    usual = float(median(known)) if known else 1.0
    return [float(each) if each and each > 0 else usual for each in turns], [1.0] * len(turns)
