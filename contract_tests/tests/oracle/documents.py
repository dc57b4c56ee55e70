"""Random runs, rules and options, many of them near the boundary of a verdict."""

from dataclasses import replace
from math import ceil, floor
from random import Random

from .. import builders
from .figures import Rule
from .outcomes import Json, read
from .verdicts import Options, bounds

DAY = "2026-11-20T"
MADE_AT = ["10:05:00Z", "10:05:00.000001Z", "12:05:00+02:00", "10:04:00Z", "10:06:00", None]
RUN_STATUSES = ["COMPLETED"] * 12 + ["INCOMPLETED", "INSUFFICIENT_FUNDS", "RUNNING", None, "PAUSED"]
STATUSES: dict[str, list[str | None]] = {
    "odd": [
        *("SYSTEM_ERROR", "System Error", "cancelled", "OUT_OF_FUNDS", "insufficient funds"),
        *("NO_ANSWER", "No Answer", "no-answer", "NO_CONNECTION", "REJECTED", "INCOMPLETED"),
        *("ERROR", "Failed", "CALL_DROPPED", "call dropped", "Completed", None, "", "ESCALATED"),
    ],
    "no answer": ["NO_ANSWER", "NO_CONNECTION"],
    "void": ["SYSTEM_ERROR", "OUT_OF_FUNDS"],
    "under way": ["EVALUATING", "In Progress", "QUEUED", "CONVERSATION_ENDED"],
}
"""For each kind of conversation, its statuses; conversations of other kinds are COMPLETED."""
METRICS: dict[str, tuple[str, list[str]]] = {
    "identity_checked": ("pass_fail", ["pass", "pass", "pass", "pass", "fail"]),
    "polite": ("yes_no", ["yes", "yes", "Yes", "no"]),
    "lookup": ("tool_call", ["pass", "pass", "fail"]),
    "task score": ("quantitative", ["5", "5", "4", "4.5", "3", "1"]),
    "p90) <= 5 %": ("quantitative", ["0.10", "0.2", "7e-1", "-3"]),
    "hallucination": ("quantitative", ["0", "1", "1"]),
    "mood": ("enum", ["good", "bad"]),
    "notes": ("qualitative", ["4", "yes"]),
    "details": ("json", ['{"score": 4}']),
    "grade": ("letter", ["A"]),
}
SCORED = ["hallucination", "identity_checked", "lookup", "p90) <= 5 %", "polite", "task score"]
ODD_ANSWERS = ["Not applicable", "not applicable", "four", "", "nan", "4/5", "maybe"]
LATENCIES: dict[str, list[float | None]] = {
    "ms": [800, 900, 1100, 1500, 640.5, 201],
    "s": [0.8, 0.9, 1.1, 1.5, 2, 19.9],
    "mixed": [800, 0.9, 1.1, 950],
    "between": [20, 150, 199.5, 200],
    "half": [900, 1100, 0, None],
    "none": [0, None],
}
MISFITS = ["mood", "notes", "details", "grade", "polite", "absent"]
RATES = ["hallucination", "redundancy", "identity_checked", "polite", "lookup"]
FIGURES = [f"latency.{each}" for each in ("average", "p50", "p90", "p95", "p99", "max")]


EITHER = [True, False]


def _evaluations(rng: Random, goal: bool | None, style: Json, odd: bool) -> list[Json]:
    """Return the evaluations of a conversation whose goal was reached or not."""
    latencies, odd_answers = LATENCIES[style["latency"]], ODD_ANSWERS[: style["unreadable"]]
    found = []
    for _ in range(rng.choice([1, 1, 2, 3]) if odd else 1):
        average = rng.choice([*latencies, 0] if odd else latencies)
        evaluation: Json = {"agent_speak_percentage": 50, "avg_agent_latency": average}
        if rng.choice(EITHER) or not odd:
            names = ("max", "p50", "p90", "p95", "p99")
            evaluation["latency"] = {f"{name}_agent_latency": rng.choice(latencies) for name in names}
            evaluation["latency"]["avg_agent_latency"] = average
        evaluation["goal_success"] = rng.choice([goal, goal, goal, True, None]) if odd else goal
        for name in ("hallucination", "redundancy"):
            evaluation[name] = rng.choice([False] * 6 + [True] + [None] * odd)
        evaluation["custom_metrics"] = [
            {
                "name": name,
                "description": "",
                "response_type": METRICS[name][0],
                "response_value": rng.choice(METRICS[name][1] + odd_answers),
            }
            for name in style["metrics"]
        ]
        if rng.randint(0, 9) < style["unscored"]:
            del evaluation["custom_metrics"], evaluation["hallucination"]
        made_at = rng.choice(MADE_AT) if odd else MADE_AT[0]
        if made_at:
            evaluation["created_at"] = DAY + made_at
        found.append(evaluation)
    return found


