"""LEAGUE.md: the ranking of the clients, their shares by document, and how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from contract_kit.judge.report import markdown_safe
from contract_kit.judge.verdicts import Verdict

from .checked import CHECKED, Case, explained
from .documents import OWN, PUBLIC
from .generators import GENERATORS, Generator, Group
from .results import Result
from .shares import Share, median, ranked, share

ABOUT = {
    "contract": "`openapi.yaml`, this repository's contract",
    "orders": "`examples/orders`, OpenAPI 3.0",
    "calendar": "`examples/calendar`, OpenAPI 3.1: dates and links",
    "payments": "`examples/payments`, OpenAPI 3.0: unions with discriminators",
    "files": "`examples/files`, OpenAPI 3.1: files, headers and several content types",
}
_NAMES = {each.id: each.name for each in GENERATORS}
_LAST = ("status", "content type", "header", "transfer", "JSON syntax")
_HEAD = """\
# The league: which broken responses generated clients accept

`make league` writes this page. It generates each client from a document and calls it for the mutants that
`contract-kit` derives from that document, at most 500 per document. A mutant is a response that breaks the
document, which a client should refuse, or a legal response that may surprise, which a client should accept.

- A client *refuses* a response with an error that its documentation or one of its libraries names; [the
  table of clients](#the-clients) lists these errors.
- It *wrongly accepts* a broken response if it returns without an error. That isn't always a defect: the
  clients of the second table promise types at compile time and no check at run time.
- It *crashes* if it raises any other error. A crash stops the program as a refusal does, but no documented
  `except` or `catch` expects the error.

Each share is a part of one document's mutants, and each figure in a ranking is the median of these shares,
so that no document counts more than another. *Refused by body*, *wrongly accepted* and *crashed* are
shares of the broken responses, without those that the client refused because of an error status: such a
refusal says little about how the client reads bodies. *Legal not accepted* is a share of the legal
responses. *Valid not accepted* is the number of ordinary valid responses that a client didn't accept in all
documents. Mutants of such a response aren't served, and mutants that standards let a client refuse or
accept aren't counted.

The documents are only inputs. This page ranks generated code, and no company, service or official SDK. If a
figure is wrong or a client is used wrongly, please open an issue with the client, the document and the id
of the mutant.
"""
_PUBLIC = """\
## Twelve public documents

[choice.toml](league/choice.toml) has the rule by which documents were drawn from two npm packages and cut
to at most ten operations. It was committed before the first result. This page contains
names, versions and hashes of these documents, but none of their text.
"""
_OWN = """
## Our own five documents

These small documents are part of this repository.
"""
_ERROR = re.compile(r".*?\b\w*(?:Error|Exception)\b(?: TS\d+)?")


def markdown(results: Sequence[Result], cases: Sequence[Case], versions: str) -> tuple[str, list[str]]:
    """Return the whole report, and the faults that no case explains.

    Args:
        results: What each client did with each document.
        cases: The faults that a person has checked.
        versions: A sentence with the versions of what was measured.
    """
    found, unchecked = _checked(results, cases)
    public, own = ([each for each in results if each.document in names] for names in (PUBLIC, OWN))
    lines = [_HEAD, _PUBLIC, *_rankings(public), *_shares(public), *_documents(public), *_troubles(public)]
    lines += [_OWN, *_rankings(own), *_shares(own), *_troubles(own)]
    lines += [*_keywords(results), *_faults(found), *_clients(), "", versions]
    return "\n".join(lines) + "\n", unchecked


def _rankings(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table for each group of clients; the first two groups are ranked."""
    titles = {
        Group.CHECKS: "Clients that check responses at run time:",
        Group.TYPES: "\nClients that promise types at compile time and no check at run time:",
        Group.BY_HAND: "\nOutside the ranking, a client that is written by hand:",
    }
    for group, title in titles.items():
        yield f"{title}\n"
        yield f"| client | documents | {' | '.join(Share)} | valid not accepted |"
        yield f"|---|{'--:|' * (len(Share) + 2)}"
        for client in ranked([each.id for each in GENERATORS if each.group is group], results):
            mine = [each for each in results if each.client == client]
            shares = {kind: [share(each, kind) for each in mine] for kind in Share}
            count = sum(each is not None for each in shares[Share.REFUSED])
            cells = [_percent(median(shares[kind])) for kind in Share]
            refused = sum(len(each.refused_controls) for each in mine)
            yield f"| {_NAMES[client]} | {count} of {len(mine)} | {' | '.join(cells)} | {refused or '-'} |"


def _shares(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table for each kind of share: a row for each document, a column for each client."""
    found = {(each.client, each.document): each for each in results}
    documents = list(dict.fromkeys(each.document for each in results))
    for kind in Share:
        yield f"\n### {kind.capitalize()}, by document\n"
        yield f"| document | {' | '.join(_NAMES.values())} |\n|---|{'--:|' * len(_NAMES)}"
        columns = []
        for client in _NAMES:
            mine = [found.get((client, document)) for document in documents]
            columns.append([share(each, kind) if each else None for each in mine])
        for document, row in zip(documents, zip(*columns, strict=True), strict=True):
            yield f"| {ABOUT.get(document, document)} | {' | '.join(map(_percent, row))} |"
        yield f"| median | {' | '.join(_percent(median(each)) for each in columns)} |"


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
        known = _ERROR.match(each.trouble)  # the rest of an error may have text of the document
        reason = known[0] if known else each.trouble
        yield f"- {_NAMES[each.client]}, {each.document}: {markdown_safe(reason)}"
    missing = [each for each in results if not each.is_measured]
    if missing:
        yield "\n### Not measured yet\n\nThese documents are in no figure of the client:\n"
    for client in dict.fromkeys(each.client for each in missing):
        yield f"- {_NAMES[client]}: {', '.join(each.document for each in missing if each.client == client)}"


def _keywords(results: Sequence[Result]) -> Iterator[str]:
    """Yield a table of keywords: in how many documents each client accepts a mutant of the keyword."""
    accepted = {
        (each.client, each.document, row.keyword)
        for each in results
        for row in each.rows
        if row.verdict is Verdict.WRONGLY_ACCEPTED
    }
    keywords = {keyword for _, _, keyword in accepted}
    yield "\n## Wrongly accepted, by keyword\n"
    yield "In how many of all the documents above a client accepts a response that breaks a keyword:\n"
    yield f"| keyword | {' | '.join(_NAMES.values())} |\n|---|{'--:|' * len(_NAMES)}"
    for keyword in [*sorted(keywords.difference(_LAST)), *(each for each in _LAST if each in keywords)]:
        counts = [len({d for c, d, k in accepted if (c, k) == (client, keyword)}) for client in _NAMES]
        yield f"| {keyword} | {' | '.join(str(count or '-') for count in counts)} |"


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
    yield "\n## Crashes, wrong refusals, and what is known\n"
    yield "Crashes and wrong refusals are grouped by cause. Of each cause, one or more bodies, with the"
    yield "schema and the client's error, were read by hand; none of these was a fault of the kit. An issue"
    yield "is named only if the mutants show what the issue describes. It may be closed."
    for generator in GENERATORS:
        mine = [(case, ids) for (client, case), ids in found.items() if client == generator.id]
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
