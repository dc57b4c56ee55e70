"""`make upstream-accept` commits the facts. `golden/harness` keeps what `make upstream` prints."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from contract_kit.tests.tables import table
from upstream import __main__ as upstream
from upstream import published

from ..golden.harness.upstream import SMALL, wheel

DOCUMENT: dict[str, Any] = json.loads(upstream.ACCEPTED.read_text())
del DOCUMENT["components"]["schemas"]["Event"]["properties"]["tags"]
CHANGE = {"old": "    duration: OptionalNullable[int] = UNSET\n"}
SDK = {"differences": {"Result.duration": {"contract": "integer or null"}}, "version": "0.4.0"}
ACCEPTED: dict[str, tuple[bytes, Any]] = {
    "accepted.json": (json.dumps(DOCUMENT | {"info": {"title": "Bluejay"}}).encode(), DOCUMENT),
    "accepted_sdk.json": (wheel(CHANGE), SDK),
}
"""By file: what upstream publishes, and the facts to accept."""


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with the accepted document, and without accepted differences to the small contract."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # in a hook, git sets them, and they would change the test
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    for variable, text in (
        ("ACCEPTED", upstream.ACCEPTED.read_text()),
        ("ACCEPTED_SDK", '{"differences": {}, "version": "0.3.0"}'),
    ):
        file = tmp_path / getattr(upstream, variable).name
        file.write_text(text)
        monkeypatch.setattr(upstream, variable, file)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    return tmp_path


def accept(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> int:
    file = folder / ("sdk.whl" if "sdk" in name else "document.json")
    file.write_bytes(ACCEPTED[name][0])
    monkeypatch.setattr(sys, "argv", ["upstream", "accept", f"{file}"])
    if "sdk" in name:
        monkeypatch.setattr(published, "CONTRACT", SMALL / "openapi.json")
    return upstream.main()


@table("name", ACCEPTED)
def test_only_the_accepted_facts_are_committed(
    repository: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (repository / "staged.txt").write_text("Not part of the commit")
    git(repository, "add", "staged.txt")
    assert accept(repository, name, monkeypatch) == 0
    assert git(repository, "show", "--format=", "--name-only") == f"{name}\n"
    assert json.loads((repository / name).read_text()) == ACCEPTED[name][1]
    assert git(repository, "log", "-1", "--format=%b").strip()


def test_the_accepted_version_stays_unchanged_if_git_cannot_commit(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = upstream.ACCEPTED.read_bytes()
    (repository / ".git" / "index.lock").touch()
    assert accept(repository, "accepted.json", monkeypatch) == 2
    assert upstream.ACCEPTED.read_bytes() == before
