"""Changes to fields of one response."""

from collections.abc import Mapping
from typing import Any

from .change import (
    EVALUATION,
    ITEM,
    Change,
    Changes,
    evaluation,
    event,
    filler,
    latency,
    listed,
    metric,
    result,
    results,
    run,
    whole,
)

COUNTERS: Changes = {
    "counters-not-negative:total": run(total_tests=-3, tests_passed=None),
    "counters-not-negative:passed": run(tests_passed=-1, tests_failed=None),
    "counters-not-negative:failed": run(tests_failed=-2, tests_passed=5),
    "counters-not-negative:completed": run(tests_completed=-1, tests_incompleted=None),
    "counters-not-negative:incompleted": run(tests_incompleted=-1, tests_completed=None),
    "counters-not-negative:listed": listed(1, total_tests=-2, tests_passed=None),
    "passed-and-failed-within-total:passed": run(tests_passed=4, tests_failed=-1),
    "passed-and-failed-within-total:both": run(tests_passed=1, tests_failed=3),
    "passed-and-failed-within-total:while-running": run(tests_passed=1, tests_failed=3, status="RUNNING"),
    "passed-and-failed-within-total:failed-null": run(tests_passed=4, tests_failed=None, status="RUNNING"),
    "passed-and-failed-within-total:listed": listed(tests_passed=1, tests_failed=3),
    "completed-and-incompleted-add-up:too-few": run(tests_completed=1),
    "completed-and-incompleted-add-up:too-many": run(tests_completed=2, tests_incompleted=2),
    "completed-and-incompleted-add-up:listed": listed(tests_completed=3),
    "completed-run-has-results:none": whole(simulation_results=[]),
    "results-match-total:one-missing": results(0, 1),
    "results-match-total:one-too-many": results(0, 1, 2, 2),
    "counters-match-results:more-passed": run(tests_passed=3, tests_failed=0).with_(
        result(2, status="SYSTEM_ERROR")
    ),
    "counters-match-results:fewer-passed": run(tests_passed=0, tests_failed=3),
    "counters-match-results:goal-missed": run(tests_passed=3, tests_failed=0).with_(
        evaluation(goal_success=False, human_goal_success=None)
    ),
    "counters-match-results:goal-missed-by-both-answers": run(tests_passed=3, tests_failed=0).with_(
        evaluation(goal_success=False, human_goal_success=False)
    ),
    "counters-match-results:total-below": run(total_tests=2, status=None, tests_failed=1, tests_completed=1),
    "no-completions-while-initializing:all": run(status="INITIALIZING").found(
        "simulation_run", "tests_completed"
    ),
    "no-completions-while-initializing:result": result(status="Completed").with_(
        run(status="INITIALIZING", tests_completed=0)
    ),
    "no-completions-while-initializing:listed": listed(tests_completed=2, status="INITIALIZING"),
}

VALUES: Changes = {
    "unique-result-ids:twice": result(1, id=910101),
    "unique-result-ids:queued": Change(("simulation_result_ids",), {1: "910101"}),
    "unique-run-ids:twice": listed(1, id=48213).found("simulation_runs", 0, "id"),
    "ids-not-empty:queued-run": whole(simulation_run_id=""),
    "ids-not-empty:queued-result": Change(("simulation_result_ids",), {1: " "}),
    "ids-not-empty:agent": whole(agent_id=""),
    "ids-not-empty:run": run(id=""),
    "ids-not-empty:simulation": run(simulation_id=""),
    "ids-not-empty:evaluation": evaluation(id=" "),
    "valid-urls:words": result(transcript_url="pending"),
    "valid-urls:empty": result(transcript_url=""),
    "valid-urls:path": result(audio_url="/audio/910101.wav"),
    "valid-urls:space": result(audio_url="https://files.example.com/a b.wav"),
    "valid-urls:no-host": result(audio_url="https:///a.wav"),
    "portable-json:over-53-bits": result(id=2**53),
    "portable-json:over-53-bits-in-the-id-of-a-run": listed(id=2**53),
    "portable-json:400-digits": result(duration=10**400),
    "body-status:500": whole(status="500"),
    **{
        f"unknown-conversation-status:{status}": result(status=status)
        for status in ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")
    },
}

