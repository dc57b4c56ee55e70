"""Searches for witnesses: values that one version of a schema allows and the other version forbids.

Two kinds of values are tried: legal values of the version that allows them, one variation at a time, and
mutants of the version that forbids them, which break one keyword at a time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import field, frozen

from .. import patterns
from ..body_places import Place, places
from ..breaking import changes
from ..building import Builder
from ..change import NEW_KEY
from ..errors import UncoverableError
from ..legal import variations
from ..paths import Path, at, replaced, without
from ..proving import prove_valid
from ..schemas import Node, Schemas
from ..valid_bodies import bases
from .contracts import Content
from .digests import Digests
from .edges import edges
from .rules import SEVERAL

_REPAIRS = 20
_LONGEST = 60


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
        """The same for equal reasons."""
        return id(self.node), self.keyword, self.what, self.path


@frozen(eq=False)
class Found:
    """A witness, and one of the reasons why a version forbids it.

    Attributes:
        body: The whole value.
        reason: The reason.
        allows: The schemas of the other version that apply to the forbidden part.
        is_alone: Whether this is the only reason.
    """

    body: Any = field(repr=False)
    reason: Reason
    allows: Sequence[Node] = field(repr=False)
    is_alone: bool


class Pair:
    """A schema in two versions: one allows the values that are searched for, the other forbids them.

    Args:
        allowing: The schemas of the version that allows.
        forbidding: The schemas of the version that forbids.
        digests: The digests of all these schemas.
        content: The schema that allows, with examples.
        forbids: The schema that forbids.
        is_text: Whether values are sent as text, so that 7 and "7" are the same.
        is_changed: Tells whether the version that allows has no such schema at the same place.
    """

    def __init__(
        self,
        allowing: Schemas,
        forbidding: Schemas,
        digests: Digests,
        content: Content,
        forbids: Node,
        *,
        is_text: bool,
        is_changed: Callable[[Node], bool],
    ) -> None:
        self._allowing, self._forbidding, self._digests = allowing, forbidding, digests
        self._content, self._allows, self._forbids = content, content.node, forbids
        self._is_text, self._is_changed = is_text, is_changed

    def found(self) -> Iterator[Found]:
        """Yield witnesses: each once for each reason why it is forbidden.

        Raises:
            UncoverableError: No value that the first version allows was found.
        """
        bodies = [
            self._shown(base.value) for base in bases(self._allowing, self._allows, self._content.examples)
        ]
        for body in (*bodies, *self._grown(bodies)):
            yield from self._from(body)

    def _from(self, body: Any) -> Iterator[Found]:
        """Yield witnesses that differ from a legal body in one place, and the body itself if it is one."""
        if self._is_witness(body):
            yield from self._told(body, self._reasons(body))
            body = self._repaired(body)
        known = {reason.key for reason in self._reasons(body)}
        for path, value, allows, forbids in self._places(body):
            for new in self._candidates(path, value, allows, forbids):
                changed = replaced(body, path, new)
                if self._is_witness(changed):
                    reasons = self._reasons(changed)
                    yield from self._told(changed, [each for each in reasons if each.key not in known])

    def _grown(self, bodies: list[Any]) -> Iterator[Any]:
        """Yield legal bodies with a property that none of these bodies has.

        In a union, the fullest body that can be built may not be of the branch that describes a property.
        """
        described = [
            (body, place, name)
            for body in bodies
            for place in places(self._allowing, self._allows, body)
            for name in (place.node.get("properties", ()) if isinstance(place.value, dict) else ())
        ]
        met = {(id(place.node), name) for _, place, name in described if name in place.value}
        for body, place, name in described:
            if (id(place.node), name) in met:
                continue
            try:
                value = Builder(self._allowing).build(place.node["properties"][name])
            except UncoverableError:
                continue
            grown = replaced(body, place.path, place.value | {name: value})
            if self._allowing.is_legal(self._allows, grown):
                met.add((id(place.node), name))
                yield self._shown(grown)

    def is_confirmed(self, body: Any) -> bool:
        """Whether both validators find a value legal in one version and invalid in the other."""
        is_legal = prove_valid(self._allowing, [self._allows], body).doubt is None
        is_refused = self._forbidding.refuses(self._forbids, body)
        return is_legal and is_refused and not self._forbidding.second(self._forbids).is_valid(body)

    def shortened(self, found: Found) -> Any:
        """Return a witness for the same reason without the optional properties beside the forbidden part."""
        body, path = found.body, found.reason.path
        for depth in range(len(path) + 1):
            holder = at(body, path[:depth])
            for step in list(holder) if isinstance(holder, dict) else ():
                if step in path[depth : depth + 1]:
                    continue
                shorter = without(body, (*path[:depth], step))
                is_same = self._is_witness(shorter) and found.reason.key in {
                    each.key for each in self._reasons(shorter)
                }
                body = shorter if is_same else body
        return body

    def _is_witness(self, body: Any) -> bool:
        """Whether the first validator finds a value legal in one version and invalid in the other."""
        if self._forbidding.is_valid(self._forbids, body) or not self._allowing.is_legal(self._allows, body):
            return False
        return not self._is_text or not self._forbidding.is_valid(self._forbids, _as_text(body))

    def _shown(self, body: Any) -> Any:
        """Return a body without the properties that are not sent in this direction, if they are optional."""
        hidden = {
            place.path
            for place in places(self._allowing, self._allows, body)
            if place.path and self._allowing.is_hidden(place.node)
        }
        shown = body
        for path in sorted(hidden, key=len, reverse=True):
            shown = without(shown, path)
        return shown if self._allowing.is_legal(self._allows, shown) else body

    def _places(self, body: Any) -> Iterator[tuple[Path, Any, list[Node], list[Node]]]:
        """Yield each part of a body to which the versions apply different schemas."""
        allows, forbids = self._nodes(self._allowing, self._allows, body), None
        forbids = self._nodes(self._forbidding, self._forbids, body)
        for path, nodes in allows.items():
            others = forbids.get(path, [])
            own = {self._digests.own(self._allowing, node) for node in nodes} - {""}
            if others and own != {self._digests.own(self._forbidding, node) for node in others} - {""}:
                yield path, at(body, path), nodes, others

    def _nodes(self, schemas: Schemas, root: Node, body: Any) -> dict[Path, list[Node]]:
        found: dict[Path, list[Node]] = defaultdict(list)
        for place in places(schemas, root, body):
            found[place.path].append(place.node)
        return found

    def _candidates(self, path: Path, value: Any, allows: list[Node], forbids: list[Node]) -> Iterator[Any]:
        """Yield each value to try at a place once."""
        tried: set[str] = set()
        for new in self._values(path, value, allows, forbids):
            if (text := json.dumps(new, sort_keys=True)) not in tried:
                tried.add(text)
                yield new

    def _values(self, path: Path, value: Any, allows: list[Node], forbids: list[Node]) -> Iterator[Any]:
        for node in forbids:
            yield from (each.value for each in changes(self._forbidding, Place(path, value, node)))
        for node in allows:
            place = Place(path, value, node)
            yield from (each.value for each in variations(self._allowing, place))
            yield from edges(self._allowing, place)

    def _repaired(self, body: Any) -> Any:
        """Return a legal body that the other version forbids for fewer reasons, for none if possible."""
        reasons = self._reasons(body)
        for _ in range(_REPAIRS):
            better = next(
                (
                    (changed, fewer)
                    for reason in reasons
                    for changed in self._without(body, reason)
                    if self._allowing.is_legal(self._allows, changed)
                    and len(fewer := self._reasons(changed)) < len(reasons)
                ),
                None,
            )
            if better is None:
                break
            body, reasons = better
        return body

    def _without(self, body: Any, reason: Reason) -> Iterator[Any]:
        """Yield bodies to which a reason may not apply."""
        value = at(body, reason.path)
        if reason.what in value if isinstance(value, dict) else False:
            yield without(body, (*reason.path, reason.what))
        nodes = self._nodes(self._forbidding, self._forbids, body).get(reason.path, [reason.node])
        try:
            built = Builder(self._forbidding).build(*nodes)
        except UncoverableError:
            built = value
        if isinstance(built, dict) and isinstance(value, dict):
            yield replaced(body, reason.path, built | value)
        yield replaced(body, reason.path, built)
        if reason.path:
            yield without(body, reason.path)

    def _told(self, body: Any, reasons: list[Reason]) -> Iterator[Found]:
        if reasons:
            allows = self._nodes(self._allowing, self._allows, body)
        for reason in reasons:
            yield Found(body, reason, allows.get(reason.path, []), len(reasons) == 1)

    def _reasons(self, body: Any) -> list[Reason]:
        """Return the reasons why a value is forbidden; at one place, a wrong type is the only reason."""
        errors = self._forbidding.first(self._forbids).iter_errors(body)
        found = {each.key: each for error in errors for each in self._read(error, body)}
        typed: dict[Path, list[Reason]] = defaultdict(list)
        for each in found.values():
            if each.keyword == "type":
                typed[each.path].append(each)
        first = [min(each, key=lambda reason: self._rank(reason, body)) for each in typed.values()]
        return [*first, *(each for each in found.values() if each.path not in typed)]

    def _rank(self, reason: Reason, body: Any) -> tuple[bool, int]:
        """Return a lower value for a schema that changed, and for an outer schema."""
        nodes = self._nodes(self._forbidding, self._forbids, body)[reason.path]
        return not self._is_changed(reason.node), [id(node) for node in [*nodes, reason.node]].index(
            id(reason.node)
        )

    def _read(self, error: Any, body: Any) -> Iterator[Reason]:
        broken = self._forbidding.broken(error.absolute_keyword_location or "")
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
        """Return the errors in the branch of a union that the accepted branch of the other version was.

        A branch that is a definition is known by its place. Others are counted, unless some were added.
        """
        if not (context := getattr(error.kind, "context", None)) or keyword not in node:
            return []
        allows = self._nodes(self._allowing, self._allows, body).get(path, [])
        accepting = {self._allowing.origin(self._allowing.target(each)) for each in allows}
        is_longer = not any(len(each.get(keyword, ())) == len(context) for each in allows)
        for branch, errors in zip(node[keyword], context, strict=False):
            place = self._forbidding.origin(self._forbidding.target(branch))
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


def _as_text(value: Any) -> Any:
    """Return a value with each number, boolean and null as text, as a URL or a header contains it."""
    if isinstance(value, list):
        return list(map(_as_text, value))
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    return value if isinstance(value, str) else json.dumps(value)
