"""The client's settings, arguments and variables: the settings with a value, or what a call raises."""

import inspect
import os
from ast import literal_eval
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from bluejay_api.models import QueueSimulationRunRequest
from bluejay_results import BluejayClient, BluejayError

from ..cli.command import CANARY
from .layout import FOLDER, printable

TEXT = FOLDER / "arguments.txt"
"""Only this text contains the values, in which KEY is the key. To add one, add `NAME = VALUE =>` and run
`make findings`. NAME is a setting, a variable, or a method and its argument.
"""
NOWHERE = "http://127.0.0.1:9"


def arguments() -> Iterator[str]:
    """Yield each value, and what it does. A call whose arguments are valid can't connect."""
    for line in TEXT.read_text().splitlines():
        given = line.partition(" =>")[0]
        name, _, text = given.partition(" = ")
        yield f"{given} => {printable(_told(name, literal_eval(text.replace('KEY', CANARY))))}"


def _told(name: str, value: Any) -> str:
    method, _, argument = name.rpartition(".")
    try:
        if method:
            return _called(method, argument, value)
        if name.isupper():
            with patch.dict(os.environ, {name: value}):
                return _settings()
        return _settings(**{name: value})
    except BluejayError as error:
        return f"{type(error).__name__}: {error}"


def _settings(**given: Any) -> str:
    with BluejayClient(**{"api_key": CANARY, **given}) as client:
        found = client._config
    limits = f"{found.request_timeout} s, {found.retries} retries, {found.max_body_bytes} bytes"
    return f"{found.base_url}, organization {found.organization_id!r}, {limits}"


def _called(method: str, argument: str, value: Any) -> str:
    with BluejayClient(CANARY, NOWHERE, retries=0) as client:
        function = getattr(client, method)
        first = next(iter(inspect.signature(function).parameters))
        options: dict[str, Any] = {first: ["7"] if first == "run_ids" else "7"}
        if argument == "request":
            options[first] = QueueSimulationRunRequest("7", **value)
        else:
            options[argument] = value
        called = function(**options)
        return f"{dict(called) if method == 'retrieve_many' else called}"