def _tool_calls(rng: Random) -> list[Json] | None:
    """Return tools that were expected, called, both or neither, possibly in several groups of one name."""
    groups = []
    for _ in range(rng.randint(0, 4)):
        group: Json = {"name": rng.choice(["find", "book", "cancel"])}
        for side in ("expected", "actual"):
            calls = rng.choice(CALLS)
            group |= {} if calls is None else {side: calls}
        groups.append(group)
    return groups or rng.choice([None, []])


def _conversation(rng: Random, number: int, human: int | None, kind: str, style: Json) -> Json:
    """Return one conversation of a kind; the kind `odd` draws each field independently of the others."""
    odd = kind == "odd"
    found: Json = {"id": 1000 + number, "status": rng.choice(STATUSES.get(kind, ["COMPLETED"]))}
    if human is not None or rng.choice(EITHER):
        found["digital_human_id"] = human
    if kind in {"passed", "failed", "skipped"} or (odd and rng.choice([True, True, True, False])):
        goal = rng.choice(EITHER) if odd else kind != "failed"
        found["evaluations"] = _evaluations(rng, goal, style, odd)
    elif rng.choice(EITHER):
        found["evaluations"] = rng.choice([None, []])
    if odd:
        found["tool_calls"] = _tool_calls(rng)
    elif style["tools"] or kind == "skipped":
        found["tool_calls"] = [builders.tool_calls("find"), builders.tool_calls(actual=kind != "skipped")]
    if style["times"] or (odd and rng.choice(EITHER)):
        end = rng.choice(["10:01:30Z", "10:02:00.500Z", "11:03:00+01:00", "10:01:00"])
        found |= {"start_time": f"{DAY}10:00:00Z", "end_time": DAY + end, "duration": 90}
    return found


def _style(rng: Random) -> Json:
    """Return choices that apply to all conversations of a run."""
    return {
        "latency": rng.choice(["ms"] * 5 + ["s"] * 4 + ["mixed", "between", "half", "half", "none"]),
        "metrics": rng.choice([SCORED, SCORED, SCORED[:3], SCORED[2:], sorted(METRICS), []]),
        "unreadable": rng.choice([0] * 8 + [1, 2, len(ODD_ANSWERS)]),
        "unscored": rng.choice([0, 0, 0, 0, 0, 0, 3, 5, 6]),
        "tools": rng.choice(EITHER),
        "times": rng.choice([True, True, False]),
    }


CALLS: list[list[Json] | None] = [None, [], [{}], [{}, {}]]
SIZES = [6, 0, 1, 2, 3, 4, 5, 8, 9, 10, 10, 12, 12, 15, 15, 18, 20, 20, 24, 25, 30, 32, 36, 40]
KINDS = [
    ["passed"] * 17 + ["failed", "no answer", "odd"],
    ["passed"] * 20,
    ["passed"] * 16 + ["failed"] * 2 + ["skipped"] + ["void"],
    ["passed"] * 8 + ["failed"] * 2,
    ["passed"] * 5 + ["failed"] * 5 + ["no answer"],
    ["passed"] * 12 + ["failed", "no answer", "odd", "odd", "void"],
    ["odd"],
    ["passed"] * 17 + ["failed"] * 2 + ["under way"],
]
BAD = [["failed"], ["failed"] * 9 + ["passed"], ["failed"] * 6 + ["no answer"] * 2]
"""Kinds of conversations for runs that are only compared, because the gate would never ship such runs."""


def _document(rng: Random, status: str | None, results: list[Json]) -> Json:
    """Return a response; its counters are usually right, but sometimes null, absent or wrong."""
    run: Json = {"id": "48213", "simulation_id": "731", "created_at": f"{DAY}09:59:00Z", "status": status}
    run["total_tests"] = total = max(len(results) + rng.choice([0] * 16 + [1, 2, 5, -1]), 0)
    reading = read({"simulation_run": run, "simulation_results": results})
    passed, failed = reading.count("passed"), reading.count("failed")
    kind = rng.choice(["right"] * 16 + ["null", "absent", "off", "no total"])
    if kind == "no total":
        run["total_tests"] = rng.choice([None, 0])
    elif kind == "null":
        run |= {"tests_passed": None, "tests_failed": None}
    elif kind == "off":
        run["tests_passed"] = max(passed + rng.randint(-2, 3), 0)
        run["tests_failed"] = rng.choice([None, rng.randint(0, len(results) + 1)])
    elif kind == "right":
        more = rng.choice([0, 0, reading.count("unknown")])
        run |= {"tests_passed": passed + max(min(more, total - passed - failed), 0), "tests_failed": failed}
    return {"simulation_run": run, "simulation_results": results or rng.choice([None, []])}


