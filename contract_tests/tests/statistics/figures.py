"""A table that compares the numbers stated in the definitions with measured numbers."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from bluejay_results.measuring.statistics import rate_interval
from numpy.random import Generator

from . import changes, rates, verdicts
from .definitions import Numbers, callers_needed
from .drawing import ALIKE, KINDS, generator, worst
from .targets import percent

DROPS = {
    0.0: ((20, 1, "28 %"), (50, 1, "67 %"), (100, 1, "94 %"), (20, 3, "74 %")),
    0.05: ((20, 1, "17 %"), (50, 1, "53 %"), (100, 1, "89 %"), (20, 3, "59 %")),
}
NEEDED = ((0.85, 228, "53 %", 588), (0.9, 55, "52 %", 130), (0.95, 24, "66 %", 49))
"""True pass rate, callers needed, how often such runs ship, and the callers needed so that 90 % ship."""
MINIMUM = 0.8
Row = tuple[str, str, str]
Turns = Callable[[Generator, int], Numbers]


def stated_figures(repeats: int) -> Iterator[str]:
    yield "## Figures that the definitions state\n"
    yield "Before brackets, callers are alike. In brackets is the range over the seven ways to draw callers."
    yield "\n| figure | stated | measured |"
    yield "|---|---|---|"
    for rows in (
        *(_intervals(), _ships(repeats), _callers_needed(), _always_failing(repeats), _drops(repeats)),
        *(_void(repeats), _latency(repeats)),
    ):
        for each in rows:
            yield f"| {' | '.join(each)} |"


def _with_range(shares: list[float]) -> str:
    return f"{percent(shares[0])} ({100 * min(shares):.1f} to {100 * max(shares):.1f} %)"


def _intervals() -> Iterator[Row]:
    for what, passes, stated in (
        ("5 of 6 passed, with one conversation per caller", [1.0] * 5 + [0.0], "36 to 100 %"),
        ("ten perfect callers", [1.0] * 10, "73 to 100 %"),
        ("fourteen perfect callers", [1.0] * 14, "80 to 100 %"),
    ):
        low, high = rate_interval(Counter(passes)) or (0, 0)
        yield f"interval: {what}", stated, f"{100 * low:.1f} to {100 * high:.0f} %"


def _ships(repeats: int) -> Iterator[Row]:
    what = "with `--confident`, 20 callers that pass 90 % of five conversations each ship"
    cases = [rates.Case(each, 0.9, 20, 5) for each in KINDS]
    shares = [rates.confident_ships(each, 0.8, 20 * repeats, "ships") for each in cases]
    yield what, "11 %", _with_range(shares)
    unsure = verdicts.ships(verdicts.Agent("some unknown", 0.9, 0.05), ALIKE, 20, 1, 50 * repeats)
    certain = verdicts.ships(verdicts.Agent("none unknown", 0.855, 0.0), ALIKE, 20, 1, 50 * repeats)
    what = "an agent that passes 90 %, with 5 % unknown, ships in 20 conversations"
    yield what, f"as often as with 85.5 % and none: {percent(certain)}", percent(unsure)


def _callers_needed() -> Iterator[Row]:
    for rate, stated, share, for_most in NEEDED:
        agent = f"an agent that passes {100 * rate:.0f} %"
        needed = callers_needed(rate, rate * (1 - rate), MINIMUM)
        yield f"with `--confident`, {agent} needs this number of callers", f"{stated}", f"{needed}"
        for callers, expected in ((needed, share), (for_most, "90 % or more")):
            found = percent(rates.exact_share_that_ships(rate, callers, MINIMUM))
            yield f"{agent} ships with {callers} callers (exact)", expected, found


def _void(repeats: int) -> Iterator[Row]:
    cases = changes.with_void(changes.NOTHING)
    what = "with 5 to 20 % void conversations, the interval of a change that is none contains 0, at worst"
    yield what, "94.4 %", percent(worst(cases, changes.coverage, repeats))
    found = worst(cases, changes.share_worse, repeats, max)
    yield 'then the verdict is "worse", at worst', "3.1 %", percent(found)


def _always_failing(repeats: int) -> Iterator[Row]:
    for size, void_ones, stated in ((3, 0, "15 %"), (5, 0, "0.6 %"), (5, 1, "3 %")):
        what = f"of twenty callers that pass 80 %, one fails all {size} conversations"
        found = verdicts.any_fails_all(size, void_ones, 50 * repeats)
        yield f"{what}{', of which one is void' if void_ones else ''}", stated, percent(found)


def _drops(repeats: int) -> Iterator[Row]:
    for unknown, drops in DROPS.items():
        shares = changes.Unknown(unknown, unknown)
        for callers, size, stated in drops:
            cases = [
                changes.Comparison(changes.TWENTY_POINTS, each, 0.9, callers, size, shares) for each in KINDS
            ]
            found = [changes.share_worse(each, 5 * repeats) for each in cases]
            runs = f"{callers} callers, {size} each, {100 * unknown:g} % unknown"
            yield f"a drop from 90 to 70 % is found: {runs}", stated, _with_range(found)
    for callers, stated in ((10, "65 %"), (20, "88 %")):
        broken = changes.Comparison(changes.ONE_IN_TEN_BREAKS, ALIKE, 1.0, callers, 5)
        what = f"one in ten of {callers} perfect callers breaks, with 5 conversations each"
        covered = percent(changes.coverage(broken, 5 * repeats))
        yield f"{what}: the interval contains the true change", stated, covered


def _two_kinds(share: float) -> Turns:
    return lambda rng, turns: rng.lognormal(0, 0.2, turns) * np.where(rng.random(turns) < share, 4, 1)


TURNS: dict[str, Turns] = {
    "turns much alike": lambda rng, turns: rng.lognormal(0, 0.3, turns),
    "turns that vary": lambda rng, turns: rng.lognormal(0, 0.6, turns),
    "3 % of the turns take four times as long": _two_kinds(0.03),
    "8 % of the turns take four times as long": _two_kinds(0.08),
}
"""The latencies of turns."""


def _latency(repeats: int) -> Iterator[Row]:
    for name, turns in TURNS.items():
        rng = generator("latency", name)
        above = float(np.mean([_ratio(turns, rng) for _ in range(max(2, repeats // 4))])) - 1
        what = "`p90(latency.p95)` of a run is above the p95 of all its turns"
        yield f"{what}: {name}", "8 to 21 %", percent(above)


def _ratio(turns: Turns, rng: Generator) -> float:
    """Return p90(latency.p95) divided by the p95 of all turns, for 40 conversations with 8 to 60 turns."""
    conversations = [turns(rng, count) for count in rng.integers(8, 60, 40, endpoint=True)]
    figures = sorted(np.percentile(each, 95) for each in conversations)
    ninetieth = figures[int(np.ceil(0.9 * len(figures))) - 1]  # 90 % of the values don't exceed it
    return float(ninetieth / np.percentile(np.concatenate(conversations), 95))


def share_that_ships() -> Iterator[str]:
    """Yield the lines of the table that docs/gate.md quotes."""
    numbers = (20, 50, 100, 200, 500)
    yield f"| true pass rate | callers needed | {' | '.join(f'{each} callers' for each in numbers)} |"
    yield "|--:|--:|" + "--:|" * len(numbers)
    for rate in (0.8, 0.85, 0.9, 0.95, 0.98):
        shares = [rates.exact_share_that_ships(rate, each, MINIMUM) for each in numbers]
        needed = str(callers_needed(rate, rate * (1 - rate), MINIMUM)) if rate > MINIMUM else "-"
        yield f"| {100 * rate:.0f} % | {needed} | {' | '.join(f'{100 * each:.0f} %' for each in shares)} |"
