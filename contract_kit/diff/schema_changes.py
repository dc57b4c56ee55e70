"""Collects the schema changes between two documents, and searches for witnesses of each change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from attrs import define, field

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Skipped
from contract_kit.read.graph import locations

from .differences import Difference, Differences, Key
from .digests import Digests
from .pairs import Pair
from .results import Change, Direction, OnPaper, Witness
from .rules import rule
from .search import Found, Search

_SEARCHED = 3
"""The maximum number of schemas to search for witnesses of the same change."""
_KEPT = 3
"""The maximum number of possible witnesses to keep per change and schema until one is confirmed."""
_INLINE = "/paths/"
"""The prefix of an inline schema's location. Such a schema can occur under several paths."""
_RowKey: TypeAlias = tuple[str, str, str]
_Differing: TypeAlias = tuple[Pair, dict[Key, Difference]]


@define(eq=False)
class _Row:
    """A change, the schema pairs in which it occurs, and the witnesses found for it."""

    difference: Difference
    is_inside: bool = False
    locations: set[str] = field(factory=set)
    pairs: list[Pair] = field(factory=list)
    proven: list[tuple[Found, Witness]] = field(factory=list)


class SchemaChanges:
    """The schema changes between two documents in one direction."""

    def __init__(self, direction: Direction, old: Validators, new: Validators, pairs: Iterable[Pair]) -> None:
        self._direction = direction
        self.compared = 0
        self.skipped: list[Skipped] = []
        self._digests = Digests([old.graph, new.graph])
        self._differences = Differences(
            direction, old if direction is Direction.RESPONSE else new, self._digests
        )
        self._rows: dict[_RowKey, _Row] = {}
        self._pairs: dict[tuple[str, str, str, bool, bool], Pair] = {}
        for pair in pairs:
            self.compared += 1
            one = self._digests.of(pair.allows.node)
            two = self._digests.of(pair.forbids.node)
            if one != two:
                location = pair.forbids.node.target.origin
                name = "" if location.startswith(_INLINE) else location
                key = one, two, name, pair.is_body, pair.is_json
                if self._pairs.setdefault(key, pair) is not pair:
                    self._pairs[key].uses.extend(pair.uses)

    def found(self, show: Callable[[str, int, int], None]) -> Iterator[Change]:
        """Yield each change that might break a client, and its witnesses."""
        chosen = self._chosen([(pair, self._listed(pair)) for pair in self._pairs.values()])
        for done, (pair, differences) in enumerate(chosen, 1):
            name = f"{self._direction.capitalize()}s"
            show(f"{name}: {done:,} of {len(chosen):,} changed schemas", done, len(chosen))
            self._search(pair, differences)
        yield from map(self._change, self._rows.values())

    def _listed(self, pair: Pair) -> dict[Key, Difference]:
        """Return a pair's differences, and add each to the row for its change."""
        found = self._differences.between(pair.allows.node, pair.forbids.node)
        for difference, is_inside in found.values():
            self._add(difference, pair, is_inside=is_inside)
        return {key: difference for key, (difference, _) in found.items()}

    def _add(self, difference: Difference, pair: Pair, *, is_inside: bool) -> _Row:
        row = self._rows.setdefault(self._key(difference), _Row(difference))
        row.locations.add(difference.node.origin)
        row.is_inside |= is_inside
        if pair not in row.pairs:
            row.pairs.append(pair)
        return row

    def _key(self, difference: Difference) -> _RowKey:
        """Return a key that is the same for all differences that count as one change.

        An inline schema's location isn't part of the key, because the schema can occur under several paths.
        """
        location = difference.node.origin
        if location.startswith(_INLINE):
            was = self._digests.of(difference.node)
            now = sorted(self._digests.of(each) for each in difference.allows)
            location = f"{location.rpartition('/')[2]} {was} {now}"
        return location, difference.keyword, difference.what

    def _chosen(self, differing: list[_Differing]) -> list[_Differing]:
        """Return the pairs to search: for each change, the `_SEARCHED` smallest schemas in which it occurs.

        Only JSON bodies, parameters and headers are searched for witnesses.
        """
        met: Counter[_RowKey] = Counter()
        searched = [each for each in differing if each[0].is_json and each[1]]
        chosen = []
        for pair, differences in sorted(searched, key=lambda each: len(locations([each[0].forbids.node]))):
            keys = {self._key(each) for each in differences.values()}
            if any(met[key] < _SEARCHED for key in keys):
                chosen.append((pair, differences))
                met.update(keys)
        return chosen

    def _search(self, pair: Pair, differences: dict[Key, Difference]) -> None:
        """Search a pair for witnesses, and add at most one to each row."""
        search = Search(pair, differences)
        best: dict[_Row, list[Found]] = defaultdict(list)
        try:
            for found in search.found():
                is_inside = any(isinstance(step, str) for step in found.reason.path)
                row = self._add(found.reason.difference, pair, is_inside=is_inside)
                best[row] = sorted([*best[row], found], key=lambda each: each.rank)[:_KEPT]
        except UncoverableError as error:
            self.skipped.append(Skipped(str(pair.uses[0]), str(error)))
        except RecursionError:
            self.skipped.append(Skipped(str(pair.uses[0]), "Its schema follows too many references."))
        for row, hits in best.items():
            row.proven += filter(None, [search.proven(hits)])

    def _change(self, row: _Row) -> Change:
        """Return the row's change with its witnesses. Without witnesses, the change is unproven."""
        proven = sorted(row.proven, key=lambda each: each[0].rank)
        is_body = any(pair.is_body for pair in row.pairs)
        return Change(
            rule(self._direction, row.difference, is_body=is_body, is_inside=row.is_inside),
            row.difference.node.origin,
            row.difference.what,
            OnPaper.BREAKING if proven else OnPaper.UNPROVEN,
            uses=sum(len(pair.uses) for pair in row.pairs),
            locations=len(row.locations),
            direction=self._direction,
            keyword=proven[0][0].reason.keyword if proven else "",
            witnesses=tuple(witness for _, witness in proven),
        )
