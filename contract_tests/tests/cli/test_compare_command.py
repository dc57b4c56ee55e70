"""The `compare` command: the runs that it reads, and its exit code, which ignores the verdict."""

import json
from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from ..compare.sides import both, side
from .command import InProcess

BASE, WORSE = both((15, "P", "P"), (5, "P", "F"))
SAVED = {
    "base": BASE,
    "worse": WORSE,
    "same": side(dict.fromkeys(range(100, 120), "P"), id="3"),
    "unsure": both((14, "P", "P"), (4, "P", "F"), (2, "P", "U"))[1],
    "few": side(dict.fromkeys(range(100, 104), "F") | {7: "P"}, id="5"),
    "void": side({100: "P", 101: "V"}, id="6"),
    "running": side({100: "P"}, id="7", status="RUNNING"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each of the runs, and a file that breaks the contract."""
    folder = tmp_path_factory.mktemp("runs")
    for name, run in SAVED.items():
        (folder / f"{name}.json").write_bytes(run.responses[0].body)
    (folder / "broken.json").write_bytes(BASE.responses[0].body.replace(b"[", b"{", 1))
    return folder


@pytest.mark.parametrize(
    ("name", "code"),
    [("same", 0), ("worse", 0), ("running", 0), ("unsure", 0), ("few", 0), ("void", 0), ("broken", 5)],
)
def test_the_exit_code_of_compare_does_not_depend_on_the_verdict(
    command: InProcess, folder: Path, name: str, code: int
) -> None:
    assert command("compare", "base.json", f"{name}.json", cwd=folder).code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [("same", 0), ("worse", 1), ("running", 4), ("unsure", 6), ("few", 6), ("void", 6), ("broken", 5)],
)
def test_the_gate_decides_by_a_comparison(command: InProcess, folder: Path, name: str, code: int) -> None:
    line = ("gate", f"{name}.json", "--base", "base.json", "--min-pass-rate", "0", "--json")
    assert command(*line, cwd=folder).code == code


def test_the_json_option_prints_the_comparison_as_json(command: InProcess, folder: Path) -> None:
    body = WORSE.responses[0].body
    ended = command("compare", "base.json", "-", "--json", cwd=folder, stdin=body)
    document = json.loads(ended.out)
    assert (document["format"], document["change"]) == ("bluejay-results/comparison", "worse")


def test_incomplete_conversations_are_fetched_by_id_for_a_comparison(command: InProcess, stub: Stub) -> None:
    """In the `gaps` scenario, the list of results lacks some conversations' tool calls."""
    before = len(stub.requests)
    url = f"https://app.getbluejay.ai/simulations/733/runs/{SCENARIOS['gaps'].run_id}"
    document = json.loads(command("compare", url, SCENARIOS["no_calls"].run_id, "--json").out)
    assert (document["change"], len(document["pairs"])) == ("worse", 50)
    assert len(stub.requests) - before > 4
