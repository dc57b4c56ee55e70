"""The list of a simulation's runs, without their conversations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Self, cast, overload

from attrs import define, field, frozen
from bluejay_api.models import GetSimulationRunsResponse, SimulationRunRes, SimulationRunStatus

from ..errors import Violation
from ..recording.exchange import Exchange
from ..recording.har import is_har, read_har
from .app_url import page_of_run
from .ids import check_ids
from .outcome import Phase, run_phase
from .pass_rates import service_pass_rate
from .responses import OnViolation, naming_file, read_response, violation_of
from .unknown_fields import names_text, unknown_fields

_LIST = "$.simulation_runs"
_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@frozen(eq=False)
class ListedRun:
    """A run of a simulation, without its conversations.

    Attributes:
        response: The generated model with all fields.
    """

    response: SimulationRunRes = field(repr=False)

    def __repr__(self) -> str:
        return f"<ListedRun {self.id} {self.status}, {self.passed} of {self.total} passed>"

    @property
    def id(self) -> str:
        """The run's id as a string, for `retrieve` and `wait`. In the service's list, it is an integer."""
        return _text(self.response.id)

    @property
    def simulation_id(self) -> str:
        """The simulation's id as a string. In the service's list, it is the integer `experiment_id`."""
        return _text(self.response.experiment_id)

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was created; always with a time zone."""
        return self.response.created_at

    @property
    def status(self) -> SimulationRunStatus:
        """The run's status. A COMPLETED run is not always settled."""
        return self.response.status

    @property
    def has_ended(self) -> bool:
        """Whether the status is final. False for a status that the contract doesn't list.

        Whether the run is settled depends on its conversations; see `SimulationRun.is_settled`.
        """
        return run_phase(self.status) is Phase.ENDED

    @property
    def summary(self) -> str | None:
        """The service's summary of the run, as text."""
        return self.response.summary

    @property
    def passed(self) -> int | None:
        """The number of passed conversations, from the run's own counter; None if null or absent."""
        return self.response.tests_passed

    @property
    def total(self) -> int | None:
        """The number of conversations, from the run's own counter; None if null or absent."""
        return self.response.total_tests

    @property
    def service_pass_rate(self) -> float | None:
        """The percentage of conversations that passed; see `SimulationRun.service_pass_rate`."""
        return service_pass_rate(self.passed, self.total)

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if an id in the URL breaks the contract."""
        return None if None in {self.id, self.simulation_id} else page_of_run(self.simulation_id, self.id)


@define(frozen=True, eq=False)
class SimulationRuns(Sequence[ListedRun]):
    """The runs of a simulation, newest first.

    Of two runs created at the same time, the one with the higher id comes first. A run whose creation time
    breaks the contract comes last.

    Attributes:
        response: The generated model with all fields; the runs are in the order received.
        exchange: The request and the response. The URL is empty if the runs were read from a bare body.
        violations: The values that break the contract or that this package can't represent; empty unless the
            bytes were read with `on_violation="collect"`. A field listed here is None whatever its type, and
            a run listed here is omitted from the sequence.
    """

    response: GetSimulationRunsResponse = field(repr=False)
    exchange: Exchange = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)

    @classmethod
    def from_bytes(cls, data: bytes, *, on_violation: OnViolation = "raise") -> Self:
        """Read a recording or a response body; raise the same errors as `SimulationRun.from_bytes`."""
        if is_har(data):
            return cls.received(read_har(data, "runs").exchanges[-1], on_violation)
        return cls.received(Exchange(body=data), on_violation)

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, on_violation: OnViolation = "raise") -> Self:
        """Read a recording (a HAR file that `record=` wrote) or a saved body.

        Raises:
            OSError: The file can't be read.
            BluejayError: The file contains no list of runs, or records a call that raised an error. The
                message starts with the path.
        """
        data = Path(path).read_bytes()
        with naming_file(str(path)):
            return cls.from_bytes(data, on_violation=on_violation)

    @classmethod
    def received(cls, exchange: Exchange, on_violation: OnViolation) -> Self:
        """Return the runs in a response.

        The contract allows the list to be absent. If it is absent and the body has unknown fields, the body
        is taken to be an error message.

        Raises:
            ContractViolationError: The body breaks the contract, is an error message, has an id that isn't
                usable, or contains a run of a simulation that wasn't requested.
            BluejayError: Any other error that `read_response` raises.
        """
        read, violations = read_response(exchange, GetSimulationRunsResponse, on_violation, _LIST)
        runs = cls(read, exchange, violations)
        if read.simulation_runs is None and (others := runs.unknown_fields):
            noun = "field" if len(others) == 1 else "fields"
            found = f"The response contains no list of runs, only the {noun} {names_text(others)}."
            raise violation_of(exchange, found, _LIST, "the list of runs is absent")
        check_ids(exchange, "run", ((_LIST, each.id) for each in runs))
        check_ids(exchange, "simulation", ((_LIST, each.simulation_id) for each in runs))
        requested = runs.requested_id
        for each in runs:
            if requested not in {None, each.simulation_id} and each.response.experiment_id is not None:
                found = f"The service sent run {each.id} of simulation {each.simulation_id}"
                found = f"{found}, but simulation {requested} was requested."
                raise violation_of(exchange, found, _LIST, f"Expected runs of simulation {requested}")
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
    def requested_id(self) -> str | None:
        """The requested simulation's id; None if the runs were read from a bare body."""
        return self.exchange.resource.id or None

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """The paths of the fields that the contract doesn't list."""
        return unknown_fields(self.exchange.body, GetSimulationRunsResponse)

    @cached_property
    def _sorted(self) -> tuple[ListedRun, ...]:
        return tuple(sorted(map(ListedRun, self.response.simulation_runs or ()), key=_age, reverse=True))


def _age(run: ListedRun) -> tuple[datetime.datetime, int]:
    created_at, id_ = cast("tuple[datetime.datetime | None, int | None]", (run.created_at, run.response.id))
    return created_at or _LONG_AGO, id_ or 0


def _text(id_: int | None) -> str:
    """Return an id as a string or, whatever the type hint, None if the id breaks the contract."""
    return cast("str", None if id_ is None else str(id_))
