"""One call of the command `gate`: reads the run, judges it and writes the outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from bluejay_results.errors import UsageError, WaitTimeoutError
from bluejay_results.gate.options_and_toml import Settings, settings
from bluejay_results.gate.view import GateView
from bluejay_results.results.app_url import run_id_in, simulation_id_in
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.run import SimulationRun

from ..writing.streams import write_message
from .gate_outputs import KnownRun, Outputs
from .har_option import check_unused
from .har_option import prepare as prepare_recording
from .key import KeyOptions, key_file
from .output import usable_run_id
from .process import OPTIONS
from .progress import conversations_text
from .queue import MAY_BE_QUEUED, QueueRequest
from .signals import on_interrupt
from .source import connect, is_saved, read
from .wait import WaitOptions


@frozen
class GateCall:
    """One call of the command `gate`.

    Attributes:
        source: The run to judge; None to queue a run.
        simulation: The simulation whose run is queued and judged; None to judge `source`.
        queue_options: The values of `QUEUE_OPTIONS`; None for an option that is not given.
    """

    source: str | None
    simulation: str | None
    queue_options: Mapping[str, Any]
    _base_url: str | None
    _key: KeyOptions
    _max_bytes: int
    _wait_options: WaitOptions

    def run(self, options: Mapping[str, Any], config: str | None, outputs: Outputs) -> int:
        """Judge the run, write the verdict and return the exit code.

        The files of an earlier verdict are removed before the options are checked, so that a failure leaves
        no stale verdict.
        """
        set_, invalid = _read_settings(options, config)
        inputs = list(self._inputs(set_, config))
        outputs.check(inputs)
        check_unused(self._wait_options.har, *(path for _, path in inputs), *outputs.paths)
        known = KnownRun.of(self.source, self.simulation)
        with known.failures_in(outputs):
            outputs.prepare()
            subject = self._subject()
            prepare_recording(self._wait_options.har, self.source or f"simulation {self.simulation}")
            if invalid:
                raise invalid
            view = self._verdict(set_, subject, known)
            outputs.write(view)
        return view.exit_code

    def _subject(self) -> str | QueueRequest:
        """Return the run to judge, or the run to queue; raise UsageError unless exactly one is named."""
        given = [OPTIONS[name] for name, value in self.queue_options.items() if value is not None]
        if self.simulation is None and self.source is None:
            raise UsageError(
                "Missing argument 'RUN|FILE|-', or --queue SIMULATION. See: bluejay-results gate --help"
            )
        if self.simulation is None and given:
            raise UsageError(f"{' and '.join(given)} can't be used without --queue.")
        if self.simulation is None:
            return self.source or ""
        if self.source is not None:
            raise UsageError(f"{self.source} and --queue can't be combined. Name a run, or queue one.")
        return QueueRequest(simulation_id_in(self.simulation), self.queue_options)

    def _inputs(self, set_: Settings, config: str | None) -> Iterator[tuple[str, str]]:
        """For each file that is read, yield its name for messages and its path."""
        if self.source is not None and is_saved(self.source) and self.source != "-":
            yield "the run", self.source
        if path := key_file(self._key):
            yield "the file of the API key", path
        for path in {config, *set_.sources.values()}:
            if path and not path.startswith("--"):
                yield "the file of the rules", path

    def _verdict(self, set_: Settings, subject: str | QueueRequest, known: KnownRun) -> GateView:
        rules = set_.rules()  # report invalid rules before queueing a run or waiting for minutes
        if isinstance(subject, QueueRequest):
            self._wait_options.check()
        run = self._settled(subject, known)
        known.know(run.simulation_id, run.id)
        return GateView.of(run, rules)

    def _settled(self, subject: str | QueueRequest, known: KnownRun) -> SimulationRun:
        """Return the settled run, or its last state if the wait times out. A saved run is read as it is."""
        if isinstance(subject, str) and is_saved(subject):
            return read(subject, self._base_url, self._key, self._max_bytes)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            if isinstance(subject, str):
                awaited: str | QueuedRun = run_id_in(subject)
            else:
                on_interrupt(MAY_BE_QUEUED)
                awaited = subject.send(client)
                known.know(awaited.simulation_id, _announce(awaited))
            try:
                return self._wait_options.wait(client, awaited)
            except WaitTimeoutError as error:
                if error.run is None:
                    raise
                write_message(f"{error}")
                return error.run


def _announce(queued: QueuedRun) -> str:
    """Print at once which run was queued, so that its id isn't lost, and return the id."""
    run_id = usable_run_id(queued)
    on_interrupt(f"Run {run_id} is queued. To judge it: bluejay-results gate {run_id}")
    write_message(f"Queued run {run_id}, {conversations_text(len(queued.result_ids))}: {queued.app_url}")
    return run_id


def _read_settings(options: Mapping[str, Any], config: str | None) -> tuple[Settings, UsageError | None]:
    """Return the settings. If their file can't be read, return the options and the error to raise later."""
    try:
        return settings(options, config), None
    except UsageError as error:
        return Settings(options, {}), error
