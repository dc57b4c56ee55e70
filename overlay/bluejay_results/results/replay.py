"""Reads saved responses, and the responses in a recording as the client read them."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import BluejayError, ContractViolationError, UsageError
from ..recording.har import is_har, read_har
from .page import FailedFetch, Page, Parts, Record, check_count, read_bodies, read_page, read_record
from .responses import OnViolation, is_cdn_fault, is_transient


def saved_parts(data: bytes | Sequence[bytes], on_violation: OnViolation) -> Parts:
    """Return the parts of a run from a recording, a response body, or the run's pages.

    Raises:
        BluejayError: As in `SimulationRun.from_bytes`.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        if not data:
            raise UsageError("A run needs at least one page. Pass the bodies that the service sent.")
        parts = Parts(read_bodies(data, on_violation))
    elif is_har(data := bytes(data)):
        parts = _replayed(data, on_violation)
    else:
        parts = Parts(read_bodies([data], on_violation))
    check_count(parts.pages[-1].exchange, sum(each.count for each in parts.pages))
    return parts


def _replayed(data: bytes, on_violation: OnViolation) -> Parts:
    """Return the parts of the run in a recording.

    Raises:
        BluejayError: The error that the recorded call raised.
    """
    recording = read_har(data, "page")
    settings = recording.settings
    pages: list[Page] = []
    fetched: list[Record] = []
    failed: dict[str, FailedFetch] = {}
    for each in recording.exchanges:
        try:
            if each.resource.kind == "conversation":
                fetched.append(read_record(each, on_violation))
            else:
                pages.append(read_page(each, on_violation, settings.simulation_id))
        except ContractViolationError:
            raise
        except BluejayError as error:
            if each.resource.kind == "conversation":
                failed[each.resource.id] = FailedFetch(each, str(error))
            # Only `wait` continues after an error, and only if it had already read pages.
            elif not (pages and (is_transient(error) or is_cdn_fault(error))):
                raise
    pages.sort(key=lambda each: each.number)
    return Parts(tuple(pages), tuple(fetched), tuple(failed.values()), settings, recording.seen)
