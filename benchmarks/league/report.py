"""LEAGUE.md: what each client did with the mutants, by keyword and by document, and how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from contract_kit.judge.markdown import markdown_safe
from contract_kit.judge.matrix import Verdict

from .checked import CHECKED, Case, explained
from .generators import DOCUMENTS, GENERATORS
from .results import Judged, Result

SHOWN = (
    Verdict.REFUSED_BY_BODY,
    Verdict.REFUSED_BY_STATUS,
    Verdict.BELIEVED,
    Verdict.CRASHED,
    Verdict.HUNG,
    Verdict.WRONGLY_REFUSED,
    Verdict.ACCEPTED,
    Verdict.TOLERATED,
    Verdict.INCONCLUSIVE,
)
"""The verdicts that the report counts, in the order of its columns."""
_BY_KEYWORD = {
    Verdict.REFUSED_BY_BODY: "Refused by body",
    Verdict.BELIEVED: "Believed",
    Verdict.CRASHED: "Crashed",
    Verdict.WRONGLY_REFUSED: "Wrongly refused",
}
_NOTHING = "not measured"
_LAST = ("status", "content type", "header", "transfer", "JSON syntax", "legal")
ABOUT = {
    "contract": "`openapi.yaml`, this repository's contract",
    "orders": "`examples/orders`, OpenAPI 3.0",
    "calendar": "`examples/calendar`, OpenAPI 3.1: dates and links",
    "payments": "`examples/payments`, OpenAPI 3.0: unions with discriminators",
    "files": "`examples/files`, OpenAPI 3.1: files, headers and several content types",
}
_HEAD = """\
# The league: what generated clients believe

`make league` writes this page. Each client is generated from a document and then called for the mutants that
`contract-kit` derives from that document, at most 500 per document. A mutant is a response that breaks the
document, which a client should refuse, or a legal response that may surprise, which a client should accept.
Some mutants are *tolerated*, because standards let a client refuse or accept them.

