"""What a reader of a run should know before trusting its numbers, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bluejay_results.result import Outcome
from bluejay_results.run import SimulationRun
from bluejay_results.status import ENDED, UNDER_WAY

from ._text import inert

_EXAMPLES = 3


def notes(run: SimulationRun) -> Iterator[str]:
    """Yield what the contract doesn't know in a run, and where its counters and its conversations differ."""
    if unknown := "; ".join(filter(None, (_unknown_statuses(run), _unknown_fields(run)))):
        yield f"not in the contract: {unknown}"
    if run.is_settled:
        yield from _differences(run)


def _unknown_statuses(run: SimulationRun) -> str:
    statuses: list[str] = [run.status] if run.status and not run.status.is_known else []
    statuses += [each.status for each in run.results if each.status and each.status not in ENDED | UNDER_WAY]
    return _examples("status", list(dict.fromkeys(statuses)))


def _unknown_fields(run: SimulationRun) -> str:
    paths = (re.sub(r"\[\d+\]", "[]", path) for path in run.unknown_fields)
    return _examples("field", list(dict.fromkeys(paths)))


def _examples(noun: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _EXAMPLES} more" if len(names) > _EXAMPLES else ""
    return f"{noun} {', '.join(inert(name, 60) for name in names[:_EXAMPLES])}{more}"


def _differences(run: SimulationRun) -> Iterator[str]:
    counters, received = run.response.simulation_run, len(run.results)
    if counters.total_tests is not None and counters.total_tests != received:
        yield f"the run counts {counters.total_tests} conversations, {received} were received"
    passed = len(run.results_by_outcome[Outcome.PASSED])
    if counters.tests_passed is not None and counters.tests_passed != passed:
        yield f"the run counts {counters.tests_passed} passed; by goal and tool calls it is {passed}"
