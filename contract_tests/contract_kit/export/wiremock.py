"""Exports mutants as WireMock stub mappings, with one scenario for each operation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Operation, key_of

from .selection import Selection, Served, base64, index, obstacle_of, url_pattern

_FAULTS = {Transfer.NOTHING: "EMPTY_RESPONSE", Transfer.NO_LAST_CHUNK: "MALFORMED_RESPONSE_CHUNK"}
_FIRST = "Started"
"""WireMock's name for a scenario's initial state."""


def obstacle(_method: str, response: Response) -> str:
    """Return the part of a response that WireMock can't express, or "" if there is none."""
    return obstacle_of(response, {Transfer.WHOLE, *_FAULTS}, is_decoded=False)


def files(selection: Selection) -> Mapping[str, bytes]:
    """Return the files by path: the mappings, and a list of the mutants and their states."""
    mappings, mutants = list[dict[str, Any]](), list[dict[str, Any]]()
    for operation, group in groupby(selection.served, lambda each: each.mutant.operation):
        served = list(group)
        scenario = _scenario(operation)
        mappings += _mappings(operation, scenario, served)
        states = [_FIRST, *(each.mutant.id for each in served[1:])]
        mutants += [
            each.described() | {"scenario": scenario, "state": state}
            for each, state in zip(served, states, strict=True)
        ]
    return {
        "mappings/mutants.json": json.dumps({"mappings": mappings}, indent=1).encode(),
        "mutants.json": index(mutants, selection.left_out),
    }


def _scenario(operation: Operation) -> str:
    """Return the name of an operation's scenario, which is safe to use in a WireMock API URL."""
    is_safe = re.fullmatch(r"[A-Za-z0-9_.-]+", operation.id)
    return operation.id if is_safe else key_of(operation.id)


def _mappings(operation: Operation, scenario: str, served: Sequence[Served]) -> Iterator[dict[str, Any]]:
    """Yield a mapping for each response. After the last response, the scenario starts again."""
    steps = [
        (each.mutant.id + ":then" * number, response)
        for each in served
        for number, response in enumerate(each.responses)
    ]
    states = [_FIRST, *(name for name, _ in steps[1:]), _FIRST]
    for (name, response), state, following in zip(steps, states[:-1], states[1:], strict=True):
        yield {
            "name": name,
            "priority": 1 + operation.path.count("{"),  # a literal path takes precedence, as OpenAPI requires
            "scenarioName": scenario,
            "requiredScenarioState": state,
            "newScenarioState": following,
            "request": {"method": operation.method, "urlPathPattern": ".*" + url_pattern(operation)},
            "response": _described(response),
        }


def _described(response: Response) -> dict[str, Any]:
    if response.transfer in _FAULTS:
        return {"fault": _FAULTS[response.transfer]}
    return {"status": response.status, "headers": response.sent_headers} | _body(response.sent_body)


def _body(body: bytes | None) -> dict[str, str | None]:
    """Return a body as text if it is UTF-8, which is the encoding that WireMock uses; otherwise as base64."""
    if body is None:
        return {}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"base64Body": base64(body)}
