"""A CI machine: a checkout, its tools, and the stub as the service."""

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
BOT = 11
QUICKLY = ("--timeout 1800", "--timeout 60 --poll-interval 0.05")
COMMANDS = Path(sys.executable).parent
GH = """#!/bin/sh
# `gh api` as far as the action needs it: it lists the comments in a file, and only notes what to post.
FILTER="import jq, sys; print(*jq.all(sys.argv[1], text=open(sys.argv[2]).read()), sep='\\n')"
case "$*" in
*--jq*) exec {python} -c "$FILTER" "$5" {folder}/comments.json ;;
"api --silent --method "*" -F body=@"*)
    printf '%s\\n' "$4 $5" >> {folder}/changes.txt
    cat "${{7#body=@}}" > {folder}/posted.md ;;
*) exit 1 ;;
esac
"""
PYTHON3 = """#!/bin/sh
# Python, but its environments are links to the one of these tests, and pip only notes what to install.
case "$0 $1 $2" in
*"-m venv")
    for folder; do :; done
    mkdir -p "$folder/bin"
    ln -sf {folder}/bin/python3 "$folder/bin/python"
    ln -sf {folder}/bin/python3 "$folder/bin/pip"
    ln -sf {commands}/bluejay-results {commands}/contract-kit "$folder/bin" ;;
*/pip\\ * | *"-m pip") printf '%s\\n' "$@" >> {folder}/installed.txt ;;
*) exec {python} "$@" ;;
esac
"""


def serve_callers(stub: Stub, run_id: str, callers: int, passed: int) -> None:
    """Serve a run with one conversation for each caller; the first `passed` conversations pass."""
    results = [{"digital_human_id": caller} for caller in range(callers)]
    stub.serve(run_id, Answer.json(run(passed=results[:passed], failed=results[passed:], id=run_id)))


@define
class Machine:
    """A machine with a checkout and the tools that CI needs; a deployment creates a file.

    Attributes:
        comments: The comments on the pull request, as both systems return them, the oldest first.
    """

    folder: Path
    stub: Stub
    comments: list[dict[str, Any]] = field(factory=list)
    variables: dict[str, str] = field(factory=dict)
    log: str = ""

    def __attrs_post_init__(self) -> None:
        (self.folder / "bin").mkdir(parents=True)
        places = {"folder": self.folder, "python": sys.executable, "commands": programs()}
        self.add("bin/gh", GH.format(**places))
        self.add("bin/python3", PYTHON3.format(**places))
        self.add("deploy", "#!/bin/sh\ntouch deployed\n")
        self.add("comments.json", "[]")
        (self.folder / "pyproject.toml").write_text("")
        path = os.pathsep.join(map(str, (self.folder / "bin", programs(), COMMANDS, os.environ["PATH"])))
        self.variables |= environment() | self.stub.environment | {"PATH": path}

    def add(self, name: str, script: str) -> None:
        """Add a program."""
        path = self.folder / name
        path.write_text(script)
        path.chmod(0o755)

    def comment(self, body: str, *, is_ours: bool) -> None:
        """Add a comment on the pull request, of ours or of somebody else."""
        user = {"login": "github-actions[bot]" if is_ours else "mallory"}
        author = {"id": BOT if is_ours else BOT + 1}
        self.comments.append({"id": len(self.comments) + 1, "user": user, "author": author, "body": body})
        self.add("comments.json", json.dumps(self.comments))

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout, and keep its output as the job's log."""
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

    def exists(self, name: str) -> bool:
        return (self.folder / name).exists()

    def noted(self, name: str) -> list[str]:
        """The lines that one of the machine's tools has written to a file."""
        return (self.folder / name).read_text().splitlines() if self.exists(name) else []
