"""A simulation run: what was received, and what people compute from it by hand."""

from __future__ import annotations

import datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from attrs import define, field, frozen
from bluejay_api.models import SimulationResultsResponse, SimulationRunStatus
from bluejay_api.types import decode

from ._unknown import unknown_fields
from .errors import ContractViolationError
from .result import Outcome, SimulationResult
from .status import Phase, phase


@define(frozen=True, eq=False)
class SimulationRun:
    """One run of a simulation with all of its conversations.

    Attributes:
        response: The generated model, in full.
        raw: The exact bytes received.
    """

    response: SimulationResultsResponse = field(repr=False)
    raw: bytes = field(repr=False)

    @classmethod
    def from_bytes(cls, data: bytes) -> SimulationRun:
        """Read the body of a response.

        Raises:
            ContractViolationError: It is not what the contract says; the error carries the bytes.
        """
        try:
            return cls(decode(data, SimulationResultsResponse), data)
        except msgspec.DecodeError as error:
            violation = contract_violation(str(error), data)
        raise violation

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> SimulationRun:
        """Read a saved body.

        Raises:
            OSError: The file can't be read.
            ContractViolationError: It is not what the contract says.
        """
        return cls.from_bytes(Path(path).read_bytes())

    def __repr__(self) -> str:
        state = "settled" if self.is_settled else "not settled"
        return f"<SimulationRun {self.id} {self.status}, {state}, {len(self.results)} results>"

    @property
    def id(self) -> str:
        """Identifier of the run."""
        return self.response.simulation_run.id

    @property
    def simulation_id(self) -> str:
        """Identifier of the simulation that the run belongs to."""
        return self.response.simulation_run.simulation_id

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was queued; always with a zone."""
        return self.response.simulation_run.created_at

    @property
    def status(self) -> SimulationRunStatus | None:
        """Where the run is in its life cycle. COMPLETED alone doesn't mean that it is settled."""
        return self.response.simulation_run.status

    @property
    def summary(self) -> str | None:
        """The run in prose."""
        return self.response.simulation_run.summary

    @property
    def app_url(self) -> str:
        """The run's page in the app (source: domain facts)."""
        simulation, run = quote(self.simulation_id, safe=""), quote(self.id, safe="")
        return f"https://app.getbluejay.ai/simulations/{simulation}/runs/{run}"

    @cached_property
    def results(self) -> tuple[SimulationResult, ...]:
        """The conversations, in the order received; empty when there are none yet."""
        received = self.response.simulation_results or []
        return tuple(SimulationResult(each, self, index) for index, each in enumerate(received))

    @cached_property
    def results_by_outcome(self) -> dict[Outcome, tuple[SimulationResult, ...]]:
        """The conversations grouped by what became of them; every outcome is a key."""
        return {
            outcome: tuple(result for result in self.results if result.outcome is outcome)
            for outcome in Outcome
        }

    @cached_property
    def has_ended(self) -> bool:
        """Whether the run's own status is an end; its scores may still be to come.

        A run whose status is null or new has ended when every conversation that it counts is there and
        its status is a known end.
        """
        where = phase(self.status)
        if where is not Phase.UNKNOWN:
            return where is Phase.ENDED
        received = self.response.simulation_results or []
        counted = max(self.response.simulation_run.total_tests or 0, 1)
        return len(received) >= counted and all(phase(each.status) is Phase.ENDED for each in received)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended and no conversation is under way: nothing will change any more."""
        return self.has_ended and not self.results_by_outcome[Outcome.UNDER_WAY]

    @property
    def pass_rate(self) -> float | None:
        """Conversations passed by conversations in the run, 0 to 1, by the run's own counters.

        None where there is no rate: a counter is null, the total is 0, or the two make no sense together.
        It moves until the run is settled.
        """
        run = self.response.simulation_run
        passed, total = run.tests_passed, run.total_tests
        if passed is None or not total or not 0 <= passed <= total:
            return None
        return passed / total

    @cached_property
    def raw_results(self) -> tuple[bytes, ...]:
        """The exact bytes of each result, in order."""
        envelope = msgspec.json.decode(self.raw, type=_RawResults)
        return tuple(bytes(each) for each in envelope.simulation_results or [])

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """Values that the contract doesn't know, by JSON path."""
        return unknown_fields(self.raw, SimulationResultsResponse)


@frozen
class _RawResults:
    simulation_results: list[msgspec.Raw] | None = None


def contract_violation(reason: str, body: bytes) -> ContractViolationError:
    """Make an error from what the decoder said of a body."""
    reason, _, path = reason.partition(" - at `")
    error = ContractViolationError("", body=body)
    error.path = path.removesuffix("`") or "$"
    error.args = (f"The answer is not what the contract says: {reason} at {error.path}.",)
    return error
