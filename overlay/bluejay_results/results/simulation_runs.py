"""The runs of a simulation, as its list shows them: without their conversations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any, cast, overload

import msgspec
from attrs import define, field, frozen
from bluejay_api.models import GetSimulationRunsResponse, SimulationRunRes, SimulationRunStatus

from .._errors import ContractViolationError, Violation
from ..reading.body import OnViolation, read_body
from ..reading.unknown import unknown_fields
from ..reading.valid_parts import by_item
from .app_url import page_of_run
from .context import request_id_in
from .notes import examples, not_in_contract
from .pass_rate import pass_rate
from .status import Phase, run_phase

_LIST = "$.simulation_runs"
_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@frozen(eq=False)
class ListedRun:
    """One run of a simulation, without its conversations.

    Attributes:
        response: The generated model, in full.
        raw: The exact bytes of this run in the list.
        violations: What in them breaks the contract, as in `SimulationRun.violations`.
    """

    response: SimulationRunRes = field(repr=False)
    raw: bytes = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"<ListedRun {self.id} {self.status}, {self.passed} of {self.total} passed>"

    @property
    def id(self) -> str:
        """Identifier of the run, as text: `retrieve` and `wait` take it. It is an integer in the list."""
        return _text(self.response.id)

    @property
    def simulation_id(self) -> str:
        """Identifier of the simulation, as text; `experiment_id` in the list."""
        return _text(self.response.experiment_id)

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was created; always with a zone."""
        return self.response.created_at

    @property
    def status(self) -> SimulationRunStatus:
        """Where the run is in its life cycle. COMPLETED alone doesn't mean that it is settled."""
        return self.response.status

    @property
    def has_ended(self) -> bool:
        """Whether the status is an end; false for one that the contract doesn't know.

        Whether the run is settled, only its conversations tell: see `SimulationRun.is_settled`.
        """
        return run_phase(self.status) is Phase.ENDED

    @property
    def summary(self) -> str | None:
        """Upstream's summary of the run in words."""
        return self.response.summary

    @property
    def passed(self) -> int | None:
        """Conversations that passed, by the run's own counter; None if it is null or absent."""
        return self.response.tests_passed

    @property
    def total(self) -> int | None:
        """Conversations in the run, by its own counter; None if it is null or absent."""
        return self.response.total_tests

    @property
    def pass_rate(self) -> float | None:
        """Passed by total, 0 to 1; None where there is no rate, as in `SimulationRun.pass_rate`."""
        return pass_rate(self.passed, self.total)

    @property
    def app_url(self) -> str | None:
        """The run's page in the app (source: domain facts); None if a violation hides its ids."""
        if {each.path for each in self.violations} & {"$.id", "$.experiment_id"}:
            return None
        return page_of_run(self.simulation_id, self.id)

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """Values that the contract doesn't know, by JSON path from this run."""
        return unknown_fields(self.raw, SimulationRunRes)


