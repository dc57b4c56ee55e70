"""The `contract-kit diff` report, which lists the changes between two versions of a document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from contract_kit.judge.junit import FAILURE, SKIPPED, Case, Part, Suite
from contract_kit.judge.report import Entry, Report, Section, Table, broken, not_covered
from contract_kit.read.paths import Path

from .results import Change, Comparison, OnPaper

_FORMAT = "contract-kit/diff"
_VERSION = 2
_LONGEST = 200
"""The maximum length of a witness that is printed in full."""


@frozen
class DiffReport(Report):
    """The `contract-kit diff` report.

    Attributes:
        listed: The maximum number of changes to list; None lists all changes.
    """

    found: Comparison
    listed: int | None = None

    @property
    def _shown(self) -> list[Change]:
        """The changes in the table: breaking changes first, then unproven changes."""
        return [*self.found.listed(OnPaper.BREAKING), *self.found.listed(OnPaper.UNPROVEN)]

    def sections(self) -> Iterator[Section]:
        """Yield the breaking changes with their witnesses, then the other changes."""
        found, shown = self.found, self._shown
        yield from broken(found.skipped)
        if rows := shown[: self.listed]:
            head = ["change", "where", "uses", "breaking on paper", *["breaks you"] * found.has_client]
            table = Table(head, list(map(self._row, rows)), names=2)
            yield Section(table=table, more=len(shown) - len(rows))
        if not found.listed(OnPaper.BREAKING):
            unproven = len(found.listed(OnPaper.UNPROVEN))
            more = f" Unproven changes: {unproven:,}." if unproven else ""
            yield Section(f"No breaking changes found in {found.compared:,} requests and responses.{more}")
        if witnesses := [_witness(each) for each in rows if each.witness]:
            yield Section("Witnesses", entries=witnesses)
        if others := found.listed(OnPaper.HARMLESS):
            entries = [
                Entry(f"{each.rule}: {_where(each)}{f' ({each.uses:,} uses)' if each.uses > 1 else ''}")
                for each in others[: self.listed]
            ]
            title = f"Not breaking ({len(others):,})"
            yield Section(title, entries=entries, more=len(others) - len(entries))
        if found.notes:
            yield Section("Notes", entries=list(map(Entry, found.notes)))
        yield from not_covered(found.skipped)

    def data(self) -> Mapping[str, object]:
        """Return all changes."""
        found = self.found
        return {
            "format": _FORMAT,
            "version": _VERSION,
            "breaks": found.breaks,
            "compared": found.compared,
            "notes": found.notes,
            "changes": list(map(_object, (*self._shown, *found.listed(OnPaper.HARMLESS)))),
            "skipped": [each.described() for each in found.skipped],
        }

    def suites(self) -> Iterator[Suite]:
        """Yield a suite with a test case for each change: breaking ones fail, unproven ones are skipped."""
        yield Suite("changes", [_case(each) for each in (*self._shown, *self.found.listed(OnPaper.HARMLESS))])

    def _row(self, change: Change) -> Sequence[str]:
        cells = [change.rule, _where(change), f"{change.uses:,}", change.on_paper]
        return [*cells, change.did or "not served"] if self.found.has_client else cells


def _object(change: Change) -> dict[str, object]:
    written = {key: value for key, value in asdict(change).items() if key != "witnesses"}
    witness = change.witness and {
        "value": change.witness.value,
        "control": change.witness.control,
        "pointer": change.witness.pointer,
        "uses": list(map(asdict, change.witness.uses)),
    }
    return written | {"witness": witness, "breaks": change.breaks}


def _where(change: Change) -> str:
    more = f" and {change.locations - 1:,} more like it" if change.locations > 1 else ""
    return f"{change.location}{more} {change.what}".rstrip()


def _witness(change: Change) -> Entry:
    return Entry(f"{change.rule}: {_where(change)}", list(map(Entry, _facts(change))))


def _facts(change: Change) -> Iterator[str]:
    if (witness := change.witness) is None:
        return
    more = f", and {change.uses - 1:,} more use{'s' * (change.uses > 2)}" if change.uses > 1 else ""
    yield f"{witness.uses[0]}{more}"
    yield excerpt(witness.value, witness.path, change.what)
    forbids = "the old version" if change.direction == "response" else "the new version"
    keyword = f"{change.keyword} {change.what}" if change.keyword == "required" else change.keyword
    yield f"{forbids} forbids this value ({keyword} at {witness.pointer or 'the top level'})"
    if change.did and change.detail:
        yield f"{change.did}: {change.detail}"


def _case(change: Change) -> Case:
    tag = FAILURE if change.breaks else SKIPPED if change.on_paper is OnPaper.UNPROVEN else ""
    part = Part(tag, "\n".join(_facts(change)), f"{change.rule}: {_where(change)}", change.rule)
    return Case("contract-kit.diff", f"{change.rule} {_where(change)}", [part] if tag else [])


def excerpt(value: Any, path: Path, what: str) -> str:
    """Return a witness as JSON. In a long witness, an ellipsis replaces everything outside the path.

    `what` is the name of the property that is forbidden or missing at the path, if any.
    """
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return text
    if path and isinstance(value, list):
        index = int(path[0])
        before, after = "..., " * (index > 0), ", ..." * (index < len(value) - 1)
        return f"[{before}{excerpt(value[index], path[1:], what)}{after}]"
    name = path[0] if path else what
    if isinstance(value, dict) and name in value:
        inner = excerpt(value[name], path[1:], what if path else "")
        return f"{{{_quoted(name)}: {inner}{', ...' * (len(value) > 1)}}}"
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{_quoted(each)}: ...' for each in value)}}}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _quoted(name: str | int) -> str:
    return json.dumps(name, ensure_ascii=False)
