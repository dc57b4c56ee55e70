"""The weekly workflow downloads upstream's document and lists its changes."""

import functools
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..outside import environment
from .github import SHELL
from .machine import ROOT

WORKFLOW: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "upstream.yml").read_text())
SCRIPTS = [step["run"] for step in WORKFLOW["jobs"]["check"]["steps"] if "run" in step]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name in the base class
        """Write no log."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The URL of a document that differs from the accepted version in one default."""
    document = json.loads((ROOT / "contract_tests" / "upstream" / "accepted.json").read_text())
    document["components"]["schemas"]["SimulationRunResponse"]["properties"]["status"]["default"] = "queued"
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/openapi.json"
        server.shutdown()
        thread.join()


def _run(script: str, url: str, file: Path) -> subprocess.CompletedProcess[str]:
    script = script.replace(".build/upstream.json", str(file)).replace("make ", "make -o .venv/.ready ")
    variables = environment() | {"URL": url}
    command = [*SHELL, script]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_the_workflow_fails_with_the_list_of_changes(url: str, tmp_path: Path) -> None:
    download, check = SCRIPTS
    file = tmp_path / "folder" / "downloaded.json"
    assert _run(download, url, file).returncode == 0
    ended = _run(check, url, file)
    assert ended.returncode != 0
    assert "SimulationRunResponse" in ended.stdout


def test_the_workflow_fails_if_the_document_cannot_be_downloaded(url: str, tmp_path: Path) -> None:
    assert _run(SCRIPTS[0], f"{url}.missing", tmp_path / "downloaded.json").returncode != 0
