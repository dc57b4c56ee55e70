"""Compares two versions of a schema keyword by keyword, to find assertions that only the receiver makes.

The sender's schemas describe what is sent: the new responses, or the old requests. The receiver's schemas
describe what is expected: the old responses, or the new requests. An assertion that only the receiver's
schema makes is a difference, because the sender's schema may allow a value that the receiver's schema
forbids. A witness is a value that proves this. If the search finds no witness, the difference is unproven.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import TYPES

from .applied import UNIONS, Applied, branches_of, children, is_closed, is_false
from .assertions import NULL, Assertions
from .digests import Digests
from .results import Direction

SEVERAL = "several branches"
"""The value of `Difference.what` if only the sender's union lets a value match several branches."""

Key: TypeAlias = tuple[Node, str, str]
"""A schema, a keyword, and the part of the keyword."""


@frozen(eq=False)
class Difference:
    """An assertion that a receiver's schema makes and the sender's schemas don't.

    Attributes:
        node: The schema that makes the assertion.
        keyword: The assertion's keyword; `null` if the assertion excludes null.
        what: The property, value or branch that the difference concerns; empty for the entire keyword.
        allows: The sender's schemas for the same value, including the branches of their unions.
        branch: If the difference concerns a branch, the branch that only the sender's union has.
    """

    node: Node = field(repr=False)
    keyword: str
    what: str
    allows: tuple[Node, ...] = field(repr=False)
    branch: Node | None = field(default=None, repr=False)

    @property
    def key(self) -> Key:
        """A key that is unique to each assertion."""
        return self.node, self.keyword, self.what


@frozen(eq=False)
class _Compared:
    """The differences between two schemas, and pairs of their children. Pairs of properties are marked."""

    differences: list[Difference] = field(factory=list)
    inner: list[tuple[Applied, Applied, bool]] = field(factory=list)


