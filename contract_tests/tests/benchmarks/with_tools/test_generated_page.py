"""The page about generated clients: in a new folder and environment, its commands end with a report."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.corpus.documents import ROOT
from benchmarks.league.page import Steps, read_page

PAGE = read_page()


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Move to a folder with a document, and create an environment with the kit."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "orders" / "openapi.yaml", tmp_path)
    subprocess.run([sys.executable, "-m", "venv", ".venv"], check=True)
    path = f"{tmp_path / '.venv' / 'bin'}:{os.environ['PATH']}"
    found = {**os.environ, "PATH": path}
    kit = str(ROOT / "contract_kit")
    subprocess.run(["pip", "install", "--quiet", kit], env=found, check=True)  # noqa: S607
    return found


@pytest.mark.parametrize("steps", PAGE.values(), ids=PAGE)
def test_the_commands_of_each_section_end_with_a_report_of_every_operation(
    steps: Steps, environment: dict[str, str]
) -> None:
    steps.write(Path())
    for command in (steps.install, *steps.generate):
        subprocess.run(command, env=environment, check=True)
    test = ("contract-kit", "test", "openapi.yaml", "--generated", steps.client, "--sample", "100")
    ended = subprocess.run(test, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode in {0, 1}, ended.stderr
    assert "contract-kit:" not in ended.stderr
