"""The latency of a run over all its turns, estimated from the percentiles of its conversations.

docs/definitions.md (Latency) explains the estimate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import median

from attrs import frozen

from ..results.latency import LatencySummary

ALLOWED = {"p50": 0.5, "p90": 0.1, "p95": 0.05, "p99": 0.01}
"""The share of a run's turns that may take longer than the limit, by figure."""
_ROUNDING = 1e-6
"""A percentile may be below an earlier percentile by this share because of rounding."""


@frozen
class Turns:
    """The share of a conversation's turns that took longer than a time, as a falling line.

    Attributes:
        corners: The corners of the line by rising time. A corner is a time in milliseconds, and the share of
            turns that took longer. The share is 1 before the first corner and 0 after the last corner.
        weight: The weight of the conversation: its number of turns, or 1.
    """

    corners: tuple[tuple[float, float], ...]
    weight: float

    def share_above(self, time: float, *, is_before_fall: bool = False) -> float:
        """Return the share of turns that took longer than a time, 0 to 1.

        If the line drops vertically at that time, the share after the drop is returned. `is_before_fall`
        returns the share before the drop instead.
        """
        place = bisect_left(self.corners, (time, -1.0 if is_before_fall else 2.0))
        if place == len(self.corners):
            return 0.0
        if place == 0:
            return 1.0
        (before, high), (after, low) = self.corners[place - 1], self.corners[place]
        return high + (low - high) * (time - before) / (after - before)


Measured = tuple[LatencySummary, int | None]
"""The latency of a conversation, in milliseconds, and its number of turns."""


def latency_of_run(figure: str, conversations: Sequence[Sequence[Measured]]) -> float:
    """Return a latency figure over all turns of a run, in milliseconds.

    The figure is computed twice: weighted by the number of turns, and with equal weights. The larger value is
    returned, because callers who have to wait hang up after two turns. If a conversation has several copies,
    the copy that makes the value larger is used.

    Args:
        figure: `average`, `p50`, `p90`, `p95` or `p99`.
        conversations: The copies of each conversation; almost always there is only one copy. `knows` must be
            true for every copy.
    """
    turns = [turns for copies in conversations for _, turns in copies]
    usual = _usual([each for each in turns if each and each > 0])
    by_turns = [
        [(latency, float(count) if count and count > 0 else usual) for latency, count in copies]
        for copies in conversations
    ]
    alike = [[(latency, 1.0) for latency, _ in copies] for copies in conversations]
    return max(_value(figure, by_turns), _value(figure, alike))


def _usual(turns: Sequence[int]) -> float:
    """Return the number of turns to assume for a conversation that reports none or 0."""
    return float(median(turns)) if turns else 1.0


def knows(latency: LatencySummary, figure: str) -> bool:
    """Whether a conversation has a figure and, for a percentile, also p50 and p90."""
    if figure == "average":
        return latency.average is not None
    known = _known(latency)
    return figure in known and {"p50", "p90"} <= known.keys()


def _value(figure: str, conversations: Sequence[Sequence[tuple[LatencySummary, float]]]) -> float:
    if figure == "average":
        return _average(
            [[(each.average or 0.0, weight) for each, weight in copies] for copies in conversations]
        )
    run = [[turns_of(latency, weight) for latency, weight in copies] for copies in conversations]
    return slowest_turns(run, ALLOWED[figure])


def _average(conversations: Sequence[Sequence[tuple[float, float]]]) -> float:
    """Return the largest weighted mean that any choice of copies gives."""
    mean = 0.0
    while True:
        chosen = [max(copies, key=lambda each: each[1] * (each[0] - mean)) for copies in conversations]
        larger = sum(value * weight for value, weight in chosen) / sum(weight for _, weight in chosen)
        if larger <= mean:
            return mean
        mean = larger


def _known(latency: LatencySummary) -> dict[str, float]:
    """Return the percentiles by name; leave out each percentile that is below an earlier one."""
    known, highest = dict[str, float](), 0.0
    for name, value in zip(ALLOWED, (latency.p50, latency.p90, latency.p95, latency.p99), strict=True):
        if value is not None and value >= highest * (1 - _ROUNDING):
            known[name] = highest = max(value, highest)
    return known


def turns_of(latency: LatencySummary, weight: float) -> Turns:
    """Return the line of a conversation whose p50 and p90 are known.

    Between two known percentiles, the line is straight. Below p50, it rises to 90 % at p50²/p90 and to 100 %
    at 0. Above the highest known percentile F, it falls to 0 at F²/G, where G is the next lower known
    percentile. At the maximum, it drops to 0.
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
    """Drop the line to 0 at the maximum, unless the maximum is below a known percentile."""
    (highest, high), (end, _) = corners[-2:]
    if maximum is None or not highest <= maximum < end:
        return corners
    left = high * (end - maximum) / (end - highest)
    return [*corners[:-1], (maximum, left), (maximum, 0.0)]


def slowest_turns(run: Sequence[Sequence[Turns]], allowed: float) -> float:
    """Return the smallest time, in ms, such that at most the allowed share of a run's turns took longer.

    Conversations are weighted. Of several copies of a conversation, the copy with the largest share is used.
    """

    def excess(time: float, *, is_before_fall: bool = False) -> float:
        return sum(
            max(
                each.weight * (each.share_above(time, is_before_fall=is_before_fall) - allowed)
                for each in copies
            )
            for copies in run
        )

    times = sorted({time for copies in run for each in copies for time, _ in each.corners})
    place = _first_kept(times, lambda time: excess(time) <= 0)
    if place == 0:
        return times[0]
    before, after = times[place - 1], times[place]
    high, low = excess(before), excess(after, is_before_fall=True)
    if low > 0:
        return after
    return before + (after - before) * high / (high - low)


def _first_kept(times: Sequence[float], is_kept: Callable[[float], bool]) -> int:
    """Return, by bisection, the index of the first time that `is_kept` accepts; all later times must pass."""
    low, high = 0, len(times) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_kept(times[middle]) else (middle + 1, high)
    return low
