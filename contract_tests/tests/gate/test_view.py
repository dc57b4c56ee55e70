"""A verdict consists of plain values, which all outputs show, and contains no sentences from this package."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_results._secrets import Secret
from bluejay_results.gate import Rules
from bluejay_results.gate.verdict import NoVerdict, Verdict
from contract_kit.tests.hostile import texts
from hypothesis import given

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, callers, evaluated, metrics, run_of
from .verdicts import BY_CAUSE, saying, view_of

VERDICT = "cause decision exit_code pass_rate measurement findings run callers figures results not_passed"
RUN = (
    "id simulation_id app_url status is_settled created_at summary total_tests tests_passed pass_rate "
    "pass_rate_lowest pass_rate_highest service_pass_rate outcomes missing awaited latency_unit violation "
    "notes"
)
RESULT = (
    "id digital_human_id status outcome reason owner start_time duration_seconds latency latency_ms "
    "expected_tools actual_tools missing_tools summary answers tool_calls events transcript_url audio_url "
    "is_incomplete"
)
RULES: Any = ["p90(latency.average) <= 1500 ms", "mean(politeness) >= 4", "rate(absent) >= 5 %"]
VIEWS = [
    *BY_CAUSE,
    view_of(callers((5, 0), (0, 3), (0, 4, 1))),
    view_of(run_of(PASSED, FAILED, total_tests=5, tests_passed=4)),
    view_of(run_of({"status": "NEW"}, total_tests=0), Rules(min_conversations=2)),
    view_of(metrics("4", "x"), Rules(require=RULES)),
    view_of(evaluated({"avg_agent_latency": 900}), Rules(require=RULES, confident=True)),
]


def strings(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value, including field names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


@pytest.mark.parametrize("view", VIEWS)
def test_verdict_json_contains_no_prose_except_received_text(view: Verdict) -> None:
    """The only text with spaces is the decoder's message about a violation."""
    document = json.loads(view.to_json())
    received = {each.run.violations[0].message for each in view.runs if each.run.violations}
    texts_of_rules = {each["text"] for run in document["runs"] for each in run["findings"]}
    found = [each for each in strings(document) if " " in each]
    assert [each for each in found if each not in received | texts_of_rules] == []


def test_verdict_json_contains_the_verdict_the_run_and_its_conversations() -> None:
    tools = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    failed = FAILED | {"tool_calls": tools, "digital_human_id": 9}
    run = run_of(*[PASSED] * 6, failed, UNKNOWN, VOID, total_tests=10)
    whole = json.loads(view_of(run, Rules(min_pass_rate=70)).to_json())
    assert {*whole} == {
        "format",
        "version",
        "decision",
        "exit_code",
        "rules_file",
        "findings",
        "runs",
        "failures",
    }
    assert (whole["format"], whole["version"]) == ("bluejay-results/gate", 2)
    assert (whole["decision"], whole["exit_code"]) == ("inconclusive", 6)
    [document] = whole["runs"]
    assert {*document} == {*VERDICT.split()}
    assert {*document["run"]} == {*RUN.split()}
    assert [each for each in document["results"] if {*each} != {*RESULT.split()}] == []
    assert (document["decision"], document["cause"]) == ("inconclusive", "undecided")
    assert document["not_passed"] == [8, 7, 9]
    rate = document["pass_rate"]
    assert (rate["value"], rate["lowest"], rate["highest"]) == pytest.approx((600 / 7, 600 / 9, 800 / 9))
    assert document["run"]["outcomes"] == {"passed": 6, "failed": 1, "unknown": 1, "void": 1, "under_way": 0}
    assert document["run"]["missing"] == 1
    assert document["callers"][-2] == {"id": None, "passed": 0, "failed": 0, "unknown": 1, "void": 0}
    result = document["results"][6]
    assert (result["id"], result["owner"], result["missing_tools"]) == (7, "agent", ["book"])
    assert result["reason"] == {
        "why": "goal_missed",
        "status": "COMPLETED",
        "tools": ["book"],
        "explanation": None,
        "path": None,
        "correction": None,
    }


def test_only_answers_in_the_newest_evaluation_are_marked_as_current() -> None:
    first, last = (
        builders.evaluation(created_at=f"2026-11-19T16:0{minute}:00Z", goal_success=answer)
        for minute, answer in ((4, False), (5, True))
    )
    for evaluations in ([first, last], [last, first]):
        [result] = run_of({"evaluations": evaluations}).results
        assert [(each.answer, each.is_current) for each in result.all_answers] == [
            (True, True),
            (False, False),
        ]


def test_rule_json_contains_the_rules_numbers_and_conversations() -> None:
    run = evaluated(*[{"avg_agent_latency": each} for each in (900, 2100)])
    rules = Rules(require=("max(latency.average) <= 1.5 s",))
    [document] = json.loads(view_of(run, rules).to_json())["runs"]
    rule = document["findings"][-1]
    assert (rule["figure"]["name"], rule.pop("figure")["value"]) == ("max(latency.average)", 2100)
    assert rule == {
        "rule": "require",
        "text": "require max(latency.average) <= 1.5 s",
        "subject": "max(latency.average)",
        "verdict": "broken",
        "limit": 1500,
        "lowest": 2100,
        "highest": 2100,
        "sample": 2,
        "total": 2,
        "obstacle": None,
        "details": [],
        "conversations": [2],
        "comparison": None,
    }
    assert document["findings"][1]["verdict"] == "not_applicable"
    assert document["findings"][1]["obstacle"] == "no_repeated_caller"
    assert document["measurement"][1] == {
        "name": "max-void",
        "is_met": True,
        "value": 0,
        "limit": 20,
        "sample": 0,
        "total": 2,
        "contradictions": [],
        "negative": [],
        "conversations": [],
    }


@pytest.mark.parametrize(
    ("code", "decision"),
    [(2, "failed"), (3, "failed"), (4, "inconclusive"), (5, "inconclusive"), (130, "failed")],
)
def test_the_decision_after_an_error_is_inconclusive_only_if_the_run_is_known(
    code: int, decision: str
) -> None:
    assert NoVerdict(code, "ended").decision == decision


def test_an_api_key_in_a_runs_status_is_masked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bluejay_results._secrets._never_shown", [Secret("bj-1234567890abcdef")])
    document = json.loads(view_of(run_of(status="New bj-1234567890abcdef")).to_json())
    assert document["runs"][0]["run"]["status"] == "New <redacted>"


@given(said=texts)
def test_the_json_of_a_verdict_is_ascii_and_contains_no_ci_command(said: str) -> None:
    written = saying(said, f"{said}\udcff").to_json()
    assert written.isascii()
    assert not re.search(rb"##\w*\[|^\s*::", written, re.MULTILINE)
    if "://" not in said:
        assert json.dumps(said)[1:-1] in json.dumps(json.loads(written))
