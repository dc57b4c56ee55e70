"""The latency of a run, compared with values computed by hand from the percentiles of its conversations."""

import pytest
from bluejay_results import LatencySummary
from bluejay_results.judging.run_latency import knows, latency_of_run


def _conversation(
    p50: float, p90: float, p95: float | None = None, maximum: float | None = None
) -> LatencySummary:
    return LatencySummary(average=p50, maximum=maximum, p50=p50, p90=p90, p95=p95)


def _of_run(figure: str, *conversations: tuple[LatencySummary, int | None]) -> float:
    return latency_of_run(figure, [[each] for each in conversations])


def test_a_run_of_one_conversation_has_the_percentiles_of_the_conversation() -> None:
    alone = (_conversation(100, 200, 300), None)
    assert [_of_run(figure, alone) for figure in ("p50", "p90", "p95")] == pytest.approx([100, 200, 300])


def test_the_share_of_slower_turns_is_linear_between_two_percentiles() -> None:
    """20 % of the slow conversation's turns are above 175 ms and no others, which is 10 % of all turns."""
    slow, fast = _conversation(100, 200), _conversation(10, 20)
    assert _of_run("p90", (slow, None), (fast, None)) == pytest.approx(175)


def test_the_share_of_slower_turns_is_90_percent_at_p50_squared_over_p90() -> None:
    """10 % of the first conversation's turns are above 200 ms = 400 * 400 / 800, and 90 % of the second's."""
    assert _of_run("p50", (_conversation(100, 200), None), (_conversation(400, 800), None)) == pytest.approx(
        200
    )


def test_the_share_of_slower_turns_falls_linearly_above_the_highest_percentile() -> None:
    """The first conversation's share falls from 5 % at 300 ms to none at 300 * 300 / 200 = 450 ms."""
    first, second = _conversation(100, 200, 300), _conversation(100, 200, 310)
    assert _of_run("p95", (first, None), (second, None)) == pytest.approx(305.77, abs=0.01)


def test_no_turn_is_slower_than_the_maximum() -> None:
    first, second = _conversation(100, 200, 300, maximum=301), _conversation(100, 200, 310)
    assert _of_run("p95", (first, None), (second, None)) == pytest.approx(301)


FAST, SLOW = _conversation(100, 110, 120), _conversation(9000, 9500, 9900)


@pytest.mark.parametrize(
    ("fast", "slow"), [((100, 9), (2, 1)), ((2, 39), (100, 1))], ids=["hangs up early", "talks for long"]
)
def test_the_larger_latency_of_the_two_weightings_counts(
    fast: tuple[int, int], slow: tuple[int, int]
) -> None:
    """Either one conversation in ten is slow, or one in forty is slow and has most of the turns."""
    run = [(FAST, fast[0])] * fast[1] + [(SLOW, slow[0])] * slow[1]
    assert _of_run("p95", *run) >= 9000


def test_a_missing_number_of_turns_counts_as_the_median_of_the_others() -> None:
    known = [(FAST, 10)] * 20 + [(SLOW, 10)]
    missing = [(FAST, 10)] * 20 + [(SLOW, None)]
    assert _of_run("p95", *missing) == _of_run("p95", *known)


def test_a_percentile_is_used_only_together_with_p50_and_p90() -> None:
    assert knows(_conversation(1, 2, 3), "p95")
    assert not knows(LatencySummary(average=1, p50=1, p95=3), "p95")
    assert not knows(_conversation(1, 2), "p95")
    assert knows(LatencySummary(average=1), "average")
