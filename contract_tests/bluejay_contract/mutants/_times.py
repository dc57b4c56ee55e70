"""Mutants of when things happened."""

from ._change import Changes, event, result

CHANGES: Changes = {
    "end-after-start:one-second": (
        "a conversation ends before it starts",
        result(end_time="2026-11-19T16:04:09Z"),
    ),
    "end-after-start:by-zone": (
        "a conversation ends before it starts, once zones count",
        result(end_time="2026-11-19T16:30:00+02:00"),
    ),
    "event-end-after-start:one-millisecond": ("an event ends before it starts", event(end_offset_ms=21399)),
}
