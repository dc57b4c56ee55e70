"""Lists every value in a body with each schema that applies to the value, and describes changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Graph, Node
from contract_kit.read.paths import Path, pointer

from .names import ANY, branch_names, in_branch

_UNIONS = ("anyOf", "oneOf")
MOST_EVALUATED = 100_000
"""The maximum number of schema evaluations per body, counting only one item per list."""
OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "seven",
    "array": ["seven"],
    "object": {"seven": 7},
}
"""An example value for each JSON type."""
TYPE_NAMES = {type(value): name for name, value in OF_TYPE.items()}
"""The JSON type names, by Python type."""

NEW_VALUE = "NEVER_LISTED"
NEW_KEY = "undocumented_field"


@frozen
class Place:
    """A value in a body, with one schema that applies to it.

    Attributes:
        path: The path to the value.
        node: The schema, with references resolved.
        name: The path as it appears in ids, with `*` for items and free keys, and with the names of union
            branches.
    """

    path: Path
    value: Any = field(repr=False)
    node: Node = field(repr=False)
    name: str = ""


Seen: TypeAlias = dict[tuple[Node, str, str], Place]
"""The first place found for each combination of schema, named path and state."""


@frozen
class Change:
    """A new value for a place in a body.

    Attributes:
        operator: The name of the mutation operator.
        value: The new value.
        breaks: What is wrong with the value.
        keyword: The keyword that the change breaks; empty for a legal change. By default, the operator's
            name is the keyword.
        parameter: A label that distinguishes the change from the operator's other changes at the same place.
        path: The path from the place to the property that the change removes or adds, if any.
        text: The value as JSON text; empty to serialize the value as usual.
    """

    operator: str
    value: Any = field(repr=False)
    breaks: str
    keyword: str = field()
    parameter: str = ""
    path: Path = ()
    text: str = ""

    @keyword.default
    def _(self) -> str:
        return self.operator

    @property
    def found_at(self) -> Path:
        """The path at which a validator reports the change: for a missing property, the object's path."""
        return tuple(key for key in self.path if key in self.value)


def state(value: Any) -> str:
    """Return a valid value's state: `true`, `false`, `empty`, `one` (item) or, for most values, "".

    The same operator can change a value in several states, because some servers deviate in only one state.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list) and not value:
        return "empty"
    return "one" if isinstance(value, list) and len(value) == 1 else ""


def places(validators: Validators, node: Node, value: Any, seen: Seen | None = None) -> list[Place]:
    """Return a place for each value inside a valid value, combined with each schema that applies to it.

    For a list, only the first of the items that `items` describes is included. If several branches of a union
    accept a value, none of them is followed, because a value that breaks one branch might still be valid in
    another.

    Places in `seen` are left out, and new places are added to it.
    """
    found: list[Place] = []
    _collect(validators, Place((), value, node), {} if seen is None else seen, found)
    return found


def discriminators(validators: Validators, node: Node, value: Any) -> set[Path]:
    """Return the paths of a valid value's discriminators, if their values select schemas."""
    if not validators.graph.has_discriminator:
        return set()
    found = ((each.path, each.node.discriminator) for each in places(validators, node, value))
    return {(*path, each.property) for path, each in found if each and each.schemas}


def _collect(validators: Validators, place: Place, seen: Seen, found: list[Place]) -> None:
    path, value = place.path, place.value
    first = seen.setdefault((place.node, place.name, state(value)), place)
    if first is place:
        found.append(place)
    elif first.value is value:
        return  # this same object is also part of an earlier value
    for name, inner in _beside(validators, place.node, value):
        _collect(validators, Place(path, value, inner, place.name + name), seen, found)
    for step, name, inner in _inside(place.node, value):
        _collect(validators, Place((*path, step), value[step], inner, place.name + name), seen, found)


