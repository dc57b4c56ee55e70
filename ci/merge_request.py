"""Posts a Markdown file as a merge request comment, or updates its own comment with the same first line.

Usage: merge_request.py FILE. COMMENT_TOKEN is the token of the user or bot that comments; GitLab sets the
other variables. This needs only Python, because installing packages may have failed.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

_PER_PAGE = 100


def main() -> None:
    """Post the comment, or print why it couldn't be posted; the job continues either way."""
    if not (token := os.environ.get("COMMENT_TOKEN")):
        _say("the variable in comment-token is empty")
    elif not os.environ.get("CI_MERGE_REQUEST_IID"):
        _say("the pipeline does not belong to a merge request")
    else:
        try:
            _post(Path(sys.argv[1]).read_text(), token)
        except (OSError, ValueError, TypeError, KeyError) as error:  # an HTTP error is an OSError
            _say(f"{type(error).__name__} {getattr(error, 'code', '')}".strip())


def _post(body: str, token: str) -> None:
    request, project = os.environ["CI_MERGE_REQUEST_IID"], os.environ["CI_MERGE_REQUEST_PROJECT_ID"]
    notes = f"/projects/{project}/merge_requests/{request}/notes"
    user = _call("GET", "/user", token)["id"]
    marker = body.splitlines()[0]
    earlier = _earlier(notes, marker, user, token)
    _call(*(("POST", notes) if earlier is None else ("PUT", f"{notes}/{earlier}")), token, {"body": body})


def _earlier(notes: str, marker: str, user: int, token: str) -> int | None:
    """Return the id of the newest comment by this user that starts with the marker."""
    page = 1
    while found := _call("GET", f"{notes}?sort=desc&per_page={_PER_PAGE}&page={page}", token):
        for each in found:
            if each["author"]["id"] == user and each["body"].startswith(marker):
                return int(each["id"])
        page += 1
    return None


def _call(method: str, path: str, token: str, content: dict[str, str] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - the URL of GitLab's own variable
        os.environ["CI_API_V4_URL"] + path,
        None if content is None else json.dumps(content).encode(),
        {"PRIVATE-TOKEN": token, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - see above
        return json.load(answer)


def _say(reason: str) -> None:
    sys.stderr.write(f"The verdict was not posted to a merge request: {reason}.\n")


if __name__ == "__main__":
    main()
