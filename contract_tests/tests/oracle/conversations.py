"""Random conversations, with the answers of judges and of reviewers."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import yaml

from .. import builders
from .outcomes import Json

DAY = "2026-11-20T"
DRAWN = yaml.safe_load(Path(__file__).with_name("drawn.yaml").read_text())
"""What is drawn for each field."""
METRICS: dict[str, tuple[str, list[str]]] = DRAWN["metrics"]
SCORED = ["hallucination", "identity_checked", "lookup", "p90) <= 5 %", "polite", "task score"]
ODD_ANSWERS: list[str] = DRAWN["odd answers"]
OUT_OF_RANGE = ["99", "-5"]
CALLS: list[list[Json] | None] = [None, [], [{}], [{}, {}]]
T = TypeVar("T")
EITHER = [True, False]


def pick(seed: str, name: str, choices: Sequence[T]) -> T:
    """Return a choice that depends only on the seed and the name, so that other choices don't affect it."""
    digest = blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def listed(weights: Mapping[T, int]) -> list[T]:
    """Return each choice as often as its weight says."""
    return [choice for choice, weight in weights.items() for _ in range(weight)]


def styles(seed: str) -> Json:
    """Return choices for all of a run's conversations; an `_in_ten` choice applies to this many of ten."""
    choices: dict[str, Sequence[Any]] = {
        "latency": ["ms"] * 5 + ["s"] * 4 + ["mixed", "between", "half", "half", "none"],
        "metrics": [SCORED] * 4 + [SCORED[:3], SCORED[2:], sorted(METRICS), []],
        "unreadable": [0] * 12 + [1, 3, 3, len(ODD_ANSWERS)],
        "unscored_in_ten": [0, 0, 0, 0, 0, 0, 3, 5, 6],
        "tools": EITHER,
        "times": [True, True, False],
        "ids": [True, True, False],
        "reviewer": listed(DRAWN["reviewers"]),
        "reviewed_in_ten": [2, 5, 10, 10],
    }
    return {name: pick(seed, name, each) for name, each in choices.items()}


def _metric(seed: str, name: str, style: Json) -> Json:
    kind, answers = METRICS[name]
    found = {"name": name, "description": "", "response_type": kind}
    found["response_value"] = pick(seed, name, answers + ODD_ANSWERS[: style["unreadable"]])
    return found | ({"min_value": 1, "max_value": 5} if name == "task score" else {})


def _evaluation(seed: str, goals: Sequence[bool | None], style: Json, *, odd: bool) -> Json:
    """Return an evaluation with the judge's answers, including one of these answers about the goal."""
    latencies = DRAWN["latencies"][style["latency"]]
    average = pick(seed, "average", [*latencies, 0] if odd else latencies)
    evaluation: Json = {"agent_speak_percentage": 50, "avg_agent_latency": average}
    if not odd or pick(seed, "has latency", EITHER):
        names = ("max", "p50", "p90", "p95", "p99")
        evaluation["latency"] = {f"{name}_agent_latency": pick(seed, name, latencies) for name in names}
        evaluation["latency"]["avg_agent_latency"] = pick(seed, "nested", latencies) if odd else average
    evaluation["goal_success"] = pick(seed, "goal", goals)
    for name in ("hallucination", "redundancy"):
        evaluation[name] = pick(seed, name, [False] * 6 + [True] + [None] * odd)
    evaluation["custom_metrics"] = [_metric(f"{seed}/metric", name, style) for name in style["metrics"]]
    if pick(seed, "unscored", range(10)) < style["unscored_in_ten"]:
        del evaluation["custom_metrics"], evaluation["hallucination"]
    made_at = pick(seed, "created_at", DRAWN["made at"][: None if odd else 1])
    return evaluation | ({"created_at": DAY + made_at} if made_at else {})


