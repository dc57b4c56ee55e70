"""The properties of a run, and how the conversations of its callers ended."""

import datetime
import pickle
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import (
    Caller,
    ConfigurationError,
    ContractViolationError,
    LatencyUnit,
    Outcome,
    SimulationRun,
)
from bluejay_results.recording.recording import Settings
from bluejay_results.results.page import Parts

from .. import builders
from ..runs import run_of


@pytest.mark.parametrize(
    ("status", "last", "has_ended", "is_settled"),
    [
        ("COMPLETED", "COMPLETED", True, True),
        ("INCOMPLETED", "COMPLETED", True, True),
        ("INSUFFICIENT_FUNDS", "COMPLETED", True, True),
        ("COMPLETED", "EVALUATING", True, False),
        ("COMPLETED", "CONVERSATION_ENDED", True, False),
        ("INITIALIZING", "COMPLETED", False, False),
        ("RUNNING", "COMPLETED", False, False),
    ],
)
def test_a_run_is_settled_when_it_has_ended_and_no_conversation_is_under_way(
    status: str, last: str, has_ended: bool, is_settled: bool
) -> None:
    run = run_of(builders.result(1), builders.result(2, status=last), status=status, total_tests=2)
    assert run.has_ended == has_ended
    assert run.is_settled == is_settled


@pytest.mark.parametrize("status", [None, "CANCELLED"])
@pytest.mark.parametrize("last", [{"status": "NO_ANSWER", "evaluations": None}, {"status": None}])
def test_a_run_with_an_unknown_status_ends_when_all_its_conversations_have_ended(
    status: str | None, last: dict[str, Any]
) -> None:
    run = run_of(builders.result(1), builders.result(2, **last), status=status, total_tests=2)
    assert run.is_settled


@pytest.mark.parametrize(
    ("results", "total"),
    [
        ([builders.result()], None),
        ([builders.result()], 0),
        ([], 0),
        ([builders.result()], 2),
        ([builders.result(status="RUNNING")], 1),
        ([builders.result(status="VOICEMAIL", evaluations=None)], 1),
    ],
    ids=["total null", "total 0", "no conversation", "one missing", "one under way", "one without a verdict"],
)
@pytest.mark.parametrize("status", [None, "NEVER_LISTED"])
def test_a_run_with_an_unknown_status_is_under_way_until_all_conversations_ended(
    status: str | None, results: list[dict[str, Any]], total: int | None
) -> None:
    assert not run_of(*results, status=status, total_tests=total).is_settled


@pytest.mark.parametrize(
    ("passed", "total", "rate"),
    [
        *[(3, 4, 0.75), (0, 4, 0), (4, 4, 1)],
        *[(0, 0, None), (None, 4, None), (3, None, None), (5, 4, None), (-1, 4, None)],
    ],
)
def test_the_pass_rate_is_passed_divided_by_total_or_none(
    passed: int | None, total: int | None, rate: float | None
) -> None:
    assert run_of(tests_passed=passed, total_tests=total).pass_rate == rate


LOST: builders.Document = {"evaluations": [builders.evaluation(goal_success=False)]}
UNKNOWN: builders.Document = {"status": "NO_ANSWER", "evaluations": None}
VOID: builders.Document = {"status": "SYSTEM_ERROR", "evaluations": None}
UNDER_WAY: builders.Document = {"status": "RUNNING", "evaluations": None}


def _of(*kinds: builders.Document, **fields: Any) -> SimulationRun:
    return run_of(*(builders.result(number, **each) for number, each in enumerate(kinds, 1)), **fields)


@pytest.mark.parametrize(
    ("kinds", "total", "rate", "bounds"),
    [
        ([{}] * 15 + [LOST] * 3 + [UNKNOWN, VOID], None, 15 / 18, (15 / 19, 16 / 19)),
        ([{}, LOST], None, 1 / 2, (1 / 2, 1 / 2)),
        ([{}, LOST, UNDER_WAY], None, 1 / 2, (1 / 2, 1 / 2)),
        ([{}, LOST], 4, 1 / 2, (1 / 4, 3 / 4)),
        ([UNKNOWN], None, None, (0, 1)),
        ([VOID, UNDER_WAY], None, None, None),
        ([], 2, None, (0, 1)),
        ([], 0, None, None),
    ],
    ids=["the example", "all known", "under way", "missing", "unknown", "void", "none listed", "nothing"],
)
def test_the_bounds_count_unknown_and_missing_conversations_as_failed_and_as_passed(
    kinds: list[builders.Document],
    total: int | None,
    rate: float | None,
    bounds: tuple[float, float] | None,
) -> None:
    run = _of(*kinds, total_tests=total)
    assert run.judged_pass_rate == rate
    assert run.pass_rate_bounds == bounds


