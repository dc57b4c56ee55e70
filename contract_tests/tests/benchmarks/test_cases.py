"""The benchmarks compare contenders that do the same work; `make bench-check` fails if a ratio gets worse."""

from collections.abc import Callable, Sequence

import attrs
import msgspec
from benchmarks.cases import CASES
from benchmarks.check import check
from benchmarks.decode import decoder
from benchmarks.goals import GOALS, Figures, Goal, Growth
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun
from contract_kit.tests.tables import table

[BODY] = SCENARIOS["settled"].bodies
GOAL = Goal("ours / other", "ours", "other", 2.0)
OTHER = Goal("mine / other", "mine", "other", 2.0)


def test_the_msgspec_structs_and_our_models_decode_a_body_to_the_same_values() -> None:
    ours, theirs = SimulationRun.from_bytes(BODY).response, decoder("msgspec structs")(BODY)
    assert msgspec.to_builtins(theirs) == msgspec.to_builtins(attrs.asdict(ours))


def _measured(asked: list[list[str]], ours: list[float]) -> Callable[[Sequence[Goal | Growth]], Figures]:
    """Return a fake measurement that records its arguments and returns our client's next value."""
    left = iter(ours)

    def measured(goals: Sequence[Goal | Growth]) -> Figures:
        asked.append([goal.name for goal in goals])
        return {"ours": [next(left)], "mine": [1.0], "other": [1.0]}

    return measured


@table(
    "committed, ours, code",
    [(1.0, [1.09], 0), (1.0, [1.3, 1.0], 0), (1.0, [1.3, 1.2], 1), (None, [1.0, 1.0], 1)],
)
def test_the_benchmark_check_fails_if_a_ratio_is_over_10_percent_worse_in_two_measurements(
    committed: float | None, ours: list[float], code: int
) -> None:
    asked: list[list[str]] = []
    known = {OTHER.name: 1.0} | ({GOAL.name: committed} if committed else {})
    assert check(known, _measured(asked, ours), (GOAL, OTHER)) == code
    assert asked == [[GOAL.name, OTHER.name], [GOAL.name]][: len(ours)]


def test_a_benchmark_goals_value_is_the_median_ratio_of_all_rounds() -> None:
    """The machine was half as fast in the second round, and only our client was slowed down in the third."""
    assert GOAL.value({"ours": [1.0, 2.0, 9.0], "other": [2.0, 4.0, 2.0]}) == 0.5


def test_every_case_named_in_a_benchmark_goal_exists() -> None:
    assert {case for goal in GOALS for case in goal.cases} <= CASES.keys()
