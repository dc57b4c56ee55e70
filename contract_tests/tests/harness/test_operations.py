"""The rules also check single results, queued runs and lists of a simulation's runs."""

from typing import Any

import pytest
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS

from .. import builders
from .findings import broken_by

QUEUED = {"simulation_run_id": "48213", "simulation_result_ids": ["1", "2"], "agent_id": "17"}
SOUND = b'{"simulation_id": "731"}'


def _one(requested: str = "1", **fields: Any) -> Exchange:
    request = Request(requested, Key.VALID, operation=RESULT)
    document = {"simulation_result": builders.result() | fields}
    return Exchange(request, 200, JSON_HEADERS, builders.encoded(document))


def _refused(location: list[object], sent: bytes) -> Exchange:
    """A rejected request to queue a run; the response has an error at `location`."""
    request = Request("", Key.VALID, "POST", operation=QUEUE, body=sent)
    document = {"detail": [{"loc": location, "msg": "No", "type": "missing"}]}
    return Exchange(request, 422, JSON_HEADERS, builders.encoded(document))


def _listed(*runs: Any) -> Exchange:
    required = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}
    listed = [{"id": 48213 + index, **required, **each} for index, each in enumerate(runs)]
    request = Request("731", Key.VALID, operation=RUNS)
    return Exchange(request, 200, JSON_HEADERS, builders.encoded({"simulation_runs": listed}))


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
def test_the_json_keys_of_a_saved_body_determine_its_operation(document: Any, operation: str) -> None:
    assert Exchange.saved(builders.encoded(document)).request.operation == operation


@pytest.mark.parametrize(
    ("requested", "id_", "is_another"),
    [("1", 1, False), ("1", 1.0, False), ("01", 1, True), ("1", 1.5, True), ("1", True, True)],
)
def test_a_result_is_reported_if_its_id_differs_from_the_requested_id(
    requested: str, id_: Any, is_another: bool
) -> None:
    assert ("same-run at $.simulation_result.id" in broken_by(_one(requested, id=id_))) is is_another


@pytest.mark.parametrize(
    ("location", "sent", "found"),
    [
        (["body", "simulation_id"], b"{", []),
        (["body"], b"{", []),
        (["body", 17], b"{", []),
        (["header", "x-api-key"], b"{", []),
        (["body", "simulation"], b"{", ["validation-error-details at $.detail[0].loc"]),
        (["path", "simulation_run_id"], b"{", ["validation-error-details at $.detail[0].loc"]),
        (["body"], SOUND, ["positive-data-acceptance at status"]),
        (["body"], b'{"simulation_id": 731}', []),
        (["body"], b'{"simulation_id": "731", "prompt_id": "5f0b"}', []),
        (["body"], b"", []),
    ],
)
def test_a_422_from_queueing_a_run_must_name_an_invalid_part_of_the_request(
    location: list[object], sent: bytes, found: list[str]
) -> None:
    assert broken_by(_refused(location, sent)) == found


def test_a_listed_run_that_is_not_settled_may_have_incomplete_counters() -> None:
    not_scored_yet = {"total_tests": 3, "tests_passed": 1, "tests_failed": 1}
    not_ended_yet = {"total_tests": 3, "tests_completed": 1, "tests_incompleted": 1}
    no_total = {"total_tests": None, "tests_passed": 4}
    assert broken_by(_listed({}, not_scored_yet, not_ended_yet, no_total)) == []
