"""Reads runs from the service, a recording, a saved body or standard input."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bluejay_results.client.size_limit import saved_bytes, source_name
from bluejay_results.errors import (
    ContractViolationError,
    UnsupportedValueError,
    UsageError,
)
from bluejay_results.reading.body import OnViolation, naming_file
from bluejay_results.recording.har_reader import is_har
from bluejay_results.results.app_url import run_id_in, simulation_id_in
from bluejay_results.results.run import SimulationRun
from bluejay_results.results.simulation_runs import SimulationRuns

from .key import KeyOptions, find_key
from .log import log_to_stderr

if TYPE_CHECKING:
    from bluejay_results.client.sync_client import BluejayClient
    from bluejay_results.results.result import SimulationResult

T = TypeVar("T")

_ENDINGS = (".json", ".har")
"""The endings of an argument that names a file."""


def only_run_id(source: str) -> str:
    """Return the run id that an argument names; raise UsageError if it names a file."""
    if source == "-" or source.endswith(_ENDINGS) or _is_file(source):
        raise UsageError(f"{source} is a file, which can't be waited for. Give a run id.")
    return run_id_in(source)


def read(
    source: str, base_url: str | None, key: KeyOptions, max_bytes: int, har: str | None = None
) -> SimulationRun:
    """Read the run that a command's argument names, from standard input, a file or the service.

    The service's responses are recorded in the file `har`.
    """
    if is_saved(source):
        return saved(source, max_bytes)
    run_id = run_id_in(source)
    with connect(base_url, key, max_bytes) as client:
        return client.retrieve(run_id, record=har)


def read_list(
    source: str, base_url: str | None, key: KeyOptions, max_bytes: int, har: str | None = None
) -> SimulationRuns:
    """Read the list of a simulation's runs from the service or a file, as `read` does for one run."""
    if is_saved(source):
        return saved_list(source, max_bytes)
    simulation_id = simulation_id_in(source)
    with connect(base_url, key, max_bytes) as client:
        return client.runs(simulation_id, record=har)


def read_all(
    sources: Sequence[str], base_url: str | None, key: KeyOptions, max_bytes: int
) -> list[SimulationRun]:
    """Read several runs; from the service, read them with `complete=True`."""
    if sources.count("-") > 1:
        raise UsageError("Only one run can come from standard input. Save the others.")
    runs = {each: saved(each, max_bytes) for each in sources if is_saved(each)}
    if ids := {each: run_id_in(each) for each in sources if each not in runs}:
        with connect(base_url, key, max_bytes) as client:
            runs |= {each: client.retrieve(run_id, complete=True) for each, run_id in ids.items()}
    return [runs[each] for each in sources]


def read_result(result_id: str, base_url: str | None, key: KeyOptions, max_bytes: int) -> SimulationResult:
    """Fetch one conversation by id."""
    with connect(base_url, key, max_bytes) as client:
        return client.retrieve_result(result_id)


def check_simulation(found: SimulationRuns) -> None:
    """Raise ContractViolationError if a list has runs that don't belong to the requested simulation."""
    if found.of_others:
        raise ContractViolationError(
            f"The service sent runs that don't belong to simulation {found.requested_id}. Check the "
            "simulation id."
        )


def connect(base_url: str | None, key: KeyOptions, max_bytes: int) -> BluejayClient:
    """Make a client with the key and the organization that the options or the environment name."""
    log_to_stderr()
    api_key = find_key(key)
    from bluejay_results.client.sync_client import BluejayClient  # loaded late: it imports the HTTP stack

    return BluejayClient(
        api_key.reveal(), base_url, max_body_bytes=max_bytes, organization_id=key.organization
    )


def is_saved(source: str) -> bool:
    """Whether an argument names standard input or an existing file, or looks like the path of a file."""
    if source.startswith(("http://", "https://")):
        return False
    return source == "-" or source.endswith(_ENDINGS) or os.sep in source or _is_file(source)


def _is_file(source: str) -> bool:
    try:
        return bool(source) and Path(source).is_file()
    except OSError:  # for example, the name is too long for a file
        return False


def saved(source: str, max_bytes: int, on_violation: OnViolation = "raise") -> SimulationRun:
    """Read a run from a file or from standard input."""
    read = partial(SimulationRun.from_bytes, on_violation=on_violation)
    return _saved(source, max_bytes, read, "run", "wait RUN")


def saved_list(source: str, max_bytes: int) -> SimulationRuns:
    """Read the runs of a simulation from a file or from standard input."""
    return _saved(source, max_bytes, SimulationRuns.from_bytes, "simulation", "runs SIMULATION")


def _saved(source: str, max_bytes: int, read: Callable[[bytes], T], noun: str, command: str) -> T:
    name = source_name(source)
    try:
        data = saved_bytes(source, max_bytes)
    except OSError as error:
        kept = "a saved run" if noun == "run" else "its saved runs"
        advice = f"Give a {noun} id, the file of {kept}, or - for standard input."
        raise UsageError(f"{name}: {error.strerror}. {advice}") from None
    if is_har(data):
        with naming_file(name):
            return read(data)
    try:
        return read(data)
    except ContractViolationError as error:
        what = "a run" if noun == "run" else "a list"
        advice = f"Save {what} with: bluejay-results {command} --har FILE"
        said = str(error).removeprefix("The response ")
        raise ContractViolationError(f"{name} {said} {advice}", body=error.body) from None
    except UnsupportedValueError as error:
        raise UnsupportedValueError(f"{name}: {error}", body=error.body) from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None