@pytest.mark.parametrize(
    ("total", "queued", "missing"),
    [
        (None, (), 0),
        (1, (), 0),
        (5, (), 3),
        (None, ("2", "7"), 1),
        (4, ("7",), 2),
    ],
)
def test_a_conversation_is_missing_if_it_is_counted_or_queued_and_not_listed(
    total: int | None, queued: tuple[str, ...], missing: int
) -> None:
    listed = _of({}, {}, total_tests=total)
    run = SimulationRun(Parts(listed.parts.pages, settings=Settings(queued_ids=queued))) if queued else listed
    assert run.missing_count == missing


def _one_of_three_passed(**fields: Any) -> SimulationRun:
    """A run of three conversations: two reached their goal, one of these without calling its tool."""
    skipped = builders.result(2, tool_calls=[builders.tool_calls(actual=0)])
    lost = builders.result(3, evaluations=[builders.evaluation(goal_success=False)])
    return run_of(builders.result(1), skipped, lost, **fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tests_passed": 0}, ("the run counts 0 passed; by its conversations, 1 to 2 passed",)),
        ({"tests_passed": 1, "total_tests": 3}, ()),
        ({"tests_passed": 2}, ()),
        ({"tests_passed": 3}, ("the run counts 3 passed; by its conversations, 1 to 2 passed",)),
        ({"tests_passed": 1, "total_tests": 2}, ("the run counts 2 conversations and lists 3",)),
        ({"tests_passed": 2, "tests_failed": 1, "total_tests": 3}, ()),
        (
            {"tests_passed": 2, "tests_failed": 2, "total_tests": 3},
            ("the run counts 2 passed and 2 failed of 3",),
        ),
        ({"tests_failed": 4, "total_tests": 3}, ("the run counts 0 passed and 4 failed of 3",)),
        ({"total_tests": 3}, ()),
        ({"tests_passed": 3, "total_tests": 4}, ()),
        ({"tests_passed": 3, "status": "RUNNING"}, ()),
    ],
)
def test_the_notes_report_counters_that_contradict_the_conversations(
    fields: dict[str, Any], told: tuple[str, ...]
) -> None:
    run = _one_of_three_passed(**fields)
    assert tuple(map(str, run.contradictions)) == told
    assert set(told) <= {str(each) for each in run.notes}


@pytest.mark.parametrize(("passed", "is_contradiction"), [(0, True), (1, False), (2, False), (3, True)])
def test_an_unknown_conversation_may_count_as_passed_and_a_void_one_may_not(
    passed: int, is_contradiction: bool
) -> None:
    run = _of({}, UNKNOWN, VOID, tests_passed=passed, total_tests=3)
    assert bool(run.contradictions) is is_contradiction


def test_the_notes_say_how_many_conversations_are_unknown_void_and_missing_and_why() -> None:
    skipped = {"tool_calls": [builders.tool_calls(actual=0)]}
    no_verdict: builders.Document = {"evaluations": []}
    kinds = [{}, skipped, UNKNOWN, skipped, no_verdict, VOID, {"status": "Cancelled"}, VOID]
    assert tuple(map(str, _of(*kinds, total_tests=9).notes)) == (
        "4 conversations are unknown: no tool call recorded (2), status NO_ANSWER (1), no verdict (1)",
        "3 conversations are void: status SYSTEM_ERROR (2), status CANCELLED (1)",
        "1 conversation is missing: the run counts more than it lists",
    )


def test_a_run_in_which_all_passed_has_no_notes() -> None:
    assert _of({}, {}, total_tests=2, tests_passed=2).notes == ()


@pytest.mark.parametrize("status", ["INCOMPLETED", "INSUFFICIENT_FUNDS"])
def test_the_notes_name_an_unusual_end_of_the_run(status: str) -> None:
    assert tuple(map(str, _of({}, UNDER_WAY, status=status).notes)) == (
        f"the run ended {status}",
        "1 conversation is unknown: cut short (1)",
    )


def test_from_file_refuses_the_output_of_json_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "view.json").write_bytes(b'{"format": "bluejay-results/run", "version": 1}')
    with pytest.raises(ConfigurationError) as caught:
        SimulationRun.from_file(tmp_path / "view.json")
    said = "This is the output of --json, not a saved run. Save a run with --har."
    assert str(caught.value) == f"{tmp_path / 'view.json'}: {said}"


def test_the_notes_on_an_invalid_body_count_its_violations() -> None:
    document = builders.response(builders.result(evaluations=5), tests_passed=1)
    run = SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")
    assert run.contradictions == ()
    assert tuple(map(str, run.notes)) == (
        "violations of the contract: 1",
        "1 conversation is unknown: field breaks the contract (1)",
    )


def test_results_by_outcome_has_every_outcome_as_a_key() -> None:
    run = run_of(builders.result(1), builders.result(2, status="NO_ANSWER"), builders.result(3))
    assert {outcome: [each.id for each in group] for outcome, group in run.results_by_outcome.items()} == {
        Outcome.PASSED: [1, 3],
        Outcome.FAILED: [],
        Outcome.UNKNOWN: [2],
        Outcome.VOID: [],
        Outcome.UNDER_WAY: [],
    }


