"""The recipes in docs/ci.md, executed against the stub: only installing and uploading are left out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import define, field
from bluejay_contract.stub import Answer, Stub, run

from ..fork_server import programs
from ..outside import environment

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "ci.md").read_text()
RECIPES = dict(re.findall(r"^```(yaml|make|bash)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
KEY = "key-of-the-stub"
QUICKLY = ("--timeout 1800", "--timeout 60 --poll-interval 0.05")
GH = f"""#!{sys.executable}
# `gh api` as far as the recipe needs it: it lists, posts and changes comments in a file.
import argparse, json, pathlib, subprocess, sys
parser = argparse.ArgumentParser()
parser.add_argument("api", choices=["api"])
parser.add_argument("path")
parser.add_argument("--paginate", action="store_true")
parser.add_argument("--method", default="GET")
parser.add_argument("--jq", default=".")
parser.add_argument("-F", default="")
asked = parser.parse_args()
store = pathlib.Path(__file__).with_name("comments.json")
comments = json.loads(store.read_text())
if asked.method == "GET":
    assert asked.path == "repos/acme/agent/issues/7/comments", asked.path
    sys.exit(subprocess.run(["jq", "-r", asked.jq], input=json.dumps(comments), text=True).returncode)
body = pathlib.Path(asked.F.removeprefix("body=@")).read_text()
if asked.method == "POST":
    assert asked.path == "repos/acme/agent/issues/7/comments", asked.path
    comments.append({{"id": 10 + len(comments), "user": {{"login": "github-actions[bot]"}}, "body": body}})
else:
    id_ = int(asked.path.removeprefix("repos/acme/agent/issues/comments/"))
    next(each for each in comments if each["id"] == id_)["body"] = body
store.write_text(json.dumps(comments))
"""


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A stub in which a queued run is soon over."""
    with Stub(api_key=KEY, queued_run_seconds=0.2) as running:
        yield running


def serve_failed_run(stub: Stub, run_id: str) -> None:
    stub.serve(run_id, Answer.json(run(passed=1, failed=4, id=run_id)))


