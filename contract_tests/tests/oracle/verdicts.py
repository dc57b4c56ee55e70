"""The verdicts of the gate and of compare, written a second time, from the definitions alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import mean, stdev
from typing import Literal

from scipy.stats import t

from .figures import Finding, Rule, Unit, judged
from .outcomes import Json, Outcome, Reading, Watch, goals, read, tools

Interval = tuple[float, float]
Change = Literal["worse", "better", "can't tell"]

MANY = 5  # conversations that a caller needs to be always failing, and callers that a comparison needs


@dataclass(frozen=True)
class Options:
    """The options that decide a verdict, and what `wait` knows besides the document."""

    min_pass_rate: float = 80
    max_always_failing: int = 0
    require: tuple[Rule, ...] = ()
    confident: bool = False
    min_conversations: int = 1
    max_void: float = 20
    counters: bool = True
    latency_unit: Unit | None = None
    fetched: tuple[Json, ...] = ()
    queued: tuple[str, ...] = ()
    watch: Watch | None = None


def _read(document: Json, options: Options) -> Reading:
    return read(document, fetched=options.fetched, queued=options.queued, watch=options.watch)


def pass_rate(document: Json) -> float | None:
    """Return the service's own pass rate, in percent."""
    run = document["simulation_run"]
    passed, total = run.get("tests_passed"), run.get("total_tests")
    return 100 * passed / total if passed is not None and total else None


def judged_pass_rate(document: Json) -> Fraction | None:
    """Return the share that passed of the conversations that passed or failed, in percent."""
    reading = read(document)
    passed, failed = reading.count("passed"), reading.count("failed")
    return Fraction(100 * passed, passed + failed) if passed + failed else None


def bounds(reading: Reading) -> tuple[Fraction, Fraction] | None:
    """Return the lowest and the highest possible pass rate, in percent."""
    passed, failed, unknown = (reading.count(each) for each in ("passed", "failed", "unknown"))
    count = passed + failed + unknown
    return (Fraction(100 * passed, count), Fraction(100 * (passed + unknown), count)) if count else None


def rate(outcomes: Iterable[Outcome], unknown: bool | None) -> Fraction | None:
    """Return a caller's pass rate; `unknown` says how to count the unknown ones, None leaves them out."""
    values = [each == "passed" for each in outcomes if each in {"passed", "failed"}]
    if unknown is not None:
        values += [unknown for each in outcomes if each == "unknown"]
    return Fraction(sum(values), len(values)) if values else None


def interval(reading: Reading, unknown: bool | None = None) -> Interval | None:
    """Return the 95 % interval of the callers' pass rates, in percent; by default as it is printed."""
    rates = [value for each in reading.callers().values() if (value := rate(each, unknown)) is not None]
    if not rates:
        return None
    values = [float(value) for value in (*rates, 0, 1)]
    half = t.ppf(0.975, len(rates) + 1) * stdev(values) / sqrt(len(values))
    return 100 * max(0.0, mean(values) - half), 100 * min(1.0, mean(values) + half)


def not_a_measurement(reading: Reading, options: Options) -> list[str]:
    """Return the checks by which the run isn't a measurement."""
    passed, failed, unknown = (reading.count(each) for each in ("passed", "failed", "unknown"))
    lost, listed = reading.count("void") + reading.missing, len(reading.outcomes)
    total, tests_passed, tests_failed = (
        reading.run.get(name) for name in ("total_tests", "tests_passed", "tests_failed")
    )
    skipped = 0
    for conversation, outcome in zip(reading.conversations, reading.outcomes, strict=True):
        expected, called = tools(conversation)
        skipped += outcome == "failed" and goals(conversation) == {True} and bool(expected - called)
    wrong = []
    if passed + failed < options.min_conversations:
        wrong.append("min_conversations")
    if 100 * lost > Fraction(str(options.max_void)) * (listed + reading.missing):
        wrong.append("max_void")
    if not total:
        wrong.append("total_tests")
    contradicts_total = total is not None and total < max(listed, (tests_passed or 0) + (tests_failed or 0))
    contradicts_passed = tests_passed is not None and not passed <= tests_passed <= passed + unknown + skipped
    if options.counters and (contradicts_total or contradicts_passed):
        wrong.append("counters")
    return wrong


