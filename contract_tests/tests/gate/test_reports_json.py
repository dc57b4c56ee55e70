"""The verdict as JSON."""

import json
import re

from bluejay_results.gate import (
    gate,
)
from bluejay_results.gate.reports import (
    report_json,
)
from hypothesis import given

from .. import builders
from .runs import FAILED, run_of
from .verdicts import BY_DECISION, saying, texts

PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


def test_the_json_contains_the_whole_verdict() -> None:
    tools = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    verdict = gate(
        run_of(
            {}, FAILED | {"tool_calls": tools, "digital_human_id": 9}, {"status": "NO_ANSWER"}, total_tests=4
        )
    )
    document = json.loads(report_json(verdict))
    assert document | {"rules": None} == {
        "format": "bluejay-results/gate",
        "version": 1,
        "decision": "inconclusive",
        "exit_code": 6,
        "reason": verdict.reason,
        "run": {
            "id": "48213",
            "simulation_id": "731",
            "app_url": PAGE,
            "status": "COMPLETED",
            "outcomes": {"passed": 1, "failed": 1, "void": 1, "under_way": 0},
            "pass_rate": None,
            "judged_pass_rate": 0.5,
        },
        "rules": None,
        "notes": list(verdict.notes),
        "doubtful": [
            {"id": 1, "outcome": "passed", "doubt": "the list may have left out its tool calls"},
            {"id": 2, "outcome": "failed", "doubt": "the list may have left out its tool calls"},
            {"id": 3, "outcome": "void", "doubt": "status NO_ANSWER; owner: the agent or its line"},
        ],
        "not_passed": [
            {
                "id": 2,
                "digital_human_id": 9,
                "outcome": "failed",
                "reason": "goal not reached: no reason given",
                "owner": "the agent",
                "missing_tools": ["book"],
                "url": PAGE,
            },
            {
                "id": 3,
                "digital_human_id": None,
                "outcome": "void",
                "reason": "status NO_ANSWER; owner: the agent or its line",
                "owner": "the agent or its line",
                "missing_tools": [],
                "url": PAGE,
            },
        ],
    }
    rules = {each["rule"]: each for each in document["rules"]}
    assert rules["max-void"] == {
        "rule": "max-void",
        "kind": "validity",
        "threshold": "20 %",
        "value": "50.0 % void or missing",
        "sample": 4,
        "verdict": "broken",
        "explanation": "1 void and 1 missing of 4",
        "broken_by": [3],
        "doubtful": [],
    }
    assert rules["min-pass-rate"]["kind"] == "quality"
    assert rules["max-always-failing"]["verdict"] == "not_applicable"


def test_a_conversation_under_way_has_no_owner() -> None:
    document = json.loads(report_json(BY_DECISION[3]))
    assert [(each["outcome"], each["owner"]) for each in document["not_passed"]] == [
        ("void", "the agent or its line"),
        ("under_way", None),
    ]


@given(said=texts)
def test_the_json_is_ascii_without_ci_commands_and_keeps_every_text(said: str) -> None:
    verdict = saying(said, f"{said}\udcff")
    written = report_json(verdict)
    assert written.isascii()
    assert not re.search(rb"##\w*\[|^\s*::", written, re.MULTILINE)
    document = json.loads(written)
    if "://" not in said:
        assert document["run"]["id"] == said
        assert document["rules"][-1]["rule"] == f"metric {said}\udcff"
