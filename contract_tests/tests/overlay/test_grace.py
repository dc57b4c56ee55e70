"""The grace period, in which verdicts, tool calls and conversations can still arrive."""

import datetime
from typing import Any

from bluejay_contract.stub import Answer, Stub
from bluejay_results import SimulationRun
from bluejay_results.recording.exchange import Exchange, ReadSettings, Resource, date_in
from bluejay_results.results.page import FailedFetch, Parts, read_page
from contract_kit.tests.tables import table

from .. import builders
from .answers import CALLED, UNRECORDED, listed, read_by_wait
from .conftest import START, Reader

TIMED: dict[str, Any] = {"end_time": START.isoformat()}


ONE_VERDICT = [builders.evaluation(), builders.evaluation(goal_success=None)]
"""Either evaluation might be the latest."""


@table(
    "fields",
    [
        CALLED,
        {"tool_calls": None},
        UNRECORDED | {"status": "NO_ANSWER"},
        {"evaluations": ONE_VERDICT},
        {"evaluations": ONE_VERDICT[::-1]},
    ],
)
def test_a_complete_conversation_needs_no_grace_period(fields: dict[str, Any]) -> None:
    assert read_by_wait(builders.response(builders.result(**TIMED | fields))).is_settled


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
    assert read_by_wait(response, is_wait=False).is_settled is is_settled


def test_a_run_from_a_saved_body_has_no_grace_period() -> None:
    end = datetime.datetime.now(datetime.UTC).isoformat()
    assert builders.saved_run(builders.result(**UNRECORDED, end_time=end)).is_settled


@table(
    "header, date",
    [
        ("Thu, 19 Nov 2026 16:04:00 GMT", START),
        ("yesterday", None),
        ("Thu, 19 Nov 2026 16:04:00 +99999999999999999999", None),
    ],
)
def test_the_servers_time_is_read_from_the_date_header(header: str, date: datetime.datetime | None) -> None:
    assert date_in({"date": header}) == date


def test_a_response_without_a_date_header_gets_the_time_it_was_received() -> None:
    seconds = datetime.timedelta(seconds=5)
    assert Exchange(started_at=START, duration=seconds).date == START + seconds


LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def test_any_date_header_can_be_the_servers_time(reader: Reader, stub: Stub) -> None:
    """The clock advances while the fetch by id is retried."""
    ended = listed(builders.result(**TIMED | UNRECORDED), id="48213", date="Fri, 31 Dec 9999 23:59:59 GMT")
    stub.serve("48213", ended)
    stub.serve_result("1", Answer(status=503))
    assert reader.retrieve("48213", complete=True).grace.now == LATEST


@table("moment", [0.0, 1.0, 1e300])
def test_a_recording_can_have_any_time(moment: float) -> None:
    body = builders.encoded(builders.response(builders.result()))
    page = read_page(Exchange(started_at=LATEST, duration=datetime.timedelta(days=1), body=body))
    failed = FailedFetch(Exchange(resource=Resource("conversation", "1"), moment=moment, status=404), "")
    run = SimulationRun(Parts((page,), failed_fetches=(failed,), settings=ReadSettings(True, 180)))
    assert run.grace.now == LATEST
