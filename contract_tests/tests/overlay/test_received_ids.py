"""The ids that the service sends can't be taken for an option, several words or a path."""

from collections.abc import Callable
from typing import Any

import pytest
from bluejay_contract.stub import Answer
from bluejay_results import ContractViolationError, SimulationRun, SimulationRuns
from bluejay_results.recording.exchange import Exchange
from bluejay_results.results.page import read_record
from bluejay_results.results.queued import QueuedRun
from bluejay_results.webhooks import parse

from .. import builders
from .answers import QUEUED

USABLE = ("7", "A", "48213-b_c.d:e", "a" * 128)
UNUSABLE = ("", "-", "--har=x", "1 --har=x", "a/b", "..", ".a", "_a", "a\n", "a;b", "$a", "é", "٣", "a" * 129)
LISTED = {"id": 1, "experiment_id": 731, "created_at": "2026-11-19T16:04:00Z", "status": "COMPLETED"}


def _queued(**fields: Any) -> object:
    return QueuedRun.received(Exchange(body=Answer.json(QUEUED | fields).body))


def _saved(result_id: int = 1, **run: Any) -> object:
    return SimulationRun.from_bytes(builders.encoded(builders.response(builders.result(result_id), **run)))


def _listed(**fields: Any) -> object:
    return SimulationRuns.from_bytes(builders.encoded({"simulation_runs": [LISTED, LISTED | fields]}))


def _fetched(result_id: int) -> object:
    return read_record(Exchange(body=builders.encoded({"simulation_result": builders.result(result_id)})))


TEXTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a queued run": (lambda id_: _queued(simulation_run_id=id_), "$.simulation_run_id"),
    "a queued result": (
        lambda id_: _queued(simulation_result_ids=["1", id_]),
        "$.simulation_result_ids[1]",
    ),
    "a run": (lambda id_: _saved(id=id_), "$.simulation_run.id"),
    "a run's simulation": (lambda id_: _saved(simulation_id=id_), "$.simulation_run.simulation_id"),
    "an event": (
        lambda id_: parse(builders.encoded({"type": "new", "simulation_run_id": id_})),
        "$.simulation_run_id",
    ),
}
"""The ids that are strings: what reads them, and their paths."""
NUMBERS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a result": (_saved, "$.simulation_results[0].id"),
    "a fetched result": (_fetched, "$.simulation_result.id"),
    "a listed run": (lambda id_: _listed(id=id_), "$.simulation_runs"),
    "a listed run's simulation": (
        lambda id_: _listed(experiment_id=id_),
        "$.simulation_runs",
    ),
}
"""The ids that are integers."""


@pytest.mark.parametrize(("read", "path"), TEXTS.values(), ids=list(TEXTS))
def test_a_received_text_is_accepted_as_an_id_only_if_it_is_usable(
    read: Callable[[Any], object], path: str
) -> None:
    for id_ in USABLE:
        read(id_)
    for id_ in UNUSABLE:
        with pytest.raises(ContractViolationError) as caught:
            read(id_)
        assert (caught.value.path, len(str(caught.value)) < 200) == (path, True), id_


@pytest.mark.parametrize(("read", "path"), NUMBERS.values(), ids=list(NUMBERS))
def test_a_received_number_is_accepted_as_an_id_only_if_it_is_usable(
    read: Callable[[Any], object], path: str
) -> None:
    for id_ in (0, 10**127):
        read(id_)
    for id_ in (-1, 10**128):
        with pytest.raises(ContractViolationError) as caught:
            read(id_)
        assert caught.value.path == path, id_


def test_an_unusable_id_is_refused_even_if_violations_are_collected() -> None:
    body = builders.encoded(builders.response(id="--har=x"))
    with pytest.raises(ContractViolationError):
        SimulationRun.from_bytes(body, on_violation="collect")
