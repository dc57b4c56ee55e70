"""The runs of a simulation: their order, the received bytes, and calls that use the list."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import SimulationRun, SimulationRuns, UsageError

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


def test_a_list_of_runs_can_be_passed_to_retrieve_many(reader: Reader) -> None:
    runs = reader.runs("731")
    assert reader.retrieve_many(runs).keys() == set(ids(runs))
    assert reader.retrieve_many([*runs[:2], "48225"]).keys() == {"48213", "48112", "48225"}


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
