"""`bluejay-contract check` judges each exchange of a recording."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.har import read_har
from bluejay_contract.stub import SCENARIOS, Stub
from contract_kit.errors import KitError

from .. import builders
from ..cli.command import Command

RUN_URL = "https://gateway.example/bluejay/v1/retrieve-simulation-results/48213"
SINGLE_URL = RUN_URL.replace("results/48213", "result/1")
SOUND = builders.encoded(builders.response(builders.result(), total_tests=1))


@pytest.fixture
def har(tmp_path: Path) -> Path:
    return tmp_path / "run.har"


JSON = {"Content-Type": "application/json"}


def _entry(
    url: str = RUN_URL, body: bytes = SOUND, *, status: int = 200, headers: Mapping[str, str] = JSON
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


def _checked(command: Command, har: Path, *entries: Any) -> list[tuple[str, str, str]]:
    """Return the rule, the place and the entry of each failure."""
    har.write_bytes(_har(*entries))
    failures = json.loads(command("check", har, "--json").out)["failures"]
    return [(each["rule"], each["path"], each["reproduction"].partition(" # ")[2]) for each in failures]


BROKEN = builders.encoded(builders.response(builders.result(7, status=7), total_tests=1))
ANOTHER_RESULT = builders.encoded({"simulation_result": builders.result(2)})
PAGE = {"request": {"method": "GET", "url": "https://app.getbluejay.ai/"}}


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (_entry(body=BROKEN), ("response-schema-conformance", "$.simulation_results[0].status")),
        (_entry(status=500), ("known-undocumented-status", "status")),
        (_entry(headers={"Content-Type": "text/html"}), ("content-type-conformance", "header content-type")),
        (_entry(SINGLE_URL, ANOTHER_RESULT), ("same-run", "$.simulation_result.id")),
    ],
    ids=["a body", "a status", "a header", "a conversation"],
)
def test_each_exchange_is_judged_with_its_status_and_headers(
    command: Command, har: Path, entry: Any, found: tuple[str, str]
) -> None:
    assert (*found, "log.entries[1]") in _checked(command, har, _entry(), entry)


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip", "Content-Length": "1"}])
def test_web_pages_and_headers_about_the_transfer_are_ignored(
    command: Command, har: Path, headers: dict[str, str]
) -> None:
    assert _checked(command, har, PAGE, _entry(headers=JSON | headers)) == []


def test_a_later_list_that_contradicts_an_earlier_one_is_suspicious(command: Command, har: Path) -> None:
    without = builders.encoded(builders.response(total_tests=1))
    found = _checked(command, har, _entry(), _entry(body=without))
    assert ("results-not-removed", "$.simulation_results", "log.entries[1]") in found


def test_a_failure_that_several_exchanges_share_is_reported_once(command: Command, har: Path) -> None:
    found = _checked(command, har, *[_entry(body=BROKEN)] * 3)
    assert [entry for rule, _, entry in found if rule == "response-schema-conformance"] == ["log.entries[0]"]


def test_recordings_of_the_client_conform_to_the_contract(command: Command, stub: Stub, har: Path) -> None:
    with stub.client() as client:
        client.wait(SCENARIOS["late_tools"].run_id, tool_call_grace=0).save(har)
    assert command("check", har, "--strict").code == 0


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (_har(PAGE), 2, "This HAR file has no response of the service. Record one with: "),
        (_har(_entry())[:200], 2, "This isn't valid HAR: "),
        (b'{"log": {}}', 2, "This isn't valid HAR: it has no 'entries'."),
        (_har({"request": {"method": "GET", "url": RUN_URL}}), 2, "it has no 'response'."),
        (_har(_entry(status=401)), 3, ""),
    ],
)
def test_a_recording_without_a_response_to_check_does_not_pass(
    command: Command, har: Path, data: bytes, code: int, says: str
) -> None:
    har.write_bytes(data)
    ended = command("check", har)
    assert ended.code == code
    assert says in ended.err


def test_a_body_in_broken_base64_is_refused() -> None:
    entry = _entry()
    entry["response"]["content"]["text"] = "a"
    with pytest.raises(KitError, match="the base64 of a body"):
        list(read_har(_har(entry), lambda *_: True))
