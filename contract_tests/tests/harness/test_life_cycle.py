"""When a run counts as ended and settled: only then do its counters have to match its results."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from bluejay_contract.checks import is_under_way
from bluejay_contract.checks import statuses as ours
from bluejay_contract.exchange import Exchange
from bluejay_results.results import status as theirs

from .. import builders
from .exchanges import answered

END = datetime(2026, 11, 19, 16, 5, 44, tzinfo=UTC)
EXPECTED = builders.tool_calls(actual=0)


def _read(after: float, **result: Any) -> Exchange:
    """A read of a run so many seconds after its only conversation ended without its tool call."""
    document = builders.response(builders.result(tool_calls=[EXPECTED], **result))
    return answered(document, headers={"date": format_datetime(END + timedelta(seconds=after), usegmt=True)})


@pytest.mark.parametrize(("after", "under_way"), [(-3600, True), (0, True), (179, True), (180, False)])
def test_a_tool_call_may_arrive_until_180_s_after_the_end(after: float, under_way: bool) -> None:
    assert is_under_way(_read(after, end_time=END.isoformat())) is under_way


@pytest.mark.parametrize("status", ["ERROR", "FAILED"])
def test_a_tool_call_of_a_conversation_that_never_passes_may_arrive_late_too(status: str) -> None:
    assert is_under_way(_read(179, end_time=END.isoformat(), status=status))


@pytest.mark.parametrize(("after", "under_way"), [(179, True), (180, False)])
def test_without_an_end_time_the_grace_period_starts_at_the_evaluation(after: float, under_way: bool) -> None:
    evaluations = [builders.evaluation(created_at=END.isoformat())]
    assert is_under_way(_read(after, evaluations=evaluations)) is under_way


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"end_time": END.isoformat(), "status": "NO_ANSWER"},
        {"end_time": END.isoformat(), "tool_calls": [EXPECTED, builders.tool_calls("other", expected=0)]},
        {"end_time": END.isoformat(), "tool_calls": [builders.tool_calls(expected=0, actual=0)]},
    ],
    ids=["no time", "void by its status", "a call recorded", "no tools to call"],
)
def test_no_tool_call_is_awaited_without_end_time_or_tools_or_if_void_or_called(
    result: dict[str, Any],
) -> None:
    document = builders.response(builders.result(**({"tool_calls": [EXPECTED]} | result)))
    read = answered(document, headers={"date": format_datetime(END, usegmt=True)})
    assert not is_under_way(read)


def test_no_tool_call_is_awaited_in_a_saved_file() -> None:
    body = _read(0, end_time=datetime.now(UTC).isoformat()).body
    assert not is_under_way(Exchange.saved(body))
    assert is_under_way(answered(body))  # without a Date, the local clock decides


@pytest.mark.parametrize("status", ["Transferred", None])
@pytest.mark.parametrize(("verdict", "ended"), [(True, True), (False, True), (None, False)])
def test_a_run_without_a_status_has_ended_if_each_of_its_conversations_has_ended(
    status: str | None, verdict: bool | None, ended: bool
) -> None:
    result = builders.result(status=status, evaluations=[builders.evaluation(goal_success=verdict)])
    exchange = answered(builders.response(result, status=None, total_tests=1))
    assert is_under_way(exchange) is not ended


@pytest.mark.parametrize(
    ("of_the_rules", "of_the_client"),
    [
        pytest.param(ours.RUN_UNDER_WAY, theirs.RUN_UNDER_WAY, id="run under way"),
        pytest.param(ours.RUN_CUT_SHORT, theirs.RUN_CUT_SHORT, id="run cut short"),
        pytest.param(ours.RUN_ENDED, theirs.RUN_ENDED, id="run ended"),
        pytest.param(ours.UNDER_WAY, theirs.UNDER_WAY, id="under way"),
        pytest.param(ours.NOT_SCORED, theirs.VOID | theirs.NOT_CONNECTED, id="not scored"),
        pytest.param(ours.NEVER_PASSED, theirs.VOID | theirs.NOT_CONNECTED | theirs.ERRORS, id="no pass"),
        pytest.param(ours.ENDED, theirs.ENDED, id="ended"),
    ],
)
def test_rules_and_client_know_the_same_statuses(
    of_the_rules: frozenset[str], of_the_client: frozenset[str]
) -> None:
    assert of_the_rules == of_the_client
