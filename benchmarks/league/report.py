"""Writes LEAGUE.md: the clients' ranking, their shares by document, and how to read the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from contract_kit.judge.report import markdown_safe
from contract_kit.judge.verdicts import Verdict

from .checked import CHECKED, Case, explained
from .choosing import RULE
from .documents import OWN, PUBLIC
from .generators import GENERATORS, Generator, Group
from .picture import Bar, picture
from .results import Result
from .shares import BROKEN, REACHED, Kind, Part, counted, harmless, ranked, rows_of, share

ABOUT = {
    "contract": "`openapi.yaml`, this repository's contract",
    "orders": "`examples/orders`, OpenAPI 3.0",
    "calendar": "`examples/calendar`, OpenAPI 3.1: dates and links",
    "payments": "`examples/payments`, OpenAPI 3.0: unions with discriminators",
    "files": "`examples/files`, OpenAPI 3.1: files, headers and several content types",
}
_NAMES = {each.id: each.name for each in GENERATORS}
_LAST = ("status", "content type", "header", "transfer", "JSON syntax")
_PICTURE = "What each client did with broken responses: a bar for near misses and one for gross errors"
_HEAD = f"""\
# The league: what generated clients do with broken responses

![{_PICTURE}](league.svg)

`make league` writes this page. It generates each client from a document, and calls it for the mutants that
`contract-kit` derives from that document, at most {RULE["mutants"]} per document. A mutant is a response
that breaks the document, or a legal response that may surprise a client. What the client returns for a
mutant is compared with what it returns for the valid response that the mutant is made from. The columns of
the tables are:

