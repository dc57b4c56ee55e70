"""Reads runs from the service, a recording, a saved body or standard input.

Modules that read files are imported lazily because --help doesn't need them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import ContractViolationError, UsageError
from bluejay_results.results.app_url import run_id_in, simulation_id_in

from ..writing.files import check_distinct, output
from .connection import Connection
from .keys import key_file

if TYPE_CHECKING:
    from bluejay_results.results.responses import OnViolation
    from bluejay_results.results.run import SimulationRun
    from bluejay_results.results.simulation_runs import SimulationRuns

T = TypeVar("T")

SAVED = (
    "recordings, saved bodies, or - for standard input. An argument is read as a file if a file with that "
    "name exists, or if it contains a slash or ends in .har or .json."
)
_ENDINGS = (".json", ".har")
"""The extensions by which an argument is recognized as a file."""


def check_run_id(source: str) -> None:
    """Raise UsageError unless an argument is a run id or the URL of a run's page."""
    if source == "-" or source.endswith(_ENDINGS) or _is_file(source):
        raise UsageError(f"Can't wait for {source}, because it is a file. Pass a run id.")
    run_id_in(source)


def read(source: str, connection: Connection, har: str | None = None) -> SimulationRun:
    """Read the run specified by a command's argument, from standard input, a file or the service.

    The service's responses are recorded in the file `har`.
    """
    if is_saved(source):
        return saved(source)
    with connection.client() as client:
        return client.retrieve(source, record=har)


def read_list(source: str, connection: Connection, har: str | None) -> SimulationRuns:
    """Read the list of a simulation's runs from the service or a file, like `read` for a run."""
    from bluejay_results.results.simulation_runs import SimulationRuns

    if is_saved(source):
        return _saved(source, SimulationRuns.from_bytes, "list", "runs SIMULATION")
    simulation_id = simulation_id_in(source)
    with connection.client() as client:
        return client.runs(simulation_id, record=har)


def read_all(sources: Sequence[str], connection: Connection) -> Iterator[SimulationRun]:
    """Yield several runs, one after another. Runs from the service are read with `complete=True`."""
    if sources.count("-") > 1:
        raise UsageError("Only one run can be read from standard input. Save the others to files.")
    ids = {each: run_id_in(each) for each in sources if not is_saved(each)}
    with connection.client() if ids else nullcontext() as client:
        for each in sources:
            yield client.retrieve(each, complete=True) if client and each in ids else saved(each)


def prepare_recording(har: str | None, *sources: str, connection: Connection) -> None:
    """Remove an earlier recording, so that it isn't mistaken for the new one.

    Raises:
        UsageError: There is nothing to record, or the file can't be written or is also an input.
    """
    if har is None:
        return
    if not sources or any(map(is_saved, sources)):
        raise UsageError(
            "--har records the service's responses. Pass a run instead of a file, or leave out --har."
        )
    recording = output("--har", har)
    if recording.is_stdout:
        raise UsageError("--har needs a file name, got '-'.")
    path = key_file(connection.api_key_file)
    check_distinct([recording], [("the API key file", path)] if path else [])
    recording.prepare()


def is_saved(source: str) -> bool:
    """Whether an argument means standard input, names an existing file, or looks like a file path."""
    if source.startswith(("http://", "https://")):
        return False
    return source == "-" or source.endswith(_ENDINGS) or os.sep in source or _is_file(source)


def _is_file(source: str) -> bool:
    try:
        return bool(source) and Path(source).is_file()
    except OSError:  # for example, the name is too long
        return False


def saved(source: str, on_violation: OnViolation = "raise") -> SimulationRun:
    """Read a run from a file or from standard input."""
    from bluejay_results.results.run import SimulationRun

    read = partial(SimulationRun.from_bytes, on_violation=on_violation)
    return _saved(source, read, "run", "wait RUN")


def _saved(source: str, read: Callable[[bytes], T], noun: str, command: str) -> T:
    from bluejay_results.recording.har import is_har
    from bluejay_results.results.responses import naming_file

    name = source_name(source)
    try:
        data = saved_bytes(source)
    except OSError as error:
        advice = "Pass an id, a file name, or - for standard input."
        raise UsageError(f"{name}: {error.strerror}. {advice}") from None
    with naming_file(name):
        try:
            return read(data)
        except ContractViolationError as error:
            if is_har(data):  # the recorded call's error is raised unchanged
                raise
            advice = f"Save a {noun} with: bluejay-results {command} --har FILE"
            raise replace(error, message=f"{error} {advice}") from None


def saved_bytes(source: str) -> bytes:
    """Read a file, or standard input for `-`.

    Raises:
        OSError: The file can't be read.
        UsageError: The file is larger than the maximum size of a response.
    """
    # Standard input stays open because other code checks whether it is a terminal.
    with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as stream:
        return bounded(iter(partial(stream.read, 1 << 20), b""), MAX_BODY_BYTES, source_name(source))


def bounded(pieces: Iterable[bytes], limit: int, name: str) -> bytes:
    """Join the chunks of a body; raise UsageError as soon as they exceed `limit` bytes."""
    read, size = [], 0
    for piece in pieces:
        read.append(piece)
        size += len(piece)
        if size > limit:
            raise UsageError(f"{name} is larger than {limit >> 20} MiB, which is the maximum size.")
    return b"".join(read)


def source_name(source: str) -> str:
    """Return the name of a file or standard input, for messages."""
    return "standard input" if source == "-" else source
