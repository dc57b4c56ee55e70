"""The verdict as JSON."""

import json
import re

import pytest
from bluejay_results.gate import Rules, Verdict, gate
from bluejay_results.gate.reports import report_json
from bluejay_results.gate.words import first_line, notes
from hypothesis import given

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, evaluated, run_of
from .verdicts import BY_CAUSE, UNDER_WAY, saying, texts

PAGE = "https://app.getbluejay.ai/simulations/731/runs/48213"


def test_the_json_contains_the_whole_verdict() -> None:
    tools = [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]
    failed = FAILED | {"tool_calls": tools, "digital_human_id": 9}
    verdict = gate(run_of(*[PASSED] * 6, failed, UNKNOWN, VOID, total_tests=10), Rules(min_pass_rate=70))
    document = json.loads(report_json(verdict))
    rate = document.pop("pass_rate")
    assert (rate["passed"], rate["failed"], rate["unknown"]) == (6, 1, 2)
    assert (rate["value"], rate["lowest"], rate["highest"]) == pytest.approx((600 / 7, 600 / 9, 800 / 9))
    assert len(rate["interval"]) == 2
    assert rate["mean_of_callers"] is None
    assert document | {"rules": None, "measurement": None} == {
        "format": "bluejay-results/gate",
        "version": 1,
        "decision": "inconclusive",
        "cause": "undecided",
        "exit_code": 6,
        "reason": "6 to 8 of 9 passed, 66.7 to 88.9 % (at least 70 %): 1 unknown and 1 missing, open 8",
        "run": {
            "id": "48213",
            "simulation_id": "731",
            "app_url": PAGE,
            "status": "COMPLETED",
            "outcomes": {"passed": 6, "failed": 1, "unknown": 1, "void": 1, "under_way": 0},
            "missing": 1,
        },
        "measurement": None,
        "rules": None,
        "notes": notes(verdict),
        "not_passed": [
            {
                "id": id_,
                "digital_human_id": human,
                "outcome": outcome,
                "reason": reason,
                "owner": owner,
                "missing_tools": missing,
                "url": PAGE,
            }
            for id_, human, outcome, reason, owner, missing in [
                (8, None, "unknown", "status NO_ANSWER", "the agent or its line", []),
                (7, 9, "failed", "goal not reached; tools not called: book", "the agent", ["book"]),
                (9, None, "void", "status SYSTEM_ERROR", "the platform", []),
            ]
        ],
    }


def test_a_rule_and_a_condition_have_numbers_and_the_ids_of_their_conversations() -> None:
    run = evaluated(*[{"avg_agent_latency": each} for each in (900, 2100)])
    document = json.loads(report_json(gate(run, Rules(require=("max(latency.average) <= 1.5 s",)))))
    assert document["rules"][-1] == {
        "name": "require",
        "rule": "require max(latency.average) <= 1.5 s",
        "verdict": "broken",
        "value": 2100,
        "lowest": 2100,
        "highest": 2100,
        "interval": None,
        "limit": 1500,
        "sample": 2,
        "total": 2,
        "obstacle": None,
        "details": [],
        "remark": "worst: 2",
        "conversations": [2],
    }
    assert document["rules"][1]["verdict"] == "not_applicable"
    assert document["rules"][1]["obstacle"] == "no_repeated_caller"
    assert document["measurement"][1] == {
        "name": "max-void",
        "is_met": True,
        "value": 0,
        "limit": 20,
        "sample": 0,
        "total": 2,
        "details": [],
        "conversations": [],
    }


@pytest.mark.parametrize("verdict", BY_CAUSE)
def test_the_decision_is_the_first_word_of_the_text(verdict: Verdict) -> None:
    document = json.loads(report_json(verdict))
    assert f"{document['decision']}: {document['reason']}" == first_line(verdict)
    assert document["exit_code"] == verdict.exit_code


def test_the_json_of_a_run_that_is_not_settled_counts_what_is_missing() -> None:
    run = json.loads(report_json(UNDER_WAY))["run"]
    assert (run["outcomes"]["under_way"], run["missing"]) == (1, 2)


@given(said=texts)
def test_the_json_is_ascii_without_ci_commands_and_keeps_every_text(said: str) -> None:
    verdict = saying(said, f"{said}\udcff")
    written = report_json(verdict)
    assert written.isascii()
    assert not re.search(rb"##\w*\[|^\s*::", written, re.MULTILINE)
    document = json.loads(written)
    if "://" not in said:
        assert document["run"]["id"] == said
