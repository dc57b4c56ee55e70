"""Hypothesis strategies for every body that a schema of the contract allows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.operations import RESULTS
from contract_kit.read.graph import UNCONSTRAINED, Node
from hypothesis import strategies as st

Json = st.SearchStrategy[Any]

_KEYS = st.text(max_size=8)
_INTEGERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.integers(),
    st.integers(2**63, 2**70),
    st.integers(-(2**53), 2**53).map(float),  # 81.0 is an integer too
)
_NUMBERS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**70), 2**70))
ANYTHING: Json = st.recursive(
    st.one_of(st.none(), st.booleans(), _INTEGERS, _NUMBERS, st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=5,
)


def bodies(contract: Contract, status: int = 200, operation: str = RESULTS) -> Json:
    """Return a strategy for the documents that an operation can send, with or without unknown keys."""
    return from_schema(contract, contract.operations[operation].schema(status))


def run_bodies(contract: Contract) -> Json:
    """Return a strategy for the documents with a run that the client accepts: all of its ids are usable."""
    return bodies(contract).map(_with_usable_ids)


def _with_usable_ids(document: Any) -> Any:
    run = document["simulation_run"] | {"id": "48213", "simulation_id": "731"}
    results = [each | {"id": abs(each["id"])} for each in document.get("simulation_results") or ()]
    return document | {"simulation_run": run} | ({"simulation_results": results} if results else {})


def from_schema(contract: Contract, schema: Node) -> Json:
    """Return a strategy for the documents that a schema allows."""
    return st.one_of([_alternative(contract, each) for each in contract.alternatives(schema)])


def _alternative(contract: Contract, schema: Node) -> Json:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "type" not in schema:
        return ANYTHING
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_OF_TYPE[name](contract, schema) for name in types])


def _objects(contract: Contract, schema: Node) -> Json:
    properties = {name: from_schema(contract, each) for name, each in schema.get("properties", {}).items()}
    required = schema.get("required", [])
    named = st.fixed_dictionaries(
        {name: properties[name] for name in required},
        optional={name: each for name, each in properties.items() if name not in required},
    )
    others = schema.get("additionalProperties", True)
    if others is False:
        return named
    values = ANYTHING if others is True else from_schema(contract, others)
    extra = st.dictionaries(_KEYS.filter(lambda key: key not in properties), values, max_size=2)
    return st.builds(lambda known, more: {**more, **known}, named, extra)


def _arrays(contract: Contract, schema: Node) -> Json:
    return st.lists(from_schema(contract, schema.get("items", UNCONSTRAINED)), max_size=3)


def _strings(_: Contract, schema: Node) -> Json:
    return date_times() if "format" in schema else st.text(max_size=20)


_OF_TYPE: dict[str, Callable[[Contract, Node], Json]] = {
    "object": _objects,
    "array": _arrays,
    "string": _strings,
    "integer": lambda _, __: _INTEGERS,
    "number": lambda _, __: _NUMBERS,
    "boolean": lambda _, __: st.booleans(),
    "null": lambda _, __: st.none(),
}


_DATE_TIMES = st.datetimes(datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30))
_OFFSETS = st.one_of(st.just(0), st.integers(-1439, 1439))  # minutes
_LEAPS = st.integers(0, 9).map(lambda drawn: drawn == 0)
_FRACTIONS = st.one_of(st.just(""), st.text("0123456789", min_size=1, max_size=9).map(".{}".format))
_UTC = st.sampled_from(["Z", "z", "+00:00", "-00:00"])
_SEPARATORS = st.sampled_from("Tt")


@st.composite
def date_times(draw: st.DrawFn) -> str:
    """Draw a time in any form that RFC 3339 allows: leap seconds, any fraction, any offset, either case.

    The year 0000 is left out: RFC 3339 allows it, but a Python datetime can't represent it.
    """
    at = draw(_DATE_TIMES)
    minutes = draw(_OFFSETS)
    if draw(_LEAPS):
        at = at.replace(hour=23, minute=59, second=59) + datetime.timedelta(minutes=minutes)
        seconds = f"{at:%H:%M}:60"
    else:
        seconds = f"{at:%H:%M:%S}"
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    if minutes == 0:
        zone = draw(_UTC)
    return f"{at.year:04}-{at:%m-%d}{draw(_SEPARATORS)}{seconds}{draw(_FRACTIONS)}{zone}"
