"""The runs that every stub serves: believable, consistent, and always the same."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bluejay_contract.stub.answer import Answer

from .bank import unknown_fields, unknown_status, zoneless_times
from .builder import all_passed, paged, repeats, run
from .delivery import (
    advancing,
    incompleted,
    insufficient_funds,
    no_results,
    null_results,
    still_evaluating,
    under_way,
)
from .dental import settled
from .large import large
from .list_document import HISTORY_SIMULATION, NO_RUNS, history, past_run, run_list
from .parts import Document
from .queued import CALLERS, QueuedRun, played, queued_answer
from .reviewed import reviewed, reviewed_uncounted
from .scenario import Scenario
from .sparse import left_out, nulls
from .tools import gaps, gaps_singly, late_tools, late_tools_singly, no_calls, skipped_tool, with_gaps

__all__ = [
    "CALLERS",
    "NO_RUNS",
    "SCENARIOS",
    "QueuedRun",
    "Scenario",
    "past_answers",
    "past_runs",
    "played",
    "queued_answer",
    "run",
    "run_list",
    "scenario_of_result",
    "scenario_of_run",
    "with_gaps",
]


def _reference(_run_id: str) -> list[Document]:
    return [json.loads(Path(__file__).with_name("reference.json").read_bytes())]


_ALL = (
    Scenario(
        "reference",
        "48200",
        "the example in the public API reference, with its placeholders",
        "<string>",
        _reference,
    ),
    Scenario(
        "settled", "48213", "a settled run of a dental practice, with every kind of failure", "731", settled
    ),
    Scenario("under_way", "48214", "a run under way", "733", under_way),
    Scenario(
        "advancing",
        "48215",
        "a run that moves one step per poll, from INITIALIZING to settled",
        "733",
        advancing,
    ),
    Scenario(
        "still_evaluating",
        "48216",
        "a COMPLETED run in which some results are not scored yet",
        "733",
        still_evaluating,
    ),
    Scenario("incompleted", "48217", "a run that ended INCOMPLETED", "733", incompleted),
    Scenario("insufficient_funds", "48218", "a run that ended INSUFFICIENT_FUNDS", "733", insufficient_funds),
    Scenario("no_results", "48219", "a run that ended without any conversation", "733", no_results),
    Scenario(
        "null_results", "48220", "a run that ended with null for results and counters", "733", null_results
    ),
    Scenario("large", "48221", "a settled run of 1,000 conversations, about 7 MB", "734", large),
    Scenario("unknown_status", "48222", "a run and results in undocumented statuses", "732", unknown_status),
    Scenario(
        "unknown_fields", "48223", "a run with an undocumented field in every object", "732", unknown_fields
    ),
    Scenario("zoneless_times", "48224", "a run whose times have no time zone", "732", zoneless_times),
    Scenario("all_passed", "48225", "a settled run in which every conversation passed", "733", all_passed),
    Scenario("left_out", "48226", "a run without any optional field", "735", left_out),
    Scenario("nulls", "48227", "a run with null wherever the contract allows it", "735", nulls),
    Scenario(
        "late_tools",
        "48228",
        "a run whose tool calls are missing until the third fetch by id",
        "733",
        late_tools,
        late_tools_singly,
    ),
    Scenario(
        "gaps",
        "48229",
        "180 conversations; the list leaves out the tool calls of the last 49",
        "733",
        gaps,
        gaps_singly,
    ),
    Scenario(
        "skipped_tool", "48230", "a run with one conversation that skipped its tools", "733", skipped_tool
    ),
    Scenario("repeats", "48231", "four callers with three conversations each", "733", repeats),
    Scenario("no_calls", "48232", "fifty conversations, ten of which called no tool", "733", no_calls),
    Scenario(
        "paged", "48233", "250 conversations in three pages; most failures are on the last page", "733", paged
    ),
    Scenario(
        "reviewed",
        "48234",
        "a run in which a reviewer corrected the judge; the counters follow the reviewer",
        "738",
        reviewed,
    ),
    Scenario(
        "reviewed_uncounted",
        "48235",
        "the same run, but its counters follow the judge",
        "738",
        reviewed_uncounted,
    ),
)
SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in _ALL})
"""The ready-made runs of the stub, by name."""
_BY_RUN_ID = {scenario.run_id: scenario for scenario in _ALL}


def scenario_of_run(run_id: str) -> Scenario | None:
    """The scenario with this run id."""
    return _BY_RUN_ID.get(run_id)


def scenario_of_result(result_id: str) -> Scenario | None:
    """The scenario whose run has this result."""
    # A result's id begins with the id of its run, except in the scenario `reference`.
    return _BY_RUN_ID.get(result_id[:-4]) or (SCENARIOS["reference"] if result_id == "123" else None)


def past_answers(run_id: str) -> tuple[Answer, ...]:
    """The answers of an earlier run of simulation 731; none if the simulation has no such run."""
    return (Answer.json(past_run(run_id)),) if run_id in history() else ()


def past_runs(simulation_id: str) -> list[Document]:
    """The earlier runs of a simulation."""
    return [past_run(each) for each in history()] if simulation_id == HISTORY_SIMULATION else []
