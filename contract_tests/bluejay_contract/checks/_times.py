"""Rules about when things happened."""

from __future__ import annotations

from collections.abc import Iterator

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.failure import Severity

from ._applies import has_run
from ._document import number, objects, results_of, time
from ._rule import Finding, Rule


def _end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No conversation ends before it starts."""
    for path, result in results_of(exchange):
        start, end = time(result, "start_time"), time(result, "end_time")
        if start and end and end < start:
            yield f"{path}.end_time", f"not before {result['start_time']}", result["end_time"]


def _event_end_after_start(contract: Contract, exchange: Exchange) -> Iterator[Finding]:
    """No event ends before it starts."""
    for path, result in results_of(exchange):
        for where, event in objects(result, "events", path):
            start, end = number(event, "start_offset_ms"), number(event, "end_offset_ms")
            if start is not None and end is not None and end < start:
                yield f"{where}.end_offset_ms", f"{start} or more", end


RULES = (
    Rule("end-after-start", Severity.SUSPICIOUS, _end_after_start, has_run),
    Rule("event-end-after-start", Severity.SUSPICIOUS, _event_end_after_start, has_run),
)
