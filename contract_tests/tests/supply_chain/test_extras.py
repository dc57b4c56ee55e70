"""Each extra installs what its command needs, and pytest starts without loading what no test uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .dependencies import EXPORT_EXTRAS, PROJECT, needed

EXTRAS = PROJECT["project"]["optional-dependencies"].keys()
PLUGINS = ("contract_kit.pytest_plugin", "bluejay_contract.pytest_plugin")
REPORT_MODULES = """\
import pathlib, sys

def pytest_unconfigure():
    pathlib.Path("modules").write_text(" ".join(sys.modules))
"""
EMPTY = "def test_nothing(): ..."
KIT = "import contract_kit\n@contract_kit.each_mutant('openapi.yaml')\ndef test_client(mutant): ...\n"
STUB = "def test_client(bluejay_stub): ...\n"


def _pytest(
    folder: Path, conftest: str, suite: str, plugins: tuple[str, ...] = PLUGINS
) -> subprocess.CompletedProcess[str]:
    """Run a user's suite in a pytest that loads only these plugins."""
    (folder / "conftest.py").write_text(conftest)
    (folder / "test_user.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-q", *(word for each in plugins for word in ("-p", each))]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=False)


def _modules(folder: Path, plugins: tuple[str, ...]) -> set[str]:
    _pytest(folder, REPORT_MODULES, EMPTY, plugins)
    return set((folder / "modules").read_text().split())


def test_our_pytest_plugins_import_only_our_own_modules_until_they_are_used(tmp_path: Path) -> None:
    added = _modules(tmp_path, PLUGINS) - _modules(tmp_path, ())
    assert added >= set(PLUGINS)
    assert {each.partition(".")[0] for each in added} == {"contract_kit", "bluejay_contract"}


@pytest.mark.parametrize(("suite", "missing", "extra"), [(KIT, "yaml", "kit"), (STUB, "fastapi", "stub")])
def test_a_missing_extra_fails_a_test_with_the_command_that_installs_it(
    suite: str, missing: str, extra: str, tmp_path: Path
) -> None:
    ended = _pytest(tmp_path, f"import sys\nsys.modules[{missing!r}] = None\n", suite)
    assert f"'.[{extra}]'" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_only_the_extra_contract_installs_schemathesis_or_pytest() -> None:
    heavy = {"schemathesis", "hypothesis", "pytest"}
    assert {extra for extra in EXTRAS - EXPORT_EXTRAS if needed(extra) & heavy} == {"contract"}


def test_make_test_extras_tries_every_extra() -> None:
    script = Path(__file__).with_name("extras.sh").read_text()
    assert set(re.findall(r'"\[(\w+)\]"', script)) == EXTRAS
