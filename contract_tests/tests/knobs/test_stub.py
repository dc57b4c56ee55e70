"""Every parameter of the stub's public methods changes an answer, a delivery or a client."""

import inspect
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from contract_kit.tests.tables import table

from ..golden.harness.talk import Talk, talk

A, B = Answer(b"a"), Answer(b"b")
RESULTS, RESULT = "GET retrieve-simulation-results/7", "GET retrieve-simulation-result/7"
RUNS, QUEUE = "GET get-simulation-runs/7", """POST queue-simulation-run '{"simulation_id": "740"}'"""
SENT = (RESULTS, RESULTS, f"{RESULTS}?offset=100", RESULT, RESULT, RUNS, RUNS, QUEUE, QUEUE)
Calls = tuple[dict[str, Any], dict[str, Any]]
ONE = {"type": "a"}
STUB: dict[str, Calls] = {
    "api_key": ({}, {"api_key": "other"}),
    "queued_run_seconds": ({}, {"queued_run_seconds": 10**6}),
    "pages": ({}, {"pages": False}),
}
DELIVERY = {"url": "/a", "secret": "s", "run_id": "48226"}
METHODS: dict[str, dict[str, Calls]] = {
    "serve": {
        "run_id": ({"run_id": "7", "first": A}, {"run_id": "8", "first": A}),
        "first": ({"run_id": "7", "first": A}, {"run_id": "7", "first": B}),
        "rest": ({"run_id": "7", "first": A}, {"run_id": "7", "first": A, "rest": [B]}),
        "offset": ({"run_id": "7", "first": A}, {"run_id": "7", "first": A, "offset": 100}),
    },
    **{
        method: {
            id_: ({id_: "7", "first": A}, {id_: "8", "first": A}),
            "first": ({id_: "7", "first": A}, {id_: "7", "first": B}),
            "rest": ({id_: "7", "first": A}, {id_: "7", "first": A, "rest": [B]}),
        }
        for method, id_ in (("serve_result", "result_id"), ("serve_runs", "simulation_id"))
    },
    "serve_queue": {"first": ({"first": A}, {"first": B}), "rest": ({"first": A}, {"first": A, "rest": [B]})},
    "deliver": {
        name: (DELIVERY, DELIVERY | {name: value})
        for name, value in {
            "url": "/b", "secret": "t", "run_id": "48227", "events": [ONE], "fault": "twice", "delay": 1.5,
        }.items()
    },
}  # fmt: skip
ELSEWHERE = {"serve_simulation", "serve_recording", "client", "reset"}
"""Other tests pass each of their parameters."""


def _parameters(function: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(function).parameters) - {"self"}


def test_each_parameter_of_a_stubs_methods_is_changed() -> None:
    public = {name: each for name, each in vars(Stub).items() if inspect.isfunction(each) and name[0] != "_"}
    assert public.keys() == METHODS.keys() | ELSEWHERE
    assert {name: _parameters(public[name]) for name in METHODS} == {
        name: {*METHODS[name]} for name in METHODS
    }
    assert _parameters(Stub.__init__) == STUB.keys() | {"port"}


@table("name, calls", STUB.items())
def test_each_argument_of_a_stub_changes_its_answers(name: str, calls: Calls) -> None:
    said = []
    for options in calls:
        with talk(**options) as say:
            say.send(QUEUE)
            say.stub.now = say.stub.now.replace(year=2027)
            lines = ("GET retrieve-simulation-results/48401", "GET get-simulation-runs/731 key=test-key")
            said.append([*say.briefly(*lines, "GET retrieve-simulation-results/48213?limit=1")])
    assert said[0] != said[1], name


@table("method, name, calls", [(method, *each) for method in METHODS for each in METHODS[method].items()])
def test_each_argument_of_a_method_changes_what_the_stub_does(method: str, name: str, calls: Calls) -> None:
    effects = []
    for arguments in calls:
        with talk() as say, pytest.MonkeyPatch.context() as context:
            effects.append([*_effects(say, method, arguments, context)])
    assert effects[0] != effects[1], (method, name)


def _effects(say: Talk, method: str, arguments: dict[str, Any], context: pytest.MonkeyPatch) -> Iterator[str]:
    options = {name: each for name, each in arguments.items() if name not in {"rest", "offset"}}
    if method != "deliver":
        named = {name: arguments[name] for name in ("offset",) if name in arguments}
        getattr(say.stub, method)(*options.values(), *arguments.get("rest", ()), **named)
        yield from say.briefly(*SENT)
        return
    pauses = list[float]()
    context.setattr(time, "sleep", pauses.append)
    with Stub() as receiver:
        yield f"{say.stub.deliver(**options | {'url': receiver.url + options['url']})} {pauses}"
        for each in receiver.requests:
            yield f"{each.path} {each.headers['x-bluejay-signature']} {json.loads(each.body)}"
