"""Collects the changes of the schemas of two documents, and searches for a witness of each change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator

from attrs import define, field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Skipped

from .contracts import Content
from .differences import Difference, Differences, Key
from .digests import Digests
from .reasons import Reasons, Version
from .results import Change, Direction, OnPaper, Use, Witness
from .rules import rule
from .search import Found, Pair

_SEARCHED = 3
"""The number of schemas to search for witnesses of the same change."""
_KEPT = 3
"""The number of witnesses to keep for a change in one schema, until one of them is confirmed."""
_INLINE = "/paths/"
"""How the location of an inline schema begins. Several paths may repeat such a schema."""


@frozen(eq=False)
class _Paired:
    """A schema that differs between the versions, and the places where both versions use it."""

    allowing: Content
    forbidding: Content
    uses: list[Use] = field(factory=list)

    @property
    def is_searched(self) -> bool:
        """Whether to search for witnesses, which is done only in JSON bodies, parameters and headers."""
        return self.allowing.is_json


@frozen(eq=False)
class _Hit:
    found: Found
    pair: Pair
    uses: list[Use]

    @property
    def rank(self) -> tuple[bool, int]:
        """A rank that is lower for a witness that shows the change better."""
        return not self.found.is_alone, len(json.dumps(self.found.body))


@define(eq=False)
class _Row:
    """A change, the schemas that have the change, and the witnesses that were found for it."""

    difference: Difference
    location: str
    is_inside: bool = False
    locations: set[str] = field(factory=set)
    paired: list[_Paired] = field(factory=list)
    hits: list[_Hit] = field(factory=list)


class SchemaChanges:
    """The changes of the schemas of two documents in one direction.

    Args:
        direction: Whether requests or responses are compared.
        allowing: The schemas of the sender: the new responses, or the old requests.
        forbidding: The schemas of the receiver: the old responses, or the new requests.
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
        self._differences = Differences(direction, allowing, forbidding, self._digests)
        found: dict[tuple[str, str, str, bool, bool], _Paired] = {}
        for use, content, other in pairs:
            self.compared += 1
            one = self._digests.of(allowing.graph, content.node)
            two = self._digests.of(forbidding.graph, other.node)
            if one != two:
                location = forbidding.graph.origin(forbidding.graph.target(other.node))
                name = "" if location.startswith(_INLINE) else location
                key = one, two, name, bool(use.kind), content.is_json
                found.setdefault(key, _Paired(content, other)).uses.append(use)
        self._paired = list(found.values())
        self._rows: dict[tuple[str, str, str], _Row] = {}

    def found(self, show: Callable[[str, int, int], None]) -> Iterator[Change]:
        """Yield each change that may break a client, with its witnesses."""
        differing = [(paired, self._listed(paired)) for paired in self._paired]
        chosen = self._chosen(differing)
        for done, (paired, differences) in enumerate(chosen, 1):
            name = f"{self._direction.capitalize()}s"
            show(f"{name}: {done:,} of {len(chosen):,} changed schemas", done, len(chosen))
            self._search(paired, differences)
        yield from map(self._change, self._rows.values())

    def _listed(self, paired: _Paired) -> dict[Key, Difference]:
        """Return the differences of a schema's versions, and add each difference to the row of its change."""
        found = self._differences.between(paired.allowing.node, paired.forbidding.node)
        for difference, is_inside in found.values():
            self._add(difference, paired, is_inside=is_inside)
        return {key: difference for key, (difference, _) in found.items()}

    def _add(self, difference: Difference, paired: _Paired, *, is_inside: bool) -> _Row:
        location = self._forbidding.graph.origin(difference.node)
        row = self._rows.setdefault(self._key(difference), _Row(difference, location))
        row.locations.add(location)
        row.is_inside |= is_inside
        if paired not in row.paired:
            row.paired.append(paired)
        return row

    def _key(self, difference: Difference) -> tuple[str, str, str]:
        """Return a key that is equal for all differences that count as one change.

        Several paths may repeat an inline schema, so the location of such a schema is not in the key.
        """
        location = self._forbidding.graph.origin(difference.node)
        if location.startswith(_INLINE):
            was = self._digests.of(self._forbidding.graph, difference.node)
            now = sorted(self._digests.of(self._allowing.graph, each) for each in difference.allows)
            location = f"{location.rpartition('/')[2]} {was} {now}"
        return location, difference.keyword, difference.what

    def _chosen(
        self, differing: list[tuple[_Paired, dict[Key, Difference]]]
    ) -> list[tuple[_Paired, dict[Key, Difference]]]:
        """Return the schemas to search: for each change, the `_SEARCHED` smallest schemas that have it."""
        met: Counter[tuple[str, str, str]] = Counter()
        graph = self._forbidding.graph
        searched = [each for each in differing if each[0].is_searched and each[1]]
        chosen = []
        for paired, differences in sorted(
            searched, key=lambda each: len(graph.places([each[0].forbidding.node]))
        ):
            keys = {self._key(each) for each in differences.values()}
            if any(met[key] < _SEARCHED for key in keys):
                chosen.append((paired, differences))
                met.update(keys)
        return chosen

    def _search(self, paired: _Paired, differences: dict[Key, Difference]) -> None:
        is_text = not paired.uses[0].kind
        allows = Version(self._allowing, paired.allowing.node)
        forbids = Version(self._forbidding, paired.forbidding.node)
        reasons = Reasons(allows, forbids, differences)
        pair = Pair(allows, forbids, reasons, paired.allowing.examples, is_text=is_text)
        best: dict[int, list[_Hit]] = {}
        rows: dict[int, _Row] = {}
        try:
            for found in pair.found():
                is_inside = any(isinstance(step, str) for step in found.reason.path)
                row = self._add(found.reason.difference, paired, is_inside=is_inside)
                rows[id(row)] = row
                hits = [*best.get(id(row), ()), _Hit(found, pair, paired.uses)]
                best[id(row)] = sorted(hits, key=lambda each: each.rank)[:_KEPT]
        except UncoverableError as error:
            self.skipped.append(Skipped(str(paired.uses[0]), str(error)))
        except RecursionError:
            self.skipped.append(Skipped(str(paired.uses[0]), "Its schema follows too many references."))
        for key, row in rows.items():
            row.hits += best[key]

    def _change(self, row: _Row) -> Change:
        """Return a change, with at most one witness per searched schema; without one, it is unproven."""
        witnesses: dict[int, Witness] = {}
        keyword = ""
        for hit in sorted(row.hits, key=lambda each: each.rank):
            if id(hit.pair) not in witnesses and hit.pair.is_confirmed(hit.found.body):
                shorter = hit.pair.shortened(hit.found)
                body = shorter if hit.pair.is_confirmed(shorter) else hit.found.body
                keyword = keyword or hit.found.reason.keyword
                witnesses[id(hit.pair)] = Witness(body, hit.found.reason.path, tuple(hit.uses))
        uses = [use for paired in row.paired for use in paired.uses]
        return Change(
            rule(self._direction, self._scope(uses, row), row.difference),
            row.location,
            row.difference.what,
            OnPaper.BREAKING if witnesses else OnPaper.UNPROVEN,
            uses=len(uses),
            places=len(row.locations),
            direction=self._direction,
            keyword=keyword,
            witnesses=tuple(witnesses.values()),
        )

    def _scope(self, uses: list[Use], row: _Row) -> str:
        if any(use.kind for use in uses):
            return "property" if row.is_inside else "body"
        name = "parameter" if self._direction is Direction.REQUEST else "header"
        return f"{name}-property" if row.is_inside else name