TIMES: Changes = {
    "end-after-start:one-second": result(end_time="2026-11-19T16:04:09Z"),
    "end-after-start:by-zone": result(end_time="2026-11-19T16:30:00+02:00"),
    "end-after-start:without-zone": result(end_time="2026-11-19T16:04:09"),
    "event-end-after-start:one-millisecond": event(end_offset_ms=21399),
    "start-after-run-created:minutes": run(created_at="2026-11-19T16:04:17Z").found(*ITEM, "start_time"),
    "start-after-run-created:end": result(end_time="2026-11-19T16:03:00Z", start_time=None).with_(run()),
    "evaluation-after-end:before-the-end": evaluation(created_at="2026-11-19T16:05:38Z"),
    "evaluation-after-end:before-the-start": evaluation(created_at="2026-11-19T16:04:04Z").with_(
        result(end_time=None)
    ),
    "evaluation-after-end:before-the-run": evaluation(created_at="2026-11-19T16:03:54Z").with_(
        result(start_time=None, end_time=None).with_(run())
    ),
    "event-before-end:six-seconds": event(start_offset_ms=100_000, end_offset_ms=None),
    "oldest-first:one-second": result(1, start_time="2026-11-19T16:04:09Z"),
    "not-in-the-far-future:end": result(end_time="2099-01-01T00:00:00Z"),
    "not-in-the-far-future:start": result(start_time="2099-01-01T00:00:00Z"),
    "not-in-the-far-future:listed": listed(1, created_at="2099-01-01T00:00:00Z"),
    "not-in-the-far-future:evaluation": evaluation(created_at="9999-12-31T23:59:59Z"),
    "not-in-the-far-future:correction": evaluation(last_edited_at="2099-01-01T00:00:00Z"),
    "not-in-the-far-future:correction-of-a-metric": metric(last_edited_at="2099-01-01T00:00:00Z"),
}

_FIGURES = ("avg", "p50", "p90", "p95", "p99")
MEASURES: Changes = {
    "measures-not-negative:offset": event(start_offset_ms=-1),
    "measures-not-negative:event-end": event(end_offset_ms=-1),
    "measures-not-negative:call": Change((*ITEM, "tool_calls", 0, "actual", 0), {"start_offset_ms": -1}),
    "measures-not-negative:duration": result(duration=-94000),
    "measures-not-negative:turns": evaluation(num_turns=-1),
    **{f"measures-not-negative:{name}": latency(**{name: -1}) for name in (*_FIGURES, "max")},
    **{f"measures-not-negative:filler-{name}": filler(**{name: -1}) for name in _FIGURES},
    "measures-not-negative:average": evaluation(avg_agent_latency=-910),
    "percentiles-in-order:p50-p90": latency(p50=1500).found(*EVALUATION, "latency", "p90_agent_latency"),
    "percentiles-in-order:p90-p95": latency(p95=1400),
    "percentiles-in-order:p95-p99": latency(p99=1500),
    "percentiles-in-order:p99-max": latency(max=1600),
    "percentiles-in-order:avg-max": latency(avg=1631),
    "percentiles-in-order:across-one-not-measured": latency(p95=800, p90=0),
    **{f"percentiles-in-order:filler-{name}": filler(**{name: 0.5}) for name in ("p90", "p95", "p99")},
    "percentage-in-range:over-100": evaluation(agent_speak_percentage=100.5),
    "percentage-in-range:negative": evaluation(agent_speak_percentage=-0.5),
}

_WRONG_ANSWERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "metric-in-range:over": ("6", {}),
    "metric-in-range:under": ("0", {}),
    "metric-in-range:over-the-only-limit": ("6", {"min_value": None}),
    "metric-in-range:under-the-only-limit": ("0", {"max_value": None}),
    "metric-matches-type:quantitative": ("four", {}),
    "metric-matches-type:not-a-number": ("NaN", {}),
    "metric-matches-type:infinite": ("1e400", {}),
    "metric-matches-type:pass_fail": ("passed", {"response_type": "pass_fail"}),
    "metric-matches-type:yes_no": ("true", {"response_type": "yes_no"}),
    "metric-matches-type:empty": ("", {"response_type": "YES_NO"}),
    "metric-matches-type:json": ("[4]", {"response_type": "json"}),
    "metric-matches-type:truncated-json": ("{", {"response_type": "json"}),
    "metric-matches-type:enum": ("blue", {"response_type": "enum", "enum_options": ["red"]}),
}
"""Answers that a metric must not have, each with the metric's other fields."""

METRICS: Changes = {
    **{
        name: metric(response_value=value, human_response_value=None, **fields)
        for name, (value, fields) in _WRONG_ANSWERS.items()
    },
    **{
        f"{name}-by-a-reviewer": metric(human_response_value=value, **fields)
        for name, (value, fields) in _WRONG_ANSWERS.items()
    },
    "metric-in-range:reversed": metric(min_value=5, max_value=1),
    "unknown-metric-type:number": metric(response_type="number"),
}

CHANGES: Changes = {**COUNTERS, **VALUES, **TIMES, **MEASURES, **METRICS}
