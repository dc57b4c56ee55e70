"""Finds the reasons why the receiver's schema forbids a value: the path in the value, and the difference.

`differences` defines the receiver and the sender.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import frozen

from contract_kit.derive.places import NEW_KEY
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS
from contract_kit.read.paths import Path

from .applied import UNIONS, Applied
from .assertions import LONGEST, NULL
from .differences import SEVERAL, Difference, Key
from .pairs import Pair


@frozen(eq=False)
class Reason:
    """A reason why the receiver's schema forbids a value.

    Attributes:
        difference: The difference between the versions that makes the keyword forbid the value at the path.
    """

    path: Path
    keyword: str
    difference: Difference

    @property
    def key(self) -> tuple[Key, Path]:
        """A key that identical reasons share."""
        return self.difference.key, self.path


class Reasons:
    """Finds the reasons why the receiver's schema forbids a value."""

    def __init__(self, pair: Pair, differences: Mapping[Key, Difference]) -> None:
        self._allows, self._forbids, self._differences = pair.allows, pair.forbids, differences
        self._of_node: dict[Node, list[Difference]] = defaultdict(list)
        for each in sorted(differences.values(), key=lambda each: each.keyword != NULL):
            self._of_node[each.node].append(each)

    def concern(self, node: Node) -> bool:
        """Whether a difference was found in this schema, which is one of the receiver's."""
        return node in self._of_node

    def of(self, body: Any) -> list[Reason]:
        """Return the reasons, without duplicates, why a value is forbidden."""
        errors = self._forbids.validators.first(self._forbids.node).iter_errors(body)
        return list({each.key: each for error in errors for each in self._read(error, body)}.values())

    def _read(self, error: Any, body: Any) -> Iterator[Reason]:
        steps = self._steps(error.evaluation_path)
        if not steps:
            return
        node, keyword, _ = steps.pop()
        whats = _whats(keyword, error)
        known = [self._known([*steps, (node, keyword, what)], error.instance) for what in whats]
        if not any(known) and (inner := self._of_branch(error, body)):
            yield from inner
            return
        path = tuple(error.instance_path)
        for what, difference in zip(whats, known, strict=True):
            yield Reason(path, keyword, difference or self._new(node, keyword, what, body, path))

    def _known(self, steps: list[tuple[Node, str, str]], value: Any) -> Difference | None:
        """Return the innermost difference that forbids a value."""
        found = (self._at(node, keyword, what, value) for node, keyword, what in reversed(steps))
        return next(filter(None, found), None)

    def _at(self, node: Node, keyword: str, what: str, value: Any) -> Difference | None:
        """Return the difference in a schema that concerns a keyword, or else one that covers the schema."""
        here = self._of_node.get(node, [])
        exact = (each for each in here if self._forbids_with(each, keyword, what, value))
        covering = (each for each in here if each.keyword in ("type", "properties") and not each.what)
        return next(chain(exact, covering), None)

    def _forbids_with(self, found: Difference, keyword: str, what: str, value: Any) -> bool:
        if found.keyword == NULL:
            return value is None
        if found.branch is not None:
            return keyword in UNIONS and self._allows.validators.is_valid(found.branch, value)
        return found.keyword == keyword and found.what in (what, "")

    def _of_branch(self, error: Any, body: Any) -> list[Reason]:
        """Return the reasons for one union branch: the branch that has the fewest.

        A branch is skipped if any of its reasons isn't a known difference.
        """
        read = [
            [each for inner in errors for each in self._read(inner, body)]
            for errors in getattr(error.kind, "context", ())
        ]
        known = [each for each in read if each and all(it.difference.key in self._differences for it in each)]
        return min(known, key=len, default=[])

    def _new(self, node: Node, keyword: str, what: str, body: Any, path: Path) -> Difference:
        """Return a difference that the comparison missed because it takes several schemas to cause it."""
        allows = Applied.of(*self._allows.nodes(body)[path])
        return Difference(node, keyword, what, allows.with_branches)

    def _steps(self, steps: Iterable[str | int]) -> list[tuple[Node, str, str]]:
        """Return the schema, keyword and child name at each step leading to an error, outer steps first."""
        node: Any = self._forbids.node.target
        found: list[tuple[Node, str, str]] = []
        waiting = iter(list(steps)[1:])
        for step in waiting:
            keyword = str(step)
            if keyword == "$ref":
                node = node.referred
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


def _whats(keyword: str, error: Any) -> list[str]:
    """Return what breaks a keyword: the missing or forbidden properties, or the forbidden value."""
    if keyword == "oneOf" and [] in getattr(error.kind, "context", []):
        return [SEVERAL]
    if keyword == "required":
        return [error.kind.property]
    if keyword == "additionalProperties" and hasattr(error.kind, "unexpected"):
        return [name for name in error.kind.unexpected if name != NEW_KEY] or [""]
    if keyword in ("enum", "const") and error.instance is not None:
        return [json.dumps(error.instance, ensure_ascii=False)[:LONGEST]]
    return [""]
