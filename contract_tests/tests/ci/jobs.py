"""Jobs of both CI systems, and what each leaves behind: `make findings` writes `jobs.txt`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from bluejay_contract.stub import Stub

from .github import Action
from .gitlab import BOT, MALLORY, TOKEN, gitlab
from .machine import KEY, ROOT, Machine, serve_callers
from .recipes import run_component

KEPT = Path(__file__).with_name("jobs.txt")
MARKER = "<!-- bluejay-results gate gate -->"
HOSTILE = "-x'; touch pwned; $(touch pwned) `touch pwned` * ${{ github.token }}"
GITHUB, GITLAB, BOTH = ("GitHub",), ("GitLab",), ("GitHub", "GitLab")
MANY = 150
"""Comments of others after ours: more than one page of GitLab's."""
SAYS_SHIP = """\
import os, pathlib, sys
pathlib.Path(os.environ["GITHUB_OUTPUT"]).write_text("decision=ship\\nrun-id=1\\n")
"""
"""The first lines of a fake gate, which writes the same outputs as for a run that ships."""
RECORDER = """\
import json, pathlib, sys
pathlib.Path("arguments.txt").write_text("\\n".join(sys.argv[1:]))
"""
SAID = ("0 failures", "failed", "inconclusive", "internal error", "args")
"""What a report may say, if no decision to ship was made."""
Prepare = Callable[[Machine], object]


@frozen
class Job:
    """A job that calls the gate, perhaps several times.

    Attributes:
        inputs: The inputs of each call.
        systems: The systems on which it runs.
        prepare: What happens on the machine before.
        gate: The source of a program instead of the gate; None for the gate. Only on GitHub.
        comment: An earlier comment: whether it is ours, and its text.
    """

    inputs: tuple[dict[str, str], ...] = ({},)
    systems: tuple[str, ...] = BOTH
    prepare: Prepare = lambda _: None
    gate: str | None = None
    event: str = "pull_request"
    comment: tuple[bool, str] | None = None


def _with(**variables: str) -> Prepare:
    return lambda machine: machine.variables.update(variables)


def _compared(base: int, passed: int, callers: int = 30) -> Prepare:
    """Serve a base run in which this number of callers passed, and a run to judge."""

    def prepare(machine: Machine) -> None:
        if base:
            serve_callers(machine.stub, "48100", callers, base)
        serve_callers(machine.stub, "48101", callers, passed)
        machine.variables["RELEASE_RUN"] = "48100"

    return prepare


def _cannot_install(machine: Machine) -> None:
    python = (machine.folder / "bin/python3").read_text()
    machine.add("bin/python3", python.replace('*"-m venv")', '*"-m venv")\n    exit 3'))


def _cannot_comment(machine: Machine) -> None:
    machine.add("bin/gh", "#!/bin/sh\nexit 1\n")


