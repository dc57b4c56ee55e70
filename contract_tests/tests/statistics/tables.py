"""Tables of more kinds of runs."""

from collections.abc import Iterator
from statistics import fmean

from . import changes, rates, verdicts
from .drawing import ALIKE, KINDS
from .goals import percent

DROPS = (changes.TWENTY_POINTS, changes.SOME_BREAK)


def tables(repeats: int) -> list[str]:
    """Return the lines of all tables."""
    return [*_coverage(repeats), "", *_confident(repeats), "", *_verdicts(repeats), "", *_drops(repeats)]


def _coverage(repeats: int) -> Iterator[str]:
    yield "## Kinds of runs\n"
    yield "How often the interval contains the true rate, as the mean over pass rates and ways to draw"
    yield "callers, for 1 to 5 conversations per caller. The worst case is in brackets. It isn't drawn again,"
    yield "so chance makes it look worse, by up to 2 points.\n"
    yield f"| callers | {' | '.join(f'{size} each' for size in rates.CONVERSATIONS)} |"
    yield "|---|" + "---|" * len(rates.CONVERSATIONS)
    found = [rates.coverage(each, repeats) for each in rates.even_cases()]
    for callers in rates.CALLERS:
        cells = [
            _with_worst(
                [each.share for each in found if (each.case.callers, each.case.conversations) == size]
            )
            for size in ((callers, conversations) for conversations in rates.CONVERSATIONS)
        ]
        yield f"| {callers} | {' | '.join(cells)} |"


def _with_worst(shares: list[float]) -> str:
    return f"{percent(fmean(shares))} ({percent(min(shares))})"


def _confident(repeats: int) -> Iterator[str]:
    yield "How often a run ships with `--confident` although its true rate is only just below the minimum."
    yield "The lower end of a perfect 95 % interval is wrong in 2.5 % of runs.\n"
    yield "| callers | mean over all cases | worst case |"
    yield "|---|---|---|"
    for callers in (5, 10, 20, 50, 100):
        cases = [each for each in rates.even_cases() if each.callers == callers]
        shares = [rates.falsely_confident(each, repeats).share for each in cases]
        yield f"| {callers} | {percent(fmean(shares))} | {percent(max(shares))} |"


def _verdicts(repeats: int) -> Iterator[str]:
    yield "Verdicts by the default rules, `--min-pass-rate 80` and `--max-always-failing 0`:\n"
    yield "| agent passes | unknown | callers | conversations | pass rates | ship | refuse | inconclusive |"
    yield "|---|---|---|---|---|---|---|---|"
    for rate, unknown in ((0.95, 0.0), (0.95, 0.05), (0.9, 0.05), (0.85, 0.0), (0.75, 0.0), (0.75, 0.1)):
        agent = verdicts.Agent("of the table", rate, unknown)
        for callers, size in ((20, 1), (50, 1), (20, 5)):
            for kind in (ALIKE, KINDS[2]):
                found = verdicts.ships(agent, kind, callers, size, 10 * repeats)
                shares = (found.kept, found.broken, found.inconclusive)
                cells = (percent(rate), percent(unknown), str(callers), str(size), kind.name)
                yield f"| {' | '.join((*cells, *(percent(abs(each)) for each in shares)))} |"
    three = [0.75] * 17 + [0.0] * 3
    yield "\nIf 3 of 20 callers always fail and the others pass 75 %, `--max-always-failing 0` is broken in"
    three_each, five_each, eight_each = (
        percent(verdicts.always_failing(three, size, 10 * repeats).broken) for size in (3, 5, 8)
    )
    yield f"{three_each} of runs with 3 conversations each, {five_each} with 5 and {eight_each} with 8."


def _drops(repeats: int) -> Iterator[str]:
    yield "How often a drop of 20 points is found, as the mean over pass rates from 50 to 95 % and ways to"
    yield "draw callers. Also how often the interval contains the drop, with the worst case in brackets:\n"
    yield "| change | callers | conversations each | unknown | found | interval contains the change |"
    yield "|---|---|---|---|---|---|"
    for change in DROPS:
        for callers in (10, 20, 50, 100):
            for size, unknown in ((1, 0.0), (1, 0.05), (3, 0.0), (3, 0.05), (5, 0.0)):
                found = [
                    changes.compared(
                        changes.Comparison(
                            change, kind, rate, callers, size, changes.Unknown(unknown, unknown)
                        ),
                        repeats,
                    )
                    for kind in KINDS
                    for rate in changes.RATES
                ]
                covered = "-" if unknown else _with_worst([each.covered for each in found])
                cells = (change.name, str(callers), str(size), percent(unknown))
                yield f"| {' | '.join((*cells, percent(fmean(each.worse for each in found)), covered))} |"
