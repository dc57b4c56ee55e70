"""HAR files of other programs: which are read as a run, and why others are refused."""

import base64
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer
from bluejay_results import BluejayError, ContractViolationError, Outcome, SimulationRun, UsageError

from .. import builders
from .answers import CALLED, UNRECORDED, single

RUN_URL = "https://api.getbluejay.ai/v1/retrieve-simulation-results/48213"
LATE = builders.result(1, **UNRECORDED, end_time="2026-11-19T16:04:00+00:00")


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """The path of a recording."""
    return tmp_path / "run.har"


def _list(*results: builders.Document) -> Answer:
    return Answer.json(builders.response(*results))


def _foreign(*entries: dict[str, Any]) -> bytes:
    """A HAR file of a browser, with one entry of another site."""
    page = {"request": {"method": "GET", "url": "https://app.getbluejay.ai/"}, "response": {"status": None}}
    return builders.encoded({"log": {"version": "1.2", "entries": [page, *entries]}})


def _entry(
    url: str = RUN_URL,
    *,
    method: str = "GET",
    status: int | None = 200,
    started: str = "2026-11-19T16:05:00.5+01:00",
    **content: Any,
) -> dict[str, Any]:
    return {
        "startedDateTime": started,
        "time": 12.5,
        "request": {"method": method, "url": url},
        "response": {
            "status": status,
            "headers": [
                {"name": "Date", "value": "Thu, 19 Nov 2026 16:05:00 GMT"},
                {"name": "Content-Encoding", "value": "br"},
                {"name": "Content-Length", "value": "5"},
            ],
            "content": content,
        },
    }


TEXT = _list(LATE).body.decode()
SINGLE_URL = RUN_URL.replace("results/48213", "result/1")


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([_entry(text=TEXT)], Outcome.UNDER_WAY),  # by the Date header, a minute after the end
        ([_entry(text=base64.b64encode(TEXT.encode()).decode(), encoding="base64")], Outcome.UNDER_WAY),
        ([_entry(text=TEXT), _entry(SINGLE_URL, text=single(**CALLED).body.decode())], Outcome.PASSED),
        ([_entry(method="OPTIONS", status=204), _entry(status=401, text=""), _entry(text=TEXT)],
         Outcome.UNDER_WAY),
        ([_entry(text=TEXT), _entry(status=None)], Outcome.UNDER_WAY),
        ([_entry(), _entry(text=TEXT)], Outcome.UNDER_WAY),
        ([_entry(text=_list(LATE | CALLED).body.decode(), started="2026-11-19T15:06:00Z"), _entry(text=TEXT)],
         Outcome.PASSED),
        ([_entry(SINGLE_URL, text="{}"), _entry(text=TEXT)], Outcome.UNDER_WAY),
    ],
    ids=[
        "a run", "in base64", "with a fetch by id", "with other requests", "with an unanswered read after it",
        "with a read without its body", "with a later read before it", "with a fetch before it",
    ],
)  # fmt: skip
def test_other_entries_in_a_har_file_of_a_browser_are_ignored(
    har: Path, entries: list[dict[str, Any]], outcome: Outcome
) -> None:
    har.write_bytes(b"\xef\xbb\xbf" + _foreign(*entries))
    run = SimulationRun.from_file(har)
    assert run.requested_id == "48213"
    assert run.results[0].outcome == outcome


OURS = {"version": 2, "method": "wait", "tool_call_grace": 180}
BAD = {
    "of no run": (_foreign(), UsageError, "HAR without a run. It has 1 entry, and none is a response"),
    "of no body": (
        _foreign(_entry()),
        UsageError,
        r"the last response with the run \(15:05:00 UTC, status 200\)",
    ),
    "of a last list without a body": (
        _foreign(_entry(text=TEXT), _entry()),
        UsageError,
        "leaves out the body",
    ),
    "of a last list in the cache": (
        _foreign(_entry(text=TEXT), _entry(status=304, text="")),
        UsageError,
        "the last response with the run .*status 304",
    ),
    "of a last list that failed": (
        _foreign(_entry(text=TEXT), _entry(status=500, text="")),
        BluejayError,
        "500: The service failed",
    ),
    "of two origins": (
        _foreign(_entry(text=TEXT), _entry(RUN_URL.replace("api.", "staging."), text=TEXT)),
        UsageError,
        "responses from https://api.getbluejay.ai and https://staging.getbluejay.ai. Save each service",
    ),
    "of two runs": (
        _foreign(_entry(text=TEXT), _entry(RUN_URL.replace("48213", "48214"), text=TEXT)),
        UsageError,
        "a HAR with 2 runs: 48213, 48214. Save one run per file",
    ),
    "cut short": (_foreign(_entry(text=TEXT))[:300], ContractViolationError, "not valid HAR: Input data"),
    "with a wrong type": (
        _foreign(_entry(text=7)),
        ContractViolationError,
        r"`str \| null`, got `int` - at `\$",
    ),
    "with broken base64": (_foreign(_entry(text="a", encoding="base64")), ContractViolationError, "base64"),
    "of a later version": (
        builders.encoded({"log": {"entries": [_entry(text=TEXT)], "_bluejay": OURS}}),
        UsageError,
        "has format 2; this version reads format 1. Upgrade",
    ),
}


@pytest.mark.parametrize(("data", "kind", "says"), BAD.values(), ids=list(BAD))
def test_a_har_file_without_a_readable_run_is_refused_with_the_reason(
    har: Path, data: bytes, kind: type[BluejayError], says: str
) -> None:
    har.write_bytes(data)
    with pytest.raises(kind, match=rf"^{har}: .*{says}"):
        SimulationRun.from_file(har)