def documents(rng: Random) -> Json:
    """Return the response for a random run with 0 to 40 conversations."""
    style, status = _style(rng), rng.choice(RUN_STATUSES)
    kinds = rng.choice(KINDS + KINDS[-1:] * 8 * (status != "COMPLETED"))
    repeats = rng.choice([1, 1, 2, 3, 5, 5, 6])
    broken_caller, some_without_id = (rng.choice([False, False, True]) for _ in range(2))
    results = []
    for number in range(rng.choice(SIZES)):
        human: int | None = number // repeats
        of_kinds = ["failed"] * 18 + ["no answer", "void"] if broken_caller and human == 0 else kinds
        if some_without_id and rng.choice(EITHER):
            human = None
        results.append(_conversation(rng, number, human, rng.choice(of_kinds), style))
    return _document(rng, status, results)


def rules(rng: Random) -> Rule:
    """Return valid rules; most limits are near the figures of random runs."""
    kind = rng.choice(["latency"] * 3 + ["rate"] * 3 + ["score"] * 2 + ["duration", "type"])
    aggregate = rng.choice(["mean", "median", "min", "max", "p5", "p10", "p90", "p95"])
    figure, unit, quoted = "duration", "", False
    if kind == "type":
        figure, limit, quoted = rng.choice(MISFITS), "4", True
    elif kind == "rate":
        aggregate, unit = "rate", "%"
        figure = rng.choice(RATES)
        limit = rng.choice(["5", "10", "14.3", "50", "75", "80", "95", "0", "100"])
    elif kind == "score":
        figure, quoted = rng.choice(["task score", "p90) <= 5 %", "hallucination"]), True
        limit = rng.choice(["4", "3", "4.5", "0.5", "0.7", "0.10"])
    else:
        unit = rng.choice(["ms", "s"])
        figure = rng.choice(FIGURES) if kind == "latency" else "duration"
        seconds = rng.choice([0.8, 1.1, 1.5, 3] if kind == "latency" else [60, 90, 120.5, 180])
        limit = f"{seconds * (1000 if unit == 'ms' else 1):g}"
    upwards, downwards = {"p90", "p95", "max"}, {"p5", "p10", "min"}
    operators = {"<=", "<"} if aggregate in upwards else {">=", ">"} if aggregate in downwards else None
    operator = rng.choice(sorted(operators or {"<=", "<", ">=", ">"}))
    return Rule(aggregate, figure, operator, limit, unit, quoted)


def options(rng: Random) -> Options:
    """Return valid options, most of them the defaults."""
    drawn = [rules(rng) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]
    return Options(
        min_pass_rate=rng.choice([80, 80, 80, 80, 0, 50, 75, 83.3, 90, 100]),
        max_always_failing=rng.choice([0, 0, 0, 1, 2]),
        require=tuple({(each.aggregate, each.figure): each for each in drawn}.values()),
        confident=rng.choice([False] * 5 + [True]),
        min_conversations=rng.choice([1] * 8 + [5, 10]),
        max_void=rng.choice([20] * 6 + [0, 5, 50, 100]),
        counters=rng.choice([True, True, False]),
        latency_unit=rng.choice([None, None, "ms", "s"]),
    )


def cases(rng: Random) -> tuple[Json, Options]:
    """Return a run and options; `min_pass_rate` is often close to the lowest or highest possible pass rate.

    Sometimes, a conversation was also fetched by id, and the ids of the queued conversations are known.
    """
    document, chosen = documents(rng), options(rng)
    ends = [end for end in bounds(read(document)) if end is not None]
    if rng.choice(EITHER) and ends:
        near = [round_to(end) for end in ends for round_to in (floor, ceil)]
        minimum = rng.choice([each for each in near if each != 1] or [80])
        chosen = replace(chosen, min_pass_rate=minimum)
    listed = document["simulation_results"] or []
    if listed and rng.choice([False, False, True]):
        again = rng.choice(listed)
        style, human = _style(rng), again.get("digital_human_id")
        fetched = _conversation(rng, again["id"] - 1000, human, rng.choice(KINDS[2]), style)
        queued = (*(str(each["id"]) for each in listed), *rng.choice([(), ("1", "2")]))
        chosen = replace(chosen, fetched=(fetched,), queued=queued)
    return document, chosen


def pairs(rng: Random) -> tuple[Json, Json]:
    """Return two runs of one simulation, which often share their callers."""
    repeats = rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, 6])
    callers = rng.choice([6, 0, 1, 4, 5, 5, 6, 7, 8, 9, 10, 12, 13, 15, 20, 24, 30, 40])
    size = min(callers * repeats, 40)
    sides = []
    for of_kinds in rng.sample([*KINDS, *BAD], 2):
        style = _style(rng)
        kinds = [rng.choice(of_kinds) for _ in range(size)]
        results = [_conversation(rng, n, n // repeats, kind, style) for n, kind in enumerate(kinds)]
        sides.append(_document(rng, "COMPLETED", results))
    return sides[0], sides[1]
