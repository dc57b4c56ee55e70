"""A run's properties, and the outcomes of each caller's conversations."""

import copy
import datetime
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import Caller, ContractViolationError, LatencyUnit, Outcome, SimulationRun, UsageError
from bluejay_results.recording.exchange import ReadSettings
from bluejay_results.results.notes import NoteKind
from bluejay_results.results.page import Parts
from bluejay_results.results.reason import Why
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of

PASSED: builders.Document = {}
LOST: builders.Document = {"evaluations": [builders.evaluation(goal_success=False)]}
UNKNOWN: builders.Document = {"status": "NO_ANSWER", "evaluations": None}
VOID: builders.Document = {"status": "SYSTEM_ERROR", "evaluations": None}
UNDER_WAY: builders.Document = {"status": "RUNNING", "evaluations": None}
SKIPPED: builders.Document = {"tool_calls": [builders.tool_calls(actual=0)]}


def _of(*kinds: builders.Document, **fields: Any) -> SimulationRun:
    return run_of(*(builders.result(number, **each) for number, each in enumerate(kinds, 1)), **fields)


@table(
    "status, last, has_ended, is_settled",
    [
        ("COMPLETED", PASSED, True, True),
        ("COMPLETED", UNDER_WAY, True, False),
        ("COMPLETED", {"status": "CONVERSATION_ENDED"}, True, False),
        ("RUNNING", PASSED, False, False),
        (None, PASSED, True, True),
        ("CANCELLED", UNKNOWN, True, True),
        ("CANCELLED", {"status": None}, True, True),
        (None, UNDER_WAY, False, False),
        (None, {"status": "VOICEMAIL", "evaluations": None}, False, False),
    ],
)
def test_a_run_is_settled_if_the_run_and_all_its_conversations_have_ended(
    status: str | None, last: builders.Document, has_ended: bool, is_settled: bool
) -> None:
    """With a null or new status, a run has ended when all its conversations have ended."""
    run = _of(PASSED, last, status=status, total_tests=2)
    assert run.has_ended == has_ended
    assert run.is_settled == is_settled


@table(
    "total, queued, missing, has_ended",
    [
        (None, (), 0, False),
        (0, (), 0, False),
        (1, (), 0, True),
        (5, (), 3, False),
        (None, ("1", "2"), 0, True),
        (None, ("2", "7"), 1, True),
        (4, ("7",), 2, False),
    ],
)
def test_a_counted_conversation_is_missing_if_the_results_do_not_list_it(
    total: int | None, queued: tuple[str, ...], missing: int, has_ended: bool
) -> None:
    """A run with a null status has not ended if it counts no conversations, or more than it lists."""
    listed = _of(PASSED, PASSED, total_tests=total, status=None)
    run = SimulationRun(Parts(listed.parts.pages, settings=ReadSettings(queued_ids=queued)))
    assert run.missing_count == missing
    assert run.has_ended is has_ended


@table("fields", [{"status": 5, "total_tests": 2}, {"status": None, "total_tests": "two"}])
def test_a_run_has_not_ended_if_its_status_or_its_count_breaks_the_contract(fields: dict[str, Any]) -> None:
    """Two conversations were queued, and both have ended."""
    listed = builders.saved_run(builders.result(1), builders.result(2), **fields)
    run = SimulationRun(Parts(listed.parts.pages, settings=ReadSettings(queued_ids=("1", "2"))))
    assert not run.has_ended


def test_the_services_pass_rate_is_computed_from_its_counters() -> None:
    for passed, rate in ((3, 75), (0, 0), (4, 100), (None, None), (5, None), (-1, None)):
        assert run_of(tests_passed=passed, total_tests=4).service_pass_rate == rate
    assert run_of(tests_passed=0, total_tests=0).service_pass_rate is None
    assert run_of(tests_passed=3, total_tests=None).service_pass_rate is None


@table(
    "kinds, total, rate, bounds",
    [
        ([PASSED] * 15 + [LOST] * 3 + [UNKNOWN, VOID], None, 1500 / 18, (1500 / 19, 1600 / 19)),
        ([PASSED, LOST], 4, 50, (25, 75)),
        ([VOID, UNDER_WAY], None, None, (None, None)),
        ([], 2, None, (0, 100)),
    ],
)
def test_the_lowest_pass_rate_in_percent_counts_unknown_conversations_as_failed(
    kinds: list[builders.Document],
    total: int | None,
    rate: float | None,
    bounds: tuple[float | None, float | None],
) -> None:
    run = _of(*kinds, total_tests=total)
    assert run.pass_rate == rate
    assert (run.pass_rate_lowest, run.pass_rate_highest) == bounds


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))])  # noqa: S301 - ours
def test_a_copy_of_a_run_keeps_its_violations_and_its_latency_unit(
    copied: Callable[[SimulationRun], SimulationRun],
) -> None:
    run = builders.saved_run(builders.result(), tests_passed="one").in_unit(LatencyUnit.SECONDS)
    assert run.violations
    assert copied(run).violations == run.violations
    assert copied(run).latency_unit is LatencyUnit.SECONDS


