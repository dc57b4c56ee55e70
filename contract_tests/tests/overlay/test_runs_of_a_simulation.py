"""The runs of a simulation: their order, the received bytes, and calls that use the list."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import ContractViolationError, NotFoundError, SimulationRun, SimulationRuns, UsageError

from .. import builders
from .conftest import Reader

Document = dict[str, Any]


def listed(id_: Any = 1, **fields: Any) -> Document:
    """A run in the list, with its required fields."""
    required = {"experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}
    return {"id": id_, **required, **fields}


def body(*runs: Any) -> bytes:
    return builders.encoded({"simulation_runs": runs})


def read(*runs: Any, **options: Any) -> SimulationRuns:
    return SimulationRuns.from_bytes(body(*runs), **options)


def ids(runs: SimulationRuns) -> tuple[str, ...]:
    return tuple(each.id for each in runs)


def test_runs_are_sorted_by_time_then_by_id_newest_first() -> None:
    runs = [
        listed(7, created_at="2026-11-19T16:04:00Z"),
        listed(10, created_at="2026-11-19T16:04:00Z"),
        listed(9, created_at="2026-11-19T17:03:00+02:00"),
        listed(1, created_at="2026-11-20T00:00:00Z"),
    ]
    orders = {ids(read(*order)) for order in itertools.permutations(runs)}
    assert orders == {("1", "10", "7", "9")}


def test_the_runs_method_returns_every_run_that_the_service_lists(either: Reader) -> None:
    runs = either.call("runs", "731")
    assert (len(runs), runs[-1].id, runs.requested_id, runs.notes) == (13, "48101", "731", ())
    newest = runs[0]
    assert (newest.id, newest.passed, newest.total, newest.service_pass_rate) == ("48213", 3, 15, 20)
    assert newest.has_ended
    assert newest.app_url == "https://app.getbluejay.ai/simulations/731/runs/48213"


def test_a_list_of_runs_keeps_ids_of_more_than_53_bits_exact() -> None:
    older = b'{ "id": 1.0, "experiment_id":731,"created_at":"2026-11-18T16:04:00Z","status":"RUNNING" }'
    large = listed(2**53 + 1, experiment_id=2**63 - 1)
    data = b'{"simulation_runs": [%b, %b]}' % (older, builders.encoded(large))
    runs = SimulationRuns.from_bytes(data)
    assert runs.exchange.body == data
    assert ids(runs) == ("9007199254740993", "1")
    assert runs[0].simulation_id == "9223372036854775807"


def test_a_list_of_runs_notes_an_unknown_status_and_an_unknown_field() -> None:
    runs = read(listed(status="PAUSED", owner="me"))
    assert runs[0].status == "PAUSED"
    assert not runs[0].status.is_known
    assert not runs[0].has_ended
    [note] = runs.notes
    assert note.data == {"statuses": ["PAUSED"], "fields": ["$.simulation_runs[].owner"]}


def test_a_list_of_runs_keeps_its_valid_runs_if_violations_are_collected() -> None:
    runs = read(listed(1, created_at="soon"), None, listed(3, total_tests="4"), on_violation="collect")
    assert ids(runs) == ("3", "1")
    assert [each.path for each in runs.violations] == [
        "$.simulation_runs[0].created_at",
        "$.simulation_runs[1]",
        "$.simulation_runs[2].total_tests",
    ]
    assert [note.data for note in runs.notes] == [{"count": 3}]


@pytest.mark.parametrize(
    ("fields", "ids"), [({"id": "seven"}, (None, "731")), ({"experiment_id": "seven"}, ("1", None))]
)
def test_a_listed_run_has_no_app_url_if_any_of_its_ids_is_invalid(
    fields: Document, ids: tuple[str | None, str | None]
) -> None:
    [run] = read(listed() | fields, on_violation="collect")
    assert (run.id, run.simulation_id) == ids
    assert run.app_url is None


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b'{"detail": "Not found"}', "$.simulation_runs"),
        (b'{"simulation_runs": null}', "$.simulation_runs"),
        (b"[]", "$"),
    ],
)
def test_a_response_without_the_list_of_runs_is_an_error_not_an_empty_list(data: bytes, path: str) -> None:
    with pytest.raises(ContractViolationError) as caught:
        SimulationRuns.from_bytes(data, on_violation="collect")
    assert caught.value.path == path


@pytest.mark.parametrize("data", [b'{"simulation_runs": []}', b"{}"], ids=["empty", "absent"])
def test_a_simulation_can_have_no_runs(data: bytes) -> None:
    runs = SimulationRuns.from_bytes(data)
    assert (len(runs), list(runs), runs.notes) == (0, [], ())


def test_a_list_with_a_run_from_another_simulation_is_refused(reader: Reader, stub: Stub) -> None:
    stub.serve_runs("731", Answer(body(listed(1), listed(2, experiment_id=732))))
    with pytest.raises(ContractViolationError, match="732"):
        reader.call("runs", "731")


def test_a_list_of_runs_keeps_the_requested_simulation_id_even_if_the_id_contains_a_slash(
    reader: Reader, stub: Stub, har: Path
) -> None:
    stub.serve_runs("a/b", Answer(body()))
    assert reader.call("runs", "a/b", record=har).requested_id == "a/b"
    assert SimulationRuns.from_file(har).requested_id == "a/b"


def test_a_list_of_runs_can_be_passed_to_retrieve_many(reader: Reader) -> None:
    runs = reader.runs("731")
    assert reader.retrieve_many(runs).keys() == set(ids(runs))
    assert reader.retrieve_many([*runs[:2], "48225"]).keys() == {"48213", "48112", "48225"}


def test_a_recorded_list_of_runs_reproduces_the_result_of_the_call(
    reader: Reader, stub: Stub, har: Path
) -> None:
    stub.serve_runs("731", Answer(b"", 503), Answer(body(listed(5), listed(6))), Answer(b"{}", 404))
    live = reader.runs("731", record=har)
    again = SimulationRuns.from_file(har)
    assert (ids(again), again.exchange.body, again.requested_id) == (ids(live), live.exchange.body, "731")
    for call in (lambda: reader.runs("731", record=har), lambda: SimulationRuns.from_file(har)):
        with pytest.raises(NotFoundError):
            call()
    assert b"test-key" not in har.read_bytes()


def test_a_recording_of_a_run_is_not_read_as_a_list_of_runs_or_vice_versa(
    reader: Reader, tmp_path: Path
) -> None:
    run, runs = tmp_path / "run.har", tmp_path / "runs.har"
    reader.retrieve("48213", record=run)
    reader.call("runs", "731", record=runs)
    with pytest.raises(UsageError, match="contain a recorded list"):
        SimulationRuns.from_file(run)
    with pytest.raises(UsageError, match="contain a recorded run"):
        SimulationRun.from_file(runs)
