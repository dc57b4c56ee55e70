"""Computes pass rates: a run's rate from its own counters, and each caller's rate.

See `docs/definitions.md`, Pass rates and intervals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum

from attrs import frozen

from .outcome import Outcome


class Unknown(Enum):
    """How unknown conversations are counted."""

    LEFT_OUT = None
    FAILED = 0
    PASSED = 1


@frozen
class Caller:
    """The outcomes of one caller's conversations. Bluejay calls callers digital humans.

    A conversation without a `digital_human_id` counts as a separate caller.

    Attributes:
        id: The caller's id; None if unknown.
        passed: The number of conversations that passed.
        failed: The number of conversations that failed.
        unknown: The number of unknown conversations, which might have passed or failed.
        void: The number of void conversations.
    """

    id: int | None
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    void: int = 0

    @property
    def counted(self) -> int:
        """The number of passed, failed and unknown conversations."""
        return self.passed + self.failed + self.unknown

    @property
    def pass_rate(self) -> float | None:
        """Passed conversations as a percentage of passed and failed ones; None if there are none."""
        return percentage(self.passed, self.passed + self.failed)

    @property
    def pass_rate_lowest(self) -> float | None:
        """The pass rate in percent if every unknown conversation failed; None if no conversation counts."""
        return percentage(self.passed, self.counted)

    @property
    def pass_rate_highest(self) -> float | None:
        """The pass rate in percent if every unknown conversation passed; None if no conversation counts."""
        return percentage(self.passed + self.unknown, self.counted)


def percentage(part: int, total: int) -> float | None:
    """Return a part as a percentage of a total, or None if the total is 0."""
    return 100 * part / total if total else None


def service_pass_rate(passed: int | None, total: int | None) -> float | None:
    """Return the percentage of conversations that passed, from the run's own counters.

    Return None if a counter is null, the total is 0, or the counters contradict each other.
    """
    if passed is None or not total or not 0 <= passed <= total:
        return None
    return 100 * passed / total


def callers(ends: Iterable[tuple[int | None, Outcome]]) -> tuple[Caller, ...]:
    """Return the conversations' callers, in order of first appearance.

    `ends` contains each conversation's caller id and outcome.
    """
    counts: dict[object, tuple[int | None, Counter[Outcome]]] = {}
    for id_, outcome in ends:
        counts.setdefault(object() if id_ is None else id_, (id_, Counter()))[1][outcome] += 1
    counted = (Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.VOID)
    return tuple(Caller(id_, *(count[each] for each in counted)) for id_, count in counts.values())


def rate_of(caller: Caller, unknown: Unknown) -> float | None:
    """Return a caller's pass rate, 0 to 1, or None if no conversation counts."""
    counted = caller.passed + caller.failed + (0 if unknown is Unknown.LEFT_OUT else caller.unknown)
    passed = caller.passed + (caller.unknown if unknown is Unknown.PASSED else 0)
    return passed / counted if counted else None


def rates_of(listed: Sequence[Caller], missing: int, unknown: Unknown) -> Counter[float]:
    """Return how many callers have each pass rate, ignoring callers without a pass rate.

    Each missing conversation counts as an unknown conversation with a separate caller. No object is created
    for it, because a service can count more conversations than fit into memory.
    """
    found = Counter(rate for each in listed if (rate := rate_of(each, unknown)) is not None)
    if missing and unknown.value is not None:
        found[float(unknown.value)] += missing
    return found
