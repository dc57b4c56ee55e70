"""The targets of the definitions, and what is measured."""

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from . import changes, rates, verdicts
from .drawing import ALIKE, KINDS

LOSES_CALLS = verdicts.Agent("loses 18 % of its calls and passes 85 % of the others", 0.85, 0.18)
EXACT_CALLERS = (5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200)


@frozen
class Goal:
    """A target, and the measured figure."""

    what: str
    target: str
    found: str
    is_missed: bool = False


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(share: float) -> str:
    return f"{100 * share:.2f} points"


def all_goals(repeats: int) -> list[Goal]:
    """Measure everything."""
    return [
        *_coverage(repeats),
        *_one_more_pass(repeats),
        *_always_failing(repeats),
        *_changes(repeats),
        *_ships(repeats),
    ]


def _at_least(what: str, least: float, found: float) -> Goal:
    return _goal(what, f"at least {100 * least:g} %", percent(found), is_missed=found < least)


def _at_most(what: str, most: float, found: float, text: Callable[[float], str] = percent) -> Goal:
    unit = "points" if text is points else "%"
    return _goal(what, f"at most {100 * most:g} {unit}", text(found), is_missed=found > most)


def _goal(what: str, target: str, found: str, *, is_missed: bool) -> Goal:
    return Goal(what, target, found + (": MISSED" if is_missed else ""), is_missed)


def _beyond(goal: Goal) -> Goal:
    """Return the measurement of runs that the target doesn't name: they can't miss it."""
    found = goal.found.replace("MISSED", "over the target, which doesn't name such runs")
    return evolve(goal, what=f"also: {goal.what}", found=found, is_missed=False)


def _coverage(repeats: int) -> Iterator[Goal]:
    cases = rates.even_cases()
    many = [each for each in cases if each.callers >= 5]
    few = [each for each in cases if each.callers < 5]
    what = "the interval contains the true rate, in every case"
    size = f"{len(many):,} cases: 5 to 100 callers, 1 to 5 conversations"
    yield _at_least(f"{what} ({size})", 0.91, _lowest(many, rates.coverage, repeats))
    exact = min(rates.exact_coverage(callers)[0] for callers in EXACT_CALLERS)
    yield _at_least(
        f"{what} (exact: 1 conversation, 5 to 200 callers, each rate from 50 to 99 % in steps of 0.1)",
        0.91,
        exact,
    )
    other = rates.other_cases()
    for name, chosen in (
        ("3 or 4 callers", few),
        ("uneven numbers of conversations", [each for each in other if each.is_uneven]),
        ("15 % of conversations unknown and 10 % void", [each for each in other if not each.is_uneven]),
    ):
        yield _beyond(_at_least(f"{what} ({name})", 0.91, _lowest(chosen, rates.coverage, repeats)))


def _lowest(cases: list[rates.Case], measure: rates.Measure, repeats: int) -> float:
    return rates.lowest((measure(each, repeats) for each in cases), measure, repeats).share


def _one_more_pass(repeats: int) -> Iterator[Goal]:
    falls = [rates.falls_by_one_more_pass(size, 100) for size in rates.CONVERSATIONS]
    what = "one more pass lowers the lower end, at worst"
    most = max(fall for each in falls for callers, fall in each.items() if callers >= 5)
    size = "exact: every possible run of 5 to 100 callers with 1 to 5 conversations each"
    yield _at_most(f"{what} ({size})", 0.015, most, points)
    three, four = (max(each[callers] for each in falls) for callers in (3, 4))
    yield _beyond(_at_most(f"{what} (3 callers)", 0.015, three, points))
    yield _beyond(_at_most(f"{what} (4 callers)", 0.015, four, points))
    ten = max(fall for callers, fall in rates.falls_by_one_more_pass(10, 30).items() if callers >= 5)
    yield _beyond(_at_most(f"{what} (5 to 30 callers with 10 conversations each)", 0.015, ten, points))
    uneven = max(rates.falls_if_uneven(callers, 5, 20 * repeats) for callers in (5, 8, 12, 20))
    yield _beyond(_at_most(f"{what} (random runs with uneven numbers)", 0.015, uneven, points))


def _always_failing(repeats: int) -> Iterator[Goal]:
    what = "equally good callers break max-always-failing, in every case"
    found = verdicts.equal_callers(20 * repeats).broken
    size = "5, 6 or 8 conversations each, pass rates from 80 %, 5 to 100 callers"
    yield _at_most(f"{what} ({size})", 0.04, found)
    for name, unknown, void in (("5 % unknown", 0.05, 0.0), ("5 % void", 0.0, 0.05), ("20 % void", 0.0, 0.2)):
        found = verdicts.equal_callers(20 * repeats, unknown, void).broken
        yield _beyond(_at_most(f"{what} ({name})", 0.04, found))


def _changes(repeats: int) -> Iterator[Goal]:
    what = '"worse" although nothing has changed, in every case'
    found = [changes.compared(each, repeats) for each in changes.without_a_change()]
    nothing = [each for each in found if each.comparison.change is changes.NOTHING]
    size = f"{len(nothing):,} cases: 5 to 100 callers, up to 20 % unknown"
    most = changes.most_false(nothing, repeats).worse
    yield _at_most(f"{what} ({size})", 0.04, most)
    exact = [changes.most_lost_to_mcnemar(changes.exact(callers)) for callers in EXACT_CALLERS]
    worst = max(false for _, false in exact)
    yield _at_most(f"{what} (exact: 1 conversation, 5 to 200 callers)", 0.04, worst)
    others = [each for each in found if each.comparison.change is changes.OTHER_CALLERS]
    what = "\"worse\" although the mean hasn't changed, but each caller's rate is drawn again"
    for name, chosen in (
        ("10 to 100 callers", [each for each in others if each.comparison.callers >= 10]),
        ("5 callers", [each for each in others if each.comparison.callers == 5]),
    ):
        most = changes.most_false(chosen, repeats).worse
        yield _beyond(_at_most(f"{what} ({name})", 0.04, most))
    lost = max(0.0, *(lost for lost, _ in exact))
    what = "a drop of 20 points is found less often than by McNemar's test, at worst"
    yield _at_most(f"{what} (exact: 1 conversation, 5 to 200 callers)", 0.02, lost, points)
    for drop in (0.1, 0.3):
        lost = max(
            0.0, *(changes.most_lost_to_mcnemar(changes.exact(each), drop)[0] for each in EXACT_CALLERS)
        )
        yield _beyond(_at_most(f"the same for a drop of {100 * drop:g} points", 0.02, lost, points))


def _ships(repeats: int) -> Iterator[Goal]:
    what = f"an agent ships that {LOSES_CALLS.name}"
    found = max(verdicts.ships(LOSES_CALLS, each, 50, 1, 20 * repeats).kept for each in KINDS)
    yield _at_most(f"{what} (50 callers with 1 conversation each)", 0.1, found)
    alike = verdicts.ships(LOSES_CALLS, ALIKE, 10, 5, 20 * repeats).kept
    yield _at_most(f"{what} (10 callers with 5 conversations each, callers alike)", 0.1, alike)
    differ = max(verdicts.ships(LOSES_CALLS, each, 10, 5, 20 * repeats).kept for each in KINDS[1:])
    yield _beyond(_at_most(f"{what} (10 callers with 5 each, callers not alike)", 0.1, differ))
