"""Decoding bytes into typed values: time and peak memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import process_time
from typing import Any

from .build import CODE, full
from .case import Case, Measure, peak_memory, timed

Decode = Callable[[bytes], Any]


def _ours() -> Decode:
    from bluejay_results import SimulationRun

    return SimulationRun.from_bytes


def _structs() -> Decode:
    import msgspec

    from .structs import Response

    return msgspec.json.Decoder(Response).decode


def _sdk() -> Decode:
    models = import_module("bluejay.models")
    unmarshal = import_module("bluejay.utils.serializers").unmarshal_json
    return lambda body: unmarshal(body, models.SimulationResultsResponse)


def _stock() -> Decode:
    model = import_module("stock_client.models").SimulationResultsResponse
    return lambda body: model.from_dict(json.loads(body))


def _pydantic() -> Decode:
    decode: Decode = import_module("pydantic_models").SimulationResultsResponse.model_validate_json
    return decode


DECODERS: dict[str, Callable[[], Decode]] = {
    "ours": _ours,
    "msgspec structs": _structs,
    "datamodel-code-generator": _pydantic,
    "openapi-python-client": _stock,
    "bluejay-sdk": _sdk,
    "json.loads, no types": lambda: json.loads,
}


def decoder(contender: str) -> Decode:
    """Load a contender's decoder. No other contender is loaded into the process."""
    sys.path.append(str(CODE))
    return DECODERS[contender]()


def _prepare(contender: str, conversations: int, measure: Callable[[Callable[[], Any]], Measure]) -> Measure:
    decode, body = decoder(contender), full(conversations).read_bytes()
    return measure(partial(decode, body))


cpu = partial(timed, clock=process_time)
"""Measures CPU time: decoding never waits, and other processes affect CPU time least."""
CASES = [
    # Measure several values per process: the first ones include garbage collections of all modules.
    *(
        Case("decode 70 kB", each, partial(_prepare, each, 10, cpu), loops=50, values=9, rounds=9)
        for each in DECODERS
    ),
    *(Case("decode 7 MB", each, partial(_prepare, each, 1_000, cpu), rounds=9) for each in DECODERS),
    *(
        Case(
            "decode 7 MB, memory",
            each,
            partial(_prepare, each, 1_000, peak_memory),
            values=1,
            rounds=1,
            unit="byte",
        )
        for each in DECODERS
    ),
]
