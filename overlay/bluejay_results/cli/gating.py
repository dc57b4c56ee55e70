"""What the command `gate` does: read or queue the run, judge it, and write what CI reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from attrs import define, evolve, field, frozen

from bluejay_results.errors import BluejayError, UsageError, WaitTimeoutError
from bluejay_results.gate import Verdict, gate
from bluejay_results.gate.reports import Failure
from bluejay_results.gate.settings import Settings, settings
from bluejay_results.results.app_url import page_of_run
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.run import SimulationRun

from ..writing.text import terminal_safe
from .exit_codes import ExitCode, exit_code
from .gate_outputs import Outputs
from .har_option import prepare as prepare_recording
from .interrupt import on_interrupt
from .key import KeyOptions, key_file
from .output import usable_run_id
from .process import describe
from .queue_request import MAY_BE_QUEUED, QueueRequest
from .signals import StoppedError, received
from .source import (
    connect,
    is_saved,
    read,
    run_id_in,
    simulation_id_in,
)
from .state import conversations
from .waiting import Patience


@frozen
class Gating:
    """Reads runs and judges one by the others.

    Attributes:
        source: The run to judge, or the run to queue.
    """

    source: str | QueueRequest
    _base_url: str | None
    _key: KeyOptions
    _max_bytes: int
    _patience: Patience
    _is_strict: bool

    def run(self, options: Mapping[str, Any], config: str | None, outputs: Outputs) -> int:
        """Judge the run, write the verdict and return the exit code."""
        set_, fault = _read_settings(options, config)
        subject = _Subject.of(self.source)
        inputs = list(self._inputs(set_, config))
        outputs.check(inputs)
        self._prepare_recording([path for _, path in inputs] + outputs.paths)
        with closing(outputs), subject.failures_in(outputs):
            outputs.prepare()
            if fault:
                raise fault
            verdict = self._verdict(set_, subject)
            outputs.write(verdict, set_)
        return verdict.exit_code

    def _prepare_recording(self, used: list[str]) -> None:
        source = self.source if isinstance(self.source, str) else f"simulation {self.source.simulation_id}"
        prepare_recording(self._patience.har, source, *used)

    def _inputs(self, set_: Settings, config: str | None) -> Iterator[tuple[str, str]]:
        """Yield the path of each file that is read, after its name."""
        baseline = set_.values.get("baseline")
        for name, source in (("the run", self.source), ("the baseline", baseline)):
            if isinstance(source, str) and is_saved(source) and source != "-":
                yield name, source
        if path := key_file(self._key):
            yield "the file of the API key", path
        for path in {config, *set_.sources.values()}:
            if path and not path.startswith("--"):
                yield "the file of the rules", path

    def _verdict(self, set_: Settings, subject: _Subject) -> Verdict:
        set_.rules()  # whatever is wrong with them, before a run is queued or a wait of minutes
        if self.source == "-" == set_.baseline:
            raise UsageError("Only one run can come from standard input. Save the other.")
        baseline = self._baseline(set_.baseline)
        if isinstance(self.source, QueueRequest):
            self._patience.check()
            self._check_simulation(baseline, self.source.simulation_id)  # before it costs money
        run = self._settled(subject)
        subject.know(run.simulation_id, run.id)
        self._check_simulation(baseline, run.simulation_id)
        return gate(run, set_.rules(baseline))

    def _settled(self, subject: _Subject) -> SimulationRun:
        """Wait for a run until it is settled, or return the last state; read what is saved."""
        source = self.source
        if isinstance(source, str) and is_saved(source):
            return read(source, self._base_url, self._key, self._max_bytes)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            if isinstance(source, str):
                awaited: str | QueuedRun = run_id_in(source)
            else:
                on_interrupt(MAY_BE_QUEUED)
                awaited = source.send(client)
                subject.know(awaited.simulation_id, _told(awaited))
            try:
                return self._patience.wait(client, awaited)
            except WaitTimeoutError as error:
                if error.run is None:
                    raise
                sys.stderr.write(f"{error}\n")
                return error.run

    def _baseline(self, source: str | None) -> SimulationRun | None:
        if source is None:
            return None
        if is_saved(source):
            return read(source, self._base_url, self._key, self._max_bytes)
        run_id = run_id_in(source)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            return client.retrieve(run_id, complete=True)

    def _check_simulation(self, baseline: SimulationRun | None, simulation_id: str) -> None:
        if self._is_strict and baseline and baseline.simulation_id != simulation_id:
            raise UsageError(
                f"The baseline is a run of simulation {baseline.simulation_id}, and the run is one of "
                f"{simulation_id}. Give a run of the same simulation."
            )


@define
class _Subject:
    """What is known of the run, for a report that there is no verdict."""

    _known: Failure = field(factory=lambda: Failure(0, ""))

    @classmethod
    def of(cls, source: str | QueueRequest) -> _Subject:
        """Return what an argument tells: of the URL of a page in the app, both ids."""
        subject = cls()
        if isinstance(source, QueueRequest):
            subject.know(source.simulation_id)
        elif source.startswith(("http://", "https://")):
            with suppress(UsageError):  # of another URL, which is reported later
                subject.know(simulation_id_in(source), run_id_in(source))
        elif not is_saved(source):
            subject.know("", source)
        return subject

    def know(self, simulation_id: str, run_id: str = "") -> None:
        """Take what has become known."""
        url = page_of_run(simulation_id, run_id) if simulation_id and run_id else ""
        self._known = Failure(0, "", simulation_id, run_id, url)

    @contextmanager
    def failures_in(self, outputs: Outputs) -> Iterator[None]:
        """Report an error to the outputs before it goes on."""
        try:
            yield
        except BaseException as error:
            code, message = _ending(error)
            outputs.write_failure(evolve(self._known, exit_code=code, message=message))
            raise


def _told(queued: QueuedRun) -> str:
    """Say at once which run was queued, so that it is never lost, and return its id."""
    run_id = usable_run_id(queued)
    on_interrupt(f"Run {run_id} is queued. To judge it: bluejay-results gate {run_id}")
    said = f"Queued run {run_id}, {conversations(len(queued.result_ids))}: {queued.app_url}"
    sys.stderr.write(f"{terminal_safe(said)}\n")
    return run_id


def _read_settings(options: Mapping[str, Any], config: str | None) -> tuple[Settings, UsageError | None]:
    """Return what is set, or the options alone and the error to raise once the outputs are open."""
    try:
        return settings(options, config), None
    except UsageError as error:
        return Settings(options, {}), error


def _ending(error: BaseException) -> tuple[int, str]:
    """Return the exit code that an error leads to, and what to say of it."""
    if isinstance(error, BluejayError):
        return exit_code(error), describe(error)
    if isinstance(error, KeyboardInterrupt | StoppedError):
        code = received() or ExitCode.INTERRUPTED
        return code, code.meaning
    if isinstance(error, BrokenPipeError):
        return ExitCode.READER_GONE, ExitCode.READER_GONE.meaning
    return ExitCode.USAGE, ExitCode.USAGE.meaning
