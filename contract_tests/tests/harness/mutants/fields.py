"""Changes to fields of one response: those that break a rule, and the nearest ones that keep it.

`golden/harness/bounds.py` changes each field of the table in `checks/bounds.py`; here are its special cases.
"""

from itertools import pairwise
from typing import Any

from .change import (
    EVALUATION,
    ITEM,
    Change,
    Changes,
    evaluation,
    event,
    latency,
    listed,
    metric,
    result,
    results,
    run,
    whole,
)

COUNTERS: Changes = {
    "passed-and-failed-within-total:failed-negative": run(tests_passed=4, tests_failed=-1),
    "passed-and-failed-within-total:while-running": run(tests_passed=1, tests_failed=3, status="RUNNING"),
    "passed-and-failed-within-total:failed-null": run(tests_passed=4, tests_failed=None, status="RUNNING"),
    "completed-and-incompleted-add-up:too-few": run(tests_completed=1),
    "completed-run-has-results:none": whole(simulation_results=[]),
    "completed-run-has-results:null": whole(simulation_results=None),
    "results-match-total:one-missing": results(0, 1),
    "results-match-total:one-too-many": results(0, 1, 2, 2),
    "results-match-total:one-listed": results(0),
    "results-match-total:one-expected": run(total_tests=1).found("simulation_results"),
    "counters-match-results:more-passed": run(tests_passed=3, tests_failed=0).with_(
        result(2, status="SYSTEM_ERROR")
    ),
    "counters-match-results:fewer-passed": run(tests_passed=0, tests_failed=3),
    "counters-match-results:total-below": run(total_tests=2, status=None, tests_failed=1, tests_completed=1),
    "no-completions-while-initializing:all": run(status="INITIALIZING").found(
        "simulation_run", "tests_completed"
    ),
    "no-completions-while-initializing:result": result(status="Completed").with_(
        run(status="INITIALIZING", tests_completed=0)
    ),
    "no-completions-while-initializing:listed": listed(tests_completed=2, status="INITIALIZING"),
}
COUNTERS_KEPT: Changes = {
    "completed-and-incompleted-add-up:running": run(tests_completed=1, status="RUNNING"),
    "completed-and-incompleted-add-up:one-unknown": run(tests_completed=1, tests_incompleted=None),
    "completed-and-incompleted-add-up:evaluating": run(tests_completed=1).with_(result(status="EVALUATING")),
    "completed-and-incompleted-add-up:listed": listed(tests_completed=1, tests_incompleted=1),
    "completed-run-has-results:no-conversations": whole(simulation_results=[]).with_(run(total_tests=0)),
    "completed-run-has-results:ended-early": whole(simulation_results=[]).with_(run(status="INCOMPLETED")),
    "results-match-total:running": results(0, 1).with_(run(status="RUNNING")),
    "results-match-total:unknown-total": results(0, 1).with_(run(total_tests=None)),
    "counters-match-results:unlisted": run(total_tests=5, tests_passed=4),
    "counters-match-results:unknown": run(tests_passed=None),
    "counters-match-results:running": run(tests_passed=0, status="RUNNING"),
    "no-completions-while-initializing:none": run(status="INITIALIZING", tests_completed=0).with_(results(2)),
    "no-completions-while-initializing:running": run(status="RUNNING"),
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
    **{
        f"valid-urls:{name}-{word}": Change(ITEM, {name: url})
        for name in ("transcript_url", "audio_url")
        for word, url in (
            ("words", "pending"), ("empty", ""), ("path", "/audio/9.wav"), ("no-host", "https:///a.wav"),
            ("space", "https://files.example.com/a b.wav"), ("no-letter-first", "9https://a/b"),
        )
    },
    "portable-json:over-53-bits": result(id=2**53),
    "portable-json:over-53-bits-in-the-id-of-a-run": listed(id=2**53),
    "portable-json:400-digits": result(duration=10**400),
    **{
        f"unknown-conversation-status:{status}": result(status=status)
        for status in ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")
    },
    "response-schema-conformance:type": result(duration="94"),
    "response-schema-conformance:listed": listed(1, id="48214"),
    "response-schema-conformance:queued": whole(agent_id=17),
    "response-schema-conformance:odd-key": evaluation(sentiment_scores={"calm": 1, "odd key": "high"}).found(
        *EVALUATION, "sentiment_scores", "odd key"
    ),
    "unknown-enum-value:run": run(status="CANCELLED"),
    "unknown-enum-value:listed": listed(status="Completed"),
    "time-without-zone:run": run(created_at="2026-11-19T16:04:00"),
    "time-without-zone:listed": listed(created_at="2026-11-19T16:04:00"),
    "unknown-field:run": whole(simulation_run=lambda was: was["simulation_run"] | {"odd key": None}).found(
        "simulation_run", "odd key"
    ),
    "unknown-field:listed": whole(simulation_runs=[{"trace": "4bf9"}]).found("simulation_runs", 0, "trace"),
}  # fmt: skip
VALUES_KEPT: Changes = {
    "unique-result-ids:no-ids": result(1, id="910101").with_(result(id="910101")),
    "unique-run-ids:beside": listed(1, id=48212),
    "ids-not-empty:no-evaluation-id": evaluation(id=None),
    "ids-not-empty:queued-space-inside": whole(agent_id="a b"),
    "valid-urls:null": result(transcript_url=None, audio_url=None),
    "valid-urls:scheme": result(transcript_url="S3+x.y-9://calls", audio_url="a://b?c#d"),
    "portable-json:53-bits": result(id=2**53 - 1),
    **{
        f"unknown-conversation-status:{status}": result(status=status)
        for status in ("no answer", "No-Answer", "canceled", " COMPLETED ", None)
    },
    "response-schema-conformance:whole-number": result(duration=94000.0),
    "unknown-enum-value:null": run(status=None),
    "time-without-zone:offset": run(created_at="2026-11-19T17:04:00+01:00"),
    "unknown-field:free-form": result(result={"anything": 1}),
}

