"""The audit by the real pip-audit, which asks an advisory database on loopback."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from .audit import NOT_AUDITED, _verdict, audit

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


def _audited(folder: Path, version: str, url: str) -> tuple[int, list[str]]:
    lock = folder / "lock"
    lock.write_text(f"attrs=={version} --hash=sha256:{'0' * 64}\n")
    return audit(lock, "--vulnerability-service", "osv", "--osv-url", url)


@pytest.mark.parametrize(
    ("version", "code", "named"), [("9.2.1", 0, ["1"]), (VULNERABLE, 1, ["attrs", "OSV-2026-1", "9.2.1"])]
)
def test_a_vulnerable_package_fails_the_audit_with_the_version_that_fixes_it(
    database: str, tmp_path: Path, version: str, code: int, named: list[str]
) -> None:
    found, [line] = _audited(tmp_path, version, database)
    assert found == code
    assert [each for each in named if each not in line] == []


def test_an_unreachable_database_fails_the_audit(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        code, _ = _audited(tmp_path, "9.2.1", f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert code == NOT_AUDITED


def test_packages_that_the_database_does_not_know_fail_the_audit() -> None:
    """pip-audit alone would pass this: a mirror that answers 404 for every package."""
    assert _verdict([{"name": "attrs", "skip_reason": "not found"}])[0] == NOT_AUDITED
