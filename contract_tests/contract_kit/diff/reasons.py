"""Finds why a version forbids a value: the path in the value, the schema and its keyword."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from attrs import field, frozen

from contract_kit.derive.places import NEW_KEY, places
from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path, at

from .rules import SEVERAL

_LONGEST = 60


@frozen(eq=False)
class Version:
    """A schema in one version of a document."""

    validators: Validators
    node: Node = field(repr=False)

    def is_valid(self, value: Any) -> bool:
        """Whether the first validator finds a value valid."""
        return self.validators.is_valid(self.node, value)

    def is_legal(self, value: Any) -> bool:
        """Whether a value is valid and satisfies each format that a well-known validator checks."""
        return self.validators.is_legal(self.node, value)

    def nodes(self, value: Any) -> dict[Path, list[Node]]:
        """Return the schemas that apply to each part of a value, by the part's path; outer schemas first."""
        found: dict[Path, list[Node]] = defaultdict(list)
        for place in places(self.validators, self.node, value):
            found[place.path].append(place.node)
        return found


@frozen(eq=False)
class Reason:
    """A reason why a version forbids a value.

    Attributes:
        path: The path to the part that is forbidden.
        node: The schema that forbids the part.
        keyword: The keyword that forbids the part.
        what: The property or value that the keyword is about; empty if there is none.
    """

    path: Path
    node: Node = field(repr=False)
    keyword: str
    what: str

    @property
    def key(self) -> tuple[int, str, str, Path]:
        """A key that is the same for equal reasons."""
        return id(self.node), self.keyword, self.what, self.path


class Reasons:
    """Finds the reasons why one version forbids values of the other version.

    Args:
        allows: The version that allows the values.
        forbids: The version that forbids the values.
        is_changed: Returns whether the first version lacks an equal schema at the same location.
    """

    def __init__(self, allows: Version, forbids: Version, is_changed: Callable[[Node], bool]) -> None:
        self._allows, self._forbids, self._is_changed = allows, forbids, is_changed

    def of(self, body: Any) -> list[Reason]:
        """Return the reasons why a value is forbidden. A wrong type is the only reason for its path."""
        errors = self._forbids.validators.first(self._forbids.node).iter_errors(body)
        found = {each.key: each for error in errors for each in self._read(error, body)}
        typed: dict[Path, list[Reason]] = defaultdict(list)
        for each in found.values():
            if each.keyword == "type":
                typed[each.path].append(each)
        first = [
            min(each, key=lambda reason: self._rank(reason, body)) if each[1:] else each[0]
            for each in typed.values()
        ]
        return [*first, *(each for each in found.values() if each.path not in typed)]

    def _rank(self, reason: Reason, body: Any) -> tuple[bool, int]:
        """Return a rank that is lower for a schema that changed, and then for an outer schema."""
        nodes = [*self._forbids.nodes(body)[reason.path], reason.node]
        return not self._is_changed(reason.node), [node is reason.node for node in nodes].index(True)

    def _read(self, error: Any, body: Any) -> Iterator[Reason]:
        broken = self._forbids.validators.graph.broken(error.absolute_keyword_location or "")
        if broken is None:
            return
        node, keyword = broken
        path = tuple(error.instance_path)
        if inner := self._of_branch(node, keyword, error, body, path):
            for each in inner:
                yield from self._read(each, body)
            return
        is_several = keyword == "oneOf" and not hasattr(error.kind, "context")
        for what in [SEVERAL] if is_several else _whats(node, keyword, at(body, path)):
            yield Reason(path, node, keyword, what)

    def _of_branch(self, node: Node, keyword: str, error: Any, body: Any, path: Path) -> list[Any]:
        """Return the errors of the union branch that the other version also has and accepts.

        A branch that is only a `$ref` is recognised by the location of its target. An inline branch is
        recognised by its own location, if both versions have the same number of branches.
        """
        if not (context := getattr(error.kind, "context", None)) or keyword not in node:
            return []
        allows = self._allows.nodes(body).get(path, [])
        accepting = {_place(self._allows.validators, each) for each in allows}
        is_longer = not any(len(each.get(keyword, ())) == len(context) for each in allows)
        for branch, errors in zip(node[keyword], context, strict=False):
            place = _place(self._forbids.validators, branch)
            if place in accepting and (branch.keys() == {"$ref"} or not is_longer):
                return list(errors)
        return []


def _whats(node: Node, keyword: str, value: Any) -> list[str]:
    """Return the properties or the value that a keyword forbids or misses."""
    if keyword == "required" and isinstance(value, dict):
        return [name for name in node["required"] if name not in value]
    if keyword == "additionalProperties" and isinstance(value, dict):
        known = [*node.get("properties", ()), NEW_KEY]
        regexes = node.get("patternProperties", ())
        names = [name for name in value if name not in known]
        return [name for name in names if not any(patterns.matches(each, name) for each in regexes)] or [""]
    if keyword in ("enum", "const") and value is not None:
        return [json.dumps(value, ensure_ascii=False)[:_LONGEST]]
    return [""]


def _place(validators: Validators, node: Node) -> str:
    return validators.graph.origin(validators.graph.target(node))
