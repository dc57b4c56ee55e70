"""A repository for the commands that accept facts."""

import os
import subprocess
from pathlib import Path

import pytest
from upstream import __main__ as upstream


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with the last accepted facts."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # in a hook, git sets them, and they would change the test
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    for name in ("ACCEPTED", "ACCEPTED_SDK"):
        file = getattr(upstream, name)
        (tmp_path / file.name).write_bytes(file.read_bytes())
        monkeypatch.setattr(upstream, name, tmp_path / file.name)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    return tmp_path