@define
class Machine:
    """A machine of a CI system, with a checkout and its tools, where a deploy leaves a file behind."""

    folder: Path
    stub: Stub
    variables: dict[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        tools = self.folder / "bin"
        tools.mkdir()
        self.add("bin/gh", GH)
        self.add("bin/pip", f'#!/bin/sh\necho "$@" >> {self.folder}/installed\n')
        self.add("deploy", "#!/bin/sh\ntouch deployed\n")
        (tools / "comments.json").write_text("[]")
        (self.folder / "pyproject.toml").write_text("")
        programs_here = (tools, programs(), Path(sys.executable).parent, os.environ["PATH"])
        path = os.pathsep.join(map(str, programs_here))
        self.variables |= environment() | self.stub.environment | {"PATH": path}

    def add(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(script)
        path.chmod(0o755)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def has_deployed(self) -> bool:
        return (self.folder / "deployed").exists()

    @property
    def comments(self) -> list[dict[str, Any]]:
        comments: list[dict[str, Any]] = json.loads((self.folder / "bin/comments.json").read_text())
        return comments

    def exists(self, name: str) -> bool:
        return (self.folder / name).exists()


@pytest.fixture
def machine(tmp_path: Path, stub: Stub) -> Machine:
    return Machine(tmp_path, stub)


class Workflow:
    """The workflow of the recipe, with the little that GitHub does around its scripts."""

    def __init__(self, machine: Machine, secret: str = KEY) -> None:
        self._machine = machine
        self._document = yaml.safe_load(RECIPES["yaml"])
        self._expressions = {
            "secrets.BLUEJAY_API_KEY": secret,
            "github.token": "token",
            "github.repository": "acme/agent",
            "github.event.number": "7",
        }
        self.outputs: dict[str, str] = {}
        self.ran: list[str] = []

    def run(self) -> bool:
        """Run the job `gate`, then `deploy` if it succeeded; return whether the gate's did."""
        succeeded = True
        for step in self._document["jobs"]["gate"]["steps"]:
            if self._is_due(step.get("if", "success()"), succeeded):
                self.ran.append(step.get("name", step.get("uses")))
                succeeded &= "uses" in step or self._script(step)
        deploy = self._document["jobs"]["deploy"]
        assert deploy["needs"] == "gate"
        if succeeded:
            for step in deploy["steps"]:
                assert "uses" in step or self._script(step)
        return succeeded

    def _is_due(self, condition: str, succeeded: bool) -> bool:
        known = {
            "always()": True,
            "success()": succeeded,
            "github.event_name == 'pull_request'": True,
            "hashFiles('reports/gate.md') != ''": self._machine.exists("reports/gate.md"),
        }
        return all(known[each] for each in condition.split(" && "))

    def _script(self, step: Mapping[str, Any]) -> bool:
        assert self._document["defaults"]["run"]["shell"] == "bash"
        outputs, summary = self._machine.folder / "outputs", self._machine.folder / "summary.md"
        outputs.write_text("")
        variables = {name: self._replaced(value) for name, value in step.get("env", {}).items()}
        github = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
        script = step["run"].replace(*QUICKLY)
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
        ended = self._machine.run(*shell, **variables, **github, GITHUB_ACTIONS="true")
        if step.get("id") == "gate":
            self.outputs = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
            assert self.outputs["exit-code"] == str(ended.returncode)
        else:
            assert ended.returncode == 0, ended.stderr
        return ended.returncode == 0

    def _replaced(self, value: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self._expressions[match[1]], value)


needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="the recipe filters comments with jq")


@needs_jq
def test_the_workflow_deploys_after_ship_and_posts_a_comment(machine: Machine) -> None:
    workflow = Workflow(machine)
    assert workflow.run()
    assert machine.has_deployed
    assert workflow.outputs["decision"] == "ship"
    assert [each["body"].splitlines()[0] for each in machine.comments] == [
        "<!-- bluejay-results gate 733 -->"
    ]
    assert (machine.folder / "installed").read_text() == "install ./.bluejay-results[cli]\n"


@needs_jq
@pytest.mark.parametrize("secret", [KEY, ""])
def test_the_workflow_stops_updates_its_comment_and_keeps_the_reports(
    machine: Machine, stub: Stub, secret: str
) -> None:
    """Whether the gate says don't ship, or ends without a verdict because the secret is missing."""
    assert Workflow(machine).run()
    (machine.folder / "deployed").unlink()
    serve_failed_run(stub, "48402")
    stopped = Workflow(machine, secret)
    assert not stopped.run()
    assert not machine.has_deployed
    assert stopped.outputs["decision"] == ("do-not-ship" if secret else "failed")
    [comment] = machine.comments
    assert ("don't ship" if secret else "failed") in comment["body"].replace("\\", "")
    assert stopped.ran[-2:] == ["Comment", "Keep the reports"]


@needs_jq
def test_the_workflow_never_changes_the_comment_of_somebody_else(machine: Machine) -> None:
    forged = {"id": 1, "user": {"login": "mallory"}, "body": "<!-- bluejay-results gate 733 -->\nship"}
    (machine.folder / "bin/comments.json").write_text(json.dumps([forged]))
    Workflow(machine).run()
    assert machine.comments[0] == forged
    assert len(machine.comments) == 2


def test_make_does_not_deploy_after_a_failed_gate_and_keeps_its_exit_code(
    machine: Machine, stub: Stub
) -> None:
    (machine.folder / "Makefile").write_text(RECIPES["make"].replace(*QUICKLY))
    serve_failed_run(stub, "48401")
    ended = machine.run("make", "deploy")
    assert ended.returncode == 2
    assert not machine.has_deployed
    assert (machine.folder / "reports/exit-code").read_text() == "1\n"


def test_make_deploys_after_ship_and_keeps_the_exit_code(machine: Machine) -> None:
    (machine.folder / "Makefile").write_text(RECIPES["make"].replace(*QUICKLY))
    ended = machine.run("make", "deploy")
    assert ended.returncode == 0, ended.stderr
    assert machine.has_deployed, ended.stderr
    assert (machine.folder / "reports/exit-code").read_text() == "0\n"
    assert ended.stdout.startswith("ship: ")


@pytest.mark.parametrize(("line", "deploys"), [("set -euo pipefail\n", False), ("", True)])
def test_without_pipefail_a_shell_deploys_although_the_gate_stopped_the_run(
    machine: Machine, stub: Stub, line: str, deploys: bool
) -> None:
    serve_failed_run(stub, "48401")
    recipe = RECIPES["bash"].replace(*QUICKLY)
    assert recipe.startswith("set -euo pipefail\n")
    machine.run("bash", "-c", recipe.replace("set -euo pipefail\n", line))
    assert machine.has_deployed == deploys


def test_a_shell_deploys_after_ship(machine: Machine) -> None:
    assert machine.run("bash", "-c", RECIPES["bash"].replace(*QUICKLY)).returncode == 0
    assert machine.has_deployed
    assert machine.exists("reports/gate.xml")
