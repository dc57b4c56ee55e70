"""Hostile bodies of any size: each shape repeats one small part of a run."""

import json
from collections.abc import Callable
from typing import Any

_RUN = {
    "id": "48221",
    "simulation_id": "734",
    "created_at": "2026-11-19T16:04:00Z",
    "status": "COMPLETED",
    "total_tests": 1,
    "tests_passed": None,
    "tests_failed": None,
}
_EVALUATION = '{"agent_speak_percentage":0,"avg_agent_latency":900,"goal_success":true'
_LOST = '"status":"NO_ANSWER"'
_REACHED = f'"evaluations":[{_EVALUATION}}}]'

Shape = Callable[[int], bytes]
"""Returns a body of about this many bytes."""


def _body(records: str, more: str = "", **run: Any) -> bytes:
    return (
        f'{{"simulation_run":{json.dumps(_RUN | run)},"simulation_results":[{records}],"status":"200"{more}}}'
    ).encode()


def _record(fields: str, id_: int = 1, status: str = "COMPLETED") -> str:
    return f'{{"id":{id_},"digital_human_id":{id_},"status":"{status}",{fields}}}'


def _filled(size: int, part: Callable[[int], str], first: int = 1) -> str:
    parts, length = list[str](), 0
    while length < size:
        parts.append(part(first + len(parts)))
        length += len(parts[-1]) + 1
    return ",".join(parts)


def _records(part: Callable[[int], str]) -> Shape:
    return lambda size: _body(_filled(size, part))


def _inside(opening: str, part: Callable[[int], str], closing: str, records: int = 1) -> Shape:
    """Return a shape with one conversation, whose parts are spread over this many records."""

    def shape(size: int) -> bytes:
        parts = [_filled(size // records, part, first) for first in range(1, 1 + records * size, size)]
        return _body(",".join(_record(f"{opening}{each}{closing}") for each in parts))

    return shape


def _metric(name: str, answer: str) -> str:
    return f'{{"name":"{name}","description":"","response_type":"quantitative","response_value":"{answer}"}}'


def _tool(place: int) -> str:
    call = f'{{"name":"t{place}","start_offset_ms":1}}'
    return f'{{"name":"t{place}","expected":[{{"name":"a long name of a tool"}}],"actual":[{call}]}}'


def _unknown(place: int) -> str:
    return f'"k{place}":0'


_METRICS = f'"evaluations":[{_EVALUATION},"custom_metrics":[', "]}]"
_CALLS = f'{_REACHED},"tool_calls":[{{"name":"x","actual":[],"expected":[', "]}]"
_HALF = r"\ud800"
_FREE = f'{_REACHED},"custom_metrics":['

SHAPES: dict[str, Shape] = {
    "short records": _records(lambda place: f'{{"id":{place}}}'),
    "passed records": _records(lambda place: _record(_REACHED, place)),
    "failed records": _records(lambda place: _record(_REACHED.replace("true", "false"), place)),
    "unknown records": _records(
        lambda place: _record(_REACHED) if place == 1 else f'{{"id":{place},"digital_human_id":1,{_LOST}}}'
    ),
    "records of one id": _records(lambda place: _record(f'"duration":{place}')),
    "new statuses": _records(lambda place: _record('"duration":1', place, f"NEW {place}")),
    "two records with calls": _inside(_CALLS[0], lambda place: f'{{"name":"{place}"}}', _CALLS[1], 2),
    "two records with evaluations": _inside(
        '"evaluations":[', lambda place: f'{_EVALUATION},"num_turns":{place}}}', "]", records=2
    ),
    "evaluations": _inside('"evaluations":[', lambda place: f'{_EVALUATION},"num_turns":{place}}}', "]"),
    "metrics": _inside(_METRICS[0], lambda place: _metric(f"m{place}", "1"), _METRICS[1]),
    "metrics without a value": _inside(_METRICS[0], lambda place: _metric(f"m{place}", "n/a"), _METRICS[1]),
    "answers to one metric": _inside(_METRICS[0], lambda place: _metric("m", str(place)), _METRICS[1]),
    "tools": _inside(f'{_REACHED},"tool_calls":[', _tool, "]"),
    "groups of one tool": _inside(f'{_REACHED},"tool_calls":[', lambda _: _tool(1), "]", records=2),
    "events": _inside(f'{_REACHED},"events":[', lambda _: '{"title":"","start_offset_ms":0}', "]"),
    "unknown fields": _inside(f"{_REACHED},", _unknown, ""),
    "unknown fields of the body": lambda size: _body(_record(_REACHED), "," + _filled(size, _unknown)),
    "wrong types": _inside(f'{_REACHED},"events":[', lambda _: "1", "]"),
    "fractions for integers": _records(lambda place: _record(f'"duration":{place}.0', place)),
    "empty objects": _inside(_FREE, lambda _: "{}", "]"),
    "nested lists": _inside(_FREE, lambda _: "[" * 200 + "]" * 200, "]"),
    "deep nesting": lambda size: _body(_record(f"{_FREE}{'[' * (size // 2)}{']' * (size // 2)}]")),
    "keys": _inside(f'{_REACHED},"result":{{', lambda place: f'"{place:x}":0', "}"),
    "numbers": _inside(_FREE, lambda _: "0.5", "]"),
    "a long text": lambda size: _body(_record(_REACHED), summary="a b" * (size // 3)),
    "a long status": lambda size: _body(_record(_REACHED, status="Ab_" * (size // 3))),
    "long statuses": _records(lambda place: _record(_REACHED, place, "Ab_" * 300_000)),
    "a long integer": lambda size: _body(_record(f'{_REACHED},"duration":' + "9" * size)),
    "half surrogates": lambda size: _body(_record(_REACHED), f',"new":"{_HALF * (size // 6)}"'),
    "brackets only": lambda size: b"[" * size,
}
"""The shapes by name."""
