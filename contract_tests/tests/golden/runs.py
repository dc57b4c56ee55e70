"""Two runs of one simulation in which each field has a value of its own and each outcome occurs."""

import datetime
from typing import Any

from bluejay_contract.stub import run_list

from .. import builders
from .distinct import START, Distinct, Document

SIMULATION, BASE, RUN, BROKEN, CONTRADICTORY, SMALL = "731", "48100", "48213", "48214", "48215", "48216"
CALLED = {
    "name": "find",
    "expected": [{"parameters": {"day": 1}, "output": "any"}],
    "actual": [{"parameters": {"day": day}, "output": day + 1, "start_offset_ms": day + 2} for day in (4, 9)],
}
UNCALLED = {"name": "book", "expected": [{"parameters": {"day": 3}}], "actual": []}
MISSED = {"goal_success": False}
CORRECTED = {
    "human_goal_success": False, "human_hallucination": True, "human_redundancy": False,
    "human_pronunciation_score": 3.5,
}  # fmt: skip
"""What a reviewer answered. In the other conversations, no reviewer answered."""
CONVERSATIONS: dict[str, Document] = {
    "passed": {"tool_calls": [CALLED]},
    "goal missed": MISSED,
    "a tool was not called": {"tool_calls": [CALLED, UNCALLED]},
    "no call is recorded": {"tool_calls": [UNCALLED]},
    "nobody answered": {"status": "No Answer", "evaluations": None},
    "the platform failed": {"status": "SYSTEM_ERROR", "evaluations": None},
    "dropped, and failed": MISSED | {"status": "CALL_DROPPED"},
    "passed, but for a reviewer": CORRECTED,
    "failed, but for a reviewer": MISSED | CORRECTED | {"human_goal_success": True},
    "nobody judged": {"evaluations": []},
}
"""The conversations of a run, by what happened; fields of an evaluation are those of the last one."""


def run(id_: str, *repeated: str) -> Document:
    """Return the response for a run with these conversations; those repeated have one more, of caller 7."""
    made = Distinct(id_)
    rows = [*CONVERSATIONS.values(), *(CONVERSATIONS[each] | {"digital_human_id": 7} for each in repeated)]
    results = [_conversation(made, turn, each) for turn, each in enumerate(rows)]
    counters = {"total_tests": len(rows) + 2, "tests_passed": 9, "tests_failed": 5}
    return {
        "simulation_run": made("SimulationRunResultResponse", id=id_, simulation_id=SIMULATION)
        | {"status": "COMPLETED"}
        | counters,
        "simulation_results": results,
        "status": "200",
    }


def _conversation(made: Distinct, turn: int, fields: Document) -> Document:
    start = START + datetime.timedelta(minutes=turn)
    result = made("SimulationResultResponse", turn, status="COMPLETED", tool_calls=[], digital_human_id=turn)
    result |= {
        "start_time": start.isoformat(),
        "end_time": (start + datetime.timedelta(seconds=60 + 1.5 * turn)).isoformat(),
    }
    answers = dict.fromkeys(CORRECTED) | {"goal_success": True}
    evaluations = [each | answers for each in result["evaluations"]]
    for number, each in enumerate(evaluations):
        each["created_at"] = (start + datetime.timedelta(seconds=200 + number)).isoformat()
        each["custom_metrics"] = _metrics(each["custom_metrics"], turn)
    evaluations[-1] |= {key: each for key, each in fields.items() if key in evaluations[-1]}
    return (
        result | {"evaluations": evaluations} | {key: each for key, each in fields.items() if key in result}
    )


def _metrics(metrics: list[Document], turn: int) -> list[Document]:
    """Give a conversation's metrics two names and answers of their types; a reviewer corrects one in four."""
    answers: list[tuple[str, str, Any, Any]] = [
        ("politeness", "quantitative", f"{turn % 9}.5", "1.25"),
        ("checked", "yes_no", ["yes", "no"][turn % 2], "no"),
    ]
    return [
        metric
        | {"name": name, "response_type": kind, "response_value": judges, "min_value": 0, "max_value": 10}
        | {"human_response_value": reviewers if turn % 4 == 3 else None}
        for metric, (name, kind, judges, reviewers) in zip(metrics, answers, strict=True)
    ]


RESULT = "60001"