def test_a_conversation_can_be_found_by_its_id_as_a_number_or_a_string() -> None:
    run = _of(PASSED, LOST)
    assert run.result(2) is run.result("2") is run.results[1]
    with pytest.raises(UsageError, match="3"):
        run.result(3)


@table(
    "fields, found",
    [
        ({"tests_passed": 0}, {"counted": 0, "passed": 1}),
        ({"tests_passed": 1, "total_tests": 4}, None),
        ({"tests_passed": 4}, None),
        ({"tests_passed": 1, "total_tests": 3}, {"counted": 3, "listed": 4}),
        ({"tests_passed": 2, "tests_failed": 2, "total_tests": 4}, None),
        ({"tests_passed": 2, "tests_failed": 3, "total_tests": 4}, {"passed": 2, "failed": 3, "total": 4}),
        ({"tests_failed": 5, "total_tests": 4}, {"passed": 0, "failed": 5, "total": 4}),
        ({"total_tests": 4}, None),
        ({"tests_passed": 4, "total_tests": 5}, None),
        ({"tests_passed": 4, "status": "RUNNING"}, None),
    ],
)
def test_contradictory_counters_are_noted(fields: dict[str, Any], found: dict[str, int] | None) -> None:
    """One of four conversations passed, one called no tool, one is unknown: `tests_passed` is at least 1."""
    run = _of(PASSED, SKIPPED, UNKNOWN, VOID, **fields)
    assert [each.data for each in run.contradictions] == ([found] if found else [])
    assert [each for each in run.contradictions if each not in run.notes] == []


def test_no_contradiction_is_noted_if_the_service_ignores_missing_tool_calls() -> None:
    run = _of({"tool_calls": [builders.tool_calls("a"), builders.tool_calls("b", actual=0)]}, tests_passed=1)
    assert run.results[0].outcome is Outcome.FAILED
    assert run.contradictions == ()


def test_the_notes_count_unknown_and_void_conversations_by_reason() -> None:
    """The most frequent reason comes first, wherever its conversations are in the list."""
    kinds = [PASSED, UNKNOWN, SKIPPED, SKIPPED, {"evaluations": []}, {"status": "Cancelled"}, VOID, VOID]
    unknown, void, missing, _ = _of(*kinds, total_tests=9).notes
    assert [(each["why"], each["status"], each["count"]) for each in unknown.data["reasons"]] == [
        (Why.NO_CALLS, None, 2),
        (Why.INCONCLUSIVE_STATUS, "NO_ANSWER", 1),
        (Why.NO_VERDICT, None, 1),
    ]
    assert [(each["status"], each["count"]) for each in void.data["reasons"]] == [
        ("SYSTEM_ERROR", 2),
        ("CANCELLED", 1),
    ]
    assert [unknown.data["count"], void.data["count"], missing.data["count"]] == [4, 3, 1]


def test_the_notes_report_that_a_run_ended_unusually() -> None:
    end, cut_short = _of(PASSED, UNDER_WAY, status="INCOMPLETED").notes
    assert (end.kind, end.data["status"]) == (NoteKind.ENDED_EARLY, "INCOMPLETED")
    assert [each["why"] for each in cut_short.data["reasons"]] == [Why.CUT_SHORT]


def test_a_runs_counters_are_not_compared_if_the_run_has_violations() -> None:
    run = builders.saved_run(builders.result(evaluations=5), tests_passed=1)
    violations, hidden, _ = run.notes
    assert (violations.kind, violations.data["count"]) == (NoteKind.VIOLATIONS, 1)
    assert [each["why"] for each in hidden.data["reasons"]] == [Why.FIELD_HIDDEN]
    assert run.contradictions == ()


def test_a_note_names_each_unknown_field_once() -> None:
    evaluation = builders.evaluation(latency={"one": 1}, filler_ignored_latency={"two": 2})
    result = builders.result(trace_urls=[1], evaluations=[evaluation]) | {"odd key": True}
    document = builders.response(result, result, region="eu") | {"page": {"next": None}}
    [note] = SimulationRun.from_bytes(builders.encoded(document)).notes
    assert sorted(note.data["fields"]) == [
        "$.page",
        "$.simulation_results[].evaluations[].filler_ignored_latency.two",
        "$.simulation_results[].evaluations[].latency.one",
        "$.simulation_results[].trace_urls",
        "$.simulation_results[]['odd key']",
        "$.simulation_run.region",
    ]


