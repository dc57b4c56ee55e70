"""What the command `gate` does: read the runs, judge, and write what CI reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from bluejay_results.errors import UsageError, WaitTimeoutError
from bluejay_results.gate import Verdict, gate
from bluejay_results.gate.settings import Settings, settings
from bluejay_results.run import SimulationRun

from ._files import append, remove, replace
from ._output import write_bytes
from ._waiting import Patience
from .key import KeyOptions
from .source import connect, is_saved, read, run_id_in


@frozen
class Outputs:
    """What to write besides the verdict on stdout."""

    is_json: bool
    is_explained: bool
    junit: str | None
    comment: str | None

    def prepare(self, *inputs: str | None) -> None:
        """Remove the files of an earlier verdict, so that none outlives this one, whatever becomes of it.

        Raises:
            UsageError: A file has no name or two uses, or its folder can't be written: before a long wait.
        """
        taken = {Path(each).resolve() for each in inputs if each and is_saved(each) and each != "-"}
        for option, path in (("--junit", self.junit), ("--comment", self.comment)):
            if path == "":
                raise UsageError(f"{option} has no file. Name one, or leave the option out.")
            if path and Path(path).resolve() in taken:
                raise UsageError(f"{option}: {path} has another use here. Name another file.")
            if path:
                taken.add(Path(path).resolve())
                remove(path)

    def write(self, verdict: Verdict, set_: Settings) -> None:
        """Write all of it, the verdict first; raise UsageError for a file that can't be written."""
        from bluejay_results.gate import reports  # loaded late: it brings the formats

        if self.is_json:
            write_bytes(reports.report_json(verdict))
        else:
            lines = reports.text(verdict, explain=self.is_explained, sources=set_.sources)
            text = "".join(f"{line}\n" for line in lines)
            write_bytes(text.encode(sys.stdout.encoding, "backslashreplace"))
        if self.junit:
            replace(self.junit, reports.junit(verdict))
        if self.comment:
            replace(self.comment, reports.comment(verdict).encode())
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            append(summary, reports.summary(verdict).encode())
        if os.environ.get("GITHUB_ACTIONS") == "true":
            sys.stderr.write("".join(f"{line}\n" for line in reports.annotations(verdict)))


@frozen
class Gating:
    """Reads runs and judges one by the others."""

    _base_url: str | None
    _key: KeyOptions
    _max_bytes: int
    _patience: Patience
    _is_strict: bool

    def run(self, source: str, options: Mapping[str, Any], config: str | None, outputs: Outputs) -> int:
        """Judge the run that an argument names, write the verdict and return the exit code."""
        set_ = settings(options, config)
        outputs.prepare(source, set_.baseline, config)
        set_.rules()  # whatever is wrong with them, before a wait of minutes
        if source == "-" == set_.baseline:
            raise UsageError("Only one run can come from standard input. Save the other.")
        baseline = self._baseline(set_.baseline)
        verdict = gate(self._settled(source), set_.rules(baseline))
        self._check(verdict, baseline)
        outputs.write(verdict, set_)
        return verdict.exit_code

    def _settled(self, source: str) -> SimulationRun:
        """Wait for a run id until it is settled, or return the last state; read what is saved."""
        if is_saved(source):
            return read(source, self._base_url, self._key, self._max_bytes)
        run_id = run_id_in(source)
        with connect(self._base_url, self._key, self._max_bytes) as client:
            try:
                return self._patience.wait(client, run_id)
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

    def _check(self, verdict: Verdict, baseline: SimulationRun | None) -> None:
        run = verdict.run
        if self._is_strict and baseline and baseline.simulation_id != run.simulation_id:
            raise UsageError(
                f"The baseline is a run of simulation {baseline.simulation_id}, run {run.id} one of "
                f"{run.simulation_id}. Give a run of the same simulation."
            )