def fetched() -> Document:
    """Return the response for one conversation that is fetched by its id."""
    made = Distinct("fetched")
    result = _conversation(made, 0, CONVERSATIONS["a tool was not called"] | CORRECTED) | {"id": int(RESULT)}
    return made("SingleSimulationResultResponse") | {"simulation_result": result}


QUEUED = Distinct("queued")("SimulationRunResponse", simulation_run_id="48300")


def all_runs() -> list[Document]:
    """Return a run, its base run, a contradictory one, one that breaks the contract, and a small one."""
    listed = [
        run(BASE, *["passed"] * 5),
        run(RUN, *["goal missed"] * 5),
        run(CONTRADICTORY, "no call is recorded"),
        run(BROKEN),
    ]
    listed[2]["simulation_run"] |= {"total_tests": 3, "tests_passed": 1, "tests_failed": -4}
    broken = listed[3]["simulation_results"][1]
    broken["duration"] = broken["evaluations"][-1]["goal_success"] = "maybe"
    for each in listed[2]["simulation_results"][0]["evaluations"]:
        each["created_at"] = START.isoformat()  # they disagree, and neither is later
    small = run(SMALL)
    small["simulation_results"] = small["simulation_results"][:2]
    small["simulation_run"] |= {"total_tests": 2, "tests_passed": 1, "tests_failed": 1}
    return [*listed, small]


def listing() -> Document:
    """Return the list of all runs, with a status and a field that are new to this version."""
    listed: Document = run_list(all_runs())
    listed["simulation_runs"][-1]["status"] = "MOVED"
    return listed | {"new": 1}


FORMULAS = (
    *("=cmd()", "+1", "-1", "@x", "\tx", "'x", "\n=1", " a = 1", 'say "x", y', "two\nlines", "\rx", ""),
    *("nul\0", *(f"{each}1" for each in "\uff1d\uff0b\uff0d\uff20")),
    *(f"{each}=1" for each in (" ", "\u00a0", "\u3000", "\ufeff", "\ufeff ")),
)
"""Texts that a spreadsheet could read as a formula, and texts that need quotes."""


def odd_files() -> dict[str, bytes]:
    """Return saved runs whose values don't fit a table, or that can't be exported, by file name."""
    answers = (
        ("quantitative", " 4 "),
        ("quantitative", "11"),
        ("pass_fail", "Pass"),
        ("yes_no", "no"),
        ("text", "4"),
    )
    metrics = [
        {"name": "m", "description": "", "response_type": kind, "response_value": answer, "max_value": 10}
        for kind, answer in answers
    ]
    early, late = ({"created_at": f"2026-11-19T1{hour}:00:00+02:00"} for hour in "67")
    twice = [
        builders.evaluation(custom_metrics=metrics, **late),
        builders.evaluation(goal_success=False, **early),
    ]
    fields: list[Document] = [
        {"evaluations": twice, "audio_url": "https://files.example/a.wav?signature=5ec2e7"},
        {"evaluations": twice[::-1], "result": {"n": 2**70, "t": "\0"}},
        {"id": 2**70 + 1, "duration": 2**63, "start_time": "0001-01-01T00:00:00+10:00"},
        {"events": [{"title": "late", "start_offset_ms": 2**70}]},
        {"events": [{"title": each, "start_offset_ms": 1} for each in FORMULAS]},
        {"duration": "long", "tool_calls": [{"name": 5, "expected": 5, "actual": [{}]}]},
        *({"status": each, "tool_calls": [CALLED, UNCALLED]} for each in ("COMPLETED", "NO_ANSWER", "ERROR")),
        {"tool_calls": [CALLED, UNCALLED], "evaluations": [builders.evaluation(goal_success=False)]},
        {"tool_calls": [CALLED, UNCALLED], "evaluations": []},
        {"tool_calls": [UNCALLED], "status": "System error"},
    ]
    results = [builders.result(number, **each) for number, each in enumerate(fields, 1)]
    odd = builders.response(*results, results[0], id="7", tests_passed="1", tests_failed=2**63)
    bodies = {
        "odd": odd,
        "the same run": odd,
        "no id": builders.response(id=5),
        "no results": builders.response(id="8") | {"simulation_results": None},
        "under way": builders.response(id="9", status="RUNNING"),
        "half a pair": builders.response(id="10", summary="\ud800"),
    }
    return {name: builders.encoded(each) for name, each in bodies.items()} | {"cut": b"{"}
