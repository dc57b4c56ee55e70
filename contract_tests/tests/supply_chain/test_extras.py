"""Each extra installs what its command needs. pytest starts without loading packages that no test uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bluejay_contract.installing import to_install

from .dependencies import PROJECT

EXTRAS = PROJECT["project"]["optional-dependencies"].keys()
PLUGINS = ("contract_kit.pytest_plugin", "bluejay_contract.pytest_plugin")
REPORT_MODULES = """\
import pathlib, sys

def pytest_unconfigure():
    pathlib.Path("modules").write_text(" ".join(sys.modules))
"""
EMPTY = "def test_nothing(): ..."
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


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_pytest_plugin_imports_only_its_own_package_until_it_is_used(plugin: str, tmp_path: Path) -> None:
    """Therefore the pytest plugin of bluejay-results starts even if the kit isn't installed."""
    added = _modules(tmp_path, (plugin,)) - _modules(tmp_path, ())
    assert plugin in added
    assert {each.partition(".")[0] for each in added} == {plugin.partition(".")[0]}


@pytest.mark.parametrize("missing", ["fastapi", "contract_kit"])
def test_the_error_about_a_missing_package_names_the_command_to_install_it(
    missing: str, tmp_path: Path
) -> None:
    ended = _pytest(tmp_path, f"import sys\nsys.modules[{missing!r}] = None\n", STUB, PLUGINS[1:])
    assert f"{missing} is not installed. In a checkout, run: pip install {to_install('stub')}" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_the_script_that_tests_the_extras_tries_every_extra() -> None:
    script = Path(__file__).with_name("extras.sh").read_text()
    assert set(re.findall(r'"\[(\w+)\]"', script)) == EXTRAS
