"""The rules that `make simulate` applies to many random runs agree with the package."""

import pytest
from bluejay_results import SimulationRun
from bluejay_results.compare import compare as runs_compared
from bluejay_results.gate import Rules, gate

from ..gate.runs import callers
from .definitions import Runs, compare, confident_min_pass_rate, max_always_failing, min_pass_rate
from .drawing import draw_runs, generator

ROWS = range(30)


def _runs(about: str, rates: list[float], void: float) -> Runs:
    rng = generator(about)
    drawn = rng.choice(rates, (len(ROWS), 6))
    return draw_runs(rng, drawn, rng.integers(3, 7, drawn.shape), 0.05, void)


def _packages_run(runs: Runs, row: int, id_: str = "1") -> SimulationRun:
    """Return the package's run with the same numbers of conversations."""
    counts = (each[row].tolist() for each in runs)
    return callers(*zip(*counts, strict=True), id=id_)


@pytest.mark.parametrize(("minimum", "is_confident"), [(50, True), (70, True), (60, False), (70, False)])
def test_the_rules_in_the_simulation_give_the_same_verdicts_as_the_package(
    minimum: int, is_confident: bool
) -> None:
    runs = _runs("rules", [0.0, 0.6, 0.8, 0.9], void=0.4)
    by_rate = confident_min_pass_rate if is_confident else min_pass_rate
    rules = Rules(min_pass_rate=minimum, confident=is_confident)
    for row in ROWS:
        found = gate(_packages_run(runs, row), rules).runs[0].findings
        for finding, answer in zip(
            found, (by_rate(runs, minimum / 100), max_always_failing(runs)), strict=True
        ):
            assert answer.broken[row] == (finding.verdict == "broken")
            assert answer.kept[row] == (finding.verdict in {"kept", "not applicable"})


@pytest.mark.parametrize(("before", "now"), [(0.9, 0.2), (0.2, 0.9), (0.8, 0.6)])
def test_the_comparison_in_the_simulation_gives_the_same_result_as_the_package(
    before: float, now: float
) -> None:
    base, new = (_runs(f"comparison {each}", [each], void=0.0) for each in (before, now))
    worse, better = compare(base, new)
    for row in ROWS:
        found = runs_compared(_packages_run(base, row), _packages_run(new, row, "2"))
        assert (worse[row], better[row]) == (found.change == "worse", found.change == "better")
