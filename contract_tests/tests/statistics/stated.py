"""Figures that the definitions state, and what is measured."""

from collections.abc import Iterator

from bluejay_results.judging.statistics import rate_interval

from . import changes, latency, rates, verdicts
from .drawing import ALIKE, KINDS
from .goals import percent

DROPS = ((20, 1), (50, 1), (100, 1), (20, 3))
STATED = {0.0: ("28 %", "67 %", "94 %", "74 %"), 0.05: ("17 %", "53 %", "89 %", "59 %")}
ALWAYS_PASSED = 1.0
Row = tuple[str, str, str]


def stated_figures(repeats: int) -> list[str]:
    """Return the lines of the table."""
    rows = [
        *_intervals(repeats),
        *_ships(repeats),
        *_always_failing(repeats),
        *_drops(repeats),
        *_breaks(repeats),
        *_latency(repeats),
    ]
    head = [
        "## Figures that the definitions state\n",
        "Before brackets, callers are alike. In brackets is the range over the seven ways to draw callers.\n",
    ]
    head += ["| figure | stated | measured |", "|---|---|---|"]
    return [*head, *(f"| {' | '.join(each)} |" for each in rows)]


def _with_range(shares: list[float]) -> str:
    return f"{percent(shares[0])} ({100 * min(shares):.1f} to {100 * max(shares):.1f} %)"


def _intervals(repeats: int) -> Iterator[Row]:
    for what, passes, stated in (
        ("5 of 6 passed, with one conversation per caller", [1.0] * 5 + [0.0], "36 to 100 %"),
        ("ten perfect callers", [1.0] * 10, "73 to 100 %"),
        ("fourteen perfect callers", [1.0] * 14, "80 to 100 %"),
    ):
        interval = rate_interval(passes)
        assert interval is not None
        low, high = interval
        yield f"interval: {what}", stated, f"{100 * low:.1f} to {100 * high:.0f} %"
    what = "with `--confident`, 20 callers that pass 90 % of five conversations each ship"
    shares = [rates.confident_ships(each, 0.9, 20, 5, 0.8, 20 * repeats) for each in KINDS]
    yield what, "11 %", _with_range(shares)


def _ships(repeats: int) -> Iterator[Row]:
    unsure = verdicts.ships(verdicts.Agent("some unknown", 0.9, 0.05), ALIKE, 20, 1, 50 * repeats)
    certain = verdicts.ships(verdicts.Agent("none unknown", 0.855, 0.0), ALIKE, 20, 1, 50 * repeats)
    what = "an agent that passes 90 %, with 5 % unknown, ships in 20 conversations"
    yield what, f"as often as with 85.5 % and none: {percent(certain.kept)}", percent(unsure.kept)


def _always_failing(repeats: int) -> Iterator[Row]:
    for size, void_ones, stated in ((3, 0, "15 %"), (5, 0, "0.6 %"), (5, 1, "3 %")):
        what = f"of twenty callers that pass 80 %, one fails all {size} conversations"
        found = verdicts.any_fails_all(size, void_ones, 50 * repeats)
        yield f"{what}{', of which one is void' if void_ones else ''}", stated, percent(found)


def _drops(repeats: int) -> Iterator[Row]:
    for unknown, figures in STATED.items():
        shares = changes.Unknown(unknown, unknown)
        for (callers, size), stated in zip(DROPS, figures, strict=True):
            drops = [
                changes.Comparison(changes.TWENTY_POINTS, each, 0.9, callers, size, shares) for each in KINDS
            ]
            found = [changes.compared(each, 5 * repeats).worse for each in drops]
            runs = f"{callers} callers, {size} each, {100 * unknown:g} % unknown"
            yield f"a drop from 90 to 70 % is found: {runs}", stated, _with_range(found)


def _breaks(repeats: int) -> Iterator[Row]:
    for callers, stated in ((10, "65 %"), (20, "88 %")):
        broken = changes.Comparison(changes.ONE_IN_TEN_BREAKS, ALIKE, ALWAYS_PASSED, callers, 5)
        covered = changes.compared(broken, 5 * repeats).covered
        what = f"one in ten of {callers} perfect callers breaks, with 5 conversations each"
        yield f"{what}: the interval contains the true change", stated, percent(covered)


def _latency(repeats: int) -> Iterator[Row]:
    for each in latency.ANSWERS:
        above = latency.ratio(each, max(2, repeats // 4)) - 1
        what = "`p90(latency.p95)` of a run is above the p95 of all its turns"
        yield f"{what}: {each.name}", "8 to 21 %", percent(above)
