"""A conversation that was fetched by id, without its run."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from attrs import evolve, field, frozen
from bluejay_api.models import SingleSimulationResultResponse

from ..reading.body import OnViolation, read_body
from .context import RunContext
from .doubt import doubts
from .latency import LatencyUnit, unit_of
from .result import SimulationResult

_RECORD = "$.simulation_result"


def read_result(
    model: SingleSimulationResultResponse | None,
    data: bytes,
    on_violation: OnViolation,
    context: RunContext,
) -> SimulationResult:
    """Return the conversation in a body; `model` is None if the body breaks the contract.

    Raises the same errors as `read_body`.
    """
    kind = SingleSimulationResultResponse
    read, found = (model, ()) if model else read_body(data, kind, on_violation, _RECORD)
    violations = tuple(evolve(each, path=f"${each.path.removeprefix(_RECORD)}") for each in found)
    run = _Alone(data, context)
    result = SimulationResult(read.simulation_result, run, 0, violations)
    unit = unit_of([result.latency_received])
    return evolve(result, run=evolve(run, latency_unit=unit, doubts=doubts({result.id: (result,)})))


@frozen
class _Alone:
    """Replaces the run of a conversation that was fetched without its run."""

    _body: bytes
    context: RunContext
    latency_unit: LatencyUnit | None = None
    doubts: Mapping[int, str] = field(factory=dict)
    id: str | None = None
    status: str | None = None
    has_ended: bool = False

    @property
    def raw_results(self) -> tuple[bytes, ...]:
        return (bytes(msgspec.json.decode(self._body, type=_RawResult).simulation_result),)

    def is_fetched_by_id(self, _index: int) -> bool:
        return True


@frozen
class _RawResult:
    simulation_result: msgspec.Raw
