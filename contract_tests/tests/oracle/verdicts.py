"""A second implementation of measurements and pass rate rules, written only from the definitions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import sqrt
from statistics import mean, stdev
from typing import Any, NamedTuple

from scipy.stats import t

from .figures import Finding, Rule, Unit
from .outcomes import ENDS_OF_RUNS, UNDER_WAY, Json, Outcome, Reading, spelled

Interval = tuple[float, float]
Judged = tuple[Finding, Fraction | float | None, Fraction | float | None]
"""A rule's verdict, and the lowest and the highest possible value of the figure that it limits."""

MANY = 5  # conversations of a caller that always fails: the minimum
COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


def drawn(default: Any, values: Sequence[Any]) -> Any:
    """Declare an option's default and the values to draw from, which often change the verdict."""
    return field(default=default, metadata={"values": values})


@dataclass(frozen=True)
class Options:
    """The options that decide a verdict, and what `wait` knows in addition to the document."""

    min_pass_rate: float = drawn(80, [*[80] * 24, *[0, 50, 75, 83.3, 90, 100] * 6, 1, 0.8])
    max_always_failing: int = drawn(0, [0, 0, 0, 1, 2])
    require: tuple[Rule, ...] = ()
    must_pass: tuple[str, ...] = drawn((), [(), (), ("0",), ("1",), ("2",), ("3", "0"), ("7", "1000")])
    confident: bool = drawn(False, [False, True])
    min_conversations: int = drawn(1, [1] * 8 + [5, 10])
    max_void: float = drawn(20, [20] * 6 + [0, 5, 50, 100])
    no_counters: bool = drawn(False, [False, False, True])
    latency_unit: Unit | None = drawn(None, [None, None, "ms", "s"])  # noqa: RUF009 - it returns a field
    fetched: tuple[Json, ...] = ()
    queued: tuple[str, ...] = ()


def share(passed: int, count: int) -> Fraction | None:
    """Return a share as a percentage; None if the total is 0."""
    return Fraction(100 * passed, count) if count else None


def judged_pass_rate(reading: Reading) -> Fraction | None:
    """Return the pass rate in percent, ignoring all conversations that neither passed nor failed."""
    return share(reading.count("passed"), reading.count("passed", "failed"))


def bounds(reading: Reading) -> tuple[Fraction | None, Fraction | None]:
    """Return the lowest and the highest possible pass rate, in percent."""
    count = reading.count("passed", "failed", "unknown")
    return share(reading.count("passed"), count), share(reading.count("passed", "unknown"), count)


@cache
def quantile(callers: int) -> float:
    """Return the 97.5 % quantile of Student's t with H + 1 degrees of freedom, for H callers."""
    return float(t.ppf(0.975, callers + 1))


def rate(outcomes: Iterable[Outcome], unknown: bool | None) -> Fraction | None:
    """Return a caller's pass rate; if `unknown` is None, unknown conversations are left out."""
    values = [each == "passed" for each in outcomes if each in {"passed", "failed"}]
    if unknown is not None:
        values += [unknown for each in outcomes if each == "unknown"]
    return Fraction(sum(values), len(values)) if values else None


def rates_of(reading: Reading, unknown: bool | None) -> list[Fraction]:
    """Return the rate of each caller that has one."""
    return [value for each in reading.callers().values() if (value := rate(each, unknown)) is not None]


def interval(reading: Reading, unknown: bool | None = None) -> Interval | None:
    """Return the 95 % interval of the callers' pass rates, in percent; by default, as reports print it."""
    rates = rates_of(reading, unknown)
    if not rates:
        return None
    values = [float(value) for value in (*rates, 0, 1)]
    half = quantile(len(rates)) * stdev(values) / sqrt(len(values))
    return 100 * max(0.0, mean(values) - half), 100 * min(1.0, mean(values) + half)


def mean_of_callers(reading: Reading) -> float | None:
    """Return the mean of the callers' rates, in percent; None if they have equally many conversations."""
    known = [sum(each in {"passed", "failed"} for each in side) for side in reading.callers().values()]
    rates = rates_of(reading, unknown=None)
    return 100 * float(sum(rates) / len(rates)) if len({*known} - {0}) > 1 else None


def service_pass_rate(reading: Reading) -> Fraction | None:
    """Return the rate by the service's own counters; None if they contradict each other."""
    passed, total = reading.run.get("tests_passed"), reading.run.get("total_tests")
    return share(passed, total) if passed is not None and total and 0 <= passed <= total else None


def fewest_passed(reading: Reading) -> int:
    """Return the lowest `tests_passed` that doesn't contradict the conversations."""
    by_both = zip(reading.conversations, reading.outcomes, reading.by_judge, strict=True)
    return sum(
        {*outcomes} == {"passed"} and spelled(each.get("status")) != "CALL_DROPPED"
        for each, *outcomes in by_both
    )


class Condition(NamedTuple):
    """A condition that a run must meet to be a measurement, with the measured value if there is one."""

    name: str
    is_met: bool
    value: Fraction | None = None


def conditions(reading: Reading, options: Options) -> list[Condition]:
    """Return the conditions that a settled run must meet to be a measurement."""
    listed, (total, passed, failed, *_) = len(reading.outcomes), map(reading.run.get, COUNTERS)
    counted, known = listed + reading.missing, reading.count("passed", "failed")
    lost = share(reading.count("void") + reading.missing, counted) or Fraction(0)
    contradictions = (
        total is not None and total < max(listed, (passed or 0) + (failed or 0)),
        passed is not None and passed < fewest_passed(reading),
    )
    is_negative = any((reading.run.get(name) or 0) < 0 for name in COUNTERS)
    found = [
        Condition("min-conversations", known >= options.min_conversations, Fraction(known)),
        Condition("max-void", lost <= Fraction(str(options.max_void)), lost),
        Condition("run-status", spelled(reading.run.get("status")) in {None, *ENDS_OF_RUNS, *UNDER_WAY}),
        Condition("total-tests", bool(total) and not is_negative, None if total is None else Fraction(total)),
        Condition("counters", not any(contradictions)),
    ]
    return found[:-1] if options.no_counters else found


def is_measurement(reading: Reading, options: Options) -> bool:
    return all(each.is_met for each in conditions(reading, options))


def pass_rate_finding(reading: Reading, options: Options) -> Judged:
    """Judge `--min-pass-rate`, with `--confident` by the ends of the interval."""
    lowest: float | Fraction | None
    highest: float | Fraction | None
    lowest, highest = bounds(reading)
    if options.confident:
        if_failed, if_passed = interval(reading, unknown=False), interval(reading, unknown=True)
        lowest, highest = if_failed and if_failed[0], if_passed and if_passed[1]
    minimum = Fraction(str(options.min_pass_rate))
    if lowest is None or highest is None:
        return "inconclusive", None, None
    return "kept" if lowest >= minimum else "broken" if highest < minimum else "inconclusive", lowest, highest


def always_failing_finding(callers: Iterable[Sequence[Outcome]], limit: int) -> Judged | None:
    """Judge `--max-always-failing`; None if the rule doesn't apply."""
    many = [each for each in callers if len(each) >= MANY]
    none_passed = [each for each in many if "passed" not in each]
    may = sum("failed" in each or "unknown" in each for each in none_passed)
    certainly = sum(each.count("failed") >= MANY - 1 and "unknown" not in each for each in none_passed)
    if not many:
        return None
    verdict: Finding = "kept" if may <= limit else "broken" if certainly > limit else "inconclusive"
    return verdict, certainly, may
