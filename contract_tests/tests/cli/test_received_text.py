"""No line that a command prints lets text from the service control a terminal or a CI system."""

import json
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from contract_kit.tests.hostile import BOLD, HOSTILE, check
from contract_kit.tests.tables import table

from ..report.pages import saying
from .command import Command, InProcess

ALONE = ("--tool-call-grace", "0")


def body(run_id: str, **fields: Any) -> bytes:
    """A run with hostile text in every text field and as the name of a new field."""
    known: dict[str, Any] = {"id": "1", HOSTILE: 1}
    document = json.loads(saying(HOSTILE, **known | fields).responses[0].body)
    document["simulation_run"]["id"] = run_id  # can be hostile, so that the client refuses the run
    return json.dumps(document).encode()


REFUSED = Answer.json({"detail": [{"loc": [HOSTILE], "msg": HOSTILE, "type": HOSTILE}]}, 422)


@pytest.fixture
def served(stub: Stub) -> None:
    stub.serve("1", Answer(body("1")))
    stub.serve("2", Answer(body("2", status=HOSTILE)))
    stub.serve("3", Answer(b"{}", 503, headers={"x-request-id": "##vso[x]"}), Answer(body("3")))
    stub.serve("4", REFUSED)
    stub.serve("5", Answer(body(HOSTILE)))
    stub.serve("6", Answer(body("6", status="RUNNING")))
    listed = {"id": 1, "experiment_id": 7, "created_at": "2026-11-19T16:04:00Z", "status": HOSTILE}
    stub.serve_runs("7", Answer.json({"simulation_runs": [listed | {"summary": HOSTILE}]}))
    stub.serve_queue(
        Answer.json({"simulation_run_id": "::error::x", "simulation_result_ids": [], "agent_id": "1"})
    )


@pytest.mark.usefixtures("served", "clock")
@table(
    "line",
    [
        *("show 1 --all", "show 2", "show 4", "show 5", "show 1 --result 1", "show ##vso[x].json"),
        *("wait 1", "wait 3", "wait 5", "wait 6 --timeout 60", "wait 4"),
        *("gate 1", "gate 1 --require mean(tone)>=4", "gate 1 --junit -", "gate 1 --comment -"),
        *("gate 2 --timeout 60", "gate 5", "gate 6 --timeout 60", "gate 4"),
        *("compare 1 2", "compare 1 5", "compare 1 4", "queue 1", "queue 1 --json", "runs 7"),
    ],
)
def test_no_line_of_output_contains_a_ci_command(command: InProcess, line: str) -> None:
    ended = command(*line.split(), *(ALONE if line.startswith(("wait", "gate")) else ()))
    check(ended.out.decode() + ended.err)


@pytest.mark.usefixtures("served")
@table("line", ["show 1 --all", "show 1 --result 1", "gate 1", "compare 1 2", "wait 3"])
def test_no_wrapped_line_on_a_terminal_contains_a_ci_command(process: Command, line: str) -> None:
    """This includes the lines of the log."""
    alone = ALONE if line.startswith(("gate", "wait")) else ()
    settings = {"COLUMNS": "61", "BLUEJAY_LOG": "debug"}
    shown = process.on_a_terminal(*line.split(), *alone, environment=settings)
    check(shown)
    assert BOLD in shown or "--result" in line


@pytest.mark.usefixtures("served")
@table(
    "line",
    [
        *("show 1 --json", "show 1 --result 1 --json", "gate 1 --json"),
        *("compare 1 1b --json", "runs 7 --json"),
    ],
)
def test_json_contains_the_received_text_but_no_ci_command(command: InProcess, stub: Stub, line: str) -> None:
    stub.serve("1b", Answer(body("1b")))
    arguments = line.split() + (list(ALONE) if line.startswith("gate") else [])
    out = command(*arguments).out.decode()
    check(out)
    received = json.loads(out)
    assert json.dumps(HOSTILE)[1:-1] in json.dumps(received)
