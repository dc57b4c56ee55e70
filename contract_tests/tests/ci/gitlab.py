"""The parts of GitLab's API that the component's comments need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .machine import BOT, Machine

TOKEN = "token-that-comments"
_NOTES = "/api/v4/projects/5/merge_requests/7/notes"


@contextmanager
def gitlab(machine: Machine) -> Iterator[dict[str, str]]:
    """Serve a machine's comments; yield the variables in a pipeline for the merge request."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            url = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            found: Any = None
            if self.headers["PRIVATE-TOKEN"] != TOKEN:
                pass
            elif self.command == "GET" and url.path == "/api/v4/user":
                found = {"id": BOT}
            elif self.command == "GET" and url.path == _NOTES:
                query = {name: int(value) for name, [value] in parse_qs(url.query).items() if name != "sort"}
                size = min(query["per_page"], 100)  # as GitLab does
                found = machine.comments[::-1][(query["page"] - 1) * size : query["page"] * size]
            elif self.command in {"POST", "PUT"}:
                machine.add("changes.txt", f"{self.command} {url.path.removeprefix('/api/v4')}\n")
                machine.add("posted.md", body["body"])
                found = {}
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        yield {
            "BLUEJAY_COMMENT_TOKEN": TOKEN,
            "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}/api/v4",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "5",
        }
        server.shutdown()
