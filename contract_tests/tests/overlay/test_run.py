"""The properties of a run, and the results of its digital humans."""

import datetime
import decimal
import pickle
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import ConfigurationError, ContractViolationError, Failing, Outcome, SimulationRun

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


@pytest.mark.parametrize("run_status", ["INCOMPLETED", "INSUFFICIENT_FUNDS"])
def test_a_conversation_under_way_in_a_run_that_was_cut_short_is_void(run_status: str) -> None:
    run = run_of(builders.result(1), builders.result(2, status="QUEUED"), status=run_status)
    assert run.is_settled
    assert run.results[1].outcome is Outcome.VOID
    assert run.results[1].reason == f"still QUEUED when the run ended {run_status}"


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


def test_the_judged_pass_rate_excludes_void_conversations_and_those_under_way() -> None:
    lost = builders.result(2, evaluations=[builders.evaluation(goal_success=False)])
    others = [builders.result(3, status="NO_ANSWER"), builders.result(4, status="RUNNING")]
    assert run_of(builders.result(1), lost, *others, tests_passed=1, total_tests=4).judged_pass_rate == 0.5
    assert run_of(*others).judged_pass_rate is None


def _one_of_three_passed(**fields: Any) -> SimulationRun:
    """A run of three conversations: two reached their goal, one of these without calling its tool."""
    skipped = builders.result(2, tool_calls=[builders.tool_calls(actual=0)])
    lost = builders.result(3, evaluations=[builders.evaluation(goal_success=False)])
    return run_of(builders.result(1), skipped, lost, **fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tests_passed": 0}, ("the run counts 0 passed; 1 passed by goal and tool calls, 2 by goal alone",)),
        ({"tests_passed": 1, "total_tests": 3}, ()),
        ({"tests_passed": 2}, ()),
        ({"tests_passed": 3}, ("the run counts 3 passed; 1 passed by goal and tool calls, 2 by goal alone",)),
        ({"tests_passed": 1, "total_tests": 2}, ("the run counts 2 conversations and lists 3",)),
        ({"total_tests": 3}, ()),
        ({"tests_passed": 3, "total_tests": 4}, ()),
        ({"tests_passed": 3, "status": "RUNNING"}, ()),
    ],
)
def test_the_notes_report_counters_that_contradict_the_conversations(
    fields: dict[str, Any], told: tuple[str, ...]
) -> None:
    run = _one_of_three_passed(**fields)
    assert run.contradictions == told
    assert set(told) <= set(run.notes)


def test_the_notes_count_the_conversations_missing_from_a_settled_run() -> None:
    assert run_of(builders.result(), total_tests=3).notes == ("the run counts 3 conversations and lists 1",)
    assert run_of(builders.result(), total_tests=3, status="RUNNING").notes == ()


def test_from_file_refuses_the_output_of_json_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "view.json").write_bytes(b'{"format": "bluejay-results/run", "version": 1}')
    with pytest.raises(ConfigurationError) as caught:
        SimulationRun.from_file(tmp_path / "view.json")
    said = "is the output of --json, not a saved run. Save a run with --har."
    assert str(caught.value) == f"{tmp_path / 'view.json'} {said}"


def test_the_notes_on_an_invalid_body_state_that_counters_were_not_checked() -> None:
    document = builders.response(builders.result(evaluations=5), tests_passed=1)
    run = SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")
    assert run.contradictions == ()
    assert run.notes == ("violations of the contract: 1; the counters were not checked",)


def test_results_by_outcome_has_every_outcome_as_a_key() -> None:
    run = run_of(builders.result(1), builders.result(2, status="NO_ANSWER"), builders.result(3))
    assert {outcome: [each.id for each in group] for outcome, group in run.results_by_outcome.items()} == {
        Outcome.PASSED: [1, 3],
        Outcome.FAILED: [],
        Outcome.VOID: [2],
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


def test_unknown_fields_of_a_run_are_kept_by_path() -> None:
    evaluation = builders.evaluation(latency={"one": 1}, filler_ignored_latency={"two": 2})
    result = builders.result(trace_ids=[1], evaluations=[evaluation]) | {"odd key": True}
    document = builders.response(result, region="eu") | {"page": {"next": None}}
    assert SimulationRun.from_bytes(builders.encoded(document)).unknown_fields == {
        "$.page": {"next": None},
        "$.simulation_run.region": "eu",
        "$.simulation_results[0].trace_ids": [1],
        "$.simulation_results[0]['odd key']": True,
        "$.simulation_results[0].evaluations[0].latency.one": 1,
        "$.simulation_results[0].evaluations[0].filler_ignored_latency.two": 2,
    }


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


@pytest.mark.parametrize(("digits", "kind"), [(4000, int), (4001, decimal.Decimal)])
def test_an_integer_in_an_unknown_field_is_an_int_up_to_4000_digits(digits: int, kind: type) -> None:
    body = builders.encoded(builders.response(more="@")).replace(b'"@"', b"1" * digits)
    value = SimulationRun.from_bytes(body).unknown_fields["$.simulation_run.more"]
    assert str(decimal.Decimal(value)) == "1" * digits
    assert type(value) is kind


def test_void_conversations_of_a_digital_human_are_neither_passed_nor_failed() -> None:
    failed = {"evaluations": [builders.evaluation(goal_success=False)]}
    kinds: dict[int, list[builders.Document]] = {
        7: [{}, failed, {"status": "NO_ANSWER"}],
        5: [failed, failed],
        9: [{}, {}],
        3: [{"status": "NO_ANSWER"}],
    }
    listed = [each | {"digital_human_id": id_} for id_, all_ in kinds.items() for each in all_]
    run = run_of(*(builders.result(number, **each) for number, each in enumerate(listed)))
    found = [(h.id, h.conversations, h.passed, h.failed, h.void, h.failing) for h in run.by_digital_human]
    assert found == [
        (7, 3, 1, 1, 1, Failing.SOMETIMES),
        (5, 2, 0, 2, 0, Failing.ALWAYS),
        (9, 2, 2, 0, 0, Failing.NEVER),
        (3, 1, 0, 0, 1, None),
    ]


def test_a_conversation_without_a_digital_human_is_a_separate_group() -> None:
    run = run_of(builders.result(1), builders.result(2, digital_human_id=None))
    assert [(human.id, len(human.results)) for human in run.by_digital_human] == [(None, 1), (None, 1)]
