"""Lists every value in a body with each schema that applies to it, and describes changes to a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Graph, Node
from contract_kit.read.paths import Path

_UNIONS = ("anyOf", "oneOf")
MOST_EVALUATED = 100_000
"""The maximum number of schemas that a validator may evaluate for one body; of a list, one item counts."""
OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "seven",
    "array": ["seven"],
    "object": {"seven": 7},
}
"""A value of each JSON type."""
TYPE_NAMES = {type(value): name for name, value in OF_TYPE.items()}
"""The name of the JSON type of each type of Python."""

NEW_VALUE = "NEVER_LISTED"
NEW_KEY = "undocumented_field"


@frozen
class Place:
    """A value in a body, and one schema that applies to it.

    Attributes:
        path: The steps to the value.
        node: The schema, with references followed.
    """

    path: Path
    value: Any = field(repr=False)
    node: Node = field(repr=False)


Seen: TypeAlias = dict[tuple[Node, Path], Place]
"""The key is a schema and a path; the value is the first place with this schema and path."""


@frozen
class Change:
    """A new value for a place in a body.

    Attributes:
        keyword: The keyword that the change breaks; empty for a legal change.
        name: Distinguishes the change from other changes for the same keyword at the same place.
        value: The new value.
        breaks: What is wrong with the value.
        operator: The name of the mutation operator; empty if the keyword and the name determine it.
    """

    keyword: str
    name: str
    value: Any = field(repr=False)
    breaks: str
    operator: str = ""
    found_at: Path = ()
    """The steps from the changed value to the value inside it that a validator reports as invalid."""


def places(validators: Validators, node: Node, value: Any, seen: Seen | None = None) -> list[Place]:
    """For each value within a valid value, return a place for each schema that applies to the inner value.

    Of the items that `items` describes, only the first gets places. If several branches of a union accept a
    value, none of them is followed: a value that breaks one branch may still be valid in another branch.

    The places in `seen` are not returned again, and the new places are added to it.
    """
    found: list[Place] = []
    _collect(validators, Place((), value, node), {} if seen is None else seen, found)
    return found


def _collect(validators: Validators, place: Place, seen: Seen, found: list[Place]) -> None:
    path, value = place.path, place.value
    first = seen.setdefault((place.node, path), place)
    if first is place:
        found.append(place)
    elif first.value is value:
        return  # collected earlier, from a value that contains this same object
    for inner in _beside(validators, place.node, value):
        _collect(validators, Place(path, value, inner), seen, found)
    for step, inner in _inside(place.node, value):
        _collect(validators, Place((*path, step), value[step], inner), seen, found)


def _beside(validators: Validators, node: Node, value: Any) -> Iterator[Node]:
    """Yield the schemas that a schema refers to and that apply to the same value."""
    if node.referred is not None:
        yield node.referred
    yield from node.get("allOf", ())
    for keyword in _UNIONS:
        yield from _accepting(validators, node.get(keyword, ()), value)
    if "if" in node:
        branch = "then" if validators.accepts(node["if"], value) else "else"
        if branch in node:
            yield node[branch]
    if isinstance(value, dict):
        yield from (inner for key, inner in node.get("dependentSchemas", {}).items() if key in value)


def _accepting(validators: Validators, branches: Sequence[Node], value: Any) -> list[Node]:
    """Return the branch of a union that accepts a valid value; an empty list if several branches accept."""
    found: list[Node] = []
    for number, each in enumerate(branches, 1):
        is_left = not found and number == len(branches)  # a valid value matches some branch
        if is_left or validators.accepts(each, value):
            if found:
                return []
            found.append(each)
    return found


def takes_too_long(validators: Validators, node: Node, value: Any) -> bool:
    """Whether a validator would evaluate more than `MOST_EVALUATED` schemas for a value.

    If a schema applies two schemas to a property, these again apply two schemas each, and so on, then the
    validation of even a short body never ends. So the schemas are counted, but not evaluated.
    """
    return _evaluations(validators.graph, Place((), value, node), {}) > MOST_EVALUATED


def _evaluations(graph: Graph, place: Place, known: dict[tuple[Node, Path], int]) -> int:
    """Return the number of schemas; a schema that is reached in several ways counts several times."""
    path, value, node = place.path, place.value, place.node
    if (key := (node, path)) not in known:
        beside = list(node.beside())
        found = node.discriminator if isinstance(value, dict) else None
        if found and (name := value.get(found.property)) in list(found.schemas):
            beside.append(graph.child(node, found.schemas[name]))
        inner = [Place(path, value, each) for each in beside]
        inner += [Place((*path, step), value[step], each) for step, each in _inside(node, value)]
        if "contains" in node and isinstance(value, list):
            inner += [Place((*path, at), each, node["contains"]) for at, each in enumerate(value)]
        known[key] = 1 + sum(_evaluations(graph, each, known) for each in inner)
    return known[key]


def _inside(node: Node, value: Any) -> Iterator[tuple[str | int, Node]]:
    if isinstance(value, dict):
        yield from _in_object(node, value)
    elif isinstance(value, list):
        yield from _in_list(node, value)


def _in_object(node: Node, value: dict[str, Any]) -> Iterator[tuple[str, Node]]:
    properties = node.get("properties", {})
    yield from ((key, inner) for key, inner in properties.items() if key in value)
    others = [key for key in value if key not in properties]
    for pattern, inner in node.get("patternProperties", {}).items():
        matching = [key for key in value if patterns.matches(pattern, key)]
        yield from ((key, inner) for key in matching[:1])
        others = [key for key in others if key not in matching]
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if isinstance(node.get(keyword), Node):
            yield from ((key, node[keyword]) for key in others[:1])


def _in_list(node: Node, value: list[Any]) -> Iterator[tuple[int, Node]]:
    first = node.get("prefixItems", [])
    yield from enumerate(first[: len(value)])
    if isinstance(node.get("items"), Node) and len(value) > len(first):
        yield len(first), node["items"]


def too_few(count: int, noun: str, least: int) -> str:
    """Return what is wrong with a value that has fewer parts than the minimum."""
    return f"has {_count(count, noun)}, below the minimum of {least}"


def too_many(count: int, noun: str, most: int) -> str:
    """Return what is wrong with a value that has more parts than the maximum."""
    return f"has {_count(count, noun)}, above the maximum of {most}"


def _count(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