class Differences:
    """The differences between the schemas of two documents."""

    def __init__(self, direction: Direction, forbidding: Validators, digests: Digests) -> None:
        self._is_old_forbidding = direction is Direction.RESPONSE
        self._digests = digests
        self._assertions = Assertions(forbidding, digests)
        self._known: dict[tuple[frozenset[Node], frozenset[Node]], _Compared] = {}

    def between(self, allowing: Node, forbidding: Node) -> dict[Key, tuple[Difference, bool]]:
        """Return each difference between two schemas, and whether it is inside a property."""
        return self._reached(Applied.of(allowing), Applied.of(forbidding))

    def _reached(self, allows: Applied, forbids: Applied) -> dict[Key, tuple[Difference, bool]]:
        found: dict[Key, tuple[Difference, bool]] = {}
        waiting = [(allows, forbids, False)]
        met = {(allows.key, forbids.key)}
        for one, two, is_inside in waiting:
            compared = self._compared(one, two)
            for each in compared.differences:
                found.setdefault(each.key, (each, is_inside))
            for allowed, forbidden, is_property in compared.inner:
                if (key := (allowed.key, forbidden.key)) not in met:
                    met.add(key)
                    waiting.append((allowed, forbidden, is_inside or is_property))
        return found

    def _compared(self, allows: Applied, forbids: Applied) -> _Compared:
        key = allows.key, forbids.key
        if key not in self._known:
            found = self._known[key] = _Compared()  # stored first, because a circular schema leads back here
            if whole := _nothing_in_common(allows, forbids):
                found.differences.append(self._difference(allows, *whole))
                return found
            for node in forbids.nodes:
                for keyword, what in self._assertions.missing(allows, forbids, node):
                    found.differences.append(self._difference(allows, node, keyword, what))
                for union in UNIONS:
                    if union in node:
                        self._union(allows, node, union, found)
            for node in forbids.nodes:
                self._children(allows, node, found)
            self._additional(allows, forbids, found)
        return self._known[key]

    def _difference(
        self, allows: Applied, node: Node, keyword: str, what: str = "", branch: Node | None = None
    ) -> Difference:
        return Difference(node, keyword, what, allows.with_branches, branch)

    def _union(self, allows: Applied, node: Node, union: str, found: _Compared) -> None:
        """Compare the branches of a union in a receiver's schema with the sender's branches."""
        branches = branches_of(node, union)
        names = sorted(UNIONS, key=lambda name: name != union)
        other = next(((each, name) for name in names for each in allows.nodes if name in each), None)
        if other is None:
            if all(self._reached(allows, each) for each in branches):
                found.differences.append(self._difference(allows, node, union))
            return
        if union == "oneOf" != other[1]:
            found.differences.append(self._difference(allows, node, union, SEVERAL))
        ours = branches_of(*other)
        pairs = self._same(ours, branches)
        for index, branch in enumerate(ours):
            if index in pairs:
                found.inner.append((branch, pairs[index], False))
            elif all(self._reached(branch, each) for each in branches):
                named = (NULL, "") if branch.types == frozenset({"null"}) else (union, _name(branch))
                found.differences.append(self._difference(allows, node, *named, branch.nodes[0]))

    def _same(self, ours: list[Applied], theirs: list[Applied]) -> dict[int, Applied]:
        """Map the index of each of the sender's branches to the corresponding receiver's branch.

        Branches correspond if they are identical or refer to the same schema. If the sender and the receiver
        have the same number of branches left, those are paired in order.
        """
        found: dict[int, Applied] = {}
        left = list(theirs)
        for identity in (self._digest, _referred):
            for index, branch in enumerate(ours):
                known = identity(branch)
                other = next((each for each in left if known and identity(each) == known), None)
                if index not in found and other is not None:
                    found[index] = other
                    left.remove(other)
        rest = [index for index in range(len(ours)) if index not in found]
        return found | (dict(zip(rest, left, strict=True)) if len(rest) == len(left) else {})

    def _digest(self, branch: Applied) -> str:
        return self._digests.of(branch.nodes[0])

    def _children(self, allows: Applied, node: Node, found: _Compared) -> None:
        """Compare the children of a schema, and find those that the sender's schemas don't describe."""
        if node.get("items") is False and not allows.has("items", is_false):
            found.differences.append(self._difference(allows, node, "items"))
        required = {each.what for each in found.differences if each.keyword == "required"}
        for keyword, name, inner in children(node):
            if inner.is_hidden:
                continue
            if others := allows.child(keyword, name):
                is_property = keyword not in ("items", "prefixItems")
                found.inner.extend((other, Applied.of(inner), is_property) for other in others)
                continue
            if keyword == "properties":
                is_gone = self._is_old_forbidding and name not in required
            else:
                is_gone = Applied.of(inner).asserts_about(set(TYPES))
            if is_gone and not allows.has(keyword, is_false):
                found.differences.append(self._difference(allows, node, keyword, name))

    def _additional(self, allows: Applied, forbids: Applied, found: _Compared) -> None:
        """Compare the properties that only the sender's schema lists with the receiver's other subschemas."""
        for name in allows.own_names if forbids.unions else allows.names:
            others = allows.described(name)
            if not others or forbids.described(name) or not forbids.may_be("object"):
                continue
            if inner := forbids.described_otherwise(name):
                found.inner.extend((other, each, True) for other in others for each in inner)
            elif not self._is_old_forbidding and not any(map(is_closed, forbids.nodes)):
                holder = next((each for each in forbids.nodes if "properties" in each), forbids.nodes[0])
                found.differences.append(self._difference(allows, holder, "properties", name))


def _nothing_in_common(allows: Applied, forbids: Applied) -> tuple[Node, str] | None:
    """Return a schema and keyword as the only difference if the two sides share no type or no property."""
    ours, theirs = allows.names.keys(), forbids.names.keys()
    for node in forbids.nodes:
        types = Applied((node,)).types if "type" in node else None
        if types is not None and not (allows.asserts_about(types) and allows.may_be(*types)):
            return node, "type"
        if "properties" in node and ours and len(ours | theirs) > 2 and not ours & theirs:
            return node, "properties"
    return None


def _referred(branch: Applied) -> str:
    """Return the location of the schema that a branch refers to, or "" if it refers to none."""
    node = branch.nodes[0]
    return node.target.origin if "$ref" in node else ""


def _name(branch: Applied) -> str:
    return _referred(branch).rpartition("/")[2]