def _beside(validators: Validators, node: Node, value: Any) -> Iterator[tuple[str, Node]]:
    """Yield the schemas, with their names, that a schema applies to the same value."""
    if node.referred is not None:
        yield "", node.referred
    yield from (("", inner) for inner in node.get("allOf", ()))
    for keyword in _UNIONS:
        if keyword in node and (at := _accepting(validators, node[keyword], value)) is not None:
            yield in_branch(branch_names(node, keyword)[at]), node[keyword][at]
    if "if" in node:
        branch = "then" if validators.accepts(node["if"], value) else "else"
        if branch in node:
            yield in_branch(branch), node[branch]
    if isinstance(value, dict):
        yield from (("", inner) for key, inner in node.get("dependentSchemas", {}).items() if key in value)


def _accepting(validators: Validators, branches: Sequence[Node], value: Any) -> int | None:
    """Return the index of the branch that accepts a valid value, or None if several branches do."""
    found: int | None = None
    for at, each in enumerate(branches):
        is_left = found is None and at == len(branches) - 1  # a valid value matches some branch
        if is_left or validators.accepts(each, value):
            if found is not None:
                return None
            found = at
    return found


def takes_too_long(validators: Validators, node: Node, value: Any) -> bool:
    """Whether validating a value would evaluate more than `MOST_EVALUATED` schemas.

    If a schema applies two schemas to a property, each of those applies two more, and so on, validating even
    a short body takes exponential time. So the schemas are counted here without evaluating them.
    """
    return _evaluations(validators.graph, Place((), value, node), {}) > MOST_EVALUATED


def _evaluations(graph: Graph, place: Place, known: dict[tuple[Node, Path], int]) -> int:
    """Return the number of schema evaluations; a schema reached in several ways counts several times."""
    path, value, node = place.path, place.value, place.node
    if (key := (node, path)) not in known:
        beside = list(node.beside())
        found = node.discriminator if isinstance(value, dict) else None
        if found and (name := value.get(found.property)) in list(found.schemas):
            beside.append(graph.child(node, found.schemas[name]))
        inner = [Place(path, value, each) for each in beside]
        inner += [Place((*path, step), value[step], each) for step, _, each in _inside(node, value)]
        if "contains" in node and isinstance(value, list):
            inner += [Place((*path, at), each, node["contains"]) for at, each in enumerate(value)]
        known[key] = 1 + sum(_evaluations(graph, each, known) for each in inner)
    return known[key]


def _inside(node: Node, value: Any) -> Iterator[tuple[str | int, str, Node]]:
    """For each inner value with places, yield the path step, the step's name in ids, and the schema."""
    if isinstance(value, dict):
        yield from _in_object(node, value)
    elif isinstance(value, list):
        yield from _in_list(node, value)


def _in_object(node: Node, value: dict[str, Any]) -> Iterator[tuple[str, str, Node]]:
    properties = node.get("properties", {})
    yield from ((key, pointer((key,)), inner) for key, inner in properties.items() if key in value)
    others = [key for key in value if key not in properties]
    for pattern, inner in node.get("patternProperties", {}).items():
        matching = [key for key in value if patterns.matches(pattern, key)]
        yield from ((key, f"/{ANY}{in_branch(pattern)}", inner) for key in matching[:1])
        others = [key for key in others if key not in matching]
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if isinstance(node.get(keyword), Node):
            yield from ((key, f"/{ANY}", node[keyword]) for key in others[:1])


def _in_list(node: Node, value: list[Any]) -> Iterator[tuple[int, str, Node]]:
    first = node.get("prefixItems", [])
    yield from ((at, pointer((at,)), inner) for at, inner in enumerate(first[: len(value)]))
    if isinstance(node.get("items"), Node) and len(value) > len(first):
        yield len(first), f"/{ANY}", node["items"]


def too_few(count: int, noun: str, least: int) -> str:
    """Describe a value with fewer parts than the minimum."""
    return f"has {_count(count, noun)}, fewer than the minimum of {least}"


def too_many(count: int, noun: str, most: int) -> str:
    """Describe a value with more parts than the maximum."""
    return f"has {_count(count, noun)}, more than the maximum of {most}"


def _count(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
