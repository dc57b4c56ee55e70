"""Which orders of times are implausible, and by how much times may be out of order."""

import datetime
from typing import Any

import pytest

from .. import builders
from .exchanges import answered, broken_by

CREATED = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
RESULT = "$.simulation_results[0]"


def _at(seconds: float) -> str:
    return (CREATED + datetime.timedelta(seconds=seconds)).isoformat()


def _broken(result: dict[str, Any], headers: dict[str, str] | None = None, **run: Any) -> list[str]:
    return broken_by(answered(builders.response(builders.result(**result), **run), headers=headers))


def _evaluated(at: float) -> list[Any]:
    return [builders.evaluation(created_at=_at(at))]


def _event(offset: int, end: int | None = None) -> list[Any]:
    return [{"title": "a", "start_offset_ms": offset, "end_offset_ms": end}]


LATE_EVALUATION = f"evaluation-after-end at {RESULT}.evaluations[0].created_at"


@pytest.mark.parametrize(
    ("result", "broken"),
    [
        ({"start_time": _at(-5)}, []),
        ({"start_time": _at(-5.1)}, [f"start-after-run-created at {RESULT}.start_time"]),
        ({"end_time": _at(-5.1)}, [f"start-after-run-created at {RESULT}.end_time"]),
        ({"evaluations": _evaluated(-5)}, []),
        ({"evaluations": _evaluated(-5.1)}, [LATE_EVALUATION]),
        ({"start_time": _at(10), "evaluations": _evaluated(5)}, []),
        ({"start_time": _at(10), "evaluations": _evaluated(4.9)}, [LATE_EVALUATION]),
        ({"start_time": _at(10), "end_time": _at(70), "evaluations": _evaluated(65)}, []),
        ({"start_time": _at(10), "end_time": _at(70), "evaluations": _evaluated(64.9)}, [LATE_EVALUATION]),
        ({"start_time": _at(10), "end_time": _at(70), "events": _event(65_000, 90_000)}, []),
        (
            {"start_time": _at(10), "end_time": _at(70), "events": _event(65_001)},
            [f"event-before-end at {RESULT}.events[0].start_offset_ms"],
        ),
        ({"end_time": _at(70), "events": _event(65_001)}, []),
    ],
)
def test_times_may_be_out_of_order_by_up_to_five_seconds(result: dict[str, Any], broken: list[str]) -> None:
    assert _broken(result) == broken


IN_2050 = {"date": "Sat, 01 Jan 2050 00:00:00 GMT"}
FUTURE = "not-in-the-far-future at "


@pytest.mark.parametrize(
    "headers", [{}, {"date": "yesterday"}, {"date": "Mon, 16 Nov 99999999999999999999 10:00:00 GMT"}]
)
def test_without_a_date_header_the_far_future_starts_a_year_after_the_local_clock(
    headers: dict[str, str],
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    near, far = ((now + datetime.timedelta(days=days)).isoformat() for days in (365, 367))
    assert _broken({}, headers, created_at=near) == []
    assert f"{FUTURE}$.simulation_run.created_at" in _broken({}, headers, created_at=far)


def test_the_date_header_takes_precedence_over_the_local_clock() -> None:
    near, far = "2050-12-31T00:00:00Z", "2051-01-03T00:00:00Z"
    evaluations = [builders.evaluation(created_at=far)]
    result = {"start_time": near, "end_time": far, "evaluations": evaluations}
    assert _broken(result, IN_2050) == [
        f"{FUTURE}{RESULT}.end_time",
        f"{FUTURE}{RESULT}.evaluations[0].created_at",
    ]
