"""Every argument and every variable of the client changes a request, a result or a trace."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results import BluejayClient
from bluejay_results.client import config
from contract_kit.tests.tables import table

from ..golden.building import AWAY, ENDED, FIRST, LATE, RUNNING, WHOLE, many, one, queue, retrieve, runs, wait
from ..golden.ends import end
from ..overlay.answers import UNRECORDED, listed, single
from ..virtual import BOTH, Call, play

BROKEN = listed(FIRST, tests_passed="one")
ID = "5f0b6e0a-8f0f-4d3c-9a53-6a4a8a0f5c11"
BASES: dict[str, Call] = {
    "queue": queue(AWAY, run="731"),
    "retrieve": retrieve(AWAY, listed(LATE), fetches=[WHOLE], retries=1),
    "retrieve_many": many("48213", "a", answers={"48213": [listed(LATE)], "#1": [WHOLE]}),
    "retrieve_result": one(single(1)),
    "runs": runs(),
    "wait": wait(AWAY, RUNNING, listed(LATE), fetches=[single(1, **UNRECORDED, **ENDED)], retries=1),
}
"""A call of each method; each row below changes one of its arguments."""
BREAKING: dict[str, Call] = {
    "retrieve": retrieve(BROKEN),
    "retrieve_many": many("48213", answers={"48213": [BROKEN]}),
    "retrieve_result": one(single(1, duration="x")),
    "runs": runs({"id": "x"}),
    "wait": wait(BROKEN),
}
"""The calls whose violations can be collected."""
CHANGES: dict[str, dict[str, Any]] = {
    "queue": {
        "run": QueueSimulationRunRequest("731", phone_number="1"),
        "digital_human_ids": ["5"],
        "agent_version_id": ID,
        "timeout": 20,
    },
    "retrieve": {
        "run_id": "a",
        "complete": True,
        "tool_call_grace": 0,
        "timeout": 20,
        "on_fault": None,
        "record": "retrieve.har",
    },
    "retrieve_many": {
        "run_ids": ["a"],
        "concurrency": 101,
        "complete": True,
        "tool_call_grace": 0,
        "timeout": 20,
    },
    "retrieve_result": {"result_id": 2, "timeout": 20},
    "runs": {"simulation_id": "732", "timeout": 20, "record": "runs.har"},
    "wait": {
        "run": "a",
        "timeout": 100,
        "poll_interval": 30,
        "tool_call_grace": 60,
        "on_update": None,
        "on_fault": None,
        "record": "wait.har",
    },
}
"""For each argument of each method, a value other than the base call's."""
SETTINGS: dict[str, Any] = {
    "api_key": "another-key",
    "base_url": "http://another",
    "request_timeout": 9,
    "retries": 0,
    "max_body_bytes": 5,
    "organization_id": "org-8",
}
"""For each setting of a client, a value other than the default. All calls have a clock and an HTTP client."""
VARIABLES = {
    "BLUEJAY_API_KEY": "api_key",
    "BLUEJAY_API_URL": "base_url",
    "BLUEJAY_ORGANIZATION_ID": "organization_id",
}
"""The setting that each variable replaces."""
ROWS = [(method, name, value) for method, changes in CHANGES.items() for name, value in changes.items()]
both_clients = pytest.mark.parametrize("kind", BOTH)


def seen(kind: str, call: Call) -> tuple[Any, ...]:
    """Return all that a user, the service or a file sees of a call."""
    played = play(BOTH[kind], call)
    is_recorded = "record" in call.options and call.options["record"].exists()
    return played.trace, played.told, [*end(played.ended)], played.requests, is_recorded


def arguments(method: str) -> set[str]:
    return {*inspect.signature(getattr(BluejayClient, method)).parameters} - {"self"}


def test_every_argument_and_every_variable_has_a_row() -> None:
    methods = {name for name, _ in inspect.getmembers(BluejayClient, callable) if not name.startswith("_")}
    assert methods - {"close"} == {*CHANGES}
    for method, changes in CHANGES.items():
        assert arguments(method) == {*changes} | ({"on_violation"} if method in BREAKING else set())
    assert arguments("__init__") == {*SETTINGS, "clock", "http_client"}
    assert {*re.findall(r"\bBLUEJAY_[A-Z_]+", inspect.getsource(config))} == {*VARIABLES}


@both_clients
@table("method, name, value", ROWS)
def test_every_argument_changes_what_is_seen(
    kind: str, method: str, name: str, value: Any, tmp_path: Path
) -> None:
    base = BASES[method]
    if name == "record":
        value = tmp_path / value
    is_first = name == next(iter(CHANGES[method]))
    changed = (
        evolve(base, argument=value) if is_first else evolve(base, options={**base.options, name: value})
    )
    assert seen(kind, changed) != seen(kind, base)


@both_clients
@table("method", BREAKING)
def test_every_call_can_collect_violations(kind: str, method: str) -> None:
    call = BREAKING[method]
    for mode, is_raised in (("raise", True), ("collect", False)):
        *_, ended, _, _ = seen(kind, evolve(call, options={**call.options, "on_violation": mode}))
        assert any("ContractViolationError" in each for each in ended) is is_raised
        assert any("violation: " in each for each in ended) is not is_raised


@both_clients
@table("name", SETTINGS)
def test_every_setting_changes_what_is_seen(kind: str, name: str) -> None:
    base = BASES["retrieve"]
    changed = evolve(base, settings={**base.settings, name: SETTINGS[name]})
    assert seen(kind, changed) != seen(kind, base)


@both_clients
@table("variable", VARIABLES)
def test_a_variable_has_the_effect_of_its_setting_which_overrides_it(
    kind: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, base = VARIABLES[variable], BASES["retrieve"]
    value = SETTINGS[name]
    passed = seen(kind, evolve(base, settings={name: value}))
    monkeypatch.setenv(variable, value)
    assert seen(kind, evolve(base, settings={name: None})) == passed
    monkeypatch.setenv(variable, "http://a-third" if name == "base_url" else "a-third")
    assert seen(kind, evolve(base, settings={name: value})) == passed
