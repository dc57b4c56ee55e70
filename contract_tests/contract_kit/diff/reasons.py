"""Finds why the receiver's schema forbids a value: the path in the value, and the difference of the schemas.

`differences` defines the receiver and the sender.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from contract_kit.derive.places import NEW_KEY, places
from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS
from contract_kit.read.paths import Path, at

from .applied import UNIONS, Applied
from .assertions import LONGEST, NULL
from .differences import SEVERAL, Difference, Key


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
    """A reason why the receiver's schema forbids a value.

    Attributes:
        path: The path to the part that is forbidden.
        keyword: The keyword that forbids the part.
        difference: The difference between the versions that makes the keyword forbid the part.
    """

    path: Path
    keyword: str
    difference: Difference

    @property
    def key(self) -> tuple[Key, Path]:
        """A key that is the same for equal reasons."""
        return self.difference.key, self.path


class Reasons:
    """Finds the reasons why the receiver's schema forbids a value.

    Args:
        allows: The sender's version of the schema.
        forbids: The receiver's version of the schema.
        differences: The differences between the two versions.
    """

    def __init__(self, allows: Version, forbids: Version, differences: Mapping[Key, Difference]) -> None:
        self._allows, self._forbids, self._differences = allows, forbids, differences
        self._of_node: dict[int, list[Difference]] = defaultdict(list)
        for each in differences.values():
            self._of_node[id(each.node)].append(each)

    def concern(self, node: Node) -> bool:
        """Whether a difference was found in this schema of the receiver."""
        return id(node) in self._of_node

    def of(self, body: Any) -> list[Reason]:
        """Return the reasons why a value is forbidden, each once."""
        errors = self._forbids.validators.first(self._forbids.node).iter_errors(body)
        return list({each.key: each for error in errors for each in self._read(error, body)}.values())

    def _read(self, error: Any, body: Any) -> Iterator[Reason]:
        steps = self._steps(error.evaluation_path)
        if not steps:
            return
        path, value = tuple(error.instance_path), at(body, error.instance_path)
        node, keyword, _ = steps[-1]
        whats = [SEVERAL] if _is_several(keyword, error) else _whats(node, keyword, value)
        known = [self._known(steps, what, value) for what in whats]
        if not any(known) and (inner := self._of_branch(error, body)):
            yield from inner
            return
        for what, difference in zip(whats, known, strict=True):
            yield Reason(path, keyword, difference or self._new(node, keyword, what, body, path))

    def _known(self, steps: list[tuple[Node, str, str]], what: str, value: Any) -> Difference | None:
        """Return the innermost difference that forbids a value."""
        leaf, *outer = reversed(steps)
        for node, keyword, about in ((leaf[0], leaf[1], what), *outer):
            ranked = [
                (rank, each)
                for each in self._of_node.get(id(node), ())
                if (rank := self._rank(each, keyword, about, value))
            ]
            if ranked:
                return max(ranked, key=lambda each: each[0])[1]
        return None

    def _rank(self, found: Difference, keyword: str, about: str, value: Any) -> int:
        """Return how closely a difference matches a part of a keyword; 0 if it doesn't match."""
        if found.branch is not None:
            is_about = keyword in UNIONS and self._allows.validators.is_valid(found.branch, value)
            return 2 if is_about else 0
        if found.keyword == NULL:
            return 3 if value is None else 0
        if found.keyword == keyword and found.what in (about, ""):
            return 2
        return 1 if found.covers_all else 0

    def _of_branch(self, error: Any, body: Any) -> list[Reason]:
        """Choose the branch of a union with the fewest reasons, and return these reasons.

        A branch is left out if one of its reasons is not a known difference.
        """
        read = [
            [each for inner in errors for each in self._read(inner, body)]
            for errors in getattr(error.kind, "context", ())
        ]
        known = [each for each in read if each and all(it.difference.key in self._differences for it in each)]
        return min(known, key=len, default=[])

    def _new(self, node: Node, keyword: str, what: str, body: Any, path: Path) -> Difference:
        """Return a difference that the comparison missed, because several schemas cause it together."""
        name = FROM_FORMAT if keyword in node.get(FROM_FORMAT, ()) else keyword
        allows = Applied.of(self._allows.validators.graph, self._allows.nodes(body).get(path, ()))
        return Difference(node, name, what, allows.with_branches)

    def _steps(self, steps: list[str | int]) -> list[tuple[Node, str, str]]:
        """Return the schema, keyword and child's name at each step to an error; outer steps come first."""
        graph = self._forbids.validators.graph
        node: Any = graph.target(self._forbids.node)
        found: list[tuple[Node, str, str]] = []
        waiting = iter(steps[1:])
        for step in waiting:
            keyword = str(step)
            if keyword == "$ref":
                node = graph.resolve(node)
                continue
            name = ""
            inner = node.get(keyword) if isinstance(node, dict) else None
            if keyword in SUBSCHEMA_LISTS | SUBSCHEMA_MAPS and (part := next(waiting, None)) is not None:
                name, inner = str(part), node[keyword][part]
            found.append((node, FROM_FORMAT if keyword in node.get(FROM_FORMAT, ()) else keyword, name))
            if keyword not in SUBSCHEMA | SUBSCHEMA_LISTS | SUBSCHEMA_MAPS or not isinstance(inner, dict):
                break
            node = inner
        return found


def _is_several(keyword: str, error: Any) -> bool:
    return keyword == "oneOf" and [] in getattr(error.kind, "context", [])


def _whats(node: Node, keyword: str, value: Any) -> list[str]:
    """Return what breaks a keyword: missing properties, forbidden properties, or a forbidden value."""
    if keyword == "required" and isinstance(value, dict):
        return [name for name in node["required"] if name not in value]
    if keyword == "additionalProperties" and isinstance(value, dict):
        known = [*node.get("properties", ()), NEW_KEY]
        regexes = node.get("patternProperties", ())
        names = [name for name in value if name not in known]
        return [name for name in names if not any(patterns.matches(each, name) for each in regexes)] or [""]
    if keyword in ("enum", "const") and value is not None:
        return [json.dumps(value, ensure_ascii=False)[:LONGEST]]
    return [""]
