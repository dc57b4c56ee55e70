"""The oracle judges the example in the definitions as they say."""

import pytest

from .. import builders
from .outcomes import Json, read
from .verdicts import Options, bounds, gate, interval, judged_pass_rate

FAILED = {"evaluations": [builders.evaluation(goal_success=False)]}
OUTCOMES: list[Json] = [*[{}] * 15, *[FAILED] * 3, {"status": "NO_ANSWER"}, {"status": "SYSTEM_ERROR"}]
TWENTY = builders.response(
    *(builders.result(id_, **each) for id_, each in enumerate(OUTCOMES)), total_tests=20
)


@pytest.mark.parametrize(
    ("minimum", "answer"), [(75, ("ship", 0)), (80, ("inconclusive", 6)), (90, ("don't ship", 1))]
)
def test_the_oracle_computes_the_documented_results_of_the_example_run(
    minimum: int, answer: tuple[str, int]
) -> None:
    reading = read(TWENTY)
    assert gate(reading, Options(min_pass_rate=minimum)) == answer
    rates = [judged_pass_rate(reading), *bounds(reading)]
    assert [round(float(rate or 0), 1) for rate in rates] == [83.3, 78.9, 84.2]


def test_the_oracle_computes_the_documented_interval_of_ten_callers() -> None:
    ten = builders.response(*map(builders.result, range(10)), total_tests=10)
    assert [round(end) for end in interval(read(ten)) or ()] == [73, 100]
