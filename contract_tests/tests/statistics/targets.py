"""The targets in the definitions, and the values measured for them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import changes, rates, verdicts
from .drawing import ALIKE, KINDS, worst

EXACT_CALLERS = (5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(share: float) -> str:
    return f"{100 * share:.2f} points"


class Target(NamedTuple):
    """A target and a measured value, which can miss the target only if the target covers such runs."""

    what: str
    limit: float
    found: float
    is_least: bool = False
    is_named: bool = True
    text: Callable[[float], str] = percent

    @property
    def is_beyond(self) -> bool:
        return self.found < self.limit if self.is_least else self.found > self.limit

    @property
    def is_missed(self) -> bool:
        return self.is_beyond and self.is_named

    def row(self) -> str:
        what = self.what if self.is_named else f"also: {self.what}"
        target = f"at {'least' if self.is_least else 'most'} {100 * self.limit:g}"
        remark = "MISSED" if self.is_named else "over the target, which doesn't name such runs"
        found = f"{self.text(self.found)}{f': {remark}' if self.is_beyond else ''}"
        return f"| {what} | {target} {'points' if self.text is points else '%'} | {found} |"


def targets(repeats: int) -> Iterator[Target]:
    yield from _coverage(repeats)
    yield from _one_more_pass()
    yield from _always_failing(repeats)
    yield from _changes(repeats)
    yield from _one_more_pass_in_a_change()
    yield from _mcnemar()
    yield from _ships(repeats)


def _coverage(repeats: int) -> Iterator[Target]:
    many = [each for each in rates.CASES if each.callers >= 5]
    few = [each for each in rates.CASES if each.callers < 5]
    what = "the interval contains the true rate, in every case"
    for name, found, is_named in (
        (
            f"{len(many):,} cases: 5 to 100 callers, 1 to 5 conversations",
            worst(many, rates.coverage, repeats),
            True,
        ),
        (
            "exact: 1 conversation, 5 to 200 callers, each rate from 50 to 99 % in steps of 0.1",
            min(rates.exact_coverage(callers) for callers in EXACT_CALLERS),
            True,
        ),
        ("3 or 4 callers", worst(few, rates.coverage, repeats), False),
    ):
        yield Target(f"{what} ({name})", 0.91, found, is_least=True, is_named=is_named)


def _one_more_pass() -> Iterator[Target]:
    falls = [rates.falls_by_one_more_pass(size, 100) for size in rates.CONVERSATIONS]
    what = "one more pass lowers the lower end, at worst"
    for name, found, is_named in (
        (
            "exact: every possible run of 5 to 100 callers with 1 to 5 conversations each",
            max(fall for each in falls for callers, fall in each.items() if callers >= 5),
            True,
        ),
        ("3 callers", max(each[3] for each in falls), False),
        ("4 callers", max(each[4] for each in falls), False),
    ):
        yield Target(f"{what} ({name})", 0.015, found, is_named=is_named, text=points)


def _always_failing(repeats: int) -> Iterator[Target]:
    for name, unknown, void in (
        ("5, 6 or 8 conversations each, pass rates from 80 %, 5 to 100 callers", 0.0, 0.0),
        ("5 % unknown", 0.05, 0.0),
        ("5 % void", 0.0, 0.05),
        ("20 % void", 0.0, 0.2),
    ):
        found = verdicts.equal_callers_fail(20 * repeats, unknown, void)
        what = f"equally good callers break max-always-failing, in every case ({name})"
        yield Target(what, 0.04, found, is_named=not unknown and not void)


def _changes(repeats: int) -> Iterator[Target]:
    nothing = changes.without_effect(changes.NOTHING)
    what = '"worse" although nothing has changed, in every case'
    size = f"{len(nothing):,} cases: 5 to 100 callers, up to 20 % unknown"
    yield Target(f"{what} ({size})", 0.04, worst(nothing, changes.share_worse, repeats, max))
    false = max(changes.exact(callers).falsely_worse() for callers in EXACT_CALLERS)
    yield Target(f"{what} (exact: 1 conversation, 5 to 200 callers)", 0.04, false)
    others = changes.without_effect(changes.OTHER_CALLERS)
    what = "\"worse\" although the mean hasn't changed, but each caller's rate is drawn again"
    for name, cases in (
        ("10 to 100 callers", [each for each in others if each.callers >= 10]),
        ("5 callers", [each for each in others if each.callers == 5]),
    ):
        found = worst(cases, changes.share_worse, repeats, max)
        yield Target(f"{what} ({name})", 0.04, found, is_named=False)


def _one_more_pass_in_a_change() -> Iterator[Target]:
    exact = max(max(changes.falls_by_one_more_pass(size, 50).values()) for size in (1, 2, 3, 4, 5))
    what = "one more pass lowers the upper end of a change, at worst"
    name = "exact: every possible pair of runs of 5 to 50 callers with 1 to 5 conversations each"
    yield Target(f"{what} ({name})", 0.055, exact, text=points)


def _mcnemar() -> Iterator[Target]:
    results = [changes.exact(callers) for callers in EXACT_CALLERS]
    what = "a drop of 20 points is found less often than by McNemar's test, at worst"
    for drop, text in (
        (0.2, f"{what} (exact: 1 conversation, 5 to 200 callers)"),
        (0.1, "the same for a drop of 10 points"),
        (0.3, "the same for a drop of 30 points"),
    ):
        lost = max(0.0, *(each.lost_to_mcnemar(drop) for each in results))
        yield Target(text, 0.02, lost, is_named=drop == 0.2, text=points)


def _ships(repeats: int) -> Iterator[Target]:
    agent = verdicts.Agent("loses 18 % of its calls and passes 85 % of the others", 0.85, 0.18)
    for name, kinds, callers, size in (
        ("50 callers with 1 conversation each", KINDS, 50, 1),
        ("10 callers with 5 conversations each, callers alike", (ALIKE,), 10, 5),
        ("10 callers with 5 each, callers not alike", KINDS[1:], 10, 5),
    ):
        found = max(verdicts.ships(agent, each, callers, size, 20 * repeats) for each in kinds)
        yield Target(f"an agent ships that {agent.name} ({name})", 0.1, found, is_named=ALIKE in kinds)
