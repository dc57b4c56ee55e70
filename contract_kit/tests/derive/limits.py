"""Each limit of the kit, one step below it, at it, and one step beyond it."""

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import pytest

from contract_kit.errors import NothingCoveredError

from ..documents import answering, body, catalogue, catalogue_of, gaps, json_response, openapi

Schema: TypeAlias = dict[str, Any]
FIVE: Schema = {"const": 5}


def operators(*names: str) -> Callable[[Schema], str]:
    """Return a function that counts the mutants of these operators."""

    def count(schema: Schema) -> str:
        found = Counter(each.operator.name for each in catalogue_of(schema).mutants())
        return str({name: found[name] for name in names})

    return count


def control(schema: Schema) -> str:
    """Return the size and the depth of the valid body, or the reason why there is none."""
    found = catalogue_of(schema)
    if not found.operations:
        return found.gaps()[0].reason
    value = body(found.control(found.operations[0]))
    return f"{_size(value)} values on {_depth(value)} levels, {[each.reason for each in found.gaps()]}"


def _inner(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _size(value: Any) -> int:
    return 1 + sum(map(_size, _inner(value)))


def _depth(value: Any) -> int:
    return 1 + max(map(_depth, _inner(value)), default=0)


def bodies(schema: Schema) -> str:
    """Return the names of the valid bodies."""
    found = [each for each in catalogue_of(schema).mutants() if each.operator.name == "valid-body"]
    return str(Counter(each.parameter for each in found))


def alternatives(schema: Schema) -> str:
    found = catalogue_of(schema)
    return f"{len(list(found.alternatives(found.control(found.operations[0]))))} alternatives"


def breaks(name: str) -> Callable[[Schema], str]:
    """Return a function that returns the ids and the texts of an operator's mutants."""

    def text(schema: Schema) -> str:
        found = [each for each in catalogue_of(schema).mutants() if each.operator.name == name]
        return "; ".join(f"{each.id} {each.breaks} {each.reason}" for each in found)

    return text


def reasons(schema: Schema) -> str:
    return str([each.reason for each in gaps(catalogue_of(schema))])


def headers(schema: Schema) -> str:
    paths = answering({"204": {"headers": {"X-A": {"schema": schema}}}})
    found = catalogue(openapi(paths)).mutants()
    return str([each.parameter for each in found if each.operator.name == "header"])


def last_page(schema: Schema) -> str:
    parameters = [{"name": "start", "in": "query", "schema": {"type": "string"}}]
    paths = answering({"200": json_response(schema)}, parameters=parameters)
    found = catalogue(openapi(paths))
    last = found.valid(found.operations[0]).last_page
    return str(last and last.body)


def texts(count: int) -> list[str]:
    return [f"v{number}" for number in range(count)]


def an_object(count: int, inner: Any = None, **more: Any) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(texts(count), inner or FIVE), **more}


def nested(levels: int, found: Schema = FIVE, **more: Any) -> Schema:
    for _ in range(levels):
        found = {"type": "object", "properties": {"a": found}} | more
    return found


def lists(levels: int) -> Any:
    return [lists(levels - 1)] if levels else []


def branches(count: int, **more: Any) -> list[Schema]:
    return [
        {"title": f"T{number:02}", "type": "object", "required": [f"k{number}"]} | more
        for number in range(count)
    ]


def at_depth(depth: int) -> Schema:
    found: Schema = {"type": "object", "properties": {"cursor": {"type": "string"}}}
    for _ in range(depth - 1):
        found = {"type": "object", "properties": {"a": found}}
    found["properties"]["items"] = {"type": "array", "items": FIVE}
    return found


class Limit(NamedTuple):
    """A limit, a schema that is as large as a number, and what to look at.

    Attributes:
        instead: The limit to set instead, because the kit's own limit would take too long to reach.
        also: Another limit to set.
    """

    schema: Callable[[int], Schema]
    look: Callable[[Schema], str]
    instead: int = 0
    also: str = ""


