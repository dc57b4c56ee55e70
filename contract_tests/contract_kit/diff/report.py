"""A comparison of two documents as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from attrs import asdict

from contract_kit.judge.markdown import markdown_safe
from contract_kit.judge.text import new_table, printed, skipped_lines
from contract_kit.read.document import by_reason
from contract_kit.terminal import json_safe, terminal_safe

from .excerpts import excerpt
from .results import Change, Comparison, Did, OnPaper

_FORMAT = "contract-kit/diff"
_VERSION = 1


def diff_to_text(found: Comparison, listed: int | None) -> str:
    """Return a comparison as lines of text.

    Args:
        found: The comparison to report.
        listed: The maximum number of changes to list; None lists all.
    """
    table = ""
    if shown := _shown(found)[:listed]:
        columns = ["uses", "breaking on paper", *(["breaks you"] if found.has_client else [])]
        rows = [([each.rule, _where(each)], _cells(each, found)) for each in shown]
        table = printed(new_table(["change", "where"], columns, rows))
    return table + "".join(f"{line}\n" for line in _lines(found, listed))


def diff_to_markdown(found: Comparison, listed: int | None) -> str:
    """Return a comparison as Markdown.

    Args:
        found: The comparison to report.
        listed: The maximum number of changes to list; None lists all.
    """
    return "".join(f"{line}\n" for line in _markdown(found, listed))


def diff_to_json(found: Comparison) -> str:
    """Return a comparison as one JSON document in ASCII, with every change."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "breaks": found.breaks,
        "compared": found.compared,
        "notes": found.notes,
        "changes": list(map(_object, (*_shown(found), *found.listed(OnPaper.HARMLESS)))),
        "skipped": list(map(asdict, found.skipped)),
    }
    return json_safe(json.dumps(document, indent=1)) + "\n"


def _object(change: Change) -> dict[str, object]:
    written = {key: value for key, value in asdict(change).items() if key != "witnesses"}
    witness = change.witness and {
        "value": change.witness.value,
        "pointer": change.witness.pointer,
        "uses": list(map(asdict, change.witness.uses)),
    }
    return written | {"witness": witness, "breaks": change.breaks}


def _shown(found: Comparison) -> list[Change]:
    """Return the rows of the table: the breaking changes, and then the unproven changes."""
    return [*found.listed(OnPaper.BREAKING), *found.listed(OnPaper.UNPROVEN)]


def _where(change: Change) -> str:
    more = f" and {change.places - 1:,} alike" if change.places > 1 else ""
    return f"{change.location}{more} {change.what}".rstrip()


def _cells(change: Change, found: Comparison) -> list[str]:
    cells = [f"{change.uses:,}", str(change.on_paper)]
    return [*cells, _verdict(change)] if found.has_client else cells


def _verdict(change: Change) -> str:
    if change.did is None:
        return "not served"
    return "no" if change.did is Did.COPED else change.did


def _lines(found: Comparison, listed: int | None) -> Iterator[str]:
    rows = _shown(found)
    if listed is not None and len(rows) > listed:
        yield f"And {len(rows) - listed:,} more (--all lists them)."
    yield from _summary(found)
    if witnessed := [each for each in rows[:listed] if each.witness]:
        yield from ("", "Witnesses")
    for change in witnessed:
        head, *rest = map(terminal_safe, _witness(change))
        yield from (f"  {head}", *(f"    {line}" for line in rest))
    if others := found.listed(OnPaper.HARMLESS):
        yield from ("", f"Not breaking ({len(others):,})")
    yield from (
        f"  {each.rule}  {terminal_safe(_where(each))}{f'  ({each.uses:,} uses)' if each.uses > 1 else ''}"
        for each in others[:listed]
    )
    if listed is not None and len(others) > listed:
        yield f"  And {len(others) - listed:,} more (--all lists them)."
    if found.notes:
        yield ""
    yield from found.notes
    yield from skipped_lines(found.skipped)


def _summary(found: Comparison) -> Iterator[str]:
    if found.listed(OnPaper.BREAKING):
        return
    unproven = len(found.listed(OnPaper.UNPROVEN))
    more = f" Unproven changes: {unproven:,}." if unproven else ""
    yield f"Breaking changes: none found in {found.compared:,} requests and responses.{more}"


def _witness(change: Change) -> Iterator[str]:
    if (witness := change.witness) is None:
        return
    more = f", and {change.uses - 1:,} more use{'s' * (change.uses > 2)}" if change.uses > 1 else ""
    yield f"{change.rule}: {_where(change)}"
    yield f"{witness.uses[0]}{more}"
    yield excerpt(witness.value, witness.path, change.what)
    forbids = "the old version" if change.direction == "response" else "the new version"
    keyword = f"{change.keyword} {change.what}" if change.keyword == "required" else change.keyword
    yield f"{forbids} forbids this value: {keyword} at {witness.pointer or 'the top level'}"
    if change.did not in (None, Did.COPED):
        yield f"the client {change.did}{f': {change.detail}' if change.detail else ''}"


def _markdown(found: Comparison, listed: int | None) -> Iterator[str]:
    rows = _shown(found)
    yield from _summary(found)
    if rows:
        last = " breaks you |" if found.has_client else ""
        yield f"| change | where | witness | uses | breaking on paper |{last}"
        yield f"|---|---|---|--:|---|{'---|' if last else ''}"
    for change in rows[:listed]:
        witness = change.witness
        text = excerpt(witness.value, witness.path, change.what) if witness else ""
        cells = [change.rule, markdown_safe(_where(change)), markdown_safe(text), *_cells(change, found)]
        yield f"| {' | '.join(cells)} |"
    if listed is not None and len(rows) > listed:
        yield from ("", f"And {len(rows) - listed:,} more.")
    for title, lines in (
        (
            "Not breaking",
            [f"{each.rule}: {_where(each)}" for each in found.listed(OnPaper.HARMLESS)[:listed]],
        ),
        ("Notes", found.notes),
        ("Not covered", by_reason(found.skipped)),
    ):
        if lines:
            yield from ("", f"{title}:", "")
        yield from (f"- {markdown_safe(line)}" for line in lines)