@define(frozen=True, eq=False)
class SimulationRuns(Sequence[ListedRun]):
    """The runs of a simulation, the newest first; of two created at one time, that with the higher id.

    A run whose time a violation hides comes last.

    Attributes:
        response: The generated model, in full and in the order received.
        raw: The exact bytes received.
        violations: What in them breaks the contract or can't be held by this package. Empty unless they
            were read with `on_violation="collect"`: a field that is listed is then None, whatever its type
            says, and a run that is listed is not in here.
        requested_id: The simulation that was asked for; None when they were read from bytes.
        headers: The headers of the response; empty when they were read from bytes.
    """

    response: GetSimulationRunsResponse = field(repr=False)
    raw: bytes = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)
    requested_id: str | None = None
    headers: Mapping[str, str] = field(factory=dict, repr=False)

    @classmethod
    def from_bytes(cls, data: bytes, *, on_violation: OnViolation = "raise") -> SimulationRuns:
        """Read the body of a response; raise what `SimulationRun.from_bytes` raises."""
        model, violations = read_body(data, GetSimulationRunsResponse, on_violation, _LIST)
        return cls.checked(model, data, violations)

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, on_violation: OnViolation = "raise") -> SimulationRuns:
        """Read a recording (a HAR file, as a `Recorder` and `--har` write it) or a saved body.

        Raises:
            OSError: The file can't be read.
            BluejayError: It has no list of runs, or what the recorded call raised.
        """
        # By name, because the replay of a recording is the work of a client, which imports this module.
        saved = import_module("..client.saved_runs", __package__)
        runs: SimulationRuns = saved.runs_in(Path(path).read_bytes(), str(path), on_violation)
        return runs

    @classmethod
    def checked(
        cls, model: GetSimulationRunsResponse, data: bytes, violations: tuple[Violation, ...] = ()
    ) -> SimulationRuns:
        """Make the runs of a body and its model; raise ContractViolationError for an error in their place.

        The contract lets the list be absent, so `{"detail": "Not found"}` conforms to it.
        """
        runs = cls(model, data, violations)
        if model.simulation_runs is None and (others := runs.unknown_fields):
            found = examples("field", others)
            error = ContractViolationError(f"The answer has no list of runs, only: {found}.", body=data)
            error.violations = (Violation(_LIST, "the list of runs is absent"),)
            raise error
        return runs

    def __repr__(self) -> str:
        return f"<SimulationRuns of {self.requested_id}, {len(self)} runs>"

    def __len__(self) -> int:
        return len(self._sorted)

    def __iter__(self) -> Iterator[ListedRun]:
        return iter(self._sorted)

    @overload
    def __getitem__(self, place: int) -> ListedRun: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[ListedRun, ...]: ...

    def __getitem__(self, place: int | slice) -> ListedRun | tuple[ListedRun, ...]:
        return self._sorted[place]

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of each run, as text."""
        return tuple(each.id for each in self)

    @property
    def of_others(self) -> tuple[str, ...]:
        """The ids of runs that are not of the simulation that was asked for; none where that is not known."""
        return tuple(each.id for each in self if self.requested_id not in {None, each.simulation_id})

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return request_id_in(self.headers)

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """Values that the contract doesn't know, by JSON path."""
        return unknown_fields(self.raw, GetSimulationRunsResponse)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before trusting the list, a line each; it quotes what was received.

        Violations, runs of another simulation, runs listed twice, statuses and fields that the contract
        doesn't know.
        """
        found = [f"violations of the contract: {len(self.violations)}"] if self.violations else []
        if self.of_others:
            found.append(f"not of simulation {self.requested_id}: {examples('run', self.of_others)}")
        ids = self.ids
        if len(set(ids)) < len(ids):
            twice = [each for place, each in enumerate(ids) if each in ids[:place]]
            found.append(f"listed more than once: {examples('run', twice)}")
        return (*found, *not_in_contract([each.status for each in self], self.unknown_fields))

    @cached_property
    def _sorted(self) -> tuple[ListedRun, ...]:
        violations = by_item(self.violations, _LIST)
        left_out = {place for place, (first, *_) in violations.items() if first.path == "$"}
        items = (
            msgspec.json.decode(self.raw, type=_RawRuns).simulation_runs
            if self.response.simulation_runs
            else []
        )
        places = [place for place in range(len(items)) if place not in left_out]
        runs = [
            ListedRun(each, bytes(items[place]), tuple(violations.get(place, ())))
            for place, each in zip(places, self.response.simulation_runs or (), strict=True)
        ]
        return tuple(sorted(runs, key=_age, reverse=True))


def _age(run: ListedRun) -> tuple[datetime.datetime, int]:
    created_at, id_ = cast("tuple[datetime.datetime | None, int | None]", (run.created_at, run.response.id))
    return created_at or _LONG_AGO, id_ or 0


def _text(id_: int | None) -> str:
    """Return an id as text; None, against the type, if a violation hides it, as for every other field."""
    return cast("str", None if id_ is None else str(id_))


@frozen
class _RawRuns:
    simulation_runs: list[msgspec.Raw]