JUDGED = {"simulation-id": "", "run-id": "48101"}
COMPARED = JUDGED | {"base-run-id": "48100", "args": "--min-pass-rate 20"}
NO_KEY = ({"api-key": ""},)
"""On GitLab, the variable with the key has no value."""
JOBS: dict[str, Job] = {
    "ships": Job(),
    "doesn't ship": Job(({"args": "--min-pass-rate 99"},)),
    "inconclusive": Job(({"args": "--min-conversations=100"},)),
    "two runs": Job(({**JUDGED, "run-id": "48101 48100"},), prepare=_compared(9, 30)),
    "not worse than the base run": Job((COMPARED,), prepare=_compared(30, 27)),
    "worse than the base run": Job((COMPARED,), prepare=_compared(30, 10)),
    "too few callers to compare": Job((COMPARED,), prepare=_compared(4, 4, callers=4)),
    "not compared, because it doesn't ship by itself": Job((COMPARED,), prepare=_compared(0, 0, callers=5)),
    "the base run is in a variable": Job(
        (COMPARED | {"base-run-id": "$RELEASE_RUN"},), GITLAB, _compared(30, 10)
    ),
    "the variable of the base run is unset": Job(({"base-run-id": "$UNSET"},), GITLAB),
    "two gates": Job(({"name": "refunds-en"}, {"name": "booking"}), GITHUB),
    "two gates of one name": Job(({}, {}), GITHUB),
    "a name": Job(({"name": "refunds-en"},), GITLAB),
    "an open quote": Job(({"args": "--min-pass-rate '80"},)),
    "the key in the args": Job(({"args": f"--{KEY}"},)),
    "args that a shell would run": Job(({"args": HOSTILE},)),
    "a second command in the args": Job(({"args": "--min-pass-rate 99 || touch pwned"},)),
    "a variable in the args": Job((JUDGED | {"args": "--config '$HOME'"},)),
    "the end of the component's text in the args": Job(({"args": "END"},), GITLAB),
    "quotes in the args, and spaces around ids": Job(
        (JUDGED | {"run-id": "  48101   48100 ", "args": """--min-pass-rate "50" '--max-void=9'"""},),
        prepare=_compared(30, 30),
    ),
    "args on several lines": Job((JUDGED | {"args": "--min-pass-rate\n50\n"},), GITHUB, _compared(0, 30)),
    **{f"{name} that a shell would run": Job(({name: HOSTILE},), GITHUB)
       for name in ("simulation-id", "run-id", "base-run-id", "name")},
    "a gate that prints its arguments": Job(
        (JUDGED | {"run-id": " 48101\n48102 ", "args": "--require '$(touch pwned)' --confident"},),
        GITHUB, gate=RECORDER,
    ),
    "a gate that writes nothing": Job(systems=GITHUB, gate=""),
    "a gate that crashes": Job(systems=GITHUB, gate="1 / 0"),
    "a gate that crashes after its outputs": Job(systems=GITHUB, gate=f"{SAYS_SHIP}sys.exit(1)"),
    "a gate with another exit code": Job(systems=GITHUB, gate=f"{SAYS_SHIP}sys.exit(9)"),
    "an installation that fails": Job(prepare=_cannot_install),
    "our earlier comment": Job(NO_KEY, comment=(True, f"{MARKER}\nearlier")),
    "somebody else's comment": Job(NO_KEY, comment=(False, f"{MARKER}\nship")),
    "a comment of ours that quotes the marker": Job(NO_KEY, comment=(True, f"See {MARKER}")),
    "a comment of another gate": Job(NO_KEY, comment=(True, "<!-- bluejay-results gate other -->\nship")),
    "a push": Job(NO_KEY, GITHUB, event="push"),
    "pull_request_target": Job(systems=GITHUB, event="pull_request_target"),
    "no permission to comment": Job(systems=GITHUB, prepare=_cannot_comment),
    "no token": Job(systems=GITLAB, prepare=_with(BLUEJAY_COMMENT_TOKEN="")),
    "a wrong token": Job(systems=GITLAB, prepare=_with(BLUEJAY_COMMENT_TOKEN="wrong")),
    "no merge request": Job(systems=GITLAB, prepare=_with(CI_MERGE_REQUEST_IID="")),
    "a merged result": Job(systems=GITLAB, prepare=_with(CI_MERGE_REQUEST_SOURCE_BRANCH_SHA="3" * 40)),
}  # fmt: skip


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
    if job.comment is not None:
        is_ours, body = job.comment
        login = "github-actions[bot]" if is_ours else "mallory"
        (machine.folder / "comments.json").write_text(
            json.dumps([{"id": 1, "user": {"login": login}, "body": body}])
        )
    action = Action(machine, job.event, ROOT if job.gate is None else _checkout(machine, job.gate))
    for inputs in job.inputs:
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
        if job.comment is not None:
            is_ours, body = job.comment
            server.add(BOT if is_ours else MALLORY, body)
            for _ in range(MANY):
                server.add(MALLORY, "Nice.")
        [inputs] = job.inputs
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
