"""Mutants of the times of runs, conversations, events and evaluations."""

from .change import Changes, both, evaluation, event, listed, result, run

CHANGES: Changes = {
    "end-after-start:one-second": (
        "a conversation ends before it starts",
        result(end_time="2026-11-19T16:04:09Z"),
    ),
    "end-after-start:by-zone": (
        "a conversation ends before it starts if the time zones are considered",
        result(end_time="2026-11-19T16:30:00+02:00"),
    ),
    "event-end-after-start:one-millisecond": ("an event ends before it starts", event(end_offset_ms=21399)),
    "start-after-run-created:minutes": (
        "a run was created after its conversations started",
        run(created_at="2026-11-19T16:04:17Z"),
        "$.simulation_results[0].start_time",
    ),
    "start-after-run-created:end": (
        "a conversation ended before its run was created",
        both(run(), result(start_time=None), result(end_time="2026-11-19T16:03:00Z")),
        "$.simulation_results[0].end_time",
    ),
    "evaluation-after-end:before-the-end": (
        "an evaluation was created before its conversation ended",
        evaluation(created_at="2026-11-19T16:05:38Z"),
    ),
    "evaluation-after-end:before-the-start": (
        "an evaluation was created before its conversation started",
        both(result(end_time=None), evaluation(created_at="2026-11-19T16:04:04Z")),
        "$.simulation_results[0].evaluations[0].created_at",
    ),
    "evaluation-after-end:before-the-run": (
        "an evaluation was created before its run",
        both(run(), result(start_time=None, end_time=None), evaluation(created_at="2026-11-19T16:03:54Z")),
        "$.simulation_results[0].evaluations[0].created_at",
    ),
    "event-before-end:six-seconds": (
        "an event starts after its conversation's end",
        event(start_offset_ms=100_000, end_offset_ms=None),
    ),
    "oldest-first:one-second": (
        "a conversation started before the conversation above it",
        result(1, start_time="2026-11-19T16:04:09Z"),
    ),
    "not-in-the-far-future:end": ("a conversation ends in 2099", result(end_time="2099-01-01T00:00:00Z")),
    "not-in-the-far-future:listed": (
        "a listed run was created in 2099",
        listed(1, created_at="2099-01-01T00:00:00Z"),
    ),
    "not-in-the-far-future:evaluation": (
        "an evaluation was created in 9999",
        evaluation(created_at="9999-12-31T23:59:59Z"),
    ),
}
