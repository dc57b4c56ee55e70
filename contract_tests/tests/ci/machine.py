"""A machine of a CI system: a checkout, its tools, and the stub as the service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from attrs import define, field
from bluejay_contract.stub import Answer, Stub, run

from ..fork_server import programs
from ..outside import environment

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "ci.md").read_text()
KEY = "key-of-the-stub"
QUICKLY = ("--timeout 1800", "--timeout 60 --poll-interval 0.05")
COMMANDS = Path(sys.executable).parent
GH = f"""#!{sys.executable}
# `gh api` as far as the action needs it: it lists, posts and changes comments in a file.
import argparse, json, pathlib, subprocess, sys
parser = argparse.ArgumentParser()
parser.add_argument("api", choices=["api"])
parser.add_argument("path")
parser.add_argument("--paginate", action="store_true")
parser.add_argument("--silent", action="store_true")
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
PYTHON3 = """#!/bin/sh
# Python, but its environments are links to the one of these tests, and pip only notes what to install.
case "$1 $2" in
"-m venv")
    for folder; do :; done
    [ "$3" != --clear ] || rm -rf "$folder"
    mkdir -p "$folder/bin"
    ln -sf {folder}/bin/python3 "$folder/bin/python"
    ln -sf {folder}/bin/pip "$folder/bin/pip"
    ln -sf {commands}/bluejay-results "$folder/bin/bluejay-results" ;;
"-m pip") shift 2; exec {folder}/bin/pip "$@" ;;
*) exec {python} "$@" ;;
esac
"""
PIP = """#!{python}
import json, pathlib, sys
pathlib.Path("{folder}/installed.json").write_text(json.dumps(sys.argv[1:]))
"""


def serve_failed_run(stub: Stub, run_id: str) -> None:
    """Serve a run that fails the default rules."""
    stub.serve(run_id, Answer.json(run(passed=1, failed=4, id=run_id)))


def serve_callers(stub: Stub, run_id: str, callers: int, passed: int) -> None:
    """Serve a run with one conversation for each caller, of which the first ones pass."""
    results = [{"digital_human_id": caller} for caller in range(callers)]
    stub.serve(run_id, Answer.json(run(passed=results[:passed], failed=results[passed:], id=run_id)))


@define
class Machine:
    """A machine with a checkout and the tools that CI needs; a deployment creates a file."""

    folder: Path
    stub: Stub
    variables: dict[str, str] = field(factory=dict)
    log: str = ""

    def __attrs_post_init__(self) -> None:
        (self.folder / "bin").mkdir()
        places = {"folder": self.folder, "python": sys.executable, "commands": programs()}
        self.add("bin/gh", GH)
        self.add("bin/python3", PYTHON3.format(**places))
        self.add("bin/pip", PIP.format(**places))
        self.add("deploy", "#!/bin/sh\ntouch deployed\n")
        (self.folder / "bin/comments.json").write_text("[]")
        (self.folder / "pyproject.toml").write_text("")
        path = os.pathsep.join(map(str, (self.folder / "bin", programs(), COMMANDS, os.environ["PATH"])))
        self.variables |= environment() | self.stub.environment | {"PATH": path}

    def add(self, name: str, script: str) -> str:
        """Add a program, and return its path."""
        path = self.folder / name
        path.write_text(script)
        path.chmod(0o755)
        return str(path)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, and keep its output as the log of the job."""
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        self.log += ended.stdout + ended.stderr
        return ended

    @property
    def has_deployed(self) -> bool:
        return self.exists("deployed")

    @property
    def comments(self) -> list[dict[str, Any]]:
        comments: list[dict[str, Any]] = json.loads((self.folder / "bin/comments.json").read_text())
        return comments

    @property
    def installed(self) -> list[str]:
        """The arguments of pip's last call."""
        arguments: list[str] = json.loads((self.folder / "installed.json").read_text())
        return arguments

    def exists(self, name: str) -> bool:
        return (self.folder / name).exists()
