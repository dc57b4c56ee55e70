"""Runs an action's steps, and imitates the parts of GitHub that they need."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from attrs import define, field

from .machine import KEY, ROOT, Machine

SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
HEAD, MERGE = "1" * 40, "2" * 40
"""The head of the pull request, and its merge commit."""
QUICK = "--poll-interval 0.05 --timeout 60 "
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def evaluated(text: str, values: Mapping[str, str]) -> str:
    """Replace each expression in a text with its value; a missing value is empty, as on GitHub."""

    def value(match: re.Match[str]) -> str:
        found = (
            values.get(each, each.strip("'") if each[0] == "'" else "") for each in match[1].split(" || ")
        )
        return next(filter(None, found), "")

    return _EXPRESSION.sub(value, text)


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Return whether all comparisons in a condition are true; `always()` and `success()` are ignored."""
    comparisons = [
        each.split(" ") for each in condition.split(" && ") if each not in {"always()", "success()"}
    ]
    return all(
        (values.get(name, "") == literal.strip("'")) == (operator == "==")
        for name, operator, literal in comparisons
    )


@define
class Action:
    """A job with a step that calls an action.

    Attributes:
        event: The event that started the workflow.
        path: The action's folder in its checkout.
        base: The base commit of the pull request.
        definition: The parsed action.yml.
    """

    machine: Machine
    event: str = "pull_request"
    path: Path = ROOT
    base: str = ""
    definition: Any = field(factory=lambda: yaml.safe_load((ROOT / "action.yml").read_text()))
    outputs: dict[str, str] = field(factory=dict)
    summary: str = ""
    _values: dict[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)  # GitHub empties it before each job
        self._temporary.mkdir()

    @property
    def _temporary(self) -> Path:
        return self.machine.folder.parent / "temporary"

    def run(self, **inputs: str) -> bool:
        """Run the gate's steps; return whether the action succeeded."""
        given = {"api-key": KEY, "simulation-id": "733", "args": ""} | inputs
        return self.run_with(given | {"args": QUICK + given["args"]})

    def run_with(self, given: Mapping[str, str]) -> bool:
        """Run the steps with these inputs, even unknown ones, as GitHub does; return whether they succeed."""
        self._set(given)
        succeeded = True
        for step in self.definition["runs"]["steps"]:
            condition = step.get("if", "success()")
            if holds(condition, self._values) and (succeeded or "always()" in condition):
                succeeded &= self._script(step)
        self.outputs = {
            name: evaluated(each["value"], self._values) for name, each in self.definition["outputs"].items()
        }
        return succeeded

    def variables_of_gate(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the variables with which the action starts ci/gate.py."""
        self._set(given)
        [gate] = [each for each in self.definition["runs"]["steps"] if each.get("id") == "gate"]
        return {name: evaluated(value, self._values) for name, value in gate["env"].items()}

    def _set(self, given: Mapping[str, str]) -> None:
        defaults = {name: each.get("default", "") for name, each in self.definition["inputs"].items()}
        inputs = {**defaults, **given}
        self._values = {f"inputs.{name}": value for name, value in inputs.items()} | {
            "github.event.number": "7",
            "github.event.pull_request.base.sha": self.base,
            "github.event.pull_request.head.sha": HEAD if self.event == "pull_request" else "",
            "github.event_name": self.event,
            "github.repository": "acme/agent",
            "github.sha": MERGE,
            "github.token": "token",
            "toJSON(inputs)": json.dumps(inputs, indent=2),
            "steps.gate.outcome": "skipped",
        }

    def _script(self, step: Mapping[str, Any]) -> bool:
        assert step["shell"] == "bash"
        outputs, summary = self._temporary / "outputs", self._temporary / "summary"
        for path in (outputs, summary):
            path.write_text("")
        variables = {name: evaluated(value, self._values) for name, value in step.get("env", {}).items()}
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.path),
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self._temporary),
        }
        ended = self.machine.run(*SHELL, step["run"], **variables, **github)
        outcome = "failure" if ended.returncode else "success"
        self.summary += summary.read_text()
        written = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        name = f"steps.{step.get('id')}"
        self._values |= {f"{name}.outputs.{key}": value for key, value in written.items()}
        self._values[f"{name}.outcome"] = outcome
        return outcome == "success"
