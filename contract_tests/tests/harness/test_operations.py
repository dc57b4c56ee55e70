"""The rules also judge one result, a queued run and the runs of a simulation."""

import json
import shlex
from typing import Any

import pytest
from bluejay_contract.checks import inapplicable_rules
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS

from .. import builders
from .exchanges import CONTRACT, broken_by

QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "17"}
SOUND = b'{"simulation_id": "731"}'


def _answered(request: Request, document: Any, status: int = 200, **headers: str) -> Exchange:
    return Exchange(request, status, JSON_HEADERS | headers, builders.encoded(document))


def _one(requested: str = "1", **fields: Any) -> Exchange:
    request = Request(requested, Key.VALID, operation=RESULT)
    return _answered(request, {"simulation_result": builders.result() | fields})


def _queued(
    status: int, document: Any, sent: bytes = SOUND, method: str = "POST", **headers: str
) -> Exchange:
    request = Request("", Key.VALID, method, operation=QUEUE, body=sent)
    return _answered(request, document, status, **headers)


def _refused(location: list[object], sent: bytes) -> Exchange:
    """A refused request to queue a run; `location` names the part that the response blames."""
    return _queued(422, {"detail": [{"loc": location, "msg": "No", "type": "missing"}]}, sent)


def _listed(*runs: Any) -> Exchange:
    required = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}
    listed = [{"id": 48213 + index, **required, **each} for index, each in enumerate(runs)]
    return _answered(Request("731", Key.VALID, operation=RUNS), {"simulation_runs": listed})


@pytest.mark.parametrize(
    ("document", "operation"),
    [
        (builders.response(), RESULTS),
        ({"simulation_result": builders.result()}, RESULT),
        (QUEUED, QUEUE),
        ({"simulation_runs": []}, RUNS),
        ({"detail": []}, RESULTS),
        ([], RESULTS),
    ],
    ids=["results", "result", "queued", "runs", "another body", "no object"],
)
def test_the_keys_of_a_saved_body_determine_its_operation(document: Any, operation: str) -> None:
    assert Exchange.saved(builders.encoded(document)).request.operation == operation


@pytest.mark.parametrize("id_", [1, 1.0])
def test_ids_that_are_equal_as_text_name_the_same_result(id_: float) -> None:
    assert broken_by(_one("1", id=id_)) == []


@pytest.mark.parametrize(("requested", "id_"), [("2", 1), ("01", 1), ("1", 1.5), ("1", True)])
def test_a_result_with_another_id_than_requested_is_reported(requested: str, id_: Any) -> None:
    assert "same-run at $.simulation_result.id" in broken_by(_one(requested, id=id_))


def test_rules_about_results_apply_to_a_single_result_and_rules_about_runs_do_not() -> None:
    found = broken_by(
        _one(status="Transferred", start_time="2026-11-19T16:04:00Z", end_time="2026-11-19T16:03:00Z")
    )
    assert found == [
        "unknown-conversation-status at $.simulation_result.status",
        "end-after-start at $.simulation_result.end_time",
    ]
    skipped = {rule.name for rule in inapplicable_rules(CONTRACT, [_one()])}
    assert {"counters-match-results", "start-after-run-created"} <= skipped
    assert "end-after-start" not in skipped


@pytest.mark.parametrize(
    ("location", "found"),
    [
        (["body", "simulation_id"], []),
        (["body"], []),
        (["body", 17], []),
        (["header", "x-api-key"], []),
        (["body", "simulation"], ["validation-error-details at $.detail[0].loc"]),
        (["path", "simulation_run_id"], ["validation-error-details at $.detail[0].loc"]),
    ],
)
def test_a_422_from_queueing_a_run_must_name_a_header_or_the_body(
    location: list[object], found: list[str]
) -> None:
    assert broken_by(_refused(location, b"{")) == found


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (SOUND, ["positive-data-acceptance at status"]),
        (b'{"simulation_id": 731}', []),
        (b'{"simulation_id": "731", "prompt_id": "5f0b"}', []),
        (b"", []),
    ],
    ids=["valid", "wrong type", "no uuid", "no JSON"],
)
def test_a_422_breaks_a_rule_only_if_the_request_was_valid(sent: bytes, found: list[str]) -> None:
    assert broken_by(_refused(["body"], sent)) == found


def test_post_is_the_only_method_that_queues_a_run() -> None:
    assert broken_by(_queued(200, QUEUED)) == []
    assert "unsupported-method at status" in broken_by(_queued(200, QUEUED, method="GET"))
    assert "unsupported-method at status" in broken_by(_queued(405, QUEUED))
    assert broken_by(_queued(405, {}, method="GET", allow="POST")) == []


def test_a_listed_run_may_lack_scores_because_it_may_not_be_settled() -> None:
    nothing_counted: dict[str, Any] = {}
    not_scored_yet = {"total_tests": 3, "tests_passed": 1, "tests_failed": 1}
    not_ended_yet = {"total_tests": 3, "tests_completed": 1, "tests_incompleted": 1}
    no_total = {"total_tests": None, "tests_passed": 4}
    assert broken_by(_listed(nothing_counted, not_scored_yet, not_ended_yet, no_total)) == []


def test_a_run_of_another_simulation_or_a_run_listed_twice_is_reported() -> None:
    found = broken_by(_listed({}, {"experiment_id": 732}, {"id": 48213}))
    assert found == [
        "same-run at $.simulation_runs[1].experiment_id",
        "unique-run-ids at $.simulation_runs[0].id",
        "unique-run-ids at $.simulation_runs[2].id",
    ]


def test_the_command_that_reproduces_a_request_includes_the_body() -> None:
    body = json.dumps({"simulation_id": "it's"}).encode()
    request = Request("", Key.MISSING, "POST", source="http://a/queue", operation=QUEUE, body=body)
    *_, kind, _, sent, url = shlex.split(request.reproduction)
    assert kind == "Content-Type: application/json"
    assert sent.encode() == body
    assert url == "http://a/queue"
