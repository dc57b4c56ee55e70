"""The quantile of Student's t, and the figures in the docs: sums of the probabilities of all possible runs.

The tests in ../oracle check intervals in random runs.
"""

import math
import re
from pathlib import Path

import pytest
import scipy  # it imports scipy.stats late, when a test needs it
from bluejay_results.measuring.statistics import change_interval, rate_interval, t_quantile

DOCS = Path(__file__).parents[3] / "docs"


def test_the_t_quantile_matches_scipy() -> None:
    freedoms = [*range(2, 400), 1_000, 10_000, 10_001, 100_000, 10**9, 2**63]
    expected = scipy.stats.t.ppf(0.975, freedoms).tolist()
    assert [t_quantile(each) for each in freedoms] == pytest.approx(expected, rel=1e-11)


def share_that_ships(rate: float, callers: int, minimum: float = 0.8) -> float:
    """Return how often a run ships with `--confident` if callers are alike and call once each."""
    intervals = (rate_interval({1.0: passed, 0.0: callers - passed}) for passed in range(callers + 1))
    kept = [passed for passed, ends in enumerate(intervals) if ends and ends[0] >= minimum]
    return float(scipy.stats.binom.pmf(kept, callers, rate).sum())


def test_the_gate_page_states_how_many_runs_ship_with_confidence() -> None:
    rows = re.findall(r"^\| (\d+) % \| (-|\d+) \| (.*) \|$", (DOCS / "gate.md").read_text(), re.MULTILINE)
    numbers = (20, 50, 100, 200, 500)
    for percent, needed, stated in rows:
        rate = int(percent) / 100
        assert [f"{100 * share_that_ships(rate, each):.0f} %" for each in numbers] == stated.split(" | ")
        assert needed == "-" or share_that_ships(rate, int(needed)) >= 0.5
    assert len(rows) == 5


def share_found(callers: int, before: float, now: float) -> float:
    """Return how often a drop is "worse" if callers are alike and have one conversation in each run."""
    worse, better = before * (1 - now), now * (1 - before)
    found = 0.0
    for down in range(callers + 1):
        for up in range(callers + 1 - down):
            same = callers - down - up
            _, high = change_interval([-1.0] * down + [1.0] * up + [0.0] * same, 1) or (0, 0)
            if high >= 0:
                break  # with more callers that got better, it isn't worse either
            ways = math.factorial(callers) // (
                math.factorial(down) * math.factorial(up) * math.factorial(same)
            )
            found += ways * worse**down * better**up * (1 - worse - better) ** same
    return found


def test_the_compare_page_states_how_often_a_drop_is_found() -> None:
    said = " ".join((DOCS / "compare.md").read_text().split())
    stated = re.findall(r"in (\d+) %(?: of comparisons)? with (\d+)", said)
    assert stated == [(f"{100 * share_found(each, 0.9, 0.7):.0f}", f"{each}") for each in (20, 50, 100)]
