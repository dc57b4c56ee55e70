"""Compares two documents: pairs the schemas of both, searches for witnesses, and groups the witnesses."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from attrs import field, frozen

from contract_kit.errors import KitError, UncoverableError
from contract_kit.prove.proving import Doubt
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Document, Skipped, nearest
from contract_kit.read.paths import at, pointer

from .changes import Change, Comparison, Direction, Use, Witness
from .contracts import Content, Contents, Contract, Key
from .digests import Digests
from .existence import existence
from .reach import Reach
from .reasons import Reasons, Version
from .rules import names_no_value, rule
from .search import Found, Pair

Show: TypeAlias = Callable[[str, int, int], None]

_SEARCHED = 3
"""The number of requests or responses in which a change of a shared schema is searched for."""
_INLINE = "/paths/"
"""How the location of an inline schema begins. Several paths may repeat such a schema."""
_KEPT = 3
"""The number of witnesses to keep for a change in one schema, until one of them is confirmed."""


@frozen(eq=False)
class Paired:
    """A schema that both versions have, and the places where both use it.

    Attributes:
        allowing: The schema whose values are tried.
        forbidding: The schema of the other version.
        uses: The places where both versions use the schema.
    """

    allowing: Content
    forbidding: Content
    uses: list[Use] = field(factory=list)


@frozen(eq=False)
class _Hit:
    found: Found
    pair: Pair
    paired: Paired
    rule: str
    location: str
    schema: str
    what: str

    @property
    def key(self) -> tuple[str, str, str]:
        """A key that is equal for witnesses of the same change."""
        return self.rule, self.schema, self.what

    @property
    def rank(self) -> tuple[bool, int]:
        """A rank that is lower for a witness that shows the change better."""
        return not self.found.is_alone, len(json.dumps(self.found.body))


class Side:
    """The comparison of two documents in one direction, requests or responses.

    Args:
        direction: Whether requests or responses are compared.
        allowing: The schemas of the version whose values are tried: the old requests or the new responses.
        forbidding: The schemas of the other version.
        pairs: The schemas that both versions have, with their uses.
    """

    def __init__(
        self,
        direction: Direction,
        allowing: Validators,
        forbidding: Validators,
        pairs: Iterator[tuple[Use, Content, Content]],
    ) -> None:
        self._direction, self._allowing, self._forbidding = direction, allowing, forbidding
        self.compared = 0
        self.skipped: list[Skipped] = []
        self._digests = Digests([allowing.graph, forbidding.graph])
        self._reaches = Reach(allowing.graph, self._digests), Reach(forbidding.graph, self._digests)
        found: dict[tuple[str, str, bool], Paired] = {}
        for use, content, other in pairs:
            self.compared += 1
            one = self._digests.of(allowing.graph, content.node)
            two = self._digests.of(forbidding.graph, other.node)
            if one != two:
                found.setdefault((one, two, bool(use.kind)), Paired(content, other)).uses.append(use)
        self._changed = list(found.values())
        self._uses: Counter[str] = Counter()
        """The number of requests or responses that use each definition of the forbidding version."""

    def changes(self, show: Show) -> Iterator[Change]:
        """Yield each change of a schema, with its shortest witness."""
        groups: dict[tuple[str, str, str], list[_Hit]] = defaultdict(list)
        chosen = self._chosen()
        for done, paired in enumerate(chosen, 1):
            name = f"{self._direction.capitalize()}s"
            show(f"{name}: {done:,} of {len(chosen):,} changed schemas", done, len(chosen))
            best: dict[tuple[str, str, str], list[_Hit]] = defaultdict(list)
            for hit in self._hits(paired):
                best[hit.key] = sorted([*best[hit.key], hit], key=lambda each: each.rank)[:_KEPT]
            for key, hits in best.items():
                groups[key] += hits
        for hits in groups.values():
            if change := self._change(sorted(hits, key=lambda each: each.rank)):
                yield change
            else:
                self.skipped.append(Skipped(str(hits[0].paired.uses[0]), Doubt.DISAGREEMENT))

    def _chosen(self) -> list[Paired]:
        """Return the smallest schemas that together lead to each changed definition `_SEARCHED` times."""
        met: Counter[tuple[int, str]] = Counter()
        one, two = self._reaches
        relevant = [one.changed(two), two.changed(one)]
        sized = []
        for paired in self._changed:
            roots = (
                self._allowing.graph.target(paired.allowing.node),
                self._forbidding.graph.target(paired.forbidding.node),
            )
            closures = [reach.closure(root) for reach, root in zip(self._reaches, roots, strict=True)]
            self._uses.update(dict.fromkeys(closures[1], len(paired.uses)))
            needed = {(at, name) for at in (0, 1) for name in closures[at] & relevant[at]}
            sized.append((sum(map(len, closures)), paired, needed))
        chosen = []
        for _, paired, needed in sorted(sized, key=lambda each: each[0]):
            if not needed or any(met[each] < _SEARCHED for each in needed):
                chosen.append(paired)
                met.update(needed)
        return chosen

    def _hits(self, paired: Paired) -> Iterator[_Hit]:
        is_text = self._direction is Direction.REQUEST and not paired.uses[0].kind
        allows = Version(self._allowing, paired.allowing.node)
        forbids = Version(self._forbidding, paired.forbidding.node)
        one, two = self._reaches
        reasons = Reasons(allows, forbids, lambda node: two.is_changed(node, one))
        pair = Pair(allows, forbids, self._digests, reasons, paired.allowing.examples, is_text=is_text)
        try:
            for found in pair.found():
                name = self._rule(found, paired.uses[0])
                location = self._forbidding.graph.origin(found.reason.node)
                what = "" if names_no_value(name) else found.reason.what
                schema = self._content(found) if location.startswith(_INLINE) else location
                yield _Hit(found, pair, paired, name, location, schema, what)
        except UncoverableError as error:
            self.skipped.append(Skipped(str(paired.uses[0]), str(error)))
        except RecursionError:
            self.skipped.append(Skipped(str(paired.uses[0]), "Its schema follows too many references."))

    def _rule(self, found: Found, use: Use) -> str:
        reason = found.reason
        is_inside = any(isinstance(step, str) for step in reason.path)
        if use.kind:
            scope = "property" if is_inside else "body"
        else:
            scope = "parameter-property" if is_inside else "parameter"
        value = at(found.body, reason.path)
        return rule(self._direction, scope, reason.keyword, reason.node, found.allows, value, reason.what)

    def _content(self, found: Found) -> str:
        """Return a text that is equal for schemas that changed in the same way; paths may repeat a schema."""
        name = next((step for step in found.reason.path[::-1] if isinstance(step, str)), "")
        was = self._digests.of(self._forbidding.graph, found.reason.node)
        return f"{name} {was} {sorted(self._digests.of(self._allowing.graph, each) for each in found.allows)}"

    def _change(self, hits: list[_Hit]) -> Change | None:
        """Return a change with a witness for each searched schema; None if no witness is confirmed."""
        definitions = {self._reaches[1].definition(each.found.reason.node) for each in hits}
        witnesses: dict[int, Witness] = {}
        for hit in hits:
            if id(hit.pair) not in witnesses and hit.pair.is_confirmed(hit.found.body):
                shorter = hit.pair.shortened(hit.found)
                body = shorter if hit.pair.is_confirmed(shorter) else hit.found.body
                witnesses[id(hit.pair)] = Witness(
                    body, pointer(hit.found.reason.path), tuple(hit.paired.uses)
                )
        if not witnesses:
            return None
        return Change(
            hits[0].rule,
            hits[0].location,
            hits[0].what,
            uses=sum(self._uses[each] for each in definitions),
            places=len(definitions),
            direction=self._direction,
            keyword=hits[0].found.reason.keyword,
            witnesses=tuple(witnesses.values()),
        )


def compare(old: Document, new: Document, show: Show, operations: Collection[str] = ()) -> Comparison:
    """Compare two versions of a document.

    Args:
        old: The version that clients know.
        new: The version that may break these clients.
        show: Called with the progress.
        operations: The ids, in either version, of the operations to compare; all operations if empty.

    Raises:
        KitError: One of the ids belongs to no operation of either version.
    """
    before, after = Contract(old), Contract(new)
    chosen = _chosen(before, after, operations) if operations else None
    for each in (before, after):
        each.describe(chosen)
    sides = (
        Side(Direction.RESPONSE, after.responses, before.responses, _responses(before, after)),
        Side(Direction.REQUEST, before.requests, after.requests, _requests(before, after)),
    )
    changes = [change for side in sides for change in side.changes(show)]
    notes = []
    if (versions := [str(each.root["openapi"]) for each in (old, new)])[0][:3] != versions[1][:3]:
        notes.append(
            f"OLD is OpenAPI {versions[0]}, NEW is {versions[1]}: both are compared as JSON Schema 2020-12."
        )
    skipped = dict.fromkeys([*before.skipped, *after.skipped, *sides[0].skipped, *sides[1].skipped])
    return Comparison(
        (*existence(before, after), *changes),
        sum(side.compared for side in sides),
        tuple(skipped),
        tuple(notes),
    )


def _chosen(before: Contract, after: Contract, operations: Collection[str]) -> set[Key]:
    """Return the methods and paths of these operations. An id may differ between the versions."""
    ids = [*before.ids.items(), *after.ids.items()]
    known = list(dict.fromkeys(name for _, name in ids))
    for name in operations:
        if name not in known:
            raise KitError(f"Neither version has an operation {name!r}.{nearest(name, known)}")
    return {key for key, name in ids if name in operations}


def _responses(before: Contract, after: Contract) -> Iterator[tuple[Use, Content, Content]]:
    for key, was in before.operations.items():
        if (now := after.operations.get(key)) is None:
            continue
        for label, answer in was.responses.items():
            if label in now.responses:
                for kind, content, other in _both(now.responses[label].contents, answer.contents):
                    yield Use(was.id, was.name, f"{label} {kind}", label, kind), content, other


def _requests(before: Contract, after: Contract) -> Iterator[tuple[Use, Content, Content]]:
    for key, was in before.operations.items():
        if (now := after.operations.get(key)) is None:
            continue
        for kind, content, other in _both(was.body or {}, now.body or {}):
            yield Use(was.id, was.name, f"body {kind}", kind=kind), content, other
        for name, parameter in was.parameters.items():
            other_parameter = now.parameters.get(name)
            if parameter.content and other_parameter and other_parameter.content:
                yield Use(was.id, was.name, parameter.name), parameter.content, other_parameter.content


def _both(allowing: Contents, forbidding: Contents) -> Iterator[tuple[str, Content, Content]]:
    for kind, content in allowing.items():
        if content and (other := forbidding.get(kind)):
            yield kind, content, other
