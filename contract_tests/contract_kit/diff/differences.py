"""Compares two versions of a schema keyword by keyword: which assertions are only in the receiver's schema?

The sender's schemas describe what is sent: the new responses, or the old requests. The receiver's schemas
describe what is expected: the old responses, or the new requests. An assertion that is only in the receiver's
schema is a difference: the sender's schema may allow a value that the receiver's schema forbids. A witness is
a value that proves this. If the search finds no witness, the difference is unproven.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from attrs import field, frozen

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import TYPES

from .applied import CLOSING, UNIONS, Applied, is_closed, is_false
from .assertions import NULL, Assertions
from .digests import Digests
from .results import Direction

SEVERAL = "several branches"
"""The value of `Difference.what` if only the sender's union allows a value that matches several branches."""

Key: TypeAlias = tuple[int, str, str]
Pair: TypeAlias = tuple[Applied, Applied]


@frozen(eq=False)
class Difference:
    """An assertion that a schema of the receiver makes, and the sender's schemas don't make.

    Attributes:
        node: The schema that makes the assertion.
        keyword: The keyword of the assertion; `null` if the assertion excludes null.
        what: The property, the value or the branch that the difference is about; empty for the whole keyword.
        allows: The sender's schemas for the same value, with the branches of their unions.
        branch: The branch that only the sender's union has, if the difference is about a branch.
    """

    node: Node = field(repr=False)
    keyword: str
    what: str
    allows: tuple[Node, ...] = field(repr=False)
    branch: Node | None = field(default=None, repr=False)

    @property
    def key(self) -> Key:
        """A key that differs for each assertion."""
        return id(self.node), self.keyword, self.what

    @property
    def covers_all(self) -> bool:
        """Whether this is the only difference, because the schemas share no type or no property."""
        return not self.what and self.keyword in ("type", "properties")


@frozen(eq=False)
class _Compared:
    """The differences of a pair of schemas, and the pairs of their children."""

    differences: list[Difference] = field(factory=list)
    properties: list[Pair] = field(factory=list)
    others: list[Pair] = field(factory=list)


