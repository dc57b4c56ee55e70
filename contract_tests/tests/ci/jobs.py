"""Jobs of both CI systems, and what each leaves behind: `make findings` writes `jobs.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from attrs import field, frozen
from bluejay_contract.stub import Stub

from .github import Action
from .gitlab import TOKEN, gitlab
from .machine import KEY, ROOT, Machine, serve_callers
from .recipes import run_component

KEPT = Path(__file__).with_name("jobs.txt")
MANY = 150
"""Comments of others after ours: more than one page of GitLab's."""
SAID = ("0 failures", "failed", "inconclusive", "internal error", "args")
"""What a report may say, if no decision to ship was made."""


@frozen
class Job:
    """A job that calls the gate, perhaps several times. Run 48100 passes; a third of run 48101 passes.

    Attributes:
        calls: The inputs of each call. On GitLab, an empty key means that its variable has no value.
        systems: The systems on which it runs.
        variables: Variables that differ from the usual ones. Only on GitLab.
        programs: Programs of the machine that differ from the usual ones.
        gate: The source of a program instead of the gate; None for the gate. Only on GitHub.
        event: The event that starts the workflow. Only on GitHub.
        comments: Earlier comments: whether each is ours, and its text.
    """

    calls: list[dict[str, str]] = field(factory=lambda: [{}])
    systems: list[str] = field(factory=lambda: ["GitHub", "GitLab"])
    variables: dict[str, str] = field(factory=dict)
    programs: dict[str, str] = field(factory=dict)
    gate: str | None = None
    event: str = "pull_request"
    comments: list[dict[str, Any]] = field(factory=list)

    def prepare(self, machine: Machine) -> None:
        """Prepare a machine and its stub."""
        serve_callers(machine.stub, "48100", 30, 30)
        serve_callers(machine.stub, "48101", 30, 10)
        for name, script in self.programs.items():
            machine.add(name, script)
        for each in self.comments:
            machine.comment(**each)
        for _ in range(MANY if self.comments else 0):
            machine.comment("Nice.", is_ours=False)


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
        lines += [f"request: {each}" for each in machine.noted("changes.txt")]
        lines.append(f"posted: {_ends(machine.noted('posted.md'))}")
        about_the_job = re.compile("::(?!.*title=Conversation)|.*posted")
        lines += [f"log: {each}" for each in machine.log.splitlines() if about_the_job.match(each)]
        lines.append(f"installed: {' '.join(machine.noted('installed.txt'))}")
        assert not machine.exists("pwned"), f"{name}: an input ran as code"
        text = "\n".join(lines)
        assert not {KEY, TOKEN} & {*re.findall(r"[\w-]+", text + machine.log)}, (
            f"{name}: a secret is in an output"
        )
        yield f"== {name}, on {system}"
        text = text.replace(str(machine.folder.parent), "FOLDER").replace(str(ROOT), "ROOT")
        yield re.sub(r"(reports/)tmp\w+", r"\1RANDOM", text)


def _on_github(job: Job, machine: Machine) -> Iterator[str]:
    action = Action(machine, job.event, ROOT if job.gate is None else _checkout(machine, job.gate))
    for inputs in job.calls:
        succeeded = action.run(**inputs)
        assert succeeded == (action.outputs["decision"] == "ship") == (action.outputs["exit-code"] == "0")
        yield from (f"output {name}: {value}" for name, value in action.outputs.items())
        yield from _files(Path(action.outputs["reports"] or machine.folder / "none"))
    yield f"summary: {_ends(action.summary.splitlines())}"
    yield f"arguments: {machine.noted('arguments.txt')}"


def _on_gitlab(job: Job, machine: Machine) -> Iterator[str]:
    with gitlab(machine) as variables:
        machine.variables |= variables | job.variables
        [inputs] = job.calls
        code = run_component(machine, **inputs | ({"api-key": "UNSET"} if "api-key" in inputs else {}))
    outputs = machine.noted("reports/gate.env")
    assert (code == 0) == any(line.endswith("_decision=ship") for line in outputs)
    yield f"exit code: {code}"
    yield from (f"output {line}" for line in outputs)
    yield from _files(machine.folder / "reports" / inputs.get("name", "gate"))
    yield from (f"git {each}" for each in machine.noted("git.txt"))


def _ends(lines: list[str]) -> list[str]:
    """Return the first two lines and the last: the marker, the heading and the commit of a comment."""
    return [*lines[:2], *lines[2:][-1:]]


def _files(reports: Path) -> Iterator[str]:
    for each in sorted(reports.iterdir()) if reports.exists() else ():
        text = each.read_text()
        assert KEY not in text
        yield f"file {each.name}: {', '.join(word for word in SAID if word in text.lower())}"


def _checkout(machine: Machine, gate: str) -> Path:
    """A checkout of the action in which another program replaces the gate."""
    action = machine.folder / "action"
    package = action / "overlay/bluejay_results"
    package.mkdir(parents=True)
    for each in (ROOT / "overlay" / "bluejay_results").iterdir():
        if each.name not in {"__main__.py", "__pycache__"}:  # bytecode of another gate may look up to date
            (package / each.name).symlink_to(each)
    (package / "__main__.py").write_text(gate)
    for name in ("ci", "generated"):
        (action / name).symlink_to(ROOT / name)
    return action


if __name__ == "__main__":
    KEPT.write_text("".join(map(kept, JOBS)))
