"""The tables in STATISTICS.md for kinds of runs that the targets don't cover."""

from collections.abc import Iterator
from itertools import product
from statistics import fmean

from . import changes, rates, verdicts
from .definitions import callers_needed
from .drawing import ALIKE, DIFFER, KINDS
from .figures import MINIMUM
from .targets import percent


def tables(repeats: int) -> Iterator[str]:
    yield from _coverage(repeats)
    yield ""
    yield "How often a run ships with `--confident` and a minimum of 80 %, by the agent's true pass rate. The"
    yield "callers are alike and are called once each. The shares are exact. docs/gate.md quotes the table.\n"
    yield from share_that_ships()
    yield ""
    yield from _confident(repeats)
    yield ""
    yield from _verdicts(repeats)
    yield ""
    yield from _drops(repeats)


def _with_worst(shares: list[float]) -> str:
    return f"{percent(fmean(shares))} ({percent(min(shares))})"


def _coverage(repeats: int) -> Iterator[str]:
    yield "## Kinds of runs\n"
    yield "How often the interval contains the true rate, as the mean over pass rates and ways to draw"
    yield "callers, for 1 to 5 conversations per caller. The worst case is in brackets. It isn't drawn again,"
    yield "so chance makes it look worse, by up to 2 points.\n"
    yield f"| callers | {' | '.join(f'{size} each' for size in rates.CONVERSATIONS)} |"
    yield "|---|" + "---|" * len(rates.CONVERSATIONS)
    for callers in rates.CALLERS:
        cells = [
            _with_worst(
                [rates.coverage(each, repeats) for each in rates.EVEN if each[2:4] == (callers, size)]
            )
            for size in rates.CONVERSATIONS
        ]
        yield f"| {callers} | {' | '.join(cells)} |"


def share_that_ships() -> Iterator[str]:
    """Yield the lines of the table that docs/gate.md quotes."""
    numbers = (20, 50, 100, 200, 500)
    yield f"| true pass rate | callers needed | {' | '.join(f'{each} callers' for each in numbers)} |"
    yield "|--:|--:|" + "--:|" * len(numbers)
    for rate in (0.8, 0.85, 0.9, 0.95, 0.98):
        shares = [rates.exact_share_that_ships(rate, each, MINIMUM) for each in numbers]
        needed = str(callers_needed(rate, rate * (1 - rate), MINIMUM)) if rate > MINIMUM else "-"
        yield f"| {100 * rate:.0f} % | {needed} | {' | '.join(f'{100 * each:.0f} %' for each in shares)} |"


def _confident(repeats: int) -> Iterator[str]:
    yield "How often a run ships with `--confident` although its true rate is only just below the minimum."
    yield "The lower end of a perfect 95 % interval is wrong in 2.5 % of runs.\n"
    yield "| callers | mean over all cases | worst case |"
    yield "|---|---|---|"
    for callers in (5, 10, 20, 50, 100):
        cases = [each for each in rates.EVEN if each.callers == callers]
        shares = [rates.confident_ships(each, each.rate, repeats, "confident") for each in cases]
        yield f"| {callers} | {percent(fmean(shares))} | {percent(max(shares))} |"


def _verdicts(repeats: int) -> Iterator[str]:
    yield "Verdicts by the default rules, `--min-pass-rate 80` and `--max-always-failing 0`:\n"
    yield "| agent passes | unknown | callers | conversations | pass rates | ship | refuse | inconclusive |"
    yield "|---|---|---|---|---|---|---|---|"
    agents = ((0.95, 0.0), (0.95, 0.05), (0.9, 0.05), (0.85, 0.0), (0.75, 0.0), (0.75, 0.1))
    for (rate, unknown), (callers, size), kind in product(
        agents, ((20, 1), (50, 1), (20, 5)), (ALIKE, DIFFER)
    ):
        agent = verdicts.Agent("of the table", rate, unknown)
        found = verdicts.verdicts(agent, kind, callers, size, 10 * repeats)
        kept, broken = (float(each.mean()) for each in found)
        shares = (kept, broken, abs(1 - kept - broken))
        cells = (percent(rate), percent(unknown), str(callers), str(size), kind.name, *map(percent, shares))
        yield f"| {' | '.join(cells)} |"
    three = [0.75] * 17 + [0.0] * 3
    yield "\nIf 3 of 20 callers always fail and the others pass 75 %, `--max-always-failing 0` is broken in"
    of_three, of_five, of_eight = (
        percent(verdicts.always_fails(three, size, 10 * repeats)) for size in (3, 5, 8)
    )
    yield f"{of_three} of runs with 3 conversations each, {of_five} with 5 and {of_eight} with 8."


def _drops(repeats: int) -> Iterator[str]:
    yield "How often a drop of 20 points is found, as the mean over pass rates from 50 to 95 % and ways to"
    yield "draw callers. Also how often the interval contains the drop, with the worst case in brackets:\n"
    yield "| change | callers | conversations each | unknown | found | interval contains the change |"
    yield "|---|---|---|---|---|---|"
    sizes = ((1, 0.0), (1, 0.05), (3, 0.0), (3, 0.05), (5, 0.0))
    for change, callers, (size, share) in product(
        (changes.TWENTY_POINTS, changes.SOME_BREAK), (10, 20, 50, 100), sizes
    ):
        unknown = changes.Unknown(share, share)
        cases = [
            changes.Comparison(change, kind, rate, callers, size, unknown)
            for kind, rate in product(KINDS, changes.RATES)
        ]
        found = percent(fmean(changes.share_worse(each, repeats) for each in cases))
        covered = "-" if share else _with_worst([changes.coverage(each, repeats) for each in cases])
        yield f"| {change.name} | {callers} | {size} | {percent(share)} | {found} | {covered} |"
