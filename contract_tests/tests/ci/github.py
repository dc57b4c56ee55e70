"""Runs the steps of action.yml, and imitates the little that GitHub does around them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from attrs import define, field

from .machine import KEY, ROOT, Machine

ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text())
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
QUICK = "--poll-interval 0.05 --timeout 60 "
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def evaluated(text: str, values: Mapping[str, str]) -> str:
    """Return a text with each expression replaced by its value; a missing value is empty, as on GitHub."""

    def value(match: re.Match[str]) -> str:
        found = (
            values.get(each, each.strip("'") if each[0] == "'" else "") for each in match[1].split(" || ")
        )
        return next(filter(None, found), "")

    return _EXPRESSION.sub(value, text)


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Return whether all comparisons of a condition are true; its status function is ignored."""
    comparisons = [
        each.split(" ") for each in condition.split(" && ") if each not in {"always()", "success()"}
    ]
    return all(
        (values.get(name, "") == literal.strip("'")) == (operator == "==")
        for name, operator, literal in comparisons
    )


@define
class Action:
    """A step of a workflow that calls the action.

    Attributes:
        event: The event that started the workflow.
        path: The checkout of the action.
    """

    machine: Machine
    event: str = "pull_request"
    path: Path = ROOT
    outputs: dict[str, str] = field(factory=dict)
    summary: str = ""
    _values: dict[str, str] = field(factory=dict)

    def run(self, **inputs: str) -> bool:
        """Run the steps; return whether the action succeeded."""
        given = {"api-key": KEY, "simulation-id": "733", "args": ""} | inputs
        given["args"] = QUICK + given["args"]
        assert given.keys() <= ACTION["inputs"].keys()
        defaults = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        self._values = {f"inputs.{name}": value for name, value in (defaults | given).items()} | {
            "github.event.number": "7",
            "github.event_name": self.event,
            "github.repository": "acme/agent",
            "github.token": "token",
            "steps.gate.outcome": "skipped",
        }
        succeeded = True
        for step in ACTION["runs"]["steps"]:
            condition = step.get("if", "success()")
            if holds(condition, self._values) and (succeeded or "always()" in condition):
                succeeded &= self._script(step)
        self.outputs = {
            name: evaluated(each["value"], self._values) for name, each in ACTION["outputs"].items()
        }
        return succeeded

    def _script(self, step: Mapping[str, Any]) -> bool:
        assert step["shell"] == "bash"
        temporary = self.machine.folder / "temp"
        temporary.mkdir(exist_ok=True)
        outputs, summary = temporary / "outputs", temporary / "summary"
        for path in (outputs, summary):
            path.write_text("")
        variables = {name: evaluated(value, self._values) for name, value in step.get("env", {}).items()}
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.path),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(temporary),
        }
        ended = self.machine.run(*SHELL, step["run"], **variables, **github)
        outcome = "failure" if ended.returncode else "success"
        self.summary += summary.read_text()
        written = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        name = f"steps.{step.get('id')}"
        self._values |= {f"{name}.outputs.{key}": value for key, value in written.items()}
        self._values[f"{name}.outcome"] = outcome
        return outcome == "success"