def pass_rate_finding(reading: Reading, options: Options) -> Finding:
    """Judge `--min-pass-rate`, by the ends of the interval if the options say so."""
    minimum = Fraction(str(options.min_pass_rate))
    ends: tuple[float | Fraction, float | Fraction] | None = bounds(reading)
    if options.confident:
        if_failed, if_passed = interval(reading, unknown=False), interval(reading, unknown=True)
        ends = (if_failed[0], if_passed[1]) if if_failed and if_passed else None
    if ends is None:
        return "inconclusive"
    return "kept" if ends[0] >= minimum else "broken" if ends[1] < minimum else "inconclusive"


def always_failing_finding(callers: Iterable[Sequence[Outcome]], limit: int) -> Finding | None:
    """Judge `--max-always-failing`; None if the rule doesn't apply."""
    many = [each for each in callers if len(each) >= MANY]
    none_passed = [each for each in many if "passed" not in each]
    may = sum("failed" in each or "unknown" in each for each in none_passed)
    certainly = sum(each.count("failed") >= MANY - 1 and "unknown" not in each for each in none_passed)
    if not many:
        return None
    return "kept" if may <= limit else "broken" if certainly > limit else "inconclusive"


def gate(document: Json, options: Options | None = None) -> tuple[str, int, Json]:
    """Return the decision, the exit code, and what decided: failed checks and findings."""
    options = options or Options()
    reading = _read(document, options)
    if not reading.settled:
        return "not settled", 4, {}
    findings: dict[str, Finding] = {}
    if options.min_pass_rate:
        findings["min_pass_rate"] = pass_rate_finding(reading, options)
    if always := always_failing_finding(reading.callers().values(), options.max_always_failing):
        findings["max_always_failing"] = always
    findings |= {str(rule): judged(rule, reading, options.latency_unit) for rule in options.require}
    wrong = not_a_measurement(reading, options)
    details = {"not a measurement": wrong, "findings": findings}
    if wrong:
        return "inconclusive", 6, details
    if "broken" in findings.values():
        return "don't ship", 1, details
    if "inconclusive" in findings.values() or not findings:
        return "inconclusive", 6, details
    return "ship", 0, details


def change(before: Reading, now: Reading, *, unknown: bool) -> tuple[Interval | None, int]:
    """Return the interval of the change, from -1 to 1, and the number of compared callers."""
    sides = before.callers(), now.callers()
    changes, sizes = [], []
    for caller in (key for key in sides[0] if key[0] == "id" and key in sides[1]):
        first, second = (rate(side[caller], unknown) for side in sides)
        if first is not None and second is not None:
            changes.append(float(second - first))
            sizes += [len(side[caller]) - side[caller].count("void") for side in sides]
    if not changes:
        return None, 0
    spread = stdev([*changes, 1 / min(sizes), -1 / min(sizes)])
    half = t.ppf(0.975, len(changes) + 1) * spread / sqrt(len(changes))
    return (max(-1.0, mean(changes) - half), min(1.0, mean(changes) + half)), len(changes)


def compare(
    before: Json, now: Json, options: Options | None = None, *, fail_if_worse: bool = False
) -> tuple[Change, int]:
    """Return whether the second run is worse or better than the first, and the exit code."""
    options = options or Options()
    readings = _read(before, options), _read(now, options)
    if not all(reading.settled for reading in readings):
        return "can't tell", 4 if fail_if_worse else 0
    measured = not any(not_a_measurement(reading, options) for reading in readings)
    changes = [change(*readings, unknown=unknown) for unknown in (False, True)]
    intervals = [each for each, _ in changes if each]
    below = sum(each[1] < 0 for each in intervals) if measured else 0
    above = sum(each[0] > 0 for each in intervals) if measured else 0
    verdict: Change = (
        "worse" if below == len(changes) else "better" if above == len(changes) else "can't tell"
    )
    if not fail_if_worse:
        return verdict, 0
    if not measured or changes[0][1] < MANY:
        return verdict, 6
    return verdict, {len(changes): 1, 1: 6}.get(below, 0)
