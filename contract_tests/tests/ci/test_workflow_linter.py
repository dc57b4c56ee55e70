"""The linter of `make lint` reads the action, the project's workflows and the workflow in docs/ci.md."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from .machine import COMMANDS, ROOT
from .test_recipes import RECIPES

[LINE] = re.findall(r"\$\(BIN\)/(zizmor .*)", (ROOT / "Makefile").read_text())
COMMAND = shlex.split(LINE)
FILES = [each for each in COMMAND if (ROOT / each).exists()]
INJECTION = "    - shell: bash\n      run: echo ${{ inputs.run }}\n"
UNPINNED = "    - uses: actions/checkout@main\n"


def lint(*files: str | Path) -> int:
    command = [each for each in COMMAND if each not in FILES]
    return subprocess.run([COMMANDS / command[0], *command[1:], *files], cwd=ROOT, check=False).returncode


def test_the_action_and_every_workflow_have_no_finding() -> None:
    assert FILES == ["action.yml", ".github/workflows"]
    assert lint(*FILES) == 0


def test_the_workflow_in_the_docs_has_no_finding(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "gate.yml").write_text(RECIPES["yaml"].replace("@COMMIT", f"@{'0' * 40}"))
    assert lint(workflows) == 0


@pytest.mark.parametrize("planted", [INJECTION, UNPINNED], ids=["injection", "unpinned"])
def test_a_planted_mistake_in_the_action_is_found(tmp_path: Path, planted: str) -> None:
    (tmp_path / "action.yml").write_text(f"{(ROOT / 'action.yml').read_text()}\n{planted}")
    assert lint(tmp_path / "action.yml") != 0
