"""Rules across fields that every scenario keeps, so that a check that raises an alarm over one is wrong.

The reference's example is no run but a list of fields, and is left out.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS

Document = dict[str, Any]
ENDS = {"COMPLETED", "INCOMPLETED", "INSUFFICIENT_FUNDS"}
RESULT_ENDS = {
    "COMPLETED",
    "CALL_DROPPED",
    "NO_CONNECTION",
    "NO_ANSWER",
    "No Answer",
    "OUT_OF_FUNDS",
    "SYSTEM_ERROR",
    "CANCELLED",
}


@pytest.fixture(params=sorted(SCENARIOS.keys() - {"reference"}))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def documents(name: str) -> list[Document]:
    """A scenario, poll by poll."""
    return [json.loads(body) for body in SCENARIOS[name].bodies]


@pytest.fixture
def counted(documents: list[Document]) -> list[Document]:
    """The polls whose run has counters."""
    return [document for document in documents if document["simulation_run"]["total_tests"] is not None]


@pytest.fixture
def results(documents: list[Document]) -> list[Document]:
    return [result for document in documents for result in document["simulation_results"] or ()]


@pytest.fixture
def held(results: list[Document]) -> list[Document]:
    """The results of conversations that have ended, one way or another, after they began."""
    return [result for result in results if result.get("end_time")]


@pytest.fixture
def evaluations(results: list[Document]) -> list[Document]:
    return [evaluation for result in results for evaluation in result.get("evaluations") or ()]


@pytest.fixture
def latencies(evaluations: list[Document]) -> list[Document]:
    """Every latency summary, by the bare names of its figures."""
    found = [evaluation[key] for evaluation in evaluations for key in ("latency", "filler_ignored_latency")]
    return [{key.partition("_")[0]: figure for key, figure in figures.items()} for figures in found]


def moment(text: str) -> datetime:
    """A time without a zone is UTC."""
    return datetime.fromisoformat(text if text.endswith(("Z", "+00:00")) else text + "Z")


def lasted(result: Document) -> timedelta:
    return moment(result["end_time"]) - moment(result["start_time"])


def passed(result: Document) -> bool:
    """Whether the current evaluation says so and no expected tool was left out."""
    judged = sorted(result.get("evaluations") or (), key=lambda evaluation: moment(evaluation["created_at"]))
    wanted = [tool for tool in result.get("tool_calls") or () if tool["expected"]]
    held = result["status"] == "COMPLETED"
    return held and bool(judged) and judged[-1]["goal_success"] and all(tool["actual"] for tool in wanted)


def settled(document: Document) -> bool:
    statuses = {result["status"] for result in document["simulation_results"]}
    return document["simulation_run"]["status"] in ENDS and statuses <= RESULT_ENDS


def test_a_run_has_the_id_that_was_asked_for(name: str, documents: list[Document]) -> None:
    assert {document["simulation_run"]["id"] for document in documents} == {SCENARIOS[name].run_id}


def test_a_run_lists_as_many_results_as_it_counts(counted: list[Document]) -> None:
    wrong = [doc for doc in counted if len(doc["simulation_results"]) != doc["simulation_run"]["total_tests"]]
    assert wrong == []


def test_the_passed_are_those_with_a_verdict_of_success(counted: list[Document]) -> None:
    expected = [sum(map(passed, document["simulation_results"])) for document in counted]
    assert [document["simulation_run"]["tests_passed"] for document in counted] == expected


def test_passed_and_failed_are_all_once_a_run_is_settled(counted: list[Document]) -> None:
    runs = [document["simulation_run"] for document in counted if settled(document)]
    assert [run for run in runs if run["tests_passed"] + run["tests_failed"] != run["total_tests"]] == []


def test_passed_and_failed_are_never_more_than_all(counted: list[Document]) -> None:
    runs = [document["simulation_run"] for document in counted]
    assert [run for run in runs if run["tests_passed"] + run["tests_failed"] > run["total_tests"]] == []


def test_completed_and_incompleted_are_all_once_a_run_has_ended(counted: list[Document]) -> None:
    runs = [doc["simulation_run"] for doc in counted if doc["simulation_run"]["status"] in ENDS]
    assert [
        run for run in runs if run["tests_completed"] + run["tests_incompleted"] != run["total_tests"]
    ] == []


def test_counters_never_fall_from_poll_to_poll(counted: list[Document]) -> None:
    keys = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")
    runs = [document["simulation_run"] for document in counted]
    assert {key: sorted(run[key] for run in runs) for key in keys} == {
        key: [run[key] for run in runs] for key in keys
    }


def test_result_ids_are_unique_in_a_run(documents: list[Document]) -> None:
    ids = [[result["id"] for result in document["simulation_results"] or ()] for document in documents]
    assert [len(set(of_poll)) for of_poll in ids] == [len(of_poll) for of_poll in ids]


def test_a_conversation_ends_after_it_starts(held: list[Document]) -> None:
    assert [result["id"] for result in held if lasted(result) <= timedelta()] == []


def test_a_conversation_starts_after_its_run_is_created(documents: list[Document]) -> None:
    early = [
        result["id"]
        for document in documents
        for result in document["simulation_results"] or ()
        if result.get("start_time")
        and moment(result["start_time"]) < moment(document["simulation_run"]["created_at"])
    ]
    assert early == []


def test_an_evaluation_is_made_after_the_conversation(held: list[Document]) -> None:
    early = [
        evaluation["id"]
        for result in held
        for evaluation in result["evaluations"] or ()
        if moment(evaluation["created_at"]) < moment(result["end_time"])
    ]
    assert early == []


def test_a_duration_is_the_length_in_milliseconds_or_in_seconds(held: list[Document]) -> None:
    wrong = [
        result["id"]
        for result in held
        if result["duration"]
        not in (lasted(result) // timedelta(milliseconds=1), lasted(result).total_seconds())
    ]
    assert wrong == []


def test_a_result_under_way_has_no_scores(results: list[Document]) -> None:
    early = [
        result["id"] for result in results if result["status"] not in RESULT_ENDS and result["evaluations"]
    ]
    assert early == []


def test_evaluation_ids_are_unique_in_a_run(documents: list[Document]) -> None:
    listed = documents[-1]["simulation_results"] or ()
    ids = [evaluation["id"] for result in listed for evaluation in result.get("evaluations") or ()]
    assert len(set(ids)) == len(ids)


def test_percentiles_are_in_order(latencies: list[Document]) -> None:
    ranked = [[figures[rank] for rank in ("p50", "p90", "p95", "p99")] for figures in latencies]
    assert [figures for figures in ranked if figures != sorted(figures)] == []


def test_a_mean_and_a_percentile_are_at_most_the_maximum(latencies: list[Document]) -> None:
    wrong = [
        figures
        for figures in latencies
        if "max" in figures and max(figures["avg"], figures["p99"]) > figures["max"]
    ]
    assert wrong == []


def test_an_evaluation_has_one_mean_latency(evaluations: list[Document]) -> None:
    means = [(score["avg_agent_latency"], score["latency"]["avg_agent_latency"]) for score in evaluations]
    assert [pair for pair in means if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    "field", ["agent_speak_percentage", "custom_evals_success_rate", "pronunciation_score"]
)
def test_a_percentage_is_between_0_and_100(evaluations: list[Document], field: str) -> None:
    assert [score[field] for score in evaluations if score[field] and not 0 <= score[field] <= 100] == []


def test_the_sentiment_label_is_the_prevailing_one(evaluations: list[Document]) -> None:
    wrong = [
        score["id"]
        for score in evaluations
        if score["sentiment_score"] != score["sentiment_scores"][score["sentiment_label"]]
        or score["sentiment_score"] != max(score["sentiment_scores"].values())
    ]
    assert wrong == []


def test_sentiment_scores_are_shares_of_a_whole(evaluations: list[Document]) -> None:
    sums = [sum(score["sentiment_scores"].values()) for score in evaluations]
    assert sums == pytest.approx([1.0] * len(sums))


def fits(metric: Document) -> bool:
    """Whether the value of a metric is one that its response type allows."""
    value, kind = metric["response_value"], metric["response_type"]
    if kind in {"number", "percentage"}:
        return bool(metric["min_value"] <= float(value) <= metric["max_value"])
    if kind == "boolean":
        return value in {"true", "false"}
    return value in metric["enum_options"] if kind == "enum" else kind == "string"


def test_a_metrics_value_is_of_its_response_type(evaluations: list[Document]) -> None:
    assert [metric for score in evaluations for metric in score["custom_metrics"] if not fits(metric)] == []


def offsets(result: Document) -> Iterator[tuple[int, int]]:
    """Begin and end of all that happened in a conversation."""
    for event in result["events"] or ():
        yield event["start_offset_ms"], event["end_offset_ms"] or event["start_offset_ms"]
    for tool in result["tool_calls"] or ():
        yield from ((call["start_offset_ms"], call["start_offset_ms"]) for call in tool["actual"])


def test_what_happened_lies_within_the_conversation(held: list[Document]) -> None:
    wrong = [
        result["id"]
        for result in held
        for start, end in offsets(result)
        if not 0 <= start <= end <= lasted(result) / timedelta(milliseconds=1)
    ]
    assert wrong == []
