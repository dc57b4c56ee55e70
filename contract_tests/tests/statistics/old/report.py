"""The old definitions, simulated: their section of benchmarks/STATISTICS.md."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from statistics import fmean

from attrs import frozen
from bluejay_results.compare.effect import callers_needed

from .gate_simulation import (
    ANSWERS,
    LOW_RATES,
    Latency,
    always_failing_share,
    equal_callers,
    latencies,
    ships,
)
from .simulation import (
    A_FIFTH_LESS,
    CALLERS,
    CHANGES,
    CONVERSATIONS,
    POPULATIONS,
    Case,
    Change,
    Comparing,
    Coverage,
    Population,
    cases,
    comparing,
    coverage,
)

FLIPS = 0.38
FLIPPING = Population("single verdicts flip in 38 % of repeats", 0.7, 1 - FLIPS / 2 / 0.7 / 0.3)
FIVE_POINTS_LESS = Change("5 points less", lambda _, rate, __: rate * (1 - 0.05 / 0.7), lambda _: -0.05)
HEAD = """\
## The old definitions

{repeats:,} runs for each of {cases} cases. The callers are from {populations} populations:

{names}

A pooled interval treats all conversations as independent. "By hand" calls a run worse if its pooled pass rate
fell by over 5 points. Each share is the mean over the populations. The worst population is in brackets.
"""


@frozen
class Goal:
    """A promise about the statistics, and the simulated result."""

    what: str
    promised: str
    found: float
    is_met: bool


@frozen
class OldReport:
    """The section about the old definitions; `worse` is their largest share of false "worse"."""

    lines: Sequence[str]
    worse: float


def old_report(repeats: int) -> OldReport:
    """Draw every case of the old definitions."""
    rates = [coverage(each, repeats) for each in cases()]
    comparisons = [comparing(case, change, repeats) for case, change in product(cases(), CHANGES)]
    turns = latencies(max(2, repeats // 20))
    goals = [*_goals(rates, comparisons), *_goals_of_the_gate(repeats, turns)]
    names = "\n".join(f"- {each.name}" for each in POPULATIONS)
    head = HEAD.format(repeats=repeats, cases=len(rates), populations=len(POPULATIONS), names=names)
    lines = [head, *_goal_table(goals), "", *_table(rates, comparisons), "", *_takes(repeats)]
    lines += ["", *_latency_table(turns)]
    return OldReport(lines, max(each.worse for each in comparisons if each.change is not A_FIFTH_LESS))


def _goals(rates: Sequence[Coverage], comparisons: Sequence[Comparing]) -> Iterator[Goal]:
    shares = {
        "interval of the pass rate": [each.ours for each in rates],
        "interval of a change": [each.covered for each in comparisons],
    }
    for what, found in shares.items():
        yield Goal(f"coverage of the {what}, on average", "94 %", fmean(found), fmean(found) >= 0.94)
        yield Goal(f"coverage of the {what}, worst case", "88 %", min(found), min(found) >= 0.88)
    false = max(each.worse for each in comparisons if each.change is not A_FIFTH_LESS)
    yield Goal('false "worse", worst case', "at most 5 %", false, false <= 0.05)


def _goals_of_the_gate(repeats: int, turns: Sequence[Latency]) -> Iterator[Goal]:
    false = max(each.share for each in equal_callers(repeats))
    yield Goal('false "always failing" of equal callers, worst case', "at most 4 %", false, false <= 0.04)
    low = max(each.share for each in equal_callers(repeats, LOW_RATES))
    yield Goal("the same at pass rates of 30 and 50 %, which don't ship anyway", "nothing", low, is_met=True)
    seen = always_failing_share([0.75] * 17 + [0.0] * 3, 5, repeats)
    what = "3 callers that always fail are found among 20, with 5 conversations each"
    yield Goal(what, "at least 95 %", seen, seen >= 0.95)
    seen = always_failing_share([0.75] * 17 + [0.0] * 3, 3, repeats)
    yield Goal("the same with 3 conversations each", "nothing", seen, is_met=True)
    off = max(abs(each.mean - 1) for each in turns if each.answers in ANSWERS[:2])
    yield Goal("error of a run's latency, worst case", "at most 8 %", off, off <= 0.08)
    doubtful, certain = ships(0.9, 0.05, 20, 10 * repeats), ships(0.855, 0, 20, 10 * repeats)
    what = f"90 % passing with 5 % doubtful ship ({_percent(doubtful)}) as often as 85.5 %; 20 conversations"
    yield Goal(what, "within 1 %", abs(doubtful - certain), abs(doubtful - certain) <= 0.01)


def _latency_table(turns: Sequence[Latency]) -> Iterator[str]:
    yield "The latency of a run, divided by the true percentile of all its turns. Each run has 40"
    yield 'conversations of 8 to 60 turns. "Of another kind in 3 %" means that 3 % of the turns take four'
    yield "times as long.\n"
    yield "| turns | figure | mean ratio | smallest ratio | largest ratio |"
    yield "|---|---|---|---|---|"
    for each in turns:
        cells = (each.answers.name, each.figure, *(f"{n:.2f}" for n in (each.mean, each.least, each.most)))
        yield f"| {' | '.join(cells)} |"


def _goal_table(goals: Iterable[Goal]) -> Iterator[str]:
    yield "| goal | promised | found |"
    yield "|---|---|---|"
    for each in goals:
        yield f"| {each.what} | {each.promised} | {_percent(each.found)}{'' if each.is_met else ': MISSED'} |"


def _table(rates: Sequence[Coverage], comparisons: Sequence[Comparing]) -> Iterator[str]:
    yield (
        "| conversations per caller | callers | interval contains true pass rate "
        "| pooled interval contains true pass rate | interval contains true change "
        '| false "worse" | false "worse" by hand | drop by a fifth is found |'
    )
    yield "|---|---|---|---|---|---|---|---|"
    for size in product(CONVERSATIONS, CALLERS):
        covered = [each for each in rates if _size(each.case) == size]
        compared = [each for each in comparisons if _size(each.case) == size]
        same = [each for each in compared if each.change is not A_FIFTH_LESS]
        cells = [
            _spread([each.ours for each in covered], min),
            _spread([each.pooled for each in covered], min),
            _spread([each.covered for each in compared], min),
            _spread([each.worse for each in same], max),
            _spread([each.by_hand for each in same], max),
            _spread([each.worse for each in compared if each.change is A_FIFTH_LESS], min),
        ]
        yield f"| {size[0]} | {size[1]} | {' | '.join(cells)} |"


def _takes(repeats: int) -> Iterator[str]:
    """Yield the lines about the number of callers that `--max-drop 5` needs, with one conversation each."""
    needed = callers_needed(FLIPS, 1, 5)
    assert needed is not None, "5 points are not 0"
    yield f"`compare` with one conversation per caller, if {FLIPPING.name}:\n"
    yield "| callers | true change | `--max-drop 5` exits 0 | verdict worse |"
    yield "|---|---|---|---|"
    for callers, change in (
        (50, CHANGES[0]),
        (180, CHANGES[0]),
        (500, CHANGES[0]),
        (needed, FIVE_POINTS_LESS),
    ):
        found = comparing(Case(FLIPPING, callers, 1), change, repeats)
        yield f"| {callers} | {change.name} | {_percent(found.kept)} | {_percent(found.worse)} |"
    yield f"\nFor a power of 80 %, `callers_needed` returns {needed:,}; the last row checks this number."


def _size(case: Case) -> tuple[int, int]:
    return case.conversations, case.callers


def _spread(shares: Sequence[float], worst: Callable[[Sequence[float]], float]) -> str:
    return f"{_percent(fmean(shares))} ({_percent(worst(shares))})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
