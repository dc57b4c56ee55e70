"""How a run was read: everything that is known about a run except the body of its response."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, field, frozen

from ..recording.recording import Recording
from .grace import NO_GRACE, Grace


@frozen
class RunContext:
    """How a run was read.

    Attributes:
        requested_id: The id of the requested run; None if the run was read from bytes or a file.
        headers: The headers of the response.
        grace: How long tool calls may still arrive.
        queued_ids: The ids of the results that were queued with the run; empty if they are not known.
        records: The bytes of each fetched record that replaces a listed one, by its index in the list.
        added: The bytes of the fetched records of conversations that the list leaves out.
        fetched_ids: The ids of the results that were fetched by id.
        doubts: Why conversations are doubtful, by id: the listed and the fetched record contradict each
            other, or a saved body has a key twice.
        notes: Notes from the fetches by id.
        recording: Everything that the run was built from; None if the run was read from a bare body.
    """

    requested_id: str | None = None
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    grace: Grace = NO_GRACE
    queued_ids: tuple[str, ...] = ()
    records: Mapping[int, bytes] = field(factory=dict, repr=False)
    added: tuple[bytes, ...] = field(default=(), repr=False)
    fetched_ids: frozenset[str] = Factory(frozenset)
    doubts: Mapping[int, str] = field(factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    recording: Recording | None = field(default=None, repr=False, eq=False)


def request_id_in(headers: Mapping[str, str]) -> str | None:
    """Return the request id that the service assigned, to quote to its support; None if it sent none."""
    return headers.get("x-request-id") or None
