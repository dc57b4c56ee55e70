"""The rules that `make simulate` applies to many random runs agree with the package."""

from pathlib import Path

from bluejay_results import SimulationRun
from bluejay_results.compare import compare as runs_compared
from bluejay_results.gate import Rules, gate
from contract_kit.tests.tables import table

from ..gate.runs import callers
from .definitions import (
    Runs,
    callers_needed,
    compare,
    confident_min_pass_rate,
    max_always_failing,
    min_pass_rate,
)
from .drawing import draw_runs, generator
from .figures import share_that_ships
from .rates import exact_share_that_ships

ROWS = range(30)


def _runs(about: str, rates: list[float], void: float) -> Runs:
    rng = generator(about)
    drawn = rng.choice(rates, (len(ROWS), 6))
    return draw_runs(rng, drawn, rng.integers(3, 7, drawn.shape), 0.05, void)


def _packages_run(runs: Runs, row: int, id_: str = "1") -> SimulationRun:
    """Return the package's run with the same numbers of conversations."""
    counts = (each[row].tolist() for each in runs)
    return callers(*zip(*counts, strict=True), id=id_)


@table("minimum, is_confident", [(50, True), (70, True), (60, False), (70, False)])
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


@table("before, now", [(0.9, 0.2), (0.2, 0.9), (0.8, 0.6)])
def test_the_comparison_in_the_simulation_gives_the_same_result_as_the_package(
    before: float, now: float
) -> None:
    base, new = (_runs(f"comparison {each}", [each], void=0.05) for each in (before, now))
    worse, better = compare(base, new)
    for row in ROWS:
        found = runs_compared(_packages_run(base, row), _packages_run(new, row, "2"))
        assert (worse[row], better[row]) == (found.change == "worse", found.change == "better")


def test_the_gate_page_quotes_the_shares_of_runs_that_ship() -> None:
    page = (Path(__file__).parents[3] / "docs" / "gate.md").read_text()
    assert "\n".join(share_that_ships()) in page


@table(
    "rate, needed, ships, for_most",
    [(0.85, 228, 53, 588), (0.9, 55, 52, 130), (0.95, 24, 66, 49)],
)
def test_the_simulation_needs_as_many_callers_as_the_definitions_state(
    rate: float, needed: int, ships: int, for_most: int
) -> None:
    assert callers_needed(rate, rate * (1 - rate), 0.8) == needed
    shares = [round(100 * exact_share_that_ships(rate, each, 0.8)) for each in (needed, for_most)]
    assert shares == [ships, 90]
