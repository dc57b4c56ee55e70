"""`make audit` with the real pip-audit, which asks an advisory database on loopback."""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from pip_audit import _cli
from pip_audit._service import OsvService, SkippedDependency

from .dependencies import ROOT

VULNERABLE = "9.2.0"
ADVISORY = {
    "id": "OSV-2026-1",
    "summary": "x",
    "aliases": [],
    "affected": [
        {
            "package": {"name": "attrs", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.2.1"}]}],
        }
    ],
}


class _Database(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({"vulns": [ADVISORY]} if asked["version"] == VULNERABLE else {}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An advisory database that knows of one vulnerability."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Database) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _audit(version: str, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command of `make audit` on a lock with one package; it exits if it fails."""
    [command] = re.findall(r"^\t@\$\(BIN\)/(pip-audit .*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    lock = folder / "lock"
    lock.write_text(f"attrs=={version} --hash=sha256:{'0' * 64}\n")
    words = [str(lock) if word == "requirements.lock" else word for word in shlex.split(command)]
    monkeypatch.setattr(sys, "argv", [*words, "--vulnerability-service", "osv", "--osv-url", url])
    _cli.audit()


def test_only_a_vulnerable_package_fails_the_audit(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _audit("9.2.1", database, tmp_path, monkeypatch)
    with pytest.raises(SystemExit, match="1"):
        _audit(VULNERABLE, database, tmp_path, monkeypatch)


def test_an_unreachable_database_fails_the_audit(
    closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(requests.ConnectionError):
        _audit("9.2.1", closed, tmp_path, monkeypatch)


def test_a_package_that_the_database_does_not_know_fails_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mirror without advisories answers 404 for every package."""

    def unknown(_: Any, package: Any) -> tuple[Any, list[Any]]:
        return SkippedDependency(package.name, "not found"), []

    monkeypatch.setattr(OsvService, "query", unknown)
    with pytest.raises(SystemExit, match="1"):
        _audit("9.2.1", "http://service.invalid", tmp_path, monkeypatch)