BOTH: Schema = {key: {"enum": texts(9)} for key in "ab"}
LIMITS: dict[str, Limit] = {
    "derive.alternatives._ENUMS": Limit(lambda n: {"enum": texts(n)}, alternatives),
    "derive.alternatives._BODIES": Limit(lambda n: {"anyOf": branches(n + 1)}, alternatives),
    "derive.bodies._MOST_ALIKE": Limit(
        lambda n: {"enum": texts(n + 1)}, operators("enum-value", "enum-new"), 5
    ),
    "derive.bodies._MOST_BYTES": Limit(
        lambda n: an_object(0, properties={**BOTH, "c": {"const": "y" * (n - 76)}}, required=["a"]),
        operators("null", "optional-absent", "enum-value"),
        90,
    ),
    "derive.building.LARGEST": Limit(
        lambda n: an_object(0, properties={"a": an_object(n // 2), "b": an_object(n - n // 2 - 3)}),
        control,
        20,
    ),
    "derive.building._LARGEST_REQUIRED": Limit(
        lambda n: an_object(n - 1, required=texts(n - 1)), control, 20, also="derive.building.LARGEST"
    ),
    "derive.building._MOST_ABOVE": Limit(lambda n: nested(n, required=["a"]), control, 10),
    "derive.building._LONGEST": Limit(lambda n: {"type": "array", "minItems": n, "items": {}}, control, 5),
    "derive.container_changes._MOST_ITEMS": Limit(
        lambda n: {
            "type": ["array", "object"],
            "anyOf": [
                {"type": "array", "contains": FIVE, "maxContains": n, "maxItems": n},
                {"type": "object", "maxProperties": n},
            ],
        },
        operators("maxItems", "maxContains", "maxProperties"),
    ),
    "derive.legal_changes._MOST_MULTIPLES": Limit(
        lambda n: {"type": "number", "multipleOf": 0.1, "maximum": 0.6, "example": round(0.7 - n / 10, 1)},
        operators("inexact-multiple"),
        2,
    ),
    "derive.legal_changes._LONGEST_VALUE": Limit(
        lambda n: {"enum": ["y" * (n - 2), "z" * (n - 2)]}, breaks("enum-value")
    ),
    "derive.legal_changes._DOUBLE": Limit(
        lambda n: {"type": ["integer", "number"], "example": n},
        operators("big-integer", "exponent", "local-number"),
    ),
    "derive.near_misses._SHOWN": Limit(
        lambda n: {"type": "string", "example": "y" * (n - 2)}, breaks("null")
    ),
    "derive.pages._DEEPEST": Limit(at_depth, last_page),
    "derive.pages._LARGEST": Limit(
        lambda n: (
            an_object(n - 2)
            | {
                "properties": an_object(n - 2)["properties"]
                | {"start": {"type": "string"}, "list": {"type": "array", "items": FIVE}}
            }
        ),
        last_page,
    ),
    "derive.places.MOST_EVALUATED": Limit(lambda n: an_object(n - 1), control, 20),
    "derive.protocol._LONGEST_HEADER": Limit(lambda n: {"type": "string", "maxLength": n - 1}, headers),
    "derive.scalar_changes._LONGEST": Limit(
        lambda n: {"type": "string", "maxLength": n}, operators("maxLength")
    ),
    "derive.scalars._LONGEST": Limit(lambda n: {"type": "string", "minLength": n}, operators("minLength")),
    "derive.sites.DEEPEST": Limit(lambda n: nested(n), control),
    "derive.states._ROUNDS": Limit(
        lambda n: (
            an_object(1, FIVE, required=["a"])
            | {"properties": {"b": FIVE, "a": nested(n, an_object(1), required=["a"])}}
        ),
        bodies,
    ),
    "derive.union_changes._MOST_PAIRS": Limit(
        lambda n: {
            "oneOf": [
                {"title": "A", "type": "integer", "maximum": 6},
                *({"title": f"T{number}", "const": number} for number in texts(n - 1)),
                {"title": "Z", "type": "integer", "minimum": 6},
            ]
        },
        breaks("oneOf"),
    ),
    "derive.unusual._MOST": Limit(lambda n: an_object(n), breaks("valid-body")),
    "derive.valid_bodies._MOST": Limit(lambda n: {"anyOf": branches(n)}, bodies),
    "derive.valid_bodies._TRIES": Limit(
        lambda n: {"anyOf": [*branches(n - 1, **{"not": {}}), {"title": "Z", "type": "string"}]}, bodies, 6
    ),
    "derive.valid_bodies._REPAIRS": Limit(
        lambda n: an_object(n, {"not": {"minLength": 0}, "type": "string"}), bodies
    ),
    "read.normalizing._LEVELS": Limit(lambda n: {"enum": [lists(n - 1), 5]}, reasons),
    "read.schemas._DEEPEST": Limit(lambda n: nested(n // 2), reasons, 20),
    "read.schemas._MOST_EVALUATED": Limit(lambda n: {"allOf": [{}] * (n - 1)}, reasons, 20),
}
"""The limits by module and name."""


def value_of(name: str) -> int:
    module, _, attribute = name.rpartition(".")
    return int(getattr(importlib.import_module(f"contract_kit.{module}"), attribute))


def lines() -> Iterator[str]:
    """Yield each limit, and a line for a schema that is just below it, at it, and just above it."""
    for name, each in LIMITS.items():
        limit = each.instead or value_of(name)
        yield f"== {name} = {value_of(name)}{f', here {limit}' if each.instead else ''}"
        with pytest.MonkeyPatch.context() as patch:
            for changed in filter(None, (name, each.also)):
                patch.setattr(f"contract_kit.{changed}", limit)
            for step in (-1, 0, 1):
                try:
                    yield f"{step:+}: {each.look(each.schema(limit + step))}"
                except NothingCoveredError as error:
                    yield f"{step:+}: {error}"
