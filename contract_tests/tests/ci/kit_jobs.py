"""Jobs of the kit's action, and what each leaves behind: `make findings` writes `kit_jobs.txt`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from attrs import field, frozen
from bluejay_contract.stub import Stub
from contract_kit.tests.receivers import DOCUMENT as WEBHOOKS
from contract_kit.tests.receivers import receiving

from ..fork_server import programs
from .github import Action
from .machine import ROOT, Machine

KEPT = Path(__file__).with_name("kit_jobs.txt")
KIT = ROOT / "contract_kit"
ORDERS = ROOT / "examples" / "orders"
SOME = "--operation getOrder --sample 40"
WORKER = """bash -c 'exec python3 "$(contract-kit shim python)" client:call client:OrderError'"""
INPUTS = {"document": "openapi.yaml", "command": WORKER, "baseline": "baseline.json", "args": SOME}
MODELS = "from pydantic import BaseModel\nclass Order(BaseModel):\n    id: int\n"


@frozen
class Job:
    """A job in a shallow checkout of the example `orders`.

    Attributes:
        base: Whether the base commit has the `same` document or `none`, or is `unknown`; empty without one.
        event: The event that starts the workflow, if there is a base commit; else, it is a push.
        inputs: Inputs that differ from the usual ones. URL is a receiver's, and PYTHON an interpreter.
        edits: A text in each changed file of the checkout, and its replacement.
    """

    base: str = ""
    event: str = "pull_request"
    inputs: dict[str, str] = field(factory=dict)
    edits: dict[str, list[str]] = field(factory=dict)


JOBS = {name: Job(**fields) for name, fields in yaml.safe_load(KEPT.with_suffix(".yaml").read_text()).items()}


def kept(name: str) -> str:
    """Run a job in a new checkout; return what it has left behind."""
    job = JOBS[name]
    with TemporaryDirectory() as folder, Stub() as stub, receiving(lambda *_: 204) as url:
        machine = Machine(Path(folder).resolve() / "checkout", stub)
        base = _check_out(machine, job)
        given = {"URL": url, "PYTHON": sys.executable}
        inputs = {
            key: re.sub("URL|PYTHON", lambda match: given[match[0]], value)
            for key, value in (INPUTS | job.inputs).items()
        }
        kit = action(machine, base, job.event if base else "push")
        lines = [f"== {name}", f"succeeds: {kit.run_with(inputs)}"]
        lines += [f"output {key}: {value}" for key, value in kit.outputs.items()]
        lines += [f"request: {each}" for each in machine.noted("changes.txt")]
        said = [each for each in machine.log.splitlines() if each.startswith(("::", "contract-kit:"))]
        lines += [f"log: {each}" for each in said]
        lines.append(f"installed: {' '.join(machine.noted('installed.txt'))}")
        posted = machine.noted("posted.md")
        assert posted in ([], kit.summary.splitlines())
        assert not machine.exists("pwned"), f"{name}: an input ran as code"
        for section in re.split("^(?=###)", kit.summary, flags=re.MULTILINE):
            lines += [f"summary: {line}" for line in section.splitlines() if line][:5]
        text = "\n".join([*lines, ""])
    for found, place in (folder, "FOLDER"), (str(ROOT), "ROOT"), (url, "URL"):
        text = text.replace(found, place)
    return re.sub(r"(?<=contract-kit-)\w{6}\b", "RANDOM", text)


def action(machine: Machine, base: str = "", event: str = "pull_request") -> Action:
    definition = yaml.safe_load((KIT / "action.yml").read_text())
    return Action(machine, event, KIT, base, definition)


def _check_out(machine: Machine, job: Job) -> str:
    """Fill the checkout, whose origin has a base commit; return that commit."""
    folder, origin = machine.folder, machine.folder / "origin"
    _copy_example(folder)
    files = {"baseline.json": _baseline(), "hooks.json": json.dumps(WEBHOOKS), "models.py": MODELS}
    for name, text in files.items():
        (folder / name).write_text(text)
    for name, (old, new) in job.edits.items():
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    if not job.base:
        return ""
    _git(folder, "init", "--quiet")
    _git(folder, "remote", "add", "origin", origin.as_uri())
    origin.mkdir()
    _git(origin, "init", "--quiet")
    _git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")  # as on GitHub
    if job.base == "same":
        shutil.copy(ORDERS / "openapi.yaml", origin)
    _git(origin, "add", "--all")
    _git(origin, "commit", "--quiet", "--allow-empty", "--message", "base")
    return "0" * 40 if job.base == "unknown" else _git(origin, "rev-parse", "HEAD")


def _git(folder: Path, *arguments: str) -> str:
    """Run git in a folder without the user's settings, and return its output."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@cache
def _baseline() -> str:
    """Return the baseline of the example's client."""
    with TemporaryDirectory() as folder:
        _copy_example(Path(folder))
        client = ("openapi.yaml", "--client=client:call", "--refuses=client:OrderError", *SOME.split())
        command = [str(programs() / "contract-kit"), "test", *client, "--write-baseline=baseline.json"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        return Path(folder, "baseline.json").read_text()


def _copy_example(folder: Path) -> None:
    for name in ("client.py", "openapi.yaml"):
        shutil.copy(ORDERS / name, folder)


if __name__ == "__main__":
    KEPT.write_text("".join(map(kept, JOBS)))
