"""The parts of GitLab's API that the component's comments need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from attrs import define, field

TOKEN = "token-that-comments"
BOT, MALLORY = 11, 12
_NOTES = "/api/v4/projects/5/merge_requests/7/notes"


@define
class GitLab:
    """A server with one merge request.

    Attributes:
        notes: The comments on the merge request, the newest first.
        changes: The requests that changed a comment.
    """

    url: str
    notes: list[dict[str, Any]] = field(factory=list)
    changes: list[str] = field(factory=list)

    @property
    def variables(self) -> dict[str, str]:
        """The variables in a pipeline for the merge request."""
        return {
            "BLUEJAY_COMMENT_TOKEN": TOKEN,
            "CI_API_V4_URL": f"{self.url}/api/v4",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "5",
        }

    def add(self, author: int, body: str) -> None:
        self.notes.insert(0, {"id": len(self.notes) + 1, "author": {"id": author}, "body": body})

    def answer(self, method: str, target: str, body: dict[str, str]) -> Any:
        """Return the response as JSON; None for an unknown request."""
        url = urlsplit(target)
        if method == "GET" and url.path == "/api/v4/user":
            return {"id": BOT}
        if method == "GET" and url.path == _NOTES:
            query = {name: int(values[0]) for name, values in parse_qs(url.query).items() if name != "sort"}
            size = min(query["per_page"], 100)  # as GitLab does
            return self.notes[(query["page"] - 1) * size : query["page"] * size]
        changed = [each for each in self.notes if url.path == f"{_NOTES}/{each['id']}"]
        if method == "PUT" and changed:
            changed[0] |= body
        elif method == "POST" and url.path == _NOTES:
            self.add(BOT, body["body"])
        else:
            return None
        self.changes.append(f"{method} {url.path.removeprefix('/api/v4')}")
        return {}


@contextmanager
def gitlab() -> Iterator[GitLab]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_known = self.headers["PRIVATE-TOKEN"] == TOKEN
            found = served.answer(self.command, self.path, json.loads(body or b"{}")) if is_known else None
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = GitLab(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()
