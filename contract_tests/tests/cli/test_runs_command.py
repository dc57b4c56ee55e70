"""The command `runs`: the list as text and as JSON, and which runs it contains."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub, run_list

from .. import builders
from .command import Command, InProcess


def serve(stub: Stub, simulation_id: str, *runs: dict[str, Any]) -> None:
    required = {
        "experiment_id": int(simulation_id),
        "created_at": "2026-11-19T16:04:00Z",
        "status": "RUNNING",
    }
    stub.serve_runs(simulation_id, Answer.json({"simulation_runs": [{**required, **each} for each in runs]}))


def ids(command: Command, *arguments: str) -> list[str]:
    ended = command("runs", *arguments, "--json")
    assert ended.code == 0, ended.err
    return [each["id"] for each in json.loads(ended.out)["runs"]]


def test_the_newest_run_is_first(command: InProcess) -> None:
    assert ids(command, "731") == ["48213", *map(str, range(48112, 48100, -1))]


@pytest.mark.parametrize(
    ("counters", "shown"),
    [
        ({}, "-"),
        ({"tests_passed": 0, "total_tests": 0}, "0 of 0"),
        ({"tests_passed": 3, "total_tests": 2}, "3 of 2"),
        ({"tests_passed": 1, "total_tests": 3}, "1 of 3, 33.3 %"),
    ],
)
def test_a_pass_rate_is_shown_only_if_it_is_known(
    command: InProcess, stub: Stub, counters: dict[str, int], shown: str
) -> None:
    serve(stub, "801", {"id": 1, **counters})
    cells = re.split(r" {2,}", command("runs", "801").lines[-1])
    assert cells == ["1", "2026-11-19 16:04", "RUNNING", shown, "-"]


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        (("--last", "2"), ["48213", "48112"]),
        (("--last", "99", "--since", "2026-11-16"), ["48213", "48112"]),
        (("--since", "2026-11-19T16:04:01"), []),
        (("--since", "2026-11-19T18:04:00+02:00"), ["48213"]),
    ],
)
def test_the_options_last_and_since_select_the_listed_runs(
    command: InProcess, options: tuple[str, ...], listed: list[str]
) -> None:
    assert ids(command, "https://app.getbluejay.ai/simulations/731/runs/48213", *options) == listed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("736",), "Simulation 736 has no runs."),
        (
            ("731", "--since", "2027-01-01"),
            "Simulation 731 has 13 runs, but none since the given time. The newest was created "
            "2026-11-19 16:04 UTC.",
        ),
    ],
)
def test_the_first_line_states_how_many_runs_exist_and_how_many_are_listed(
    command: InProcess, arguments: tuple[str, ...], says: str
) -> None:
    ended = command("runs", *arguments)
    assert ended.code == 0
    assert ended.lines[0] == says


def test_the_view_has_the_documented_fields(command: InProcess) -> None:
    view = json.loads(command("runs", "731", "--json", "--last", "1").out)
    assert view == {
        "format": "bluejay-results/runs",
        "version": 1,
        "simulation_id": "731",
        "runs": [
            {
                "id": "48213",
                "simulation_id": "731",
                "created_at": "2026-11-19T16:04:00+00:00",
                "status": "COMPLETED",
                "has_ended": True,
                "total_tests": 15,
                "tests_passed": 3,
                "pass_rate": 0.2,
                "summary": "3 of 15 callers reached their goal.",
                "app_url": "https://app.getbluejay.ai/simulations/731/runs/48213",
            }
        ],
        "notes": [],
    }


def test_unknown_statuses_and_fields_are_noted(command: InProcess) -> None:
    assert command("runs", "732").lines[-1].startswith("Note  not in the contract: status FINALIZING; field")


def test_runs_of_another_simulation_exit_with_5(command: InProcess, stub: Stub) -> None:
    serve(stub, "804", {"id": 1, "experiment_id": 7})
    ended = command("runs", "804")
    assert ended.code == 5
    assert "The service sent run 1 of simulation 7, but simulation 804 was requested." in ended.err


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_recording_gives_the_output_of_the_live_list(
    command: InProcess, tmp_path: Path, form: tuple[str, ...]
) -> None:
    live = command("runs", "731", *form, "--har", "runs.har", cwd=tmp_path)
    replayed = command("runs", "runs.har", *form, cwd=tmp_path)
    assert replayed.code == live.code
    assert replayed.out == live.out


def test_a_saved_body_is_read_from_standard_input(command: InProcess) -> None:
    ended = command("runs", "-", stdin=json.dumps(run_list([builders.response()])).encode())
    assert ended.code == 0
    assert ended.lines[0] == "The simulation has 1 run, the newest first:"
