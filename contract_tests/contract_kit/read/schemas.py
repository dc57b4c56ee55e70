"""The normalized schemas of a document, and the two validators that use them.

Every schema that a reference leads to becomes one entry of a single `$defs`, so that circular references and
references between files need no special treatment.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

from contract_kit.derive.model import Skipped
from contract_kit.errors import UncoverableError
from contract_kit.prove.strict import Discriminator
from contract_kit.prove.validators import Validators

from .document import Document, Place
from .endings import Endings, children
from .normalizing import (
    ONLY_2020,
    SUBSCHEMA,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
    UNREADABLE,
    Warn,
    assertions,
    read_nullable,
)
from .patterns import distrust

_DEEPEST = 150
"""The maximum depth of one definition: jsonschema-rs refuses a document with over 255 levels."""
_SCHEMA_NAME = re.compile(r"[\w.-]+(?<!\.json)(?<!\.yaml)(?<!\.yml)")

Node = dict[str, Any]
"""A normalized schema."""


class Schemas:
    """The normalized schemas of a document.

    Args:
        document: The document that contains the schemas.
        hidden: The keyword of properties that are not sent: `writeOnly` for responses, `readOnly` for
            requests.
        is_strict: Whether `required` also applies to hidden properties.
    """

    def __init__(self, document: Document, hidden: str = "writeOnly", *, is_strict: bool = False) -> None:
        self.document = document
        self.repairs: list[Skipped] = []
        """The parts of schemas that were left out, with their places and the reasons."""
        self._hidden = hidden
        self._optional = "" if is_strict else hidden
        self._definitions: dict[str, Node] = {}
        self._names: dict[Place, str] = {}
        self._waiting: list[tuple[str, Place]] = []
        self._places: dict[int, Place] = {}
        self._addresses: dict[int, str] = {}
        self._nodes: dict[str, Node] = {}
        self._hidden_nodes: set[int] = set()
        self._without_null: set[int] = set()
        self._discriminators: dict[int, tuple[str, dict[str, str], bool]] = {}
        self._referring: dict[int, bool] = {}
        self._endings = Endings(self._referred, self.origin)
        self._validators = Validators(self._definitions, self.discriminator, self.added_to)

    def add(self, place: Place) -> Node:
        """Normalize the schema at a place, and all schemas that it refers to.

        Raises:
            UncoverableError: A reference can't be followed, or a keyword changes what references mean.
        """
        name = self._name(place)
        while self._waiting:
            waiting, where = self._waiting.pop()
            try:
                self._definitions[waiting] = self._node(where, f"/$defs/{waiting}")
            except UncoverableError as error:
                self._definitions[waiting] = {}
                self._endings.uncoverable[id(self._definitions[waiting])] = str(error)
        try:
            self._endings.refuse_uncoverable(self._definitions[name])
        except RecursionError:
            raise UncoverableError("The schema follows too many references.") from None
        return self._definitions[name]

    @property
    def definitions(self) -> Mapping[str, Node]:
        """The schemas that were added, and the schemas that they refer to, by name."""
        return self._definitions

    def resolve(self, node: Node) -> Node:
        """Return the node that the `$ref` of a node refers to."""
        return self._definitions[node["$ref"].rpartition("/")[2]]

    def origin(self, node: Node) -> str:
        """Return the place of a node in the document."""
        place = self._places[id(node)]
        return f"{place.file}#{place.pointer}" if place.file else place.pointer

    def described(self, node: Node) -> dict[str, Any]:
        """Return the original schema of a node from the document, with its description and its default."""
        raw = self.document.at(self._places[id(node)])
        return raw if isinstance(raw, dict) else {}

    def broken(self, location: str) -> tuple[Node, str] | None:
        """Return the node and the keyword at the location that an error of the first validator names."""
        address, _, keyword = unquote(location.partition("#")[2]).rpartition("/")
        while address and address not in self._nodes:  # `dependentRequired` has no schemas inside
            address, _, keyword = address.rpartition("/")
        return (self._nodes[address], keyword) if address else None

    def places(self, nodes: Iterable[Node]) -> set[str]:
        """Return the places of these nodes, and of all nodes that they contain or refer to."""
        reached = {id(node): node for node in nodes}
        waiting = list(reached.values())
        for node in waiting:
            for inner in (*children(node), *self._referred(node)):
                if id(inner) not in reached:
                    reached[id(inner)] = inner
                    waiting.append(inner)
        return {_written(self._places[key]) for key in reached}

    def is_hidden(self, node: Node) -> bool:
        """Whether a property with this schema is not sent in this direction. References are followed."""
        while id(node) not in self._hidden_nodes and "$ref" in node:
            node = self.resolve(node)
        return id(node) in self._hidden_nodes

    def is_self_contained(self, node: Node) -> bool:
        """Whether a node contains no reference. If the node is only a `$ref`, this is asked of its target."""
        return not self._refers(self.target(node))

    def allows_no_null_case(self, node: Node) -> bool:
        """Whether the document is ambiguous about null here, so that no mutant uses null."""
        return id(node) in self._without_null

    def is_valid(self, node: Node, value: Any) -> bool:
        """Whether the first validator (jsonschema-rs) finds a value valid."""
        return self.first(node).is_valid(value)

    def is_legal(self, node: Node, value: Any) -> bool:
        """Whether a value is valid and also passes every check that a well-known validator may make."""
        return self.is_valid(node, value) and self.strict(node).is_valid(value)

    def discriminator(self, node: Node) -> Discriminator | None:
        """Return the discriminator of a node; None if it has none."""
        if (found := self._discriminators.get(id(node))) is None:
            return None
        name, targets, is_explicit = found
        return Discriminator(
            name, {value: self._definitions[each] for value, each in targets.items()}, is_explicit
        )

    @property
    def discriminating(self) -> set[str]:
        """The names of all properties that are discriminators."""
        return {name for name, _, _ in self._discriminators.values()}

    def added_to(self, parent: Node, child: Node) -> Iterator[Node]:
        """Yield the parts of a child's `allOf` that don't lead back to its parent."""
        for part in child.get("allOf", ()):
            if not self._leads_to(part, parent):
                yield part

    def _leads_to(self, node: Node, target: Node) -> bool:
        inner = (*self._referred(node), *node.get("allOf", ()))
        return node is target or any(self._leads_to(each, target) for each in inner)

    def refuses(self, node: Node, value: Any) -> bool:
        """Whether the first validator reports an error for a value.

        If jsonschema-rs calls a value invalid without an error, it failed to compile a part of the schema.
        """
        return self._validators.are_well_formed or any(True for _ in self.first(node).iter_errors(value))

    def strict(self, node: Node) -> jsonschema_rs.Draft202012Validator:
        """Return a validator that makes every check that a legal value must pass."""
        return self._validators.strict(self._address(node))

    def first(self, node: Node) -> jsonschema_rs.Draft202012Validator:
        """Return jsonschema-rs' validator of a node."""
        return self._validators.first(self._address(node))

    def second(self, node: Node) -> Any:
        """Return jsonschema's validator of a node, which shares no code with the first validator."""
        return self._validators.second(self._address(node))

    def _address(self, node: Node) -> str:
        return self._addresses[id(self.target(node))]

    def target(self, node: Node) -> Node:
        """Return the target of a node that is only a `$ref`, otherwise the node. Both share a validator."""
        while node.keys() == {"$ref"}:
            node = self.resolve(node)
        return node

    def _refers(self, node: Node) -> bool:
        if id(node) not in self._referring:
            self._referring[id(node)] = "$ref" in node or any(map(self._refers, children(node)))
        return self._referring[id(node)]

    def _name(self, place: Place) -> str:
        if place not in self._names:
            self._names[place] = name = str(len(self._names))
            self._validators.forget()
            self._waiting.append((name, place))
        return self._names[place]

    def _node(self, place: Place, address: str) -> Node:
        raw = self.document.at(place)
        if address.count("/") > _DEEPEST:
            raise UncoverableError("The schema is nested too deeply.")
        if isinstance(raw, bool):
            return self._noted({} if raw else {"not": {}}, place, address)
        if not isinstance(raw, dict):
            raise UncoverableError(f"The schema at {place.pointer} is neither an object nor a boolean.")
        if unreadable := UNREADABLE & raw.keys():
            raise UncoverableError(f"The schema at {place.pointer} uses {min(unreadable)}.")
        is_3_0 = self.document.is_3_0

        def warn(reason: str) -> None:
            self.repairs.append(Skipped(_written(place), reason))

        if "$ref" in raw and is_3_0:
            kept, raw = {}, {key: raw[key] for key in ("$ref", "nullable") if key in raw}
        else:
            kept = assertions(raw, is_3_0, self._optional, warn)
        if "$ref" in raw:
            kept["$ref"] = "#/$defs/" + self._name(self.document.target(place, raw["$ref"]))
        ambiguous = read_nullable(raw, kept, is_3_0, warn)
        inner = address + "/anyOf/0" if ambiguous else address
        kept.update(self._applicators(raw, place, inner, warn))
        self._note_discriminator(raw.get("discriminator"), kept, place)
        if raw.get(self._hidden) is True:
            self._hidden_nodes.add(id(kept))
        if not ambiguous:
            return self._noted(kept, place, address)
        whole = {"anyOf": [self._noted(kept, place, inner), {"type": "null"}]}
        self._noted(whole["anyOf"][1], place, address + "/anyOf/1")
        self._without_null.add(id(whole))
        return self._noted(whole, place, address)

    def _note_discriminator(self, raw: Any, kept: Node, place: Place) -> None:
        if not isinstance(raw, dict) or not isinstance(raw.get("propertyName"), str):
            return
        branches = [*kept.get("oneOf", ()), *kept.get("anyOf", ())]
        names = [each["$ref"].rpartition("/")[2] for each in branches if "$ref" in each]
        ends = {name: at.steps[-1] for at, name in self._names.items() if name in names and at.steps}
        mapping = raw.get("mapping")
        targets: dict[str, str] = {}
        for value, reference in mapping.items() if isinstance(mapping, dict) else ():
            is_name = isinstance(reference, str) and _SCHEMA_NAME.fullmatch(reference)
            with contextlib.suppress(UncoverableError):
                at = self.document.target(
                    place, f"#/components/schemas/{reference}" if is_name else reference
                )
                self.document.at(at)
                targets[value] = self._name(at)
        guessed = {end: name for name, end in ends.items() if name not in targets.values()}
        if found := targets | guessed:
            self._discriminators[id(kept)] = (raw["propertyName"], found, bool(targets))

    def _applicators(self, raw: dict[str, Any], place: Place, address: str, warn: Warn) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for keyword, value in raw.items():
            if self.document.is_3_0 and keyword in ONLY_2020:
                continue
            here, there = place / keyword, f"{address}/{keyword}"
            if keyword == "items" and isinstance(value, list):
                warn("a list of items is prefixItems in JSON Schema 2020-12")
                keyword, there = "prefixItems", f"{address}/prefixItems"
            if keyword in SUBSCHEMA:
                kept[keyword] = value if value is False else self._node(here, there)
            elif keyword in SUBSCHEMA_LISTS and isinstance(value, list) and value:
                kept[keyword] = [self._node(here / at, f"{there}/{at}") for at in range(len(value))]
            elif keyword in SUBSCHEMA_MAPS and isinstance(value, dict):
                names = [name for name in value if keyword != "patternProperties" or not distrust(name)]
                kept[keyword] = {name: self._node(here / name, f"{there}/{_escaped(name)}") for name in names}
            elif keyword in SUBSCHEMA_LISTS | SUBSCHEMA_MAPS:
                warn(f"{keyword} is not valid in JSON Schema")
        return kept

    def _noted(self, node: Node, place: Place, address: str) -> Node:
        self._places[id(node)] = place
        self._addresses[id(node)] = address
        self._nodes[unquote(address)] = node
        return node

    def _referred(self, node: Node) -> list[Node]:
        return [self.resolve(node)] if "$ref" in node else []


def _written(place: Place) -> str:
    return f"{place.file}#{place.pointer}"


def _escaped(step: str) -> str:
    """Escape a step for the fragment of a URI."""
    return quote(step.replace("~", "~0").replace("/", "~1"), safe="~")
