"""Properties of runs and conversations that no kept text shows in every case."""

import datetime
from pathlib import Path
from typing import Any

import attrs
from bluejay_results import LatencySummary, LatencyUnit, SimulationResult, SimulationRun
from bluejay_results.recording.exchange import ReadSettings
from bluejay_results.results.notes import notes
from bluejay_results.results.page import Parts
from bluejay_results.results.reason import Why
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of

UNKNOWN: builders.Document = {"status": "NO_ANSWER", "evaluations": None}
VOID: builders.Document = {"status": "SYSTEM_ERROR", "evaluations": None}
SKIPPED: builders.Document = {"tool_calls": [builders.tool_calls(actual=0)]}


def _evaluated(**evaluation: Any) -> SimulationResult:
    return run_of(builders.result(evaluations=[builders.evaluation(**evaluation)])).results[0]


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
        ("two", ("1", "2"), 0, False),
    ],
)
def test_a_counted_conversation_is_missing_if_the_results_do_not_list_it(
    total: int | None, queued: tuple[str, ...], missing: int, has_ended: bool
) -> None:
    """A run with a null status has not ended if it counts no conversations, or more than it lists."""
    listed = builders.saved_run(builders.result(1), builders.result(2), total_tests=total, status=None)
    run = SimulationRun(Parts(listed.parts.pages, settings=ReadSettings(queued_ids=queued)))
    assert (run.missing_count, run.has_ended) == (missing, has_ended)


def test_the_notes_count_unknown_and_void_conversations_by_reason() -> None:
    """The most frequent reason comes first, wherever its conversations are in the list."""
    kinds = [{}, UNKNOWN, SKIPPED, SKIPPED, {"evaluations": []}, {"status": "Cancelled"}, VOID, VOID]
    made = (builders.result(number, **each) for number, each in enumerate(kinds, 1))
    unknown, void, missing, _ = notes(run_of(*made, total_tests=9))
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


def test_a_note_names_each_unknown_field_once() -> None:
    """It also names a single one in an evaluation."""
    evaluation = builders.evaluation(latency={"one": 1}, filler_ignored_latency={"two": 2})
    result = builders.result(trace_urls=[1], evaluations=[evaluation]) | {"odd key": True}
    document = builders.response(result, result, region="eu") | {"page": {"next": None}}
    [note] = notes(SimulationRun.from_bytes(builders.encoded(document)))
    assert sorted(note.data["fields"]) == [
        "$.page",
        "$.simulation_results[].evaluations[].filler_ignored_latency.two",
        "$.simulation_results[].evaluations[].latency.one",
        "$.simulation_results[].trace_urls",
        "$.simulation_results[]['odd key']",
        "$.simulation_run.region",
    ]
    [note] = notes(run_of(builders.result(evaluations=[builders.evaluation(latency={"one": 1})])))
    assert note.data["fields"] == ["$.simulation_results[].evaluations[].latency.one"]


def test_a_run_from_a_file_keeps_the_exact_bytes_of_the_file(tmp_path: Path) -> None:
    body = b" \r\n" + builders.encoded(builders.response(summary=5)) + b"\n\t "
    saved = tmp_path / "run.json"
    saved.write_bytes(body)
    for run in (
        SimulationRun.from_bytes(body, on_violation="collect"),
        SimulationRun.from_file(saved, on_violation="collect"),
    ):
        assert run.responses[0].body == body
        assert [each.path for each in run.violations] == ["$.simulation_run.summary"]


@table(
    "given, explanation",
    [
        ({"human_goal_reasoning": "Mine.", "override_goal_notes": "Notes."}, "Mine."),
        ({"human_goal_reasoning": "", "override_goal_notes": "Notes."}, "Notes."),
        ({}, None),
    ],
)
def test_a_corrected_answer_has_the_reviewers_reasoning_or_notes(
    given: dict[str, str], explanation: str | None
) -> None:
    corrected = {"goal_success": False, "goal_reasoning": "The judge's.", "human_goal_success": True}
    result = _evaluated(**corrected | given)
    found = result.answers[0]
    assert found.correction
    assert (found.explanation, found.correction.judge_explanation) == (explanation, "The judge's.")
    assert result.effective_evaluation
    assert result.effective_evaluation.goal_reasoning == explanation


def test_the_last_correction_is_the_most_recent_one() -> None:
    metric = {"name": "tone", "description": "", "response_type": "quantitative", "response_value": "2"}
    by_8 = metric | {"human_response_value": "4", "last_edited_by": "reviewer-8"}
    by_7 = {"last_edited_by": "reviewer-7", "last_edited_at": "2026-11-20T08:00:00Z"}
    times = ["2026-11-20T09:00:00Z", "2026-11-20T07:00:00Z", None]
    results = [
        _evaluated(
            goal_success=False,
            human_goal_success=True,
            **by_7,
            custom_metrics=[by_8 | {"last_edited_at": each}],
        )
        for each in times
    ]
    reviewers = [each.last_correction.reviewer for each in results if each.last_correction]
    assert reviewers == ["reviewer-8", "reviewer-7", "reviewer-7"]


@table("mean, average", [(7, 7), (0, 8.5), (None, 8.5)])
def test_a_missing_mean_latency_is_taken_from_the_evaluation(mean: float | None, average: float) -> None:
    found = _evaluated(avg_agent_latency=8.5, latency={"avg_agent_latency": mean})
    assert found.latency.average == average


def test_seconds_are_converted_to_milliseconds_exactly() -> None:
    """The float 1.001 * 1000 is below 1001."""
    found = LatencySummary(p95=1.001, unit=LatencyUnit.SECONDS)
    assert found.in_milliseconds() == attrs.evolve(found, p95=1001, unit=LatencyUnit.MILLISECONDS)


@table("end, seconds", [("17:05:44+01:00", 94), ("16:04:10Z", 0), (None, None), ("16:04:09Z", None)])
def test_a_conversations_duration_is_its_end_time_minus_its_start_time(
    end: str | None, seconds: int | None
) -> None:
    """The field `duration` isn't used, because its unit can be seconds or milliseconds."""
    end_time = end and f"2026-11-19T{end}"
    result = builders.result(start_time="2026-11-19T16:04:10Z", end_time=end_time, duration=7)
    found = run_of(result).results[0].duration
    assert found == (None if seconds is None else datetime.timedelta(seconds=seconds))
