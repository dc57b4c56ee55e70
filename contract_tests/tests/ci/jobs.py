"""Jobs of both CI systems, and what each leaves behind: `make findings` writes `jobs.txt`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from attrs import field, frozen
from bluejay_contract.stub import Stub

from .github import Action
from .gitlab import BOT, MALLORY, TOKEN, gitlab
from .machine import KEY, ROOT, Machine, serve_callers
from .recipes import run_component

KEPT = Path(__file__).with_name("jobs.txt")
MANY = 150
"""Comments of others after ours: more than one page of GitLab's."""
SAID = ("0 failures", "failed", "inconclusive", "internal error", "args")
"""What a report may say, if no decision to ship was made."""


@frozen
class Job:
    """A job that calls the gate, perhaps several times.

    Attributes:
        calls: The inputs of each call. On GitLab, an empty key means that its variable has no value.
        systems: The systems on which it runs.
        served: The callers of runs 48100 and 48101, and how many of each run's conversations pass; if none
            passes in the base run, it doesn't exist.
        variables: Variables that differ from the usual ones.
        fails: What fails: to `install` or to `comment`.
        gate: The source of a program instead of the gate; None for the gate. Only on GitHub.
        event: The event that starts the workflow. Only on GitHub.
        comment: An earlier comment: whether it is ours, and its text.
    """

    calls: list[dict[str, str]] = field(factory=lambda: [{}])
    systems: list[str] = field(factory=lambda: ["GitHub", "GitLab"])
    served: dict[str, int] = field(factory=dict)
    variables: dict[str, str] = field(factory=dict)
    fails: str = ""
    gate: str | None = None
    event: str = "pull_request"
    comment: dict[str, Any] = field(factory=dict)

    def prepare(self, machine: Machine) -> None:
        """Prepare a machine and its stub."""
        machine.variables |= {"RELEASE_RUN": "48100"} | self.variables
        if self.served:
            if self.served["base"]:
                serve_callers(machine.stub, "48100", self.served["callers"], self.served["base"])
            serve_callers(machine.stub, "48101", self.served["callers"], self.served["passed"])
        if self.fails == "install":
            python = (machine.folder / "bin/python3").read_text()
            machine.add("bin/python3", python.replace('*"-m venv")', '*"-m venv")\n    exit 3'))
        if self.fails == "comment":
            machine.add("bin/gh", "#!/bin/sh\nexit 1\n")


JOBS = {
    name: Job(**fields) for name, fields in yaml.safe_load(KEPT.with_name("jobs.yaml").read_text()).items()
}


def kept(name: str) -> str:
    """Run a job on its systems; return what it has left behind."""
    return "".join(f"{line}\n" for each in JOBS[name].systems for line in ran(name, each))


def ran(name: str, system: str) -> Iterator[str]:
    """Run a job in a new checkout; yield the lines that say what it left behind."""
    job = JOBS[name]
    with TemporaryDirectory() as folder, Stub(api_key=KEY, queued_run_seconds=0.2) as stub:
        machine = Machine(Path(folder).resolve() / "checkout", stub)
        job.prepare(machine)
        lines = [*(_on_github if system == "GitHub" else _on_gitlab)(job, machine)]
        assert not machine.exists("pwned"), f"{name}: an input ran as code"
        text = "\n".join(lines)
        assert not {KEY, TOKEN} & {*re.findall(r"[\w-]+", text + machine.log)}, (
            f"{name}: a secret is in an output"
        )
        yield f"== {name}, on {system}"
        text = text.replace(str(machine.folder.parent), "FOLDER").replace(str(ROOT), "ROOT")
        yield re.sub(r"(reports/)tmp\w+", r"\1RANDOM", text)


def _on_github(job: Job, machine: Machine) -> Iterator[str]:
    if job.comment:
        login = "github-actions[bot]" if job.comment["is_ours"] else "mallory"
        (machine.folder / "comments.json").write_text(
            json.dumps([{"id": 1, "user": {"login": login}, "body": job.comment["body"]}])
        )
    action = Action(machine, job.event, ROOT if job.gate is None else _checkout(machine, job.gate))
    for inputs in job.calls:
        succeeded = action.run(**inputs)
        assert succeeded == (action.outputs["decision"] == "ship") == (action.outputs["exit-code"] == "0")
        yield from (f"output {name}: {value}" for name, value in action.outputs.items())
        yield from _files(Path(action.outputs["reports"] or machine.folder / "none"))
    yield f"summary: {_ends(action.summary.splitlines())}"
    yield from (f"request: {each}" for each in machine.noted("changes.txt"))
    yield f"posted: {_ends(machine.noted('posted.md'))}"
    yield f"arguments: {machine.noted('arguments.txt')}"
    yield from _log(machine)


def _on_gitlab(job: Job, machine: Machine) -> Iterator[str]:
    with gitlab() as server:
        machine.variables = server.variables | machine.variables
        if job.comment:
            server.add(BOT if job.comment["is_ours"] else MALLORY, job.comment["body"])
            for _ in range(MANY):
                server.add(MALLORY, "Nice.")
        [inputs] = job.calls
        if inputs.get("api-key") == "":
            inputs = {"api-key": "UNSET"}
        code = run_component(machine, **inputs)
        outputs = machine.noted(f"reports/{inputs.get('name', 'gate')}.env") or machine.noted(
            "reports/gate.env"
        )
        assert (code == 0) == any(line.endswith("_decision=ship") for line in outputs)
        yield f"exit code: {code}"
        yield from (f"output {line}" for line in outputs)
        yield from _files(machine.folder / "reports" / inputs.get("name", "gate"))
        yield from (f"request: {each}" for each in server.changes)
        yield f"posted: {_ends(server.notes[0]['body'].splitlines() if server.changes else [])}"
        yield from (f"git {each}" for each in machine.noted("git.txt"))
        yield from _log(machine)


def _ends(lines: list[str]) -> list[str]:
    """Return the first two lines and the last: the marker, the heading and the commit of a comment."""
    return [*lines[:2], *lines[2:][-1:]]


def _files(reports: Path) -> Iterator[str]:
    for each in sorted(reports.iterdir()) if reports.exists() else ():
        text = each.read_text()
        assert KEY not in text
        yield f"file {each.name}: {', '.join(word for word in SAID if word in text.lower())}"


def _log(machine: Machine) -> Iterator[str]:
    about_the_job = re.compile("::(?!.*title=Conversation)|.*posted")
    yield from (f"log: {each}" for each in machine.log.splitlines() if about_the_job.match(each))
    yield f"installed: {' '.join(machine.noted('installed.txt'))}"


def _checkout(machine: Machine, gate: str) -> Path:
    """A checkout of the action in which another program replaces the gate."""
    action = machine.folder / "action"
    package = action / "overlay/bluejay_results"
    package.mkdir(parents=True)
    for each in (ROOT / "overlay" / "bluejay_results").iterdir():
        (package / each.name).symlink_to(each)
    (package / "__main__.py").unlink()
    (package / "__main__.py").write_text(gate)
    for name in ("ci", "generated"):
        (action / name).symlink_to(ROOT / name)
    return action


if __name__ == "__main__":
    KEPT.write_text("".join(map(kept, JOBS)))
