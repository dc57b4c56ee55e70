"""Reads a document's schemas into a graph: resolves references, and normalizes each schema once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from contract_kit.errors import BrokenReferenceError, KitError, UncoverableError

from .document import Document, Place, Skipped
from .graph import Discriminator, Graph, Node, reached, reading, written
from .normalizing import (
    ONLY_2020,
    SUBSCHEMA,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
    UNREADABLE,
    Warn,
    allows_nothing,
    assertions,
    is_shallow,
    read_nullable,
)
from .paths import pointer
from .patterns import distrust

_DEEPEST = 150
"""The maximum nesting depth of a definition, because jsonschema-rs rejects documents with over 255 levels."""
_MOST_EVALUATED = 1_000
"""The maximum number of schemas that one schema applies to the same value. A schema that is reached in
several ways counts several times, because validators evaluate it each time."""
_CLOSING = {"additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties"}
"""Keywords that forbid additional properties or items if they are false."""
_ABOUT_OTHERS = {"additionalProperties", "unevaluatedProperties"}
"""Keywords that apply to properties that no other keyword describes."""
_NOTHING = "it allows no value"
_SCHEMA_NAME = re.compile(r"[\w.-]+(?<!\.json)(?<!\.yaml)(?<!\.yml)")


class Schemas:
    """Adds a document's schemas to a graph.

    Args:
        document: The document that contains the schemas.
        hidden: The keyword for properties that aren't sent: `writeOnly` for responses, `readOnly` for
            requests.
        is_strict: Whether `required` also applies to properties that aren't sent.
    """

    def __init__(self, document: Document, hidden: str = "writeOnly", *, is_strict: bool = False) -> None:
        self.repairs: list[Skipped] = []
        """The dropped parts of schemas, their locations and the reasons."""
        self.graph = Graph(document)
        self._document = document
        self._hidden = hidden
        self._optional = "" if is_strict else hidden
        self._names: dict[Place, str] = {}
        self._waiting: list[tuple[str, Place]] = []
        self._unlinked: list[tuple[Node, dict[str, str]]] = []
        """Nodes to link to the definitions of their `$ref` and, by value, of their discriminator.

        They are linked once no schema is waiting.
        """
        self._sound: set[Node] = set()
        self._evaluated: dict[Node, int] = {}
        """The number of schemas that each node applies to the same value."""

    def add(self, place: Place) -> Node:
        """Normalize the schema at a place, and all schemas that it refers to.

        Raises:
            UncoverableError: A reference can't be followed, a keyword changes what references mean, or
                validation would never end.
        """
        name, definitions = self._name(place), self.graph.definitions
        while self._waiting:
            waiting, where = self._waiting.pop()
            try:
                definitions[waiting] = self._node(self._document.at(where), where, f"/$defs/{waiting}")
            except UncoverableError as error:
                definitions[waiting] = Node({}, where, f"/$defs/{waiting}")
                definitions[waiting].unreadable = error
        while self._unlinked:
            node, named = self._unlinked.pop()
            if "$ref" in node:
                node.referred = definitions[node["$ref"].rpartition("/")[2]]
            if node.discriminator:
                node.discriminator.schemas.update((value, definitions[each]) for value, each in named.items())
        try:
            self._refuse_uncoverable(definitions[name])
        except RecursionError:
            raise UncoverableError("The schema follows too many references.") from None
        return definitions[name]

    def _refuse_uncoverable(self, root: Node) -> None:
        """Check a schema and all schemas that it refers to.

        Raises:
            UncoverableError: One of these schemas couldn't be read, or validation with it would never end.
        """
        met = reached([root], lambda node: (each for each in reading(node) if each not in self._sound))
        for node in met:
            if node.unreadable:
                raise node.unreadable.with_traceback(None)
            if self._evaluations(node, ()) > _MOST_EVALUATED:
                many = f"over {_MOST_EVALUATED:,} schemas to the same value"
                raise UncoverableError(f"The schema at {node.origin} applies {many}.")
        self._sound.update(met)

    def _evaluations(self, node: Node, above: tuple[Node, ...]) -> int:
        """Return the number of schemas that a schema applies to the same value.

        Raises:
            UncoverableError: The schema applies itself to the same value, so validation would never end.
        """
        if node in above:
            raise UncoverableError(f"The schema at {node.origin} refers to itself infinitely.")
        if node not in self._evaluated:
            inner = (self._evaluations(each, (*above, node)) for each in node.beside())
            # Validators evaluate the schemas a second time to find out what they leave unevaluated.
            times = 2 if {"unevaluatedItems", "unevaluatedProperties"} & node.keys() else 1
            self._evaluated[node] = times * (1 + sum(inner))
        return self._evaluated[node]

    def _name(self, place: Place) -> str:
        if place not in self._names:
            self._names[place] = name = str(len(self._names))
            self._waiting.append((name, place))
        return self._names[place]

    def _node(self, raw: Any, place: Place, address: str) -> Node:
        if address.count("/") > _DEEPEST:
            raise UncoverableError("The schema is nested too deeply.")

        def warn(reason: str) -> None:
            self.repairs.append(Skipped(written(place), reason))

        if raw is False:
            warn(_NOTHING)
        if isinstance(raw, bool):
            nothing = {} if raw else {"not": Node({}, place, address + "/not")}
            return Node(nothing, place, address)
        if not isinstance(raw, dict):
            raise UncoverableError(f"The schema at {place.pointer} is neither an object nor a boolean.")
        if unreadable := UNREADABLE & raw.keys():
            raise UncoverableError(f"The schema at {place.pointer} uses {min(unreadable)}.")
        original, is_3_0 = raw, self._document.is_3_0
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
        node = Node(kept, place, inner, original)
        node.is_hidden_here = raw.get(self._hidden) is True
        if (named := self._note_discriminator(node, raw.get("discriminator"))) or "$ref" in node:
            self._unlinked.append((node, named))
        if not ambiguous:
            return node
        null = Node({"type": "null"}, place, address + "/anyOf/1", original)
        both = Node({"anyOf": [node, null]}, place, address, original)
        both.allows_no_null_case = True
        return both

    def _note_discriminator(self, node: Node, raw: Any) -> dict[str, str]:
        """Set a node's discriminator; return the name of the definition for each of its values."""
        if not isinstance(raw, dict) or not isinstance(raw.get("propertyName"), str):
            return {}
        definitions, is_explicit = self._named(node, raw.get("mapping"))
        node.discriminator = Discriminator(raw["propertyName"], {}, is_explicit)
        self.graph.has_discriminator = True
        return definitions

    def _named(self, node: Node, mapping: Any) -> tuple[dict[str, str], bool]:
        """Return the definition for each discriminator value, and whether the document has a mapping."""
        branches = [*node.get("oneOf", ()), *node.get("anyOf", ())]
        names = [each["$ref"].rpartition("/")[2] for each in branches if "$ref" in each]
        places = {name: at for at, name in self._names.items()}
        ends = {name: places[name].steps[-1] for name in names if places[name].steps}
        targets: dict[str, str] = {}
        for value, reference in sorted(mapping.items()) if isinstance(mapping, dict) else ():
            is_name = isinstance(reference, str) and _SCHEMA_NAME.fullmatch(reference)
            written_as = f"#/components/schemas/{reference}" if is_name else reference
            try:
                at = self._document.target(node.place, written_as)
                self._document.at(at)
            except (UncoverableError, KitError) as error:
                if isinstance(error, BrokenReferenceError) and not is_name:
                    self.repairs.append(Skipped.of(written(node.place), error))
            else:
                targets[value] = self._name(at)
        guessed = {end: name for name, end in ends.items() if name not in targets.values()}
        return targets | guessed, bool(targets)

    def _applicators(self, raw: dict[str, Any], place: Place, address: str, warn: Warn) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        is_closed = True  # false if a pattern in `patternProperties` is dropped
        for keyword, value in raw.items():
            if self._document.is_3_0 and keyword in ONLY_2020:
                continue
            here, there = place / keyword, f"{address}/{keyword}"
            if keyword == "items" and isinstance(value, list):
                warn("a list of items is prefixItems in JSON Schema 2020-12")
                keyword, there = "prefixItems", f"{address}/prefixItems"
            if keyword in SUBSCHEMA:
                is_closing = value is False and keyword in _CLOSING
                kept[keyword] = value if is_closing else self._node(value, here, there)
            elif keyword in SUBSCHEMA_LISTS and isinstance(value, list) and value:
                listed = list(enumerate(value))
                if keyword in ("anyOf", "oneOf"):
                    listed.sort(key=lambda pair: _rank(pair[1]))
                kept[keyword] = [
                    self._node(each, here / at, f"{there}/{index}") for index, (at, each) in enumerate(listed)
                ]
            elif keyword in SUBSCHEMA_MAPS and isinstance(value, dict):
                names = list(_asserted(value, warn)) if keyword == "patternProperties" else list(value)
                is_closed = is_closed and len(names) == len(value)
                kept[keyword] = {
                    name: self._node(value[name], here / name, f"{there}{_fragment(name)}") for name in names
                }
            elif keyword in SUBSCHEMA_LISTS | SUBSCHEMA_MAPS:
                warn(f"{keyword} is not valid in JSON Schema")
        return kept if is_closed else {name: each for name, each in kept.items() if name not in _ABOUT_OTHERS}


def _rank(branch: Any) -> tuple[bool, str, str]:
    """Return a branch's sort key, because the document's order of branches has no meaning. Null is last."""
    raw = branch if isinstance(branch, dict) else {}
    names = (raw.get("$ref"), raw.get("title"), raw.get("type"))
    name = next((each for each in names if isinstance(each, str)), "")
    return raw.get("type") == "null", name, json.dumps(branch, sort_keys=True) if is_shallow(branch) else ""


def _asserted(expressions: Iterable[str], warn: Warn) -> Iterator[str]:
    """Yield the patterns that can be asserted."""
    for pattern in expressions:
        if reason := distrust(pattern):
            warn(f"the pattern {pattern} is not asserted: {reason}")
        else:
            yield pattern


def _fragment(name: str) -> str:
    """Return a name as a reference token in a JSON Pointer, escaped for use in a URI fragment."""
    return quote(pointer((name,)), safe="~/")