- *Refused*: the client raised an error that its documentation or one of its libraries names; [the table of
  clients](#the-clients) lists these errors. An error for an error status isn't counted, because it says
  little about how the client reads bodies.
- *No effect*: the caller got the same as from the valid response.
- *Crashed*: the client raised any other error, or hung. No documented `except` or `catch` expects the error.
- *Passed on*: the caller got what the server sent, such as the text "7" where the document says integer.
- *Lost*: the caller got nothing, null, an empty value or a default, without an error.
- *Altered*: the caller got something else, such as the year 1970 for a time in milliseconds.
- *Wrongly accepted*: the client mistook an error for a success, or nothing can be compared, because it
  returns nothing for the valid response either.

*Near misses* are mutants like responses that real servers have sent: each mutation operator names a public
issue about one. *Gross errors* are the others. *Harmless* is the share of both that was refused or had no
effect. Clients that check responses at run time come first, then those that promise types at compile time
only, then one written by hand; in each group, the most harmless client comes first. Figures are percentages
of the responses of all documents together. Mutants that standards let a client refuse or accept aren't
counted.

The documents are only inputs. This page ranks generated code, and no company, service or official SDK. If a
figure is wrong or a client is used wrongly, please open an issue with the client, the document and the id
of the mutant.
"""
_PUBLIC = """\
## Twelve public documents

[choice.toml](league/choice.toml) has the rule by which documents were drawn from two npm packages and cut
to at most ten operations. It was committed before the first result, except for the number of mutants. This
page contains names, versions and hashes of these documents, but none of their text."""
_OWN = """
## Our own five documents

These small documents are part of this repository."""
_ERROR = re.compile(r".*?\b\w*(?:Error|Exception)\b(?: TS\d+)?")


def markdown(results: Sequence[Result], cases: Sequence[Case], versions: str) -> tuple[str, list[str]]:
    """Return the page, and a line for each fault that no case explains.

    Args:
        results: What each client did with each document.
        cases: The faults that a person has checked.
        versions: A sentence with the versions of what was measured.
    """
    found, unchecked = _checked(results, cases)
    public, own = ([each for each in results if each.document in names] for names in (PUBLIC, OWN))
    lines = [_HEAD, _PUBLIC, *_tables(public), *_documents(public), *_troubles(public)]
    lines += [_OWN, *_tables(own), *_troubles(own)]
    lines += [*_keywords(results), *_faults(found), *_clients(), "", versions]
    return "\n".join(lines) + "\n", unchecked


def bars(results: Sequence[Result]) -> str:
    """Return the picture for the public documents, as an SVG."""
    public = [each for each in results if each.document in PUBLIC]
    groups = {
        str(group): [
            Bar(_NAMES[client].replace("`", ""), [counted(rows_of(client, public), kind) for kind in BROKEN])
            for client in _ranked(group, public)
        ]
        for group in Group
    }
    return picture(groups, [f"{kind.capitalize()}, percent" for kind in BROKEN], f"{_PICTURE}.")


def _tables(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table for each kind of mutant, and one with the harmless share by document."""
    ranking = [client for group in Group for client in _ranked(group, results)]
    for kind in Kind:
        counts = {client: counted(rows_of(client, results), kind) for client in ranking}
        parts = [part for part in Part if any(found[part] for found in counts.values())]
        yield f"\n{kind.capitalize()}:\n"
        yield f"| client | responses | {' | '.join(parts)} |"
        yield f"|---|{'--:|' * (len(parts) + 1)}"
        for client, found in counts.items():
            shares = [_percent(share(found, part)) for part in parts]
            yield f"| {_NAMES[client]} | {found.total():,} | {' | '.join(shares)} |"
    yield "\nHarmless, by document:\n"
    yield f"| document | {' | '.join(_NAMES[client] for client in ranking)} |\n|---|{'--:|' * len(ranking)}"
    rows = {
        ABOUT.get(name, name): [each for each in results if each.document == name]
        for name in dict.fromkeys(each.document for each in results)
    }
    for name, of_document in {**rows, "all": results}.items():
        shares = [_percent(harmless(rows_of(client, of_document))) for client in ranking]
        yield f"| {name} | {' | '.join(shares)} |"


def _ranked(group: Group, results: Sequence[Result]) -> list[str]:
    return ranked([each.id for each in GENERATORS if each.group is group], results)


def _documents(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table of the public documents."""
    yield "\n### The documents\n"
    yield "A document is named after its provider in the package. The hash is SHA-256 of the whole file.\n"
    yield "| document | package and file | its version | stratum | mutants | hash |"
    yield "|---|---|---|---|--:|---|"
    for name, each in PUBLIC.items():
        mutants = max((len(one.rows) for one in results if one.document == name), default=0)
        where = f"{each.package}, `{each.file}`"
        yield f"| {name} | {where} | {each.version} | {each.stratum} | {mutants} | `{each.sha256}` |"


def _troubles(results: Sequence[Result]) -> Iterator[str]:
    troubles = [each for each in results if each.trouble]
    if troubles:
        yield "\n### No client\n"
        yield "The generator failed, its TypeScript doesn't compile, or its Python can't be imported:\n"
    for each in troubles:
        known = _ERROR.match(each.trouble)  # the rest of an error might contain text from the document
        reason = known[0] if known else each.trouble
        yield f"- {_NAMES[each.client]}, {each.document}: {markdown_safe(reason)}"
    missing = [each for each in results if not each.is_measured]
    if missing:
        yield "\n### Not measured yet\n\nThese documents are in no figure of the client:\n"
    for client in dict.fromkeys(each.client for each in missing):
        yield f"- {_NAMES[client]}: {', '.join(each.document for each in missing if each.client == client)}"


def _keywords(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table: how many of the responses that break each keyword reached each client's caller."""
    rows = {client: rows_of(client, results) for client in _NAMES}
    keywords = {row.keyword for found in rows.values() for row in found if Kind.of(row) in BROKEN}
    yield "\n## What reached the caller, by keyword\n"
    yield "Of all broken responses above: the share that was passed on, lost, altered or wrongly accepted.\n"
    yield f"| keyword | {' | '.join(_NAMES.values())} |\n|---|{'--:|' * len(_NAMES)}"
    for keyword in [*sorted(keywords.difference(_LAST)), *(each for each in _LAST if each in keywords)]:
        mine = ([row for row in found if row.keyword == keyword] for found in rows.values())
        shares = [_percent(share(counted(found, *BROKEN), *REACHED)) for found in mine]
        yield f"| {keyword} | {' | '.join(shares)} |"


def _checked(
    results: Sequence[Result], cases: Sequence[Case]
) -> tuple[dict[tuple[str, Case], list[str]], list[str]]:
    """Return the ids of the rows that each case explains, by client; and one line per unexplained fault."""
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
    yield "\n## Causes, read by hand\n"
    yield "All that was altered, lost, crashed on or wrongly refused is grouped by cause, and so is some of"
    yield "what was passed on. Of each client and mutation operator, one body was read by hand, with its"
    yield "schema and what the client returned or raised. An issue is named only if the mutants show what the"
    yield "issue describes. It may be closed."
    for generator in GENERATORS:
        cases = [(case, ids) for (client, case), ids in found.items() if client == generator.id]
        mine = sorted(cases, key=lambda each: -each[0].verdict.severity)
        if mine:
            yield f"\n{generator.name}:\n"
        for case, ids in mine:
            known = f" Known: {', '.join(case.issues)}." if case.issues else ""
            yield f"- {case.verdict} ({len(ids):,}): {case.why}{known} First: {ids[0]}."


def _clients() -> Iterator[str]:
    yield "\n## The clients\n"
    yield "Each client has its default settings, except for the settings in the table. *Strict* and *zod*"
    yield "are the strictest settings that we know. Settings that forbid properties without a name in the"
    yield "document aren't used, because such properties are legal. The command in a row measures that client"
    yield "again and keeps the figures of the others. @hey-api/openapi-ts and orval have versions that run on"
    yield "Node.js 20. Newer versions of both need a newer Node.js, and may do better."
    yield "\n| client | settings | refuses a response by | command |\n|---|---|---|---|"
    for each in GENERATORS:
        yield f"| {each.name} | {each.settings} | {each.refuses} | `make league ONLY={each.id}` |"
    yield "\nWhat a program can learn from a refusal of a body that breaks its schema:\n"
    yield "| client | does the error name the location in the body? | can the program access the body? |"
    yield "|---|---|---|"
    yield from map(_told, GENERATORS)


def _told(each: Generator) -> str:
    return f"| {each.name} | {each.location} | {each.body} |"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %"