def test_a_note_names_the_only_unknown_field_even_if_it_is_nested() -> None:
    evaluation = builders.evaluation(latency={"one": 1})
    document = builders.response(builders.result(evaluations=[evaluation]))
    [note] = SimulationRun.from_bytes(builders.encoded(document)).notes
    assert note.data["fields"] == ["$.simulation_results[].evaluations[].latency.one"]


def test_a_run_has_a_group_of_conversations_for_each_outcome() -> None:
    run = _of(PASSED, LOST, UNKNOWN, VOID, UNDER_WAY, PASSED, status="RUNNING")
    groups = [run.passed, run.failed, run.unknown, run.void, run.under_way]
    assert [[each.id for each in group] for group in groups] == [[1, 6], [2], [3], [4], [5]]
    assert run_of().results_by_outcome == dict.fromkeys(Outcome, ())


def test_a_runs_app_url_contains_its_encoded_ids() -> None:
    run = run_of(id="a:X", simulation_id="c:X", summary="Fine.")
    assert (run.id, run.simulation_id, run.summary) == ("a:X", "c:X", "Fine.")
    assert run.created_at == datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
    assert run.app_url == "https://app.getbluejay.ai/simulations/c%3AX/runs/a%3AX"


def test_a_run_from_a_file_keeps_the_exact_bytes_of_the_file(tmp_path: Path) -> None:
    body = b" \r\n" + builders.encoded(builders.response(summary=5)) + b"\n\t "
    saved = tmp_path / "run.json"
    saved.write_bytes(body)
    for run in (
        SimulationRun.from_bytes(body, on_violation="collect"),
        SimulationRun.from_file(saved, on_violation="collect"),
    ):
        assert run.responses[0].body == body
        assert run.response.status == "200"
        assert [each.path for each in run.violations] == ["$.simulation_run.summary"]


def test_the_error_about_a_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "view.json").write_bytes(b'{"format": "bluejay-results/run", "version": 1}')
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_file(tmp_path / "view.json")
    assert str(caught.value).startswith(f"{tmp_path / 'view.json'}: ")


def test_the_repr_of_a_run_shows_its_status_but_not_its_summary() -> None:
    for status, is_settled in (("COMPLETED", "settled"), ("RUNNING", "not settled")):
        run = _of(PASSED, status=status, summary="secret")
        assert repr(run) == f"<SimulationRun 48213 {status}, {is_settled}, 1 results>"
        assert repr(run.results) == "(<SimulationResult 1 passed>,)"


@table(
    "body, data",
    [
        (b"[", "line 1 column 2 (char 1)"),
        (b"\n", "empty"),
        (
            builders.encoded(builders.response(created_at=" - at `noon`")),
            'at $.simulation_run.created_at (Expected RFC 3339 date-time, got " - at `noon`").',
        ),
    ],
)
def test_the_error_for_an_invalid_body_names_the_expected_type_and_the_path(body: bytes, data: str) -> None:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body)
    assert data in str(caught.value)
    assert caught.value.body == body


def test_a_callers_conversations_are_counted_by_outcome() -> None:
    """Each conversation without a caller id counts as a separate caller."""
    kinds: dict[int | None, list[builders.Document]] = {
        7: [PASSED, LOST, UNKNOWN, VOID, UNDER_WAY],
        5: [LOST, LOST],
        None: [PASSED, PASSED],
    }
    run = _of(*(each | {"digital_human_id": id_} for id_, all_ in kinds.items() for each in all_))
    assert run.callers == (Caller(7, 1, 1, 1, 1), Caller(5, 0, 2, 0, 0), Caller(None, 1), Caller(None, 1))


def test_a_callers_pass_rates_count_unknown_conversations_as_a_runs_do() -> None:
    caller = Caller(7, passed=3, failed=1, unknown=1, void=4)
    assert (caller.pass_rate, caller.pass_rate_lowest, caller.pass_rate_highest) == (75, 60, 80)
    nothing = Caller(7, void=1)
    assert (nothing.pass_rate, nothing.pass_rate_lowest, nothing.pass_rate_highest) == (None, None, None)


def test_void_conversations_do_not_affect_a_runs_latency_unit() -> None:
    slow, fast = ({"evaluations": [builders.evaluation(avg_agent_latency=each)]} for each in (900, 0.9))
    assert _of(slow, fast | {"status": "SYSTEM_ERROR"}).latency_unit is LatencyUnit.MILLISECONDS
    assert _of(slow, fast).latency_unit is None
