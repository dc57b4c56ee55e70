"""When a run counts as ended and settled; only then must its counters match its results."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from bluejay_contract.checks import is_under_way
from bluejay_contract.checks import statuses as ours
from bluejay_contract.exchange import Exchange
from bluejay_results.results import outcome as theirs

from .. import builders
from .findings import answered

END = datetime(2026, 11, 19, 16, 5, 44, tzinfo=UTC)
AT_THE_END: dict[str, Any] = {"end_time": END.isoformat()}
EXPECTED = builders.tool_calls(actual=0)


def _read(after: float, **result: Any) -> Exchange:
    """A run read `after` seconds after its only conversation ended, which lacks an expected tool call."""
    document = builders.response(builders.result(**({"tool_calls": [EXPECTED]} | result)))
    return answered(document, headers={"date": format_datetime(END + timedelta(seconds=after), usegmt=True)})


@pytest.mark.parametrize(
    ("after", "result", "under_way"),
    [
        (-3600, AT_THE_END, True),
        (0, AT_THE_END, True),
        (179, AT_THE_END, True),
        (180, AT_THE_END, False),
        (179, AT_THE_END | {"status": "ERROR"}, True),
        (179, AT_THE_END | {"status": "FAILED"}, True),
        (179, {"evaluations": [builders.evaluation(created_at=END.isoformat())]}, True),
        (180, {"evaluations": [builders.evaluation(created_at=END.isoformat())]}, False),
        (0, {}, False),
        (0, AT_THE_END | {"status": "NO_ANSWER"}, False),
        (0, AT_THE_END | {"tool_calls": [EXPECTED, builders.tool_calls("other", expected=0)]}, False),
        (0, AT_THE_END | {"tool_calls": [builders.tool_calls(expected=0, actual=0)]}, False),
    ],
)
def test_a_missing_tool_call_is_awaited_for_180_seconds(
    after: float, result: dict[str, Any], under_way: bool
) -> None:
    """No call is awaited if the conversation has no end time, is void, or has all its calls."""
    assert is_under_way(_read(after, **result)) is under_way


def test_a_saved_run_is_not_under_way_even_if_a_tool_call_is_missing() -> None:
    body = _read(0, end_time=datetime.now(UTC).isoformat()).body
    assert not is_under_way(Exchange.saved(body))
    assert is_under_way(answered(body))  # without a Date header, the local clock is used


@pytest.mark.parametrize("status", ["Transferred", None])
@pytest.mark.parametrize(("verdict", "ended"), [(True, True), (False, True), (None, False)])
def test_a_run_without_a_status_has_ended_if_each_of_its_conversations_has_ended(
    status: str | None, verdict: bool | None, ended: bool
) -> None:
    result = builders.result(status=status, evaluations=[builders.evaluation(goal_success=verdict)])
    exchange = answered(builders.response(result, status=None, total_tests=1))
    assert is_under_way(exchange) is not ended


@pytest.mark.parametrize("name", ["RUN_CUT_SHORT", "RUN_ENDED"])
def test_the_rules_and_the_client_know_the_same_run_statuses(name: str) -> None:
    """`contract/test_statuses.py` compares the statuses of conversations."""
    assert getattr(ours, name) == getattr(theirs, name)