class Differences:
    """The differences between the schemas of two documents.

    Args:
        direction: Whether responses or requests are compared.
        allowing: The schemas of the sender: the new responses, or the old requests.
        forbidding: The schemas of the receiver: the old responses, or the new requests.
        digests: The digests of the schemas of both versions.
    """

    def __init__(
        self, direction: Direction, allowing: Validators, forbidding: Validators, digests: Digests
    ) -> None:
        self._is_old_forbidding = direction is Direction.RESPONSE
        self._allowing, self._forbidding, self._digests = allowing, forbidding, digests
        self._assertions = Assertions(allowing, forbidding, digests)
        self._known: dict[tuple[frozenset[int], frozenset[int]], _Compared] = {}

    def between(self, allowing: Node, forbidding: Node) -> dict[Key, tuple[Difference, bool]]:
        """Return each difference of two schemas, and whether it is within a property."""
        return self._reached(Applied.of(self._allowing.graph, [allowing]), self._forbidden(forbidding))

    def _forbidden(self, node: Node) -> Applied:
        return Applied.of(self._forbidding.graph, [node])

    def _reached(self, allows: Applied, forbids: Applied) -> dict[Key, tuple[Difference, bool]]:
        found: dict[Key, tuple[Difference, bool]] = {}
        waiting = [(allows, forbids, False)]
        met = {(allows.key, forbids.key)}
        for one, two, is_inside in waiting:
            compared = self._compared(one, two)
            for each in compared.differences:
                found.setdefault(each.key, (each, is_inside))
            for pairs, is_property in ((compared.properties, True), (compared.others, is_inside)):
                for inner in pairs:
                    if (key := (inner[0].key, inner[1].key)) not in met:
                        met.add(key)
                        waiting.append((*inner, is_property))
        return found

    def _compared(self, allows: Applied, forbids: Applied) -> _Compared:
        key = allows.key, forbids.key
        if key not in self._known:
            found = self._known[key] = _Compared()  # stored first: a circular schema leads back to itself
            equal = {self._digests.of(allows.graph, node) for node in allows.nodes}
            rest = [each for each in forbids.nodes if self._digests.of(forbids.graph, each) not in equal]
            if whole := _nothing_in_common(allows, forbids, rest):
                found.differences.append(whole)
                return found
            for node in rest:
                found.differences.extend(self._own(allows, forbids, node))
                self._union(allows, node, found)
                self._children(allows, node, found)
            self._properties(allows, forbids, rest, found)
        return self._known[key]

    def _own(self, allows: Applied, forbids: Applied, node: Node) -> Iterator[Difference]:
        for keyword, what in self._assertions.missing(allows, forbids, node):
            yield Difference(node, keyword, what, allows.with_branches)

    def _union(self, allows: Applied, node: Node, found: _Compared) -> None:
        """Compare the branches of the unions in a schema of the receiver with the sender's branches."""
        for union in UNIONS:
            if union not in node:
                continue
            branches = [self._forbidden(each) for each in node[union]]
            names = sorted(UNIONS, key=lambda name: name != union)
            other = next(((each, name) for name in names for each in allows.nodes if name in each), None)
            if other is None:
                if all(self._reached(allows, each) for each in branches):
                    found.differences.append(Difference(node, union, "", allows.with_branches))
                continue
            if union == "oneOf" != other[1]:
                found.differences.append(Difference(node, union, SEVERAL, allows.nodes))
            ours = allows.branches(*other)
            pairs = self._same(ours, branches)
            for index, branch in enumerate(ours):
                if index in pairs:
                    found.others.append((branch, pairs[index]))
                elif all(self._reached(branch, each) for each in branches):
                    is_null = branch.types == frozenset({"null"})
                    named = (NULL, "") if is_null else (union, _name(branch))
                    found.differences.append(Difference(node, *named, allows.with_branches, branch.nodes[0]))

    def _same(self, ours: list[Applied], theirs: list[Applied]) -> dict[int, Applied]:
        """Return the receiver's branch for each branch of the sender, by the index of the sender's branch.

        Branches are paired if they are equal or refer to the same schema. If both sides have the same number
        of branches left, these are paired in order.
        """
        found: dict[int, Applied] = {}
        for index, branch in enumerate(ours):
            self._match(found, index, [each for each in theirs if self._digest(each) == self._digest(branch)])
        for index, branch in enumerate(ours):
            if "$ref" in branch.nodes[0]:
                self._match(found, index, [each for each in theirs if _place(each) == _place(branch)])
        left = [each for each in theirs if all(each is not known for known in found.values())]
        rest = [index for index in range(len(ours)) if index not in found]
        return found | (dict(zip(rest, left, strict=True)) if len(rest) == len(left) else {})

    @staticmethod
    def _match(found: dict[int, Applied], index: int, candidates: list[Applied]) -> None:
        free = [each for each in candidates if all(each is not known for known in found.values())]
        if index not in found and free:
            found[index] = free[0]

    def _digest(self, branch: Applied) -> str:
        return self._digests.of(branch.graph, branch.nodes[0])

    def _children(self, allows: Applied, node: Node, found: _Compared) -> None:
        """Compare the items of a schema, and the properties that it describes without naming them."""
        if node.get("items") is False and not allows.has("items", is_false):
            found.differences.append(Difference(node, "items", "", allows.with_branches))
        for keyword, name, inner in _described(node):
            if others := allows.inner(partial(_at, keyword=keyword, name=name)):
                pairs = found.properties if keyword in (*CLOSING, "patternProperties") else found.others
                pairs.extend((other, self._forbidden(inner)) for other in others)
            elif not allows.has(keyword, is_false) and self._forbidden(inner).asserts_about(set(TYPES)):
                found.differences.append(Difference(node, keyword, name, allows.with_branches))

    def _properties(self, allows: Applied, forbids: Applied, rest: list[Node], found: _Compared) -> None:
        """Compare the named properties, and list those that the new version no longer describes."""
        required = {each.what for each in found.differences if each.keyword == "required"}
        for node in rest:
            for name, inner in node.get("properties", {}).items():
                if forbids.graph.is_hidden(inner):
                    continue
                others = allows.described(name) or allows.described_otherwise(name)
                found.properties.extend((other, self._forbidden(inner)) for other in others)
                is_gone = self._is_old_forbidding and not others and allows.may_be("object")
                if is_gone and name not in required:
                    found.differences.append(Difference(node, "properties", name, allows.with_branches))
        for name in allows.own_names if forbids.unions else allows.names:
            if (
                not (others := allows.described(name))
                or forbids.described(name)
                or not forbids.may_be("object")
            ):
                continue
            if inner := forbids.described_otherwise(name):
                found.properties.extend((other, each) for other in others for each in inner)
            elif not self._is_old_forbidding and not any(map(is_closed, forbids.nodes)):
                holder = next((each for each in forbids.nodes if "properties" in each), forbids.nodes[0])
                found.differences.append(Difference(holder, "properties", name, allows.with_branches))


def _nothing_in_common(allows: Applied, forbids: Applied, rest: list[Node]) -> Difference | None:
    """If the schemas share no type or no property, return that as the only difference; else return None."""
    ours, theirs = allows.names.keys(), forbids.names.keys()
    for node in rest:
        types = Applied(forbids.graph, (node,)).types if "type" in node else None
        if types is not None and not (allows.asserts_about(types) and allows.may_be(*types)):
            return Difference(node, "type", "", allows.with_branches)
        if "properties" in node and ours and len(ours | theirs) > 2 and not ours & theirs:
            return Difference(node, "properties", "", allows.with_branches)
    return None


def _described(node: Node) -> Iterator[tuple[str, str, Node]]:
    """For children without a name, yield the keyword, the index or pattern (may be empty), and the schema."""
    for keyword in ("items", *CLOSING):
        if isinstance(node.get(keyword), dict):
            yield keyword, "", node[keyword]
    yield from (("prefixItems", str(index), inner) for index, inner in enumerate(node.get("prefixItems", ())))
    yield from (
        ("patternProperties", name, inner) for name, inner in node.get("patternProperties", {}).items()
    )


def _at(node: Node, keyword: str, name: str) -> list[Node]:
    """Return the schema for an index or pattern under a keyword.

    `items` applies to each index for which `prefixItems` has no schema.
    """
    found = next((inner for known, at, inner in _described(node) if (known, at) == (keyword, name)), None)
    if found is None and keyword == "prefixItems" and isinstance(node.get("items"), dict):
        found = node["items"]
    return [] if found is None else [found]


def _place(branch: Applied) -> str:
    return branch.graph.origin(branch.graph.target(branch.nodes[0]))


def _name(branch: Applied) -> str:
    """Return the name of the schema that a branch refers to; empty if the branch refers to none."""
    return _place(branch).rpartition("/")[2] if "$ref" in branch.nodes[0] else ""