TIMES: Changes = {
    "end-after-start:by-zone": result(end_time="2026-11-19T16:30:00+02:00"),
    "end-after-start:without-zone": result(end_time="2026-11-19T16:04:09"),
    "event-end-after-start:one-millisecond": event(end_offset_ms=21399),
    "start-after-run-created:minutes": run(created_at="2026-11-19T16:04:17Z").found(*ITEM, "start_time"),
    "start-after-run-created:end": result(end_time="2026-11-19T16:03:00Z", start_time=None).with_(run()),
    "evaluation-after-end:before-the-start": evaluation(created_at="2026-11-19T16:04:04Z").with_(
        result(end_time=None)
    ),
    "evaluation-after-end:before-the-run": evaluation(created_at="2026-11-19T16:03:54Z").with_(
        result(start_time=None, end_time=None).with_(run())
    ),
    "oldest-first:one-second": result(1, start_time="2026-11-19T16:04:09Z"),
    "oldest-first:of-three": result(2, start_time="2026-11-19T16:04:09Z").with_(result(1, start_time=None)),
}
TIMES_KEPT: Changes = {
    "end-after-start:unknown-start": result(start_time=None, end_time="2026-11-19T16:04:09Z"),
    "evaluation-after-end:while-it-lasts": evaluation(created_at="2026-11-19T16:04:05Z").with_(
        result(end_time=None)
    ),
    "event-before-end:unknown-start": event(start_offset_ms=900_000, end_offset_ms=None).with_(
        result(start_time=None)
    ),
    "oldest-first:same": result(1, start_time="2026-11-19T17:04:10+01:00"),
    "oldest-first:unknown": result(1, start_time=None),
}

_PERCENTILES = ("p50", "p90", "p95", "p99")
ORDER: Changes = {
    **{
        f"percentiles-in-order:{kind or 'all'}-{higher}": latency(kind, **{lower: 9, higher: 8}).found(
            *EVALUATION, *((f"{kind}_latency", f"{higher}_{kind}_latency") if kind else
                           ("latency", f"{higher}_agent_latency"))
        )
        for kind in ("", "filler_ignored")
        for lower, higher in (*pairwise(_PERCENTILES), *([] if kind else [("p99", "max")]))
    },
    "percentiles-in-order:avg-max": latency(avg=9, max=8).found(*EVALUATION, "latency", "avg_agent_latency"),
    "percentiles-in-order:across-one-not-measured": latency(p50=9, p90=0, p95=8).found(
        *EVALUATION, "latency", "p95_agent_latency"
    ),
}  # fmt: skip
ORDER_KEPT: Changes = {
    "percentiles-in-order:equal": latency(avg=7, p50=7, p90=7, p95=7, p99=7, max=7),
    "percentiles-in-order:not-measured": latency(avg=7, p50=7, p90=0, p95=7, p99=0, max=0),
    "percentiles-in-order:mean-above-median": latency("filler_ignored", avg=9, p50=7, p90=8),
}

_WRONG: dict[str, tuple[Any, dict[str, Any]]] = {
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
_RIGHT: dict[str, tuple[Any, dict[str, Any]]] = {
    "metric-in-range:at-the-minimum": ("1", {}),
    "metric-in-range:at-the-maximum": ("5.0", {}),
    "metric-in-range:one-value": ("1", {"min_value": 1, "max_value": 1}),
    "metric-in-range:no-limits": ("-7", {"min_value": None, "max_value": None}),
    "metric-in-range:no-number": ("9", {"response_type": "qualitative"}),
    "metric-matches-type:no-answer": (None, {}),
    **{
        f"metric-matches-type:{kind}-{answer}": (answer, {"response_type": kind, "enum_options": ["a"]})
        for kind, answers in {
            "pass_fail": ("PASS", " fail\n"), "Pass_Fail ": ("fail",), "yes_no": ("Yes", " no\n"),
            "qualitative": ("9",), "enum": ("a",), "json": ('{"depot": "Nord"}',), "tool_call": ("called",),
        }.items()
        for answer in (*answers, "Not applicable", "not_applicable", "NOT-APPLICABLE", "N/A", " na ")
    },
    "metric-matches-type:no-options": ("c", {"response_type": "enum", "enum_options": []}),
}  # fmt: skip


def _metrics(answers: dict[str, tuple[Any, dict[str, Any]]]) -> Changes:
    """Give a metric these answers: by the judge, and by a reviewer who corrects the judge."""
    return {
        **{
            name: metric(response_value=value, human_response_value=None, **fields)
            for name, (value, fields) in answers.items()
        },
        **{
            f"{name}-by-a-reviewer": metric(human_response_value=value, response_value="4", **fields)
            for name, (value, fields) in answers.items()
            if value is not None
        },
    }


METRICS: Changes = {
    **_metrics(_WRONG),
    "metric-in-range:reversed": metric(min_value=5, max_value=1),
    "unknown-metric-type:number": metric(response_type="number"),
}
METRICS_KEPT: Changes = {
    **_metrics(_RIGHT),
    **{
        f"unknown-metric-type:{each}": metric(
            response_type=each, response_value="n/a", human_response_value=None
        )
        for each in ("quantitative", " Pass_Fail", "enum", "tool_call", None)
    },
}

BREAK: Changes = {**COUNTERS, **VALUES, **TIMES, **ORDER, **METRICS}
KEEP: Changes = {**COUNTERS_KEPT, **VALUES_KEPT, **TIMES_KEPT, **ORDER_KEPT, **METRICS_KEPT}
