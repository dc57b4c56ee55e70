"""Times in an implausible order, and the tolerance for times that are out of order."""

import datetime
from typing import Any

import pytest

from .. import builders
from .findings import answered, broken_by

CREATED = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
RESULT = "$.simulation_results[0]"
LATE_EVALUATION = f"evaluation-after-end at {RESULT}.evaluations[0].created_at"


def _at(seconds: float) -> str:
    return (CREATED + datetime.timedelta(seconds=seconds)).isoformat()


def _broken(result: dict[str, Any], headers: dict[str, str] | None = None, **run: Any) -> list[str]:
    return broken_by(answered(builders.response(builders.result(**result), **run), headers=headers))


def _evaluated(at: float) -> list[Any]:
    return [builders.evaluation(created_at=_at(at))]


def _event(offset: int, end: int | None = None) -> list[Any]:
    return [{"title": "a", "start_offset_ms": offset, "end_offset_ms": end}]


@pytest.mark.parametrize(
    ("result", "broken"),
    [
        ({"start_time": _at(-5)}, []),
        ({"start_time": _at(-5.1)}, [f"start-after-run-created at {RESULT}.start_time"]),
        ({"evaluations": _evaluated(-5)}, []),
        ({"evaluations": _evaluated(-5.1)}, [LATE_EVALUATION]),
        ({"start_time": _at(10), "evaluations": _evaluated(5)}, []),
        ({"start_time": _at(10), "end_time": _at(70), "evaluations": _evaluated(65)}, []),
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


FUTURE = "not-in-the-far-future at "
NO_DATE = "Mon, 16 Nov 99999999999999999999 10:00:00 GMT"


@pytest.mark.parametrize("headers", [{}, {"date": "yesterday"}, {"date": NO_DATE}])
def test_the_local_clock_is_used_if_a_response_has_no_valid_date_header(
    headers: dict[str, str],
) -> None:
    now = datetime.datetime.now(datetime.UTC)
    near, far = ((now + datetime.timedelta(days=days)).isoformat() for days in (365, 367))
    assert _broken({}, headers, created_at=near) == []
    assert f"{FUTURE}$.simulation_run.created_at" in _broken({}, headers, created_at=far)


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_the_date_header_takes_precedence_over_the_local_clock(zone: str) -> None:
    """A time is in the far future if it is more than 366 days after the Date header."""
    headers = {"date": f"Sat, 01 Jan 2050 00:00:00 {zone}"}
    result = {"start_time": "2051-01-02T00:00:00Z", "end_time": "2051-01-02T00:00:01Z"}
    assert _broken(result, headers) == [f"{FUTURE}{RESULT}.end_time"]


@pytest.mark.parametrize(
    ("starts", "broken"),
    [
        (["2026-11-19T16:05:00Z", None, "2026-11-19T16:05:00Z"], []),
        (["2026-11-19T16:05:00Z", "2026-11-19T17:05:00+01:00"], []),
        (["2026-11-19T16:05:01Z", None, "2026-11-19T16:05:00Z"], [2]),
        (["2026-11-19T16:05:03Z", "2026-11-19T16:05:01Z", "2026-11-19T16:05:02Z"], [1, 2]),
    ],
)
def test_results_with_a_start_time_must_be_listed_oldest_first(
    starts: list[str | None], broken: list[int]
) -> None:
    results = [builders.result(index, start_time=each) for index, each in enumerate(starts)]
    found = broken_by(answered(builders.response(*results)))
    assert found == [f"oldest-first at $.simulation_results[{index}].start_time" for index in broken]
