"""Measures which part of a document was exercised by recorded exchanges.

Only recorded exchanges count. The mutants that the kit could generate don't.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import asdict, field, frozen

from contract_kit.derive.model import Skipped
from contract_kit.read.document import Document
from contract_kit.read.operations import Documented, Reader

from .errors import UncoverableError
from .exchanges import Exchange, Paths, label_for
from .obligations import Walk


@frozen(order=True)
class Obligation:
    """Something in a document that an exchange can meet or break.

    Attributes:
        operation: The operation's id.
        response: The document's key: `200`, `4XX` or `default`.
        location: A JSON Pointer into the document; in another file, the file's name comes first.
        what: A status, a type, a keyword, an enum value, a branch, or a property that is present or absent.
    """

    operation: str
    response: str
    location: str
    what: str

    def __str__(self) -> str:
        return f"{self.operation} {self.response}: {self.what} at {self.location}"


@frozen
class Share:
    """How much of one operation was exercised."""

    operation: str
    reached: int
    total: int


@frozen
class Coverage:
    """How much of a document was exercised by exchanges.

    Attributes:
        obligations: All obligations of the document, in its order.
        reached: The obligations that an exchange met.
        violated: The obligations that an exchange broke. They don't change the percentage.
        exchanges: The number of exchanges.
        unmatched: The operations and responses that the document doesn't have, each with its number of
            exchanges.
        skipped: Responses that can't be covered, and why.
    """

    obligations: tuple[Obligation, ...] = field(repr=False)
    reached: frozenset[Obligation] = field(repr=False)
    violated: tuple[Obligation, ...] = field(repr=False)
    exchanges: int
    unmatched: Counter[str] = field(repr=False)
    skipped: tuple[Skipped, ...] = field(repr=False)

    @property
    def percentage(self) -> float:
        """The share of obligations that were reached, from 0 to 100; 0 if there are no obligations."""
        return 100 * len(self.reached) / len(self.obligations) if self.obligations else 0.0

    @functools.cached_property
    def shares(self) -> list[Share]:
        """The share of each operation, in the document's order."""
        totals = Counter(each.operation for each in self.obligations)
        reached = Counter(each.operation for each in self.reached)
        return [Share(name, reached[name], total) for name, total in totals.items()]

    @property
    def missing(self) -> list[str]:
        """The obligations that no exchange reached, one line each, in the document's order."""
        return [str(each) for each in self.obligations if each not in self.reached]

    def to_json(self) -> str:
        """Return the coverage as one JSON document in ASCII."""
        document = {
            "format": "contract-kit/coverage",
            "version": 1,
            "percentage": self.percentage,
            "reached": len(self.reached),
            "total": len(self.obligations),
            "exchanges": self.exchanges,
            "operations": list(map(asdict, self.shares)),
            "missing": [asdict(each) for each in self.obligations if each not in self.reached],
            "violated": list(map(asdict, self.violated)),
            "unmatched": dict(self.unmatched),
            "skipped": list(map(asdict, self.skipped)),
        }
        return json.dumps(document, indent=1) + "\n"


def coverage(document: Document, exchanges: Iterable[Exchange]) -> Coverage:
    """Count the obligations of a document that exchanges met.

    Args:
        document: An OpenAPI document.
        exchanges: The recorded exchanges. They are read one at a time and not kept.
    """
    count = _Count(document)
    number = 0
    for exchange in exchanges:
        number += 1
        count.add(exchange)
    return count.result(number)