def _human(seed: str, judged: Json, name: str, better_to_worse: Sequence[bool | str], style: Json) -> Json:
    """Return a reviewer's answer for a field that has the judge's answer."""
    odd: list[str | None] = [*ODD_ANSWERS[: style["unreadable"]], *OUT_OF_RANGE] if "name" in judged else []
    answers: dict[str, Sequence[bool | str | None]] = {
        "only nulls": [None],
        "agrees": [judged.get(name)],
        "forgives": better_to_worse[:1],
        "fails": better_to_worse[-1:],
        "anything": [*better_to_worse, *odd, None],
    }
    return {f"human_{name}": pick(seed, name, answers[style["reviewer"]])}


def reviewed(seed: str, evaluation: Json, style: Json) -> Json:
    """Return an evaluation with the reviewer's answers."""
    human = _human(seed, evaluation, "goal_success", EITHER, style)
    for name in ("hallucination", "redundancy"):
        if pick(seed, f"answers {name}", EITHER):
            human |= _human(seed, evaluation, name, EITHER[::-1], style)
    if evaluation.get("custom_metrics") and pick(seed, "answers metrics", EITHER):
        human["custom_metrics"] = [
            each | _human(f"{seed}/{each['name']}", each, "response_value", METRICS[each["name"]][1], style)
            for each in evaluation["custom_metrics"]
        ]
    return evaluation | human


def _evaluations(seed: str, goals: Sequence[bool | None], style: Json, kind: str) -> list[Json]:
    """Return a conversation's evaluations, some of which were reviewed."""
    found = []
    counts = {"odd": [1, 1, 2, 3], "twice": [2]}.get(kind, [1])
    for number in range(pick(seed, "evaluations", counts)):
        of_one = f"{seed}/evaluation {number}"
        evaluation = _evaluation(of_one, goals, style, odd=kind == "odd")
        if style["reviewer"] != "nobody" and pick(of_one, "reviewed", range(10)) < style["reviewed_in_ten"]:
            evaluation = reviewed(f"{of_one}/review", evaluation, style)
        found.append(evaluation)
    return found


def _tool_calls(seed: str) -> list[Json] | None:
    """Return tools that were expected, called, both or neither; several groups can have the same name."""
    groups = []
    for number in range(pick(seed, "tools", range(5))):
        group: Json = {"name": pick(seed, f"tool {number}", ["find", "book", "cancel"])}
        for side in ("expected", "actual"):
            calls = pick(seed, f"{side} {number}", CALLS)
            group |= {} if calls is None else {side: calls}
        groups.append(group)
    return groups or pick(seed, "no tools", [None, []])


def conversation(seed: str, number: int, human: int | None, kind: str, style: Json) -> Json:
    """Return a conversation of this kind; for `odd`, each field is drawn independently."""
    seed, odd = f"{seed}/conversation {number}", kind == "odd"
    found: Json = {
        "id": 1000 + number,
        "status": pick(seed, "status", DRAWN["statuses"].get(kind, ["COMPLETED"])),
    }
    if human is not None or pick(seed, "null caller", EITHER):
        found["digital_human_id"] = human
    goals = DRAWN["goals"].get(kind, [])
    if odd and pick(seed, "has a verdict", [True, True, True, False]):
        goals = [*[pick(seed, "goal", EITHER)] * 3, True, None]
    if goals:
        found["evaluations"] = _evaluations(seed, goals, style, kind)
        for index, evaluation in enumerate(found["evaluations"]):
            evaluation |= {"id": f"{number}/{index}"} if style["ids"] else {}
    elif pick(seed, "lists no evaluation", EITHER):
        found["evaluations"] = pick(seed, "no evaluation", [None, []])
    if odd:
        found["tool_calls"] = _tool_calls(seed)
    elif style["tools"] or kind == "skipped":
        found["tool_calls"] = [builders.tool_calls("find"), builders.tool_calls(actual=kind != "skipped")]
    if style["times"] or (odd and pick(seed, "has times", EITHER)):
        ends = ["10:01:30Z", "10:02:00.500Z", "11:03:00+01:00", "10:01:00"]
        end = pick(seed, "end", [*ends, *["10:00:00Z", "09:59:59Z"] * odd])
        found |= {"start_time": f"{DAY}10:00:00Z", "end_time": DAY + end, "duration": 90}
    return found
