"""Reads the schemas of a document into a graph: follows references, and normalizes each schema once."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from contract_kit.errors import KitError, UncoverableError

from .document import Document, Place, Skipped
from .graph import Facts, Graph, Named, Node, children, written
from .normalizing import (
    ONLY_2020,
    SUBSCHEMA,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
    UNREADABLE,
    Warn,
    allows_nothing,
    assertions,
    read_nullable,
)
from .paths import pointer
from .patterns import distrust

_DEEPEST = 150
"""The maximum depth of one definition: jsonschema-rs refuses a document with over 255 levels."""
_MOST_EVALUATED = 1_000
"""The maximum number of schemas that one schema applies to the same value.

A schema that is reached in several ways counts several times, because validators evaluate it each time.
"""
_CLOSING = {"additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties"}
"""Keywords that forbid further properties or items if they are false."""
_ABOUT_OTHERS = {"additionalProperties", "unevaluatedProperties"}
"""Keywords for the properties that no other keyword describes."""
_NOTHING = "it allows no value"
_SCHEMA_NAME = re.compile(r"[\w.-]+(?<!\.json)(?<!\.yaml)(?<!\.yml)")


class Schemas:
    """Adds the schemas of a document to a graph.

    Args:
        document: The document that contains the schemas.
        hidden: The keyword of properties that are not sent: `writeOnly` for responses, `readOnly` for
            requests.
        is_strict: Whether `required` also applies to properties that are not sent.
    """

    def __init__(self, document: Document, hidden: str = "writeOnly", *, is_strict: bool = False) -> None:
        self.repairs: list[Skipped] = []
        """The parts of schemas that were left out, with their places and the reasons."""
        self._document = document
        self._hidden = hidden
        self._optional = "" if is_strict else hidden
        self._definitions: dict[str, Node] = {}
        self._names: dict[Place, str] = {}
        self._waiting: list[tuple[str, Place]] = []
        self._facts: dict[int, Facts] = {}
        self._nodes: dict[str, Node] = {}
        self._discriminators: dict[int, Named] = {}
        self._unmapped: dict[int, str] = {}
        self._unreadable: dict[int, str] = {}
        """The reason why a definition could not be read, by the id of its node."""
        self._sound: set[int] = set()
        self._evaluated: dict[int, int] = {}
        """The number of schemas that a node applies to the same value, by the node's id."""
        self.graph = Graph(
            document, self._definitions, self._facts, self._nodes, self._discriminators, self._unmapped
        )

    def add(self, place: Place) -> Node:
        """Normalize the schema at a place, and all schemas that it refers to.

        Raises:
            UncoverableError: A reference can't be followed, a keyword changes what references mean, or
                validation would never end.
        """
        name = self._name(place)
        while self._waiting:
            waiting, where = self._waiting.pop()
            try:
                self._definitions[waiting] = self._node(where, f"/$defs/{waiting}")
            except UncoverableError as error:
                self._definitions[waiting] = self._noted({}, where, f"/$defs/{waiting}")
                self._unreadable[id(self._definitions[waiting])] = str(error)
        try:
            self._refuse_uncoverable(self._definitions[name])
        except RecursionError:
            raise UncoverableError("The schema follows too many references.") from None
        return self._definitions[name]

    def _refuse_uncoverable(self, root: Node) -> None:
        """Check a schema and all schemas that it refers to.

        Raises:
            UncoverableError: One of these schemas could not be read, or validation with it would never end.
        """
        reached, met = [root], {id(root)}
        for node in reached:
            if reason := self._unreadable.get(id(node)):
                raise UncoverableError(reason)
            if self._evaluations(node, ()) > _MOST_EVALUATED:
                many = f"over {_MOST_EVALUATED:,} schemas to the same value"
                raise UncoverableError(f"The schema at {self.graph.origin(node)} applies {many}.")
            for inner in (*children(node), *self.graph.referred(node)):
                if id(inner) not in self._sound and id(inner) not in met:
                    met.add(id(inner))
                    reached.append(inner)
        self._sound |= met

    def _evaluations(self, node: Node, above: tuple[int, ...]) -> int:
        """Return the number of schemas that a schema applies to the same value.

        Raises:
            UncoverableError: The schema refers to itself without going deeper into the value, so validation
                would never end.
        """
        if id(node) in above:
            raise UncoverableError(f"The schema at {self.graph.origin(node)} refers to itself endlessly.")
        if id(node) not in self._evaluated:
            inner = (self._evaluations(each, (*above, id(node))) for each in self.graph.beside(node))
            # Validators evaluate the schemas once more to find out what these leave unevaluated.
            times = 2 if {"unevaluatedItems", "unevaluatedProperties"} & node.keys() else 1
            self._evaluated[id(node)] = times * (1 + sum(inner))
        return self._evaluated[id(node)]

    def _name(self, place: Place) -> str:
        if place not in self._names:
            self._names[place] = name = str(len(self._names))
            self._waiting.append((name, place))
        return self._names[place]

    def _node(self, place: Place, address: str) -> Node:
        raw = self._document.at(place)
        if address.count("/") > _DEEPEST:
            raise UncoverableError("The schema is nested too deeply.")

        def warn(reason: str) -> None:
            self.repairs.append(Skipped(written(place), reason))

        if raw is False:
            warn(_NOTHING)
        if isinstance(raw, bool):
            nothing = {} if raw else {"not": self._noted({}, place, address + "/not")}
            return self._noted(nothing, place, address)
        if not isinstance(raw, dict):
            raise UncoverableError(f"The schema at {place.pointer} is neither an object nor a boolean.")
        if unreadable := UNREADABLE & raw.keys():
            raise UncoverableError(f"The schema at {place.pointer} uses {min(unreadable)}.")
        is_3_0 = self._document.is_3_0
        if "$ref" in raw and is_3_0:
            kept, raw = {}, {key: raw[key] for key in ("$ref", "nullable") if key in raw}
        else:
            kept = assertions(raw, is_3_0, self._optional, warn)
        if "$ref" in raw:
            kept["$ref"] = "#/$defs/" + self._name(self._document.target(place, raw["$ref"]))
        ambiguous = read_nullable(raw, kept, is_3_0, warn)
        if not ambiguous and allows_nothing(kept):
            warn(_NOTHING)
        inner = address + "/anyOf/0" if ambiguous else address
        kept.update(self._applicators(raw, place, inner, warn))
        self._note_discriminator(raw.get("discriminator"), kept, place)
        self._noted(kept, place, inner, is_hidden=raw.get(self._hidden) is True)
        if not ambiguous:
            return kept
        null = self._noted({"type": "null"}, place, address + "/anyOf/1")
        return self._noted({"anyOf": [kept, null]}, place, address, allows_no_null_case=True)

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
            with contextlib.suppress(UncoverableError, KitError):
                at = self._document.target(
                    place, f"#/components/schemas/{reference}" if is_name else reference
                )
                self._document.at(at)
                targets[value] = self._name(at)
        guessed = {end: name for name, end in ends.items() if name not in targets.values()}
        if not targets:
            self._unmapped[id(kept)] = raw["propertyName"]
        if found := targets | guessed:
            self._discriminators[id(kept)] = Named(raw["propertyName"], found, bool(targets))

    def _applicators(self, raw: dict[str, Any], place: Place, address: str, warn: Warn) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        is_closed = True  # false if a pattern of `patternProperties` is left out
        for keyword, value in raw.items():
            if self._document.is_3_0 and keyword in ONLY_2020:
                continue
            here, there = place / keyword, f"{address}/{keyword}"
            if keyword == "items" and isinstance(value, list):
                warn("a list of items is prefixItems in JSON Schema 2020-12")
                keyword, there = "prefixItems", f"{address}/prefixItems"
            if keyword in SUBSCHEMA:
                is_closing = value is False and keyword in _CLOSING
                kept[keyword] = value if is_closing else self._node(here, there)
            elif keyword in SUBSCHEMA_LISTS and isinstance(value, list) and value:
                kept[keyword] = [self._node(here / at, f"{there}/{at}") for at in range(len(value))]
            elif keyword in SUBSCHEMA_MAPS and isinstance(value, dict):
                names = list(_asserted(value, warn)) if keyword == "patternProperties" else list(value)
                is_closed = is_closed and len(names) == len(value)
                kept[keyword] = {name: self._node(here / name, f"{there}{_fragment(name)}") for name in names}
            elif keyword in SUBSCHEMA_LISTS | SUBSCHEMA_MAPS:
                warn(f"{keyword} is not valid in JSON Schema")
        return kept if is_closed else {name: each for name, each in kept.items() if name not in _ABOUT_OTHERS}

    def _noted(
        self,
        node: Node,
        place: Place,
        address: str,
        *,
        is_hidden: bool = False,
        allows_no_null_case: bool = False,
    ) -> Node:
        refers = "$ref" in node or any(self._facts[id(each)].contains_reference for each in children(node))
        self._facts[id(node)] = Facts(place, address, is_hidden, allows_no_null_case, refers)
        self._nodes[unquote(address)] = node
        return node


def _asserted(expressions: Iterable[str], warn: Warn) -> Iterator[str]:
    """Yield the patterns that can be asserted."""
    for pattern in expressions:
        if reason := distrust(pattern):
            warn(f"the pattern {pattern} is not asserted: {reason}")
        else:
            yield pattern


def _fragment(name: str) -> str:
    """Return a name as a step of a JSON Pointer, escaped for the fragment of a URI."""
    return quote(pointer((name,)), safe="~/")
