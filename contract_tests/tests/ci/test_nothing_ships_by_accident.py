"""Invalid and unusual calls of the gate. None ships, unless the gate judged exactly the specified runs.

The runs: 48501 and 48502 ship, 48100 is an earlier run of their simulation, 48214 is under way, and 48112
belongs to another simulation. A queued run also ships. No run has the id 99999.

All calls run ci/gate.py in this process, with the variables that the action and the component set. The calls
in `IN_A_SHELL` also run in a shell, because a shell could change what they mean.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping

import pytest
from attrs import frozen
from bluejay_contract.stub import run

from .github import Action
from .machine import KEY, Machine, serve_callers
from .recipes import RefusedError, component, run_component_with
from .script import run_script

RUN = {"simulation-id": "", "run-id": "48501"}
URL = "https://app.getbluejay.ai/simulations/733/runs/48501"
RUNS = {"simulation-id": "", "run-id": "48501 48502"}


@pytest.fixture(autouse=True)
def _runs(machine: Machine) -> None:
    for run_id in ("48501", "48502", "48100"):
        serve_callers(machine.stub, run_id, 6, 6)
    (machine.folder / "saved.json").write_text(json.dumps(run(passed=6)))


@frozen
class Called:
    """How a call of the gate ended: its runs, and its decision or, if GitLab rejects an input, `refused`."""

    decision: str
    run_ids: tuple[str, ...] = ()


def called(code: int, outputs: Mapping[str, str]) -> Called:
    """Return what the outputs say; only a call that ships may end with 0."""
    decision = outputs.get("decision", "failed")
    assert (code == 0) == (decision == "ship")
    return Called(decision, tuple(outputs.get("run-id", "").split(" ")))


def by_action(machine: Machine, inputs: dict[str, str]) -> Called:
    code, outputs = run_script(machine, Action(machine).variables_of_gate(_for_action(inputs)))
    assert outputs["exit-code"] == f"{code}"
    return called(code, outputs)


def by_action_in_a_shell(machine: Machine, inputs: dict[str, str]) -> Called:
    action = Action(machine)
    succeeded = action.run_with(_for_action(inputs))
    assert (action.outputs["exit-code"] == "0") == succeeded
    return called(not succeeded, action.outputs)


def by_component(machine: Machine, inputs: dict[str, str]) -> Called:
    given = _for_component(inputs)
    try:
        component(given)
    except RefusedError:
        return Called("refused")
    variables = {name.upper().replace("-", "_"): value for name, value in given.items()}
    variables = {"BASE_RUN_ID": "none", "NAME": "gate"} | variables
    return called(*run_script(machine, variables))


def by_component_in_a_shell(machine: Machine, inputs: dict[str, str]) -> Called:
    given = _for_component(inputs)
    try:
        code = run_component_with(machine, given)
    except RefusedError:
        return Called("refused")
    lines = dict(line.split("=", 1) for line in machine.noted("reports/gate.env"))
    prefix = f"{given.get('name', 'gate')}_"
    named = {key.removeprefix(prefix).replace("_", "-"): value for key, value in lines.items()}
    return called(code, named)


def _for_action(inputs: dict[str, str]) -> dict[str, str]:
    given = {"api-key": KEY, "simulation-id": "733"} | inputs
    return given | {"args": f"--poll-interval 0.05 {given.get('args', '')}"}


def _for_component(inputs: dict[str, str]) -> dict[str, str]:
    return {"args": "--poll-interval 0.05", "simulation-id": "733"} | inputs


Call = Callable[[Machine, dict[str, str]], Called]
SYSTEMS = pytest.mark.parametrize("call", [by_action, by_component])
SHELLS = pytest.mark.parametrize("call", [by_action_in_a_shell, by_component_in_a_shell])
FAILED = {
    "nothing": {"simulation-id": ""},
    "only spaces": {"simulation-id": "  "},
    "a simulation and a run": {"run-id": "48501"},
    "a simulation, and spaces as a run": {"run-id": " "},
    "simulations with a comma": {"simulation-id": "731,733"},
    "simulations with a comma and a space": {"simulation-id": "731, 733"},
    "runs with a comma": RUN | {"run-id": "48501,48502"},
    "a simulation twice": {"simulation-id": "733 731 733"},
    "a run twice": RUN | {"run-id": "48501 48501"},
    "a run twice, by its URL and its id": RUN | {"run-id": f"{URL} 48501"},
    "standard input": RUN | {"run-id": "-"},
    "a file of the checkout": RUN | {"run-id": "saved.json"},
    "a file of the checkout, by its path": RUN | {"run-id": "./saved.json"},
    "a file that doesn't exist": RUN | {"run-id": "none.json"},
    "an option as a run": RUN | {"run-id": "--min-pass-rate=0"},
    "a run that doesn't exist": RUN | {"run-id": "99999"},
    "two runs of which one doesn't exist": RUN | {"run-id": "48501 99999"},
    "a misspelled input": RUN | {"base_run_id": "48100"},
    "the input of another action": {"digital_human_ids": "57"},
    "an option as an input": {"must-pass": "57"},
    "an empty base run": RUN | {"base-run-id": ""},
    "spaces as a base run": RUN | {"base-run-id": " "},
    "two base runs": RUN | {"base-run-id": "48100 48502"},
    "two base runs with a comma": RUN | {"base-run-id": "48100,48502"},
    "a base run for two runs": RUNS | {"base-run-id": "48100"},
    "a base run for two simulations": {"simulation-id": "731 733", "base-run-id": "48100"},
    "the run as its base run": RUN | {"base-run-id": "48501"},
    "a base run of another simulation": RUN | {"base-run-id": "48112"},
    "a base run of another simulation than the queued run": {"base-run-id": "48112"},
    "a file as a base run": RUN | {"base-run-id": "saved.json"},
    "standard input as a base run": RUN | {"base-run-id": "-"},
    "a base run that doesn't exist, for a run to queue": {"base-run-id": "99999"},
    "an open quote": {"args": "--min-pass-rate '80"},
    "an unknown option": {"args": "--min-pass 80"},
    "an option without its value": {"args": "--min-pass-rate"},
    "an option twice": {"args": "--min-pass-rate 90 --min-pass-rate 0"},
    "a switch with a value": {"args": "--confident=no"},
    "a fraction as a percentage": {"args": "--min-pass-rate 0.8"},
    "callers with a comma": {"args": "--digital-human 57,58"},
    "a name as a caller": {"args": "--must-pass Anna"},
    "a caller twice": {"args": "--must-pass 57 --must-pass 57"},
    "a rule without its quotes": {"args": "--require rate(hallucination) <= 5 %"},
    "a configuration that doesn't exist": {"args": "--config none.toml"},
    "a run in the args": {"args": "48501"},
    "a run in the args, after two hyphens": RUN | {"args": "-- 48502"},
    "a run in the args, after a switch": RUN | {"args": "--confident 48502"},
    "standard input in the args": RUN | {"args": "-"},
    "a simulation in the args": {"args": "--queue 731"},
    "a base run in the args": RUN | {"args": "--base 48100"},
    "a file as a base run in the args": RUN | {"args": "--base=saved.json"},
    "a name in the args": {"args": "--name other"},
    "a JUnit file in the args": {"args": "--junit other.xml"},
    "a comment in the args": {"args": "--comment=-"},
    "a page in the args": {"args": "--html other.html"},
    "help": {"args": "--help"},
    "the version": {"args": "--version"},
    "a pipe": {"args": "--min-pass-rate 80 | tee log"},
    "a second command": {"args": "--min-pass-rate 99 || true"},
    "the end of the component's text": {"args": "END"},
    "an empty name": {"name": ""},
    "a name with a space": {"name": "a b"},
    "a name that is a path": {"name": "../gate"},
    "a name with an underscore": {"name": "a_b"},
    "a name of 51 letters": {"name": "a" * 51},
    "a service that doesn't answer": {"args": "--base-url http://127.0.0.1:9"},
}


@SYSTEMS
def test_an_invalid_call_produces_no_decision(machine: Machine, call: Call) -> None:
    decisions = {name: call(machine, inputs).decision for name, inputs in FAILED.items()}
    assert {name: each for name, each in decisions.items() if each not in {"failed", "refused"}} == {}


INCONCLUSIVE = {
    "a run under way": RUN | {"run-id": "48214", "args": "--timeout 0.2"},
    "two runs of which one is under way": RUN | {"run-id": "48501 48214", "args": "--timeout 0.2"},
    "a base run under way": RUN | {"run-id": "48501", "base-run-id": "48214"},
    "a base run that doesn't exist": RUN | {"base-run-id": "99999"},
    "a base run without a common caller": RUN | {"base-run-id": "48225"},
    "a caller that never calls": {"args": "--must-pass 999"},
    "no rule": {"args": "--min-pass-rate 0"},
    "a metric that no conversation has": {"args": """--require 'rate("identity checked") >= 95 %'"""},
}


@SYSTEMS
def test_a_call_without_enough_data_for_a_decision_is_inconclusive(machine: Machine, call: Call) -> None:
    decisions = {name: call(machine, inputs).decision for name, inputs in INCONCLUSIVE.items()}
    assert decisions == dict.fromkeys(INCONCLUSIVE, "inconclusive")


@pytest.mark.parametrize("key", ["", "wrong"])
def test_the_action_fails_without_the_right_key(machine: Machine, key: str) -> None:
    assert by_action(machine, {"api-key": key}).decision == "failed"


@pytest.mark.parametrize("key", ["UNSET", "HOME"])
def test_the_component_fails_without_the_right_key(machine: Machine, key: str) -> None:
    assert by_component_in_a_shell(machine, {"api-key": key}).decision == "failed"


ODD = {
    "spaces around ids": (RUN | {"run-id": "  48501   48502 "}, ("48501", "48502")),
    "the URL of a run": (RUN | {"run-id": URL}, ("48501",)),
    "quotes in the args": (RUN | {"args": """--min-pass-rate "50" '--max-void=9'"""}, ("48501",)),
    "spaces around the args": (RUN | {"args": "   --min-pass-rate  50  "}, ("48501",)),
    "a word that a shell would replace": (RUN | {"args": """--config '$HOME'"""}, None),
    "simulations": ({"simulation-id": "731 733"}, ("48401", "48402")),
    "a base run": (RUN | {"base-run-id": "48100"}, ("48501",)),
    "no base run": (RUN | {"base-run-id": "none"}, ("48501",)),
}
"""The inputs and the run ids of calls that judge the specified runs; None if a call must not ship."""


def shipped(called: Called) -> tuple[str, ...] | None:
    return called.run_ids if called.decision == "ship" else None


@SYSTEMS
def test_an_unusual_call_ships_only_the_runs_that_it_specifies(machine: Machine, call: Call) -> None:
    found = {name: shipped(call(machine, inputs)) for name, (inputs, _) in ODD.items()}
    assert found == {name: run_ids for name, (_, run_ids) in ODD.items()}


IN_A_SHELL: dict[str, tuple[dict[str, str], tuple[str, ...] | None]] = {
    **{
        name: (FAILED[name], None)
        for name in (
            "nothing",
            "a misspelled input",
            "a file of the checkout",
            "an open quote",
            "a pipe",
            "a second command",
            "the end of the component's text",
            "an empty name",
            "a name that is a path",
        )
    },
    "a run under way": (INCONCLUSIVE["a run under way"], None),
    **{
        name: ODD[name]
        for name in (
            "spaces around ids",
            "quotes in the args",
            "a word that a shell would replace",
            "simulations",
        )
    },
}


@SHELLS
def test_a_call_means_the_same_in_the_shell_of_a_ci_system(machine: Machine, call: Call) -> None:
    found = {}
    for name, (inputs, _) in IN_A_SHELL.items():
        found[name] = shipped(call(machine, inputs))
        shutil.rmtree(machine.folder / "reports", ignore_errors=True)
    assert found == {name: run_ids for name, (_, run_ids) in IN_A_SHELL.items()}


@pytest.mark.parametrize("args", ["--min-pass-rate\n50\n", "\n"], ids=["args", "an empty line"])
def test_the_action_accepts_args_on_several_lines(machine: Machine, args: str) -> None:
    assert by_action_in_a_shell(machine, RUN | {"args": args}) == Called("ship", ("48501",))
