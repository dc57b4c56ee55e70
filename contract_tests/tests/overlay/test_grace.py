"""The grace period: how long tool calls may arrive after the end of a conversation."""

import datetime
from typing import Any

import attrs
import pytest
from bluejay_results import Outcome, SimulationRun
from bluejay_results.results.context import RunContext
from bluejay_results.results.grace import Grace, date_in

from .. import builders
from ..runs import run_of
from .answers import UNRECORDED

ENDED = datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
TIMED = UNRECORDED | {"end_time": "2026-11-19T16:04:00Z"}


def _after(seconds: float) -> datetime.datetime:
    return ENDED + datetime.timedelta(seconds=seconds)


def _run_with(*results: dict[str, Any], grace: Grace, **run: Any) -> SimulationRun:
    return attrs.evolve(run_of(*results, **run), context=RunContext(grace=grace))


@pytest.mark.parametrize(
    ("grace", "left"),
    [
        (Grace(180, _after(0)), 180),
        (Grace(180, _after(179)), 1),
        (Grace(180, _after(180)), 0),
        (Grace(180, _after(-3600)), 3780),
        (Grace(180, None), 0),
        (Grace(0, _after(0)), 0),
        (Grace(180, _after(0), seen={1: 100}), 80),
        (Grace(180, _after(170), seen={1: 100}), 10),
        (Grace(180, None, seen={1: 100}), 80),
        (Grace(180, _after(-3600), seen={1: 0}), 180),
    ],
    ids=[
        "just ended", "nearly over", "over", "a server clock behind", "no clock", "none wanted",
        "seen for longer than since the end", "ended long before it was seen", "a wait without Date",
        "a wait with a server clock behind",
    ],
)  # fmt: skip
def test_the_grace_starts_at_the_end_or_when_a_wait_first_saw_the_end(grace: Grace, left: float) -> None:
    result = _run_with(builders.result(**TIMED), grace=grace).results[0]
    assert result.tool_call_seconds_left == left
    assert result.is_awaited is (left > 0)


@pytest.mark.parametrize(
    ("fields", "is_awaited"),
    [
        (TIMED, True),
        (TIMED | {"end_time": None}, True),  # the evaluation's time is used instead
        (UNRECORDED | {"evaluations": [builders.evaluation()]}, False),  # no time, no grace
        (TIMED | {"tool_calls": [builders.tool_calls()]}, False),
        (TIMED | {"tool_calls": [builders.tool_calls(actual=0), builders.tool_calls("other")]}, False),
        (TIMED | {"tool_calls": None}, False),
        (TIMED | {"status": "NO_ANSWER"}, False),
        (TIMED | {"status": "EVALUATING"}, False),
        (TIMED | {"status": "CALL_DROPPED"}, True),
    ],
)
def test_a_conversation_is_awaited_if_it_ended_without_calls_of_its_expected_tools(
    fields: dict[str, Any], is_awaited: bool
) -> None:
    timed = builders.evaluation(created_at="2026-11-19T16:04:30Z")
    result = builders.result(**({"evaluations": [timed]} | fields))
    assert _run_with(result, grace=Grace(180, _after(100))).results[0].is_awaited is is_awaited


def test_a_run_with_an_awaited_conversation_is_not_settled() -> None:
    waiting = _run_with(builders.result(**TIMED), grace=Grace(180, _after(100)))
    assert not waiting.is_settled
    assert waiting.results[0].outcome is Outcome.UNDER_WAY
    assert waiting.results[0].reason == "no tool call recorded yet, expected book"
    over = _run_with(builders.result(**TIMED), grace=Grace(180, _after(200)))
    assert over.is_settled
    assert over.results[0].outcome is Outcome.VOID


def test_a_wait_makes_nothing_void_until_a_fetch_after_the_grace_period() -> None:
    over = Grace(180, _after(200), seen={1: 200}, fetched_since=frozenset())
    assert not _run_with(builders.result(**TIMED), grace=over).is_settled
    fetched = attrs.evolve(over, fetched_since=frozenset({1}))
    assert _run_with(builders.result(**TIMED), grace=fetched).is_settled


@pytest.mark.parametrize(("run_seen", "outcome"), [(None, "void"), (179, "under way"), (180, "void")])
def test_a_wait_gives_a_run_that_was_cut_short_the_grace_period(run_seen: float | None, outcome: str) -> None:
    grace = Grace(180, _after(0), seen={}, run_seen=run_seen)
    run = _run_with(builders.result(status="RUNNING"), status="INCOMPLETED", grace=grace)
    assert run.results[0].outcome == outcome
    assert run.is_settled == (outcome == "void")


@pytest.mark.parametrize(("run_seen", "is_settled"), [(None, True), (179, False), (180, True)])
def test_a_wait_gives_missing_conversations_the_grace_period(
    run_seen: float | None, is_settled: bool
) -> None:
    run = _run_with(builders.result(), total_tests=2, grace=Grace(180, run_seen=run_seen))
    assert run.is_settled is is_settled
    notes = ["the run counts 2 conversations and lists 1"] if is_settled else []
    assert list(run.notes) == notes


@pytest.mark.parametrize(
    ("queued", "total", "has_ended"),
    [((), 0, False), (("1",), None, True), (("1", "2"), 1, False), ((), 1, True)],
)
def test_a_run_without_a_known_status_has_ended_if_all_its_conversations_have_ended(
    queued: tuple[str, ...], total: int | None, has_ended: bool
) -> None:
    run = run_of(builders.result(), status=None, total_tests=total)
    run = attrs.evolve(run, context=RunContext(queued_ids=queued))
    assert run.has_ended is has_ended


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Thu, 19 Nov 2026 16:04:00 GMT", ENDED),
        ("Thu, 19 Nov 2026 17:04:00 +0100", ENDED),
        ("Thu Nov 19 16:04:00 2026", ENDED),
        ("yesterday", None),
        ("", None),
        ("Thu, 19 Nov 2026 16:04:00 +99999999999999999999", None),
    ],
)
def test_the_time_of_the_server_comes_from_the_date_header(
    header: str, date: datetime.datetime | None
) -> None:
    assert date_in({"date": header}) == date