A client *believes* a broken response if it returns without an error. Believing a broken response isn't always
a defect: several of these projects promise types at compile time and no check at run time. A client *refuses*
a response with an error that its documentation or one of its libraries names; [the table of
clients](#the-clients) lists these errors. A client *crashes* if it raises any other error. A crash stops the
program as a refusal does, but no documented `except` or `catch` expects the error. *Refused by status* says
little about how the client reads bodies, because the error status alone may have caused the refusal. A mutant
is *inconclusive* if the client doesn't accept the valid response that the mutant is made from.

The documents decide how many mutants a keyword has, so compare clients with each other, and not keywords.
Each table lists only the keywords for which at least one mutant got the table's verdict.
"""


def markdown(results: Sequence[Result], cases: Sequence[Case], versions: str) -> tuple[str, list[str]]:
    """Return the whole report, and the faults that no case explains.

    Args:
        results: What each client did with each document.
        cases: The faults that a person has checked.
        versions: The versions of what was measured, in a sentence.
    """
    found, unchecked = _checked(results, cases)
    lines = [_HEAD, *_totals(results), *_troubles(results), *_keywords(results), *_documents(results)]
    lines += [*_faults(found), *_clients(), "", versions]
    return "\n".join(lines) + "\n", unchecked


def _rows(results: Sequence[Result], client: str, document: str = "") -> list[Judged]:
    mine = [each for each in results if each.client == client and document in ("", each.document)]
    return [row for each in mine for row in each.rows]


def _totals(results: Sequence[Result]) -> Iterator[str]:
    yield f"| client | mutants | {' | '.join(SHOWN)} |"
    yield f"|---|{'--:|' * (len(SHOWN) + 1)}"
    for generator in GENERATORS:
        rows = _rows(results, generator.id)
        counts = Counter(row.verdict for row in rows)
        cells = [_cell(counts[each]) for each in SHOWN]
        yield f"| {generator.name} | {f'{len(rows):,}' if rows else _NOTHING} | {' | '.join(cells)} |"


def _troubles(results: Sequence[Result]) -> Iterator[str]:
    names = {each.id: each.name for each in GENERATORS}
    troubles = [each for each in results if each.trouble]
    if troubles:
        yield "\nNot measured:\n"
    for each in troubles:
        yield f"- {names[each.client]}, {each.document}: {markdown_safe(each.trouble)}"


def _keywords(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table for each verdict: a row for each keyword, a column for each client that was measured."""
    measured = [each for each in GENERATORS if _rows(results, each.id)]
    found = {row.keyword for each in results for row in each.rows}
    keywords = [*sorted(found.difference(_LAST)), *(each for each in _LAST if each in found)]
    yield "\n## By keyword"
    for verdict, title in _BY_KEYWORD.items():
        counts = {
            each.id: Counter(row.keyword for row in _rows(results, each.id) if row.verdict is verdict)
            for each in measured
        }
        yield f"\n### {title}\n"
        yield f"| keyword | {' | '.join(each.name for each in measured)} |"
        yield f"|---|{'--:|' * len(measured)}"
        for keyword in keywords:
            cells = [counts[each.id][keyword] for each in measured]
            if any(cells):
                yield f"| {keyword} | {' | '.join(map(_cell, cells))} |"


def _documents(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table of the documents: how many mutants each client believes."""
    yield "\n## By document\n\nThe number of mutants that each client believes:\n"
    yield f"| document | mutants | {' | '.join(each.name for each in GENERATORS)} |"
    yield f"|---|{'--:|' * (len(GENERATORS) + 1)}"
    for document in DOCUMENTS:
        rows = [_rows(results, each.id, document) for each in GENERATORS]
        believed = (sum(row.verdict is Verdict.BELIEVED for row in each) for each in rows)
        cells = [_cell(count) if each else _NOTHING for count, each in zip(believed, rows, strict=True)]
        yield f"| {ABOUT[document]} | {max(map(len, rows)):,} | {' | '.join(cells)} |"


def _checked(
    results: Sequence[Result], cases: Sequence[Case]
) -> tuple[dict[tuple[str, Case], list[str]], list[str]]:
    """Return the ids of the rows of each client and case, and a line for each fault without a case."""
    found: dict[tuple[str, Case], list[str]] = {}
    unchecked = []
    for result in results:
        served = [row for row in result.rows if row.verdict is not Verdict.INCONCLUSIVE]
        for row in (*served, *result.refused_controls):
            if case := explained(cases, result.client, row):
                found.setdefault((result.client, case), []).append(f"{result.document}, `{row.id}`")
            elif row.verdict in CHECKED:
                unchecked.append(f"{result.client}, {result.document}: {row.verdict}: {row.id}: {row.detail}")
    return found, unchecked


def _faults(found: Mapping[tuple[str, Case], Sequence[str]]) -> Iterator[str]:
    """Yield the checked cases, by client."""
    yield "\n## Crashes, wrong refusals, and what is known\n"
    yield "For each case of a crash or a wrong refusal, the body, the schema and the client's error were read"
    yield "by hand. An issue is named only if the mutants show what the issue describes. It may be closed."
    for generator in GENERATORS:
        mine = [(case, ids) for (client, case), ids in found.items() if client == generator.id]
        if mine:
            yield f"\n{generator.name}:\n"
        for case, ids in mine:
            known = f" Known: {', '.join(case.issues)}." if case.issues else ""
            yield f"- {case.verdict} ({len(ids):,}): {case.why}{known} First: {ids[0]}."


def _clients() -> Iterator[str]:
    yield "\n## The clients\n"
    yield "Each client has its default settings, except for the settings in the table. The command in a row"
    yield "measures that client again and keeps the figures of the others. @hey-api/openapi-ts and orval have"
    yield "versions that run on Node.js 20. Newer versions of both need a newer Node.js, and may do better."
    yield "\n| client | settings | refuses a response by | command |\n|---|---|---|---|"
    for each in GENERATORS:
        yield f"| {each.name} | {each.settings} | {each.refuses} | `make league ONLY={each.id}` |"


def _cell(count: int) -> str:
    return f"{count:,}" if count else "-"
