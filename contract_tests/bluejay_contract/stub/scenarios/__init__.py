"""The runs that every stub serves: believable, consistent, and always the same."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import unusual
from .builder import run
from .conversation import DECLARED, DELIVERY, Document, samples
from .queued import CALLERS, QueuedRun
from .run_document import CREATED_AT, HISTORY, response, results, run_list
from .scenario import Build, Scenario

__all__ = ["CALLERS", "NO_RUNS", "RUNS", "SCENARIOS", "QueuedRun", "Scenario", "run", "run_list"]

_ADVANCING = (*DELIVERY[:2], *samples("claim_opened"), *DELIVERY[3:])
_REVIEWED = {**DECLARED["reviewed"], "simulation_id": "738"}
_ALWAYS, _SOMETIMES, _NEVER, _SILENT = ({"digital_human_id": caller} for caller in range(101, 105))


def _run(**arguments: Any) -> Build:
    """The run that `run` builds with these arguments."""
    return lambda run_id: [run(**arguments, id=run_id)]


def _steps(*steps: str, conversations: Sequence[Document] = DELIVERY) -> Build:
    """The run at each step: the status of the run, then the statuses of its conversations."""

    def at(run_id: str, status: str, *statuses: str) -> Document:
        listed = [each | {"status": its} for each, its in zip(conversations, statuses, strict=False)]
        return response(run_id, "733", status, results(run_id, listed))

    return lambda run_id: [at(run_id, *step.split()) for step in steps]


def _reference(_run_id: str) -> list[Document]:
    return [json.loads(Path(__file__).with_name("reference.json").read_bytes())]


def _null_results(run_id: str) -> list[Document]:
    run = response(run_id, "733", "COMPLETED", [])["simulation_run"]
    known = {"id", "simulation_id", "created_at", "status"}
    nulls = {key: value if key in known else None for key, value in run.items()}
    return [{"simulation_run": nulls, "simulation_results": None}]


def _late_tools_singly(run_id: str) -> list[Document]:
    return [*_LATE_TOOLS(run_id) * 2, run(passed=6, id=run_id)]


_LATE_TOOLS = unusual.silent(slice(3), passed=6)

_ALL = (
    Scenario("reference", "48200", "<string>",
             "the example in the public API reference, with its placeholders", _reference),
    Scenario("settled", "48213", "731", "a settled run of a dental practice, with every kind of failure",
             unusual.settled),
    Scenario("under_way", "48214", "733", "a run under way",
             _steps("RUNNING COMPLETED EVALUATING IN_PROGRESS IN_PROGRESS DISPATCHED QUEUED")),
    Scenario("advancing", "48215", "733", "a run that moves one step per poll, from INITIALIZING to settled",
             _steps("INITIALIZING",
                    "RUNNING QUEUED QUEUED QUEUED QUEUED QUEUED QUEUED",
                    "RUNNING IN_PROGRESS IN_PROGRESS IN_PROGRESS QUEUED QUEUED QUEUED",
                    "RUNNING COMPLETED EVALUATING EVALUATING IN_PROGRESS IN_PROGRESS IN_PROGRESS",
                    "COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED EVALUATING EVALUATING",
                    "COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED COMPLETED",
                    conversations=_ADVANCING)),
    Scenario("still_evaluating", "48216", "733", "a COMPLETED run in which some results are not scored yet",
             _steps("COMPLETED "
                    "COMPLETED COMPLETED EVALUATING EVALUATING CONVERSATION_ENDED CONVERSATION_ENDED")),
    Scenario("incompleted", "48217", "733", "a run that ended INCOMPLETED",
             _steps("INCOMPLETED COMPLETED COMPLETED COMPLETED SYSTEM_ERROR SYSTEM_ERROR CANCELLED")),
    Scenario("insufficient_funds", "48218", "733", "a run that ended INSUFFICIENT_FUNDS",
             _steps("INSUFFICIENT_FUNDS "
                    "COMPLETED COMPLETED OUT_OF_FUNDS OUT_OF_FUNDS OUT_OF_FUNDS OUT_OF_FUNDS")),
    Scenario("no_results", "48219", "733", "a run that ended without any conversation", _steps("COMPLETED")),
    Scenario("null_results", "48220", "733", "a run that ended with null for results and counters",
             _null_results),
    Scenario("large", "48221", "734", "a settled run of 1,000 conversations, about 7 MB", unusual.large),
    Scenario("unknown_status", "48222", "732", "a run and results in undocumented statuses",
             _run(passed=1, under_way=[{"status": "TRANSFERRED"}, {"status": "awaiting review"}],
                  simulation_id="732", status="FINALIZING")),
    Scenario("unknown_fields", "48223", "732", "a run with an undocumented field in every object",
             unusual.unknown_fields),
    Scenario("zoneless_times", "48224", "732", "a run whose times have no time zone", unusual.zoneless_times),
    Scenario("all_passed", "48225", "733", "a settled run in which every conversation passed",
             _run(passed=6)),
    Scenario("left_out", "48226", "735", "a run without any optional field", unusual.left_out),
    Scenario("nulls", "48227", "735", "a run with null wherever the contract allows it", unusual.nulls),
    Scenario("late_tools", "48228", "733", "a run whose tool calls are missing until the third fetch by id",
             _LATE_TOOLS, _late_tools_singly),
    Scenario("gaps", "48229", "733", "180 conversations; the list leaves out the tool calls of the last 49",
             unusual.gaps, _run(passed=150, failed=30)),
    Scenario("skipped_tool", "48230", "733", "a run with one conversation that skipped its tools",
             unusual.silent(slice(5, 6), passed=6, tests_passed=5, tests_failed=1)),
    Scenario("repeats", "48231", "733", "four callers with three conversations each",
             _run(passed=[_SOMETIMES] * 2 + [_NEVER] * 3, failed=[_ALWAYS] * 3 + [_SOMETIMES],
                  unknown=[_SILENT] * 3)),
    Scenario("no_calls", "48232", "733", "fifty conversations, ten of which called no tool",
             unusual.silent(slice(10), passed=42, failed=8, tests_passed=32, tests_failed=18)),
    Scenario("paged", "48233", "733", "250 conversations in three pages; most failures are on the last page",
             _run(passed=190, failed=60)),
    Scenario("reviewed", "48234", "738",
             "a run in which a reviewer corrected the judge; the counters follow the reviewer",
             _run(**_REVIEWED)),
    Scenario("reviewed_uncounted", "48235", "738", "the same run, but its counters follow the judge",
             _run(tests_passed=7, tests_failed=3, summary="7 of 10 callers reached their goal.",
                  **_REVIEWED)),
)  # fmt: skip
SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in _ALL})
"""The ready-made runs of the stub, by name."""


def _earlier(index: int) -> Scenario:
    """One of the twelve earlier runs of simulation 731, one every three days."""
    created_at = CREATED_AT - timedelta(days=3, hours=5) * (12 - index)

    def build(run_id: str) -> list[Document]:
        listed = results(run_id, DELIVERY[: 1 + index % len(DELIVERY)], created_at)
        return [response(run_id, HISTORY, "COMPLETED", listed, created_at)]

    return Scenario("", str(48_101 + index), HISTORY, "", build)


RUNS: Mapping[str, Scenario] = {each.run_id: each for each in (*_ALL, *map(_earlier, range(12)))}
"""All runs that every stub serves, by id."""
NO_RUNS: Mapping[str, Document] = {"736": {"simulation_runs": []}, "737": {}}
"""Simulations without runs: the response has an empty list, or lacks the list."""
