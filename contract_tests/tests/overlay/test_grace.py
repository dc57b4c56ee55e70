"""The grace period, in which verdicts, tool calls and conversations can still arrive."""

import datetime
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.recording.exchange import Exchange, ReadSettings, Resource
from bluejay_results.results.page import FailedFetch, Parts, read_page
from contract_kit.tests.tables import table

from .. import builders
from .answers import UNRECORDED
from .conftest import START

TIMED: dict[str, Any] = {"end_time": START.isoformat()}


@table(
    "response, is_settled",
    [
        (builders.response(builders.result(**UNRECORDED)), True),
        (builders.response(builders.result(**UNRECORDED, **TIMED)), False),
        (builders.response(builders.result(status="RUNNING"), status="INCOMPLETED"), True),
        (builders.response(builders.result(), total_tests=2), True),
    ],
)
def test_a_retrieved_conversation_has_no_grace_period_if_it_has_no_end_time(
    response: builders.Document, is_settled: bool
) -> None:
    """`wait`, in contrast, sees when a run or a conversation ends; see `models/waiting.py`."""
    page = read_page(Exchange(started_at=START, body=builders.encoded(response)))
    run = SimulationRun(Parts((page,), settings=ReadSettings(tool_call_grace=180)))
    assert run.is_settled is is_settled


def test_a_response_without_a_date_header_gets_the_time_it_was_received() -> None:
    seconds = datetime.timedelta(seconds=5)
    assert Exchange(started_at=START, duration=seconds).date == START + seconds


LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@table("moment", [0.0, 1.0, 1e300])
def test_a_recording_can_have_any_time(moment: float) -> None:
    body = builders.encoded(builders.response(builders.result()))
    page = read_page(Exchange(started_at=LATEST, duration=datetime.timedelta(days=1), body=body))
    failed = FailedFetch(Exchange(resource=Resource("conversation", "1"), moment=moment, status=404), "")
    run = SimulationRun(Parts((page,), failed_fetches=(failed,), settings=ReadSettings(True, 180)))
    assert run.grace.now == LATEST