def test_a_run_has_its_ids_its_time_its_summary_and_its_app_url() -> None:
    run = run_of(id="a/X b", simulation_id="c/X", summary="Fine.")
    assert run.id == "a/X b"
    assert run.simulation_id == "c/X"
    assert run.summary == "Fine."
    assert run.created_at == datetime.datetime(2026, 11, 19, 16, 4, tzinfo=datetime.UTC)
    assert run.app_url == "https://app.getbluejay.ai/simulations/c%2FX/runs/a%2FX%20b"


def test_a_run_from_bytes_or_a_file_keeps_the_bytes_and_the_generated_model(tmp_path: Path) -> None:
    body = b" \r\n" + builders.encoded(builders.response(builders.result())) + b"\n\t "
    (tmp_path / "run.json").write_bytes(body)
    for run in (SimulationRun.from_bytes(body), SimulationRun.from_file(tmp_path / "run.json")):
        assert run.responses[0].body == body
        assert run.response.status == "200"


def test_a_note_names_each_unknown_field_once() -> None:
    evaluation = builders.evaluation(latency={"one": 1}, filler_ignored_latency={"two": 2})
    result = builders.result(trace_ids=[1], evaluations=[evaluation]) | {"odd key": True}
    document = builders.response(result, result, region="eu") | {"page": {"next": None}}
    [note] = SimulationRun.from_bytes(builders.encoded(document)).notes
    assert sorted(note.data["fields"]) == [
        "$.page",
        "$.simulation_results[].evaluations[].filler_ignored_latency.two",
        "$.simulation_results[].evaluations[].latency.one",
        "$.simulation_results[].trace_ids",
        "$.simulation_results[]['odd key']",
        "$.simulation_run.region",
    ]


def test_a_run_survives_pickling() -> None:
    run = pickle.loads(pickle.dumps(run_of(builders.result())))  # noqa: S301 - our own bytes
    assert run.results[0].outcome is Outcome.PASSED


def test_the_repr_of_a_run_shows_only_its_id_status_and_number_of_results() -> None:
    assert repr(run_of(builders.result())) == "<SimulationRun 48213 COMPLETED, settled, 1 results>"
    assert repr(run_of(status="RUNNING")) == "<SimulationRun 48213 RUNNING, not settled, 0 results>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[", "The response is not JSON: Expecting value: line 1 column 2 (char 1)."),
        (b"\n", "The response is empty."),
        (
            builders.encoded(builders.response(builders.result(duration="long"))),
            "The response breaks the contract: Expected `int | null`, got `str` at "
            "$.simulation_results[0].duration.",
        ),
        (
            builders.encoded(builders.response(created_at=" - at `noon`")),
            'The response breaks the contract: Expected RFC 3339 date-time, got " - at `noon`" at '
            "$.simulation_run.created_at.",
        ),
    ],
)
def test_the_error_for_an_invalid_body_names_the_expected_type_and_the_path(
    body: bytes, message: str
) -> None:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRun.from_bytes(body)
    assert str(caught.value) == message
    assert caught.value.body == body


def test_the_conversations_of_a_caller_are_counted_by_outcome() -> None:
    kinds: dict[int, list[builders.Document]] = {
        7: [{}, LOST, UNKNOWN, VOID, UNDER_WAY],
        5: [LOST, LOST],
        9: [{}, {}],
    }
    run = _of(*(each | {"digital_human_id": id_} for id_, all_ in kinds.items() for each in all_))
    assert run.callers == (Caller(7, 1, 1, 1, 1), Caller(5, 0, 2, 0, 0), Caller(9, 2, 0, 0, 0))


@pytest.mark.parametrize(
    ("group", "kind"),
    [("passed", {}), ("failed", LOST), ("unknown", UNKNOWN), ("void", VOID), ("under_way", UNDER_WAY)],
)
def test_a_run_has_a_group_of_conversations_for_each_outcome(group: str, kind: builders.Document) -> None:
    run = _of(*[{}, LOST, UNKNOWN, VOID, UNDER_WAY], kind, status="RUNNING")
    assert [each.id for each in getattr(run, group)][-1:] == [6]
    assert len(getattr(run, group)) == 2


def test_a_void_conversation_says_nothing_about_the_unit_of_latencies() -> None:
    slow, fast = ({"evaluations": [builders.evaluation(avg_agent_latency=each)]} for each in (900, 0.9))
    assert _of(slow, fast | {"status": "SYSTEM_ERROR"}).latency_unit is LatencyUnit.MILLISECONDS
    assert _of(slow, fast).latency_unit is None


def test_a_conversation_without_a_digital_human_is_a_caller_of_its_own() -> None:
    run = run_of(*(builders.result(id_, digital_human_id=None) for id_ in (1, 2)), total_tests=3)
    assert run.callers == (Caller(None, 1), Caller(None, 1))
