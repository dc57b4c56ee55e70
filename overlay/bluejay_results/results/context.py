"""What is known of a run beside the body of its response."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Factory, field, frozen

from ..recording.recording import Recording
from .grace import NO_GRACE, Grace


@frozen
class RunContext:
    """How a run came to be read.

    Attributes:
        requested_id: The run that was asked for; None when it was read from bytes or a file.
        headers: The headers of the response.
        grace: How long tool calls may still arrive.
        queued_ids: The ids of its results, if it is known which were queued.
        records: The bytes of the records fetched by id that replace those in the list, by index.
        added: The bytes of those that the list leaves out.
        read_singly: The results that were read by themselves, by id.
        doubts: Why conversations are doubtful, by id: the list and the record fetched by id contradict each
            other, or a saved body has a key twice.
        notes: What reading them has shown.
        recording: Everything that the run was built from; None when it was read from a bare body.
    """

    requested_id: str | None = None
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    grace: Grace = NO_GRACE
    queued_ids: tuple[str, ...] = ()
    records: Mapping[int, bytes] = field(factory=dict, repr=False)
    added: tuple[bytes, ...] = field(default=(), repr=False)
    read_singly: frozenset[str] = Factory(frozenset)
    doubts: Mapping[int, str] = field(factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    recording: Recording | None = field(default=None, repr=False, eq=False)


def request_id_in(headers: Mapping[str, str]) -> str | None:
    """Return the id that the service gave a request, for its support; None if it gave none."""
    return headers.get("x-request-id") or None
