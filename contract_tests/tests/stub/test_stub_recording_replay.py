"""With `serve_recording`, the stub sends the service's recorded responses."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .. import builders
from .test_stub_pages import ids, numbered

GRACE = 0.1  # in seconds
HEADERS = {"Date": "Wed, 25 Nov 2026 08:00:00 GMT", "Content-Encoding": "gzip"}
"""The recorded responses' headers; recorded bodies are already decompressed."""


@pytest.mark.parametrize("name", ["advancing", "late_tools", "gaps"])
def test_a_client_reads_the_run_that_was_recorded(stub: Stub, har: Path, name: str) -> None:
    with stub.client() as client:
        recorded = client.wait(SCENARIOS[name].run_id, poll_interval=0.01, tool_call_grace=GRACE)
        recorded.save(har)
        stub.reset()
        again = client.wait(stub.serve_recording(har), poll_interval=0.01, tool_call_grace=GRACE)
    assert again.to_json() == recorded.to_json()


def test_a_replayed_page_has_the_recorded_bytes_and_date(stub: Stub, client: httpx.Client, har: Path) -> None:
    """The recording has a poll with limit=1 and two pages. With another limit, part of a page is sent."""
    pages = {"limit=1": numbered(1), "limit=100": numbered(100), "limit=100&offset=100": numbered(50, 100)}
    har.write_text(json.dumps({"log": {"entries": [_entry(stub, *each) for each in pages.items()]}}))
    assert stub.serve_recording(har) == "48300"
    for query, answer in [*reversed(pages.items()), *pages.items()]:
        response = client.get(f"48300?{query}")
        assert (response.content, response.headers["date"]) == (answer.body, HEADERS["Date"])
    assert ids(client.get("48300?limit=2&offset=100")) == [100, 101]
    assert client.get("48300?offset=300").status_code == 404


def _entry(stub: Stub, query: str, answer: Answer) -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in HEADERS.items()]
    content = {"mimeType": "application/json", "text": answer.body.decode()}
    return {
        "request": {"method": "GET", "url": f"{stub.url}/v1/retrieve-simulation-results/48300?{query}"},
        "response": {"status": 200, "headers": headers, "content": content},
    }


@pytest.mark.parametrize(
    ("document", "names"), [({"log": {"entries": []}}, "0 runs"), (builders.response(), "'log'")]
)
def test_a_file_that_is_not_a_recording_of_one_run_is_refused(
    stub: Stub, har: Path, document: Any, names: str
) -> None:
    har.write_bytes(builders.encoded(document))
    with pytest.raises(ValueError, match=names):
        stub.serve_recording(har)
