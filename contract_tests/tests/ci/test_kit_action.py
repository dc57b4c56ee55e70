"""The kit's action.yml: whether its job fails, and what it writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from contract_kit.tests.receivers import DOCUMENT as WEBHOOKS
from contract_kit.tests.receivers import receiving

from ..fork_server import programs
from .github import Action
from .machine import ROOT, Machine

KIT = ROOT / "contract_tests" / "contract_kit"
ORDERS = ROOT / "examples" / "orders"
SOME = "--operation getOrder --sample 40"
WORKER = """bash -c 'exec python3 "$(contract-kit shim python)" client:call client:OrderError'"""
INPUTS = {"document": "openapi.yaml", "command": WORKER, "baseline": "baseline.json", "args": SOME}
POSTED = "POST repos/acme/agent/issues/7/comments"


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder without the user's settings, and return its output."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(machine: Machine, document: str | None) -> str:
    """Commit a document to the repository that the checkout came from; return the commit."""
    origin = machine.folder / "origin"
    origin.mkdir()
    git(origin, "init", "--quiet")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")  # as on GitHub
    if document is not None:
        (origin / "openapi.yaml").write_text(document)
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "base")
    return git(origin, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example, and the baseline of its client."""
    folder = tmp_path_factory.mktemp("example")
    for name in ("client.py", "openapi.yaml"):
        shutil.copy(ORDERS / name, folder)
    client = ("openapi.yaml", "--client=client:call", "--refuses=client:OrderError", *SOME.split())
    command = [str(programs() / "contract-kit"), "test", *client, "--write-baseline=baseline.json"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return folder


@pytest.fixture
def checkout(machine: Machine, baseline: Path) -> Machine:
    """A machine with a shallow checkout of the example. It lacks the base commit, but has a baseline."""
    for name in ("client.py", "openapi.yaml", "baseline.json"):
        shutil.copy(baseline / name, machine.folder)
    git(machine.folder, "init", "--quiet")
    git(machine.folder, "remote", "add", "origin", (machine.folder / "origin").as_uri())
    return machine


def action(machine: Machine, base: str = "", event: str = "pull_request") -> Action:
    definition = yaml.safe_load((KIT / "action.yml").read_text())
    return Action(machine, event, KIT, base, definition)


def document() -> str:
    return (ORDERS / "openapi.yaml").read_text()


def test_the_job_succeeds_and_posts_its_report_if_the_client_did_not_get_worse(
    checkout: Machine,
) -> None:
    kit = action(checkout, commit(checkout, document()))
    assert kit.run_with(INPUTS)
    assert kit.outputs == {"exit-code": "0", "diff-exit-code": "0"}
    assert " 0 worse" in kit.summary
    assert checkout.noted("changes.txt") == [POSTED]
    assert checkout.noted("posted.md") == kit.summary.splitlines()
    assert checkout.noted("posted.md")[0] == "<!-- contract-kit openapi.yaml -->"


def test_the_kit_is_installed_with_the_package_versions_in_the_lock_file(checkout: Machine) -> None:
    action(checkout, event="push").run_with(INPUTS)
    installed = checkout.noted("installed.txt")
    assert installed[-1] == str(KIT)
    assert {"--require-hashes", f"{KIT}/action-requirements.lock", "--no-build-isolation"} <= set(installed)
    assert installed.count("--no-deps") == 2


def test_the_job_fails_and_lists_the_new_fault_if_the_client_got_worse(checkout: Machine) -> None:
    client = checkout.folder / "client.py"
    client.write_text(client.read_text().replace("raise OrderError(str(error)) from error", "raise"))
    kit = action(checkout, event="push")
    assert not kit.run_with(INPUTS)
    assert kit.outputs == {"exit-code": "1", "diff-exit-code": ""}
    assert "(crashed: " in kit.summary.replace("\\", "")


def test_the_job_fails_if_the_document_breaks_clients_of_the_base_version(checkout: Machine) -> None:
    base = commit(checkout, document())
    new = document().replace("total: {type: number", "total: {type: number, nullable: true")
    (checkout.folder / "openapi.yaml").write_text(new)
    kit = action(checkout, base)
    assert not kit.run_with(INPUTS | {"baseline": "", "args": f"{SOME} --ignore type"})
    assert kit.outputs["diff-exit-code"] == "1"
    assert "response-property-became-nullable" in kit.summary


@pytest.mark.parametrize(
    ("is_committed", "code"), [(True, "0"), (False, "2")], ids=["without the document", "that can't be read"]
)
def test_the_job_fails_if_the_base_commit_cannot_be_read(
    checkout: Machine, is_committed: bool, code: str
) -> None:
    kit = action(checkout, commit(checkout, None) if is_committed else "0" * 40)
    assert kit.run_with(INPUTS) == is_committed
    assert kit.outputs == {"exit-code": "0", "diff-exit-code": code}


def test_the_job_fails_and_leaves_no_report_if_the_client_cannot_be_tested(
    checkout: Machine,
) -> None:
    assert action(checkout, event="push").run_with(INPUTS)
    kit = action(checkout, event="push")
    assert not kit.run_with(INPUTS | {"baseline": "none.json"})
    assert kit.outputs["exit-code"] == "2"
    assert "worse" not in kit.summary


def test_the_action_refuses_to_run_on_pull_request_target(checkout: Machine) -> None:
    kit = action(checkout, event="pull_request_target")
    assert not kit.run_with(INPUTS)
    assert "::error::" in checkout.log
    assert not checkout.exists("installed.txt")
    assert not checkout.exists("changes.txt")


@pytest.mark.parametrize("name", INPUTS)
def test_none_of_the_kit_actions_inputs_is_run_as_code(checkout: Machine, name: str) -> None:
    hostile = "-x; touch pwned $(touch pwned) `touch pwned` * ${{ github.token }}"
    kit = action(checkout, commit(checkout, document()))
    assert not kit.run_with(INPUTS | {name: hostile})
    assert not checkout.exists("pwned")


def test_a_generated_client_runs_in_its_own_interpreter(checkout: Machine) -> None:
    models = "from pydantic import BaseModel\nclass Order(BaseModel):\n    id: int\n"
    (checkout.folder / "models.py").write_text(models)
    client = {"document": "openapi.yaml", "generated": "datamodel-code-generator:models", "args": SOME}
    for python, code in ((sys.executable, "0"), ("no-python", "2")):
        kit = action(checkout, event="push")
        assert kit.run_with(client | {"python": python}) is (code == "0")
        assert kit.outputs["exit-code"] == code


@pytest.mark.parametrize(("status", "code"), [(204, "0"), (500, "4")])
def test_a_receiver_can_be_tested_with_options_and_no_command(
    checkout: Machine, status: int, code: str
) -> None:
    (checkout.folder / "hooks.json").write_text(json.dumps(WEBHOOKS))
    kit = action(checkout, event="push")
    with receiving(lambda *_: status) as url:
        kit.run_with({"document": "hooks.json", "args": f"--receiver {url} --sample 10"})
    assert kit.outputs["exit-code"] == code
    assert "receiver" in kit.summary
