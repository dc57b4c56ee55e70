"""`bluejay-contract live`: checks of a service, with six requests that change nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.cli import live
from bluejay_contract.exchange import Key, Request
from bluejay_contract.formats import to_json, to_junit, to_text
from bluejay_contract.redaction import Redaction
from bluejay_contract.report import Report, report
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results._secrets import Secret
from bluejay_results.client.config import Config
from bluejay_results.errors import ConnectionFailedError, RequestTimeoutError

from ..cli.command import CANARY, Command
from ..faults._connection import Script
from ..faults._scripts import drips, silent
from ..faults._server import FaultServer
from .mutants import CONTRACT

pytestmark = pytest.mark.usefixtures("stub")

ROOT = Path(__file__).parents[3]
SETTLED = SCENARIOS["settled"].bodies[-1]
RUNNING = SETTLED.replace(b'"status":"COMPLETED"', b'"status":"RUNNING"', 1)
SAID = f"this is what Mia Weber said to the agent at 12 Elm Street, {CANARY}"


def _config(url: str, timeout: float = 30) -> Config:
    return Config.resolve(CANARY, url, request_timeout=timeout, retries=0, max_body_bytes=10**8)


@pytest.fixture
def service(stub: Stub) -> Config:
    """The settings for connecting to the stub."""
    return _config(stub.url)


def _report(service: Config, run_id: str = "48213") -> Report:
    exchanges = list(live.sent(service, live.all_checks(run_id).values(), 0))
    redaction = Redaction(Secret(CANARY).redact)
    return report(CONTRACT, exchanges, service.base_url, redaction=redaction)


def _reported(command: Command, run_id: str = "48213", *options: str | Path) -> tuple[int, Any]:
    """Return the exit code of `live`, and its JSON report."""
    ended = command("live", run_id, "--pause", "0", "--json", *options)
    return ended.code, json.loads(ended.out)


def test_six_get_requests_are_sent_to_the_live_service_with_pauses_between_them(
    service: Config, stub: Stub
) -> None:
    pauses: list[float] = []
    list(live.sent(service, live.all_checks("48213").values(), 1.5, pauses.append))
    sent = [(each.run_id, each.key_accepted, "x-api-key" in each.headers) for each in stub.requests]
    with_key, nobodys = ("48213", True, True), (live.NOBODYS_RUN, True, True)
    assert sent == [*[with_key] * 3, ("48213", False, False), ("48213", False, True), nobodys]
    queries: list[dict[str, str]] = [{}, {}, {"limit": "1", "offset": "0"}, {}, {}, {}]
    assert [each.query for each in stub.requests] == queries
    assert {each.method for each in stub.requests} == {"GET"}
    assert {each.headers["user-agent"] for each in stub.requests} == {live.HEADERS["User-Agent"]}
    assert pauses == [1.5] * 5


@pytest.mark.parametrize("run_id", ["48213", "48214", "48215"])
def test_a_conforming_service_passes_even_if_the_run_is_under_way(service: Config, run_id: str) -> None:
    assert _report(service, run_id).failures == ()


OF_NOBODY = SETTLED.replace(b'"48213"', f'"{live.NOBODYS_RUN}"'.encode())
NUMBER = SETTLED.replace(b'"simulation_id":"731"', b'"simulation_id":731')
WITHOUT_KEY = [f"{rule} at status" for rule in ("ignored-auth", "missing-required-header", "ignored-auth")]


@pytest.mark.parametrize(
    ("run_id", "bodies", "needs_key", "found"),
    [
        ("48213", [SETTLED], False, WITHOUT_KEY),
        (live.NOBODYS_RUN, [OF_NOBODY], True, ["same-run at status"]),
        ("48213", [SETTLED, RUNNING], True, ["run-status-moves-forward at $.simulation_run.status"]),
        ("48213", [NUMBER], True, ["response-schema-conformance at $.simulation_run.simulation_id"]),
    ],
    ids=["no key needed", "unknown run", "contradiction of two reads", "failure of both reads"],
)
def test_each_fault_of_a_service_is_reported_by_its_rule(
    run_id: str, bodies: list[bytes], needs_key: bool, found: list[str], service: Config, stub: Stub
) -> None:
    stub.serve(run_id, *(Answer(body, authenticated=needs_key) for body in bodies))
    assert [f"{failure.rule} at {failure.path}" for failure in _report(service).failures] == found


def _said(document: Any) -> Any:
    """Copy a document: replace each string and number with the text `SAID`, and add this text as a key."""
    if isinstance(document, dict):
        return {key: _said(each) for key, each in document.items()} | {SAID: SAID}
    if isinstance(document, list):
        return [_said(each) for each in document]
    return SAID


def test_no_report_contains_text_from_any_field(service: Config, stub: Stub) -> None:
    """Every string in three responses contains the text: two contradictory reads of a run, and an error."""
    said = _said(json.loads(SETTLED))
    later = json.loads(json.dumps(said).replace("Mia", "Ada"))
    stub.serve("48213", Answer.json(said), Answer.json(later))
    stub.serve(live.NOBODYS_RUN, Answer.json({"detail": SAID, "more": [{SAID: SAID}]}, 422))
    report = _report(service)
    assert {"response-schema-conformance", "unknown-field", "run-identity-unchanged"} <= {
        failure.rule for failure in report.failures
    }
    for written in (to_text(report, None), to_json(report), to_junit(report).decode()):
        assert [word for word in (CANARY, "Weber", "Mia", "Ada", "Elm") if word in written] == []


@pytest.mark.parametrize(
    ("run_id", "pages", "paging", "broken"),
    [
        ("48213", True, "sent", set()),
        ("48213", False, "ignored", {"page-size"}),
        ("48219", True, "unknown", set()),
        ("48300", True, "unknown", set()),
        ("48300", False, "unknown", set()),
        ("48301", True, "unknown", {"known-undocumented-status"}),
    ],
    ids=["pages", "no pages", "no conversation", "one", "one without pages", "no readable page"],
)
def test_the_report_states_whether_the_service_paginates(
    command: Command, stub: Stub, run_id: str, pages: bool, paging: str, broken: set[str]
) -> None:
    stub.pages = pages
    stub.serve("48300", Answer.json(run(passed=1)))
    two = Answer.json(run(passed=2, id="48301"))
    stub.serve("48301", two, two, Answer(b"", 503))
    _, document = _reported(command, run_id)
    assert document["paging"] == paging
    assert {failure["rule"] for failure in document["failures"]} >= broken
    assert bool(broken) or document["failures"] == []


@pytest.mark.parametrize(
    ("answers", "code", "refusal", "under_way"),
    [
        ([Answer(b"", 401)], 3, "401", False),
        ([Answer(b"", 503), Answer(b"", 503), Answer(SETTLED)], 0, None, False),
        ([Answer(RUNNING), Answer(SETTLED)], 0, None, False),
        ([Answer(RUNNING)], 0, None, True),
        ([Answer(SETTLED, authenticated=False)], 5, None, False),
    ],
    ids=["refused", "read once", "ended meanwhile", "under way", "no key needed"],
)
def test_the_report_states_whether_the_run_could_be_read(
    command: Command, stub: Stub, answers: list[Answer], code: int, refusal: str | None, under_way: bool
) -> None:
    stub.serve("48213", *answers)
    ended, document = _reported(command)
    assert (ended, document["passed"]) == (code, code == 0)
    assert (document["refusal"], document["under_way"]) == (refusal, under_way)


def test_other_users_cannot_read_the_bodies_saved_with_the_keep_option(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "kept"
    code, document = _reported(command, "48213", "--keep", folder)
    assert code == 0
    # With the stub, every rule applies except those about several pages of one read.
    assert document["inapplicable"] == ["pages-of-one-run", "results-on-one-page"]
    names = ["1-first-read", "2-second-read", "3-small-page", "4-no-key", "5-wrong-key", "6-unknown-run"]
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.json" for name in names]
    assert (folder / "1-first-read.json").read_bytes() == SETTLED
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}


ONE_READ = Request("48213", Key.VALID)
SLOW = drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", bytes(9999))


@pytest.mark.parametrize(("script", "timeout"), [(silent, 0.2), (SLOW, 30)], ids=["no answer", "no end"])
def test_a_response_that_does_not_end_in_time_is_a_timeout(
    script: Script, timeout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluejay_contract.cli.live.ANSWER_TIMEOUT", 0.2)
    with FaultServer(script) as server, pytest.raises(RequestTimeoutError):
        list(live.sent(_config(server.url, timeout), [ONE_READ], 0))


def test_a_truncated_body_is_reported_as_a_connection_failure(service: Config, stub: Stub) -> None:
    stub.serve("48213", Answer(SETTLED, headers={"content-length": str(len(SETTLED) + 1)}))
    with pytest.raises(ConnectionFailedError) as caught:
        list(live.sent(service, [ONE_READ], 0))
    assert CANARY not in repr(caught.value)
    assert caught.value.__cause__ is None
