"""`bluejay-contract check` checks each exchange in a recording."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from .. import builders
from ..cli.command import Command

RUN_URL = "https://gateway.example/bluejay/v1/retrieve-simulation-results/48213"
JSON = {"Content-Type": "application/json"}
SINGLE_URL = RUN_URL.replace("results/48213", "result/1")


@pytest.fixture
def har(tmp_path: Path) -> Path:
    return tmp_path / "run.har"


def _run(*ids: int, **fields: Any) -> bytes:
    results = [builders.result(each, **fields) for each in ids]
    return builders.encoded(builders.response(*results, total_tests=len(ids)))


def _entry(
    url: str = RUN_URL, body: bytes = _run(1), status: int = 200, headers: Mapping[str, str] = JSON
) -> dict[str, Any]:
    return {
        "request": {"method": "GET", "url": url},
        "response": {
            "status": status,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "content": {"text": base64.b64encode(body).decode(), "encoding": "base64"},
        },
    }


def _har(*entries: Any) -> bytes:
    return builders.encoded({"log": {"entries": entries}})


BROKEN = _run(7, status=7)
OF_A_SCHEMA = ("response-schema-conformance", "$.simulation_results[0].status")
WEB_PAGE = {"request": {"method": "GET", "url": "https://app.getbluejay.ai/"}}
PACKED = {"Content-Encoding": "gzip", "Content-Length": "1"}
ANOTHER = builders.encoded({"simulation_result": builders.result(2)})
FIRST, SECOND = f"{RUN_URL}?limit=2", f"{RUN_URL}?limit=2&offset=2"


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([WEB_PAGE, _entry(), _entry(headers=JSON | PACKED)], []),
        (
            [_entry(), _entry(body=BROKEN)],
            [(*OF_A_SCHEMA, 1), ("results-not-removed", "$.simulation_results", 1)],
        ),
        ([_entry(body=BROKEN)] * 3, [(*OF_A_SCHEMA, 0)]),
        ([_entry(), _entry(status=500)], [("known-undocumented-status", "status", 1)]),
        (
            [_entry(), _entry(headers={"Content-Type": "text/html"})],
            [("content-type-conformance", "header content-type", 1)],
        ),
        (
            [_entry(), _entry(headers={"content-type": "text/html"} | JSON)],
            [("content-type-conformance", "header content-type", 1)],
        ),
        ([_entry(), _entry(SINGLE_URL, ANOTHER)], [("same-run", "$.simulation_result.id", 1)]),
        (
            [_entry(FIRST, _run(1, 2, 3)), _entry(SECOND, _run(3, 4))],
            [
                ("page-size", "$.simulation_results", 0),
                ("results-on-one-page", "$.simulation_results[0].id", 1),
            ],
        ),
    ],
    ids=[
        *("no fault", "a body", "thrice the same", "a status", "a header", "a header sent twice"),
        *("a conversation", "pages"),
    ],
)
def test_each_exchange_in_a_recording_is_checked(
    command: Command, har: Path, entries: list[Any], found: list[tuple[str, str, int]]
) -> None:
    har.write_bytes(_har(*entries))
    failures = json.loads(command("check", har, "--json").out)["failures"]
    by_entry = [(each["rule"], each["path"], each["reproduction"].partition(" # ")[2]) for each in failures]
    assert by_entry == [(rule, path, f"log.entries[{index}]") for rule, path, index in found]


def test_the_clients_recordings_conform_to_the_contract(command: Command, stub: Stub, har: Path) -> None:
    with stub.client() as client:
        client.wait(SCENARIOS["late_tools"].run_id, tool_call_grace=0).save(har)
    assert command("check", har, "--strict").code == 0


@pytest.mark.parametrize(
    ("data", "code", "names"),
    [
        (_har(WEB_PAGE), 2, "HAR"),
        (_har(_entry())[:200], 2, "HAR"),
        (b'{"log": {}}', 2, "'entries'"),
        (_har({"request": {"method": "GET", "url": RUN_URL}}), 2, "'response'"),
        (_har(_entry()).replace(b'"text": "', b'"text": "a'), 2, "base64"),
        (_har(_entry(status=401)), 3, ""),
    ],
    ids=["no response of the service", "truncated", "no entries", "no answer", "no base64", "refused"],
)
def test_a_recording_does_not_pass_if_it_contains_no_response_to_check(
    command: Command, har: Path, data: bytes, code: int, names: str
) -> None:
    har.write_bytes(data)
    ended = command("check", har)
    assert ended.code == code
    assert names in ended.err
