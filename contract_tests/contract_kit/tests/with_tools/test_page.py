"""In the examples in docs/other-tools.md, the client accepts the control, and a mutant's test fails."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from .serving import BROWSER, NODE_MODULES, ROOT

SECTIONS = {
    each.split()[0].strip(","): each for each in (ROOT / "docs" / "other-tools.md").read_text().split("\n## ")
}
INSTALLS = ("npm ", "pip ")
"""The beginnings of commands to skip, because `make test-tools` has already installed the packages."""
CONTROL, ACCEPTED = "getOrder:control", r"getOrder:200:(minimum|format|type):/"
PASSED, FAILED = (r"(PASSED.*\[|^ok \d+ - |✔ )%s", r"(FAILED.*\[|^not ok \d+ - |✖ )%s")
"""Regular expressions for the lines that pytest and Node.js print for a passed or a failed test."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-rA --tb short")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.chdir(tmp_path)


@contextmanager
def running(command: str, port: int) -> Iterator[None]:
    """Run a server until the context ends. Wait until the server listens."""
    with subprocess.Popen(shlex.split(command), start_new_session=True) as process:
        try:
            while not _listens(port):
                assert process.poll() is None
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("tool", ["MSW", "WireMock", "Playwright"])
def test_the_documented_example_of_each_tool_finds_a_fault(tool: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = SECTIONS[tool].replace("8080", str(port))
    if tool == "Playwright":  # use the packages from the browser tests, and Debian's browser
        text = text.replace("\npytest ", f"\n{BROWSER} -m pytest ")
        text = text.replace(
            ".launch()", f'.launch(executable_path="{shutil.which("chromium")}", args=["--no-sandbox"])'
        )
    commands, code = re.findall(r"^```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    Path(code.split()[1]).write_text(code)
    with ExitStack() as stack:
        for command in commands.replace("\\\n", "").splitlines():
            if command.endswith("&"):
                stack.enter_context(running(command.removesuffix("&"), port))
            elif not command.startswith(INSTALLS):
                ended = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert re.search(PASSED % CONTROL, ended.stdout, re.MULTILINE), ended.stdout
    assert re.search(FAILED % ACCEPTED, ended.stdout, re.MULTILINE), ended.stdout