class _Response:
    """A documented response, with the obligations that exchanges have met or broken so far."""

    def __init__(self, reader: Reader, operation: str, documented: Documented, location: str) -> None:
        self._schemas = reader.responses
        self._documented = documented
        self._named = (operation, documented.label)
        self._location = location
        self._walk = None if documented.schema is None else Walk(self._schemas, documented.schema)
        self._is_met = False
        self._broken: set[tuple[str, str]] = set()

    def add(self, exchange: Exchange) -> None:
        self._is_met = True
        if self._walk is None or exchange.method == "HEAD":
            return
        if "json" not in exchange.content_type:
            self._broken.add((self._location, "content type"))
            return
        try:
            self._read(self._walk, json.loads(exchange.body, parse_constant=_refuse))
        except (ValueError, RecursionError):
            self._broken.add((self._location, "JSON"))

    def obligations(self) -> Iterator[tuple[Obligation, bool]]:
        """Yield each obligation, and whether it was reached."""
        yield Obligation(*self._named, self._location, f"status {self._documented.label}"), self._is_met
        if (walk := self._walk) is not None:
            for key, location, what in walk.obligations:
                yield Obligation(*self._named, location, what), (key, what) in walk.met

    def violated(self) -> Iterator[Obligation]:
        yield from (Obligation(*self._named, *each) for each in self._broken)

    def _read(self, walk: Walk, body: Any) -> None:
        broken: set[tuple[int, str]] = set()
        if not self._schemas.is_valid(walk.root, body):
            for location in _locations(self._schemas.first(walk.root).iter_errors(body)):
                if found := self._schemas.broken(location):
                    node, keyword = found
                    broken.add((id(node), keyword))
                    self._broken.add((self._schemas.origin(node), keyword))
        walk.meet(body, broken)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _locations(errors: Iterable[Any]) -> Iterator[str]:
    """Yield the location of each error's keyword. For a union, also yield the locations in its branches."""
    for error in errors:
        yield error.absolute_keyword_location or ""
        for branch in getattr(error.kind, "context", None) or ():
            # A branch for another type shows nothing about the value.
            if not any(
                each.kind.name == "type" and each.instance_path == error.instance_path for each in branch
            ):
                yield from _locations(branch)


class _Count:
    def __init__(self, document: Document) -> None:
        reader = Reader(document)
        self._responses: dict[tuple[str, str], dict[str, _Response | None]] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._skipped: list[Skipped] = []
        self._unmatched: Counter[str] = Counter()
        for path, method, place in reader.places():
            key = (method.upper(), path)
            name = reader.name(path, method, place)
            name = " ".join(key) if name in self._names.values() else name
            self._names[key], self._responses[key] = name, {}
            for label, documented in reader.documented(place):
                location = (place / "responses" / label).pointer
                if isinstance(documented, UncoverableError):
                    self._skipped.append(Skipped(f"{name} {label}", str(documented)))
                    self._responses[key][label] = None
                else:
                    self._responses[key][label] = _Response(reader, name, documented, location)
        self._skipped += [Skipped(path, reason) for path, reason in reader.unreadable.items()]
        self._paths = Paths(self._responses)

    def add(self, exchange: Exchange) -> None:
        key = self._paths.find(exchange.method, exchange.url)
        if key is None:
            self._unmatched[f"{exchange.method} {exchange.url.partition('?')[0]}: no operation"] += 1
            return
        label = label_for(exchange.status, self._responses[key])
        if label is None:
            self._unmatched[f"{self._names[key]}: no response for {exchange.status}"] += 1
        elif (response := self._responses[key][label]) is not None:
            response.add(exchange)

    def result(self, exchanges: int) -> Coverage:
        responses = [each for labels in self._responses.values() for each in labels.values() if each]
        # A response that uses a schema in several places may have the same obligation twice.
        asked: dict[Obligation, bool] = {}
        for response in responses:
            for obligation, reached in response.obligations():
                asked[obligation] = asked.get(obligation, False) or reached
        return Coverage(
            obligations=tuple(asked),
            reached=frozenset(each for each, reached in asked.items() if reached),
            violated=tuple(sorted({each for response in responses for each in response.violated()})),
            exchanges=exchanges,
            unmatched=self._unmatched,
            skipped=tuple(self._skipped),
        )
