"""The fields of the JSON report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import frozen

from contract_kit.derive.model import CLIENT
from contract_kit.read.paths import json_path

from .effects import Effect, Finding
from .results import Result, Results
from .robustness import Robustness
from .trees import ABSENT, written
from .verdicts import Verdict

_FORMAT = "contract-kit/test"
_VERSION = 5

T = TypeVar("T")


@frozen
class Field(Generic[T]):
    """A field of a JSON object: its name, its meaning, and how to get its value from an object."""

    name: str
    meaning: str
    read: Callable[[T], Any]


ROW: tuple[Field[Result], ...] = (
    Field("id", "The mutant's id, which is the same in every run.", lambda row: row.mutant.id),
    Field("key", "A short name with which `serve` sends exactly this response.", lambda row: row.mutant.key),
    Field("operation", "The operation's id.", lambda row: row.mutant.operation.id),
    Field("group", "The violated keyword, or else `protocol` or `legal`.", lambda row: row.mutant.group),
    Field("location", "A JSON Pointer to the broken value in the body.", lambda row: row.mutant.location),
    Field(
        "schema_location",
        "A JSON Pointer to the broken value's schema in the document.",
        lambda row: row.mutant.schema_location,
    ),
    Field(
        "field",
        "The name of the broken schema or, for HTTP, of the mutation operator, as in the list of faults and "
        "in `--ignore`.",
        lambda row: row.field,
    ),
    Field("breaks", "What is wrong or unusual with the response.", lambda row: row.mutant.breaks),
    Field(
        "reason",
        "Why a client may accept or refuse the response; null unless it explains the verdict.",
        lambda row: (row.is_explained and row.mutant.reason) or None,
    ),
    Field(
        "expect",
        "What the client should have done: `refuse`, `accept` or `either`; null unless it explains the "
        "verdict.",
        lambda row: row.mutant.expect if row.is_explained else None,
    ),
    Field("verdict", "The verdict.", lambda row: row.verdict),
    Field("bad", "Whether the verdict is a fault.", lambda row: row.verdict.is_fault),
    Field("status", "The HTTP status; null for a receiver.", lambda row: row.mutant.status),
    Field("operator", "The mutation operator.", lambda row: row.mutant.operator.name),
    Field(
        "incident",
        "A public issue about a server that sent such a response; null if none is known.",
        lambda row: row.mutant.operator.incident or None,
    ),
    Field(
        "keeps_meaning",
        "Whether the broken value means the same as the valid value.",
        lambda row: row.mutant.operator.keeps_meaning,
    ),
    Field(
        "strictness",
        "How strongly a standard requires the expected behaviour: `must`, `should` or `may`.",
        lambda row: row.mutant.operator.strictness,
    ),
    Field(
        "source",
        "The sentence in the standard that requires the expected behaviour; null unless it explains the "
        "verdict.",
        lambda row: (row.is_explained and row.mutant.operator.source) or None,
    ),
    Field("detail", "How the call ended.", lambda row: row.detail),
    Field(
        "difference",
        "How the client's result differs from its result for the valid response: `path` (JSONPath), and as "
        "JSON text `before` (valid response) and `after` (this response), null where nothing was returned. "
        "Null if the results are identical or can't be compared.",
        lambda row: _difference(row.finding),
    ),
    Field(
        "not_compared",
        "Why the client's result can't be compared; null if it can.",
        lambda row: row.not_compared or None,
    ),
    Field(
        "advice",
        "What to change in the client or in the function that calls it, if the verdict is inconclusive.",
        lambda row: row.advice if row.verdict.is_inconclusive else (),
    ),
    Field(
        "known",
        "Whether the row is a fault or inconclusive, but no worse than in the baseline.",
        lambda row: row.is_known,
    ),
    Field(
        "new",
        "Whether the row is a fault or inconclusive, and the baseline lacks its location or its mutation "
        "operator.",
        lambda row: row.is_new,
    ),
    Field("ignored", "Whether the row is a fault that `--ignore` hides.", lambda row: row.is_ignored),
)


def _difference(found: Finding | None) -> dict[str, str | None] | None:
    if found is None or found.effect is Effect.NO_EFFECT:
        return None
    before, after = (None if each is ABSENT else written(each) for each in (found.before, found.after))
    return {"path": json_path(found.path), "before": before, "after": after}


def _robustness(found: Robustness) -> dict[str, Any]:
    return {
        "percent": found.percent,
        "broken": found.broken,
        "harmless": found.harmless,
        "not_read": list(found.unread),
    }


def _row(result: Result) -> dict[str, Any]:
    return {each.name: each.read(result) for each in ROW}


REPORT: tuple[Field[Results], ...] = (
    Field("format", "`contract-kit/test`.", lambda _: _FORMAT),
    Field(
        "version",
        "The version of this format. It increases if a field is removed or changes its meaning.",
        lambda _: _VERSION,
    ),
    Field(
        "passed",
        "Whether no fault counts against the client, and nothing is inconclusive.",
        lambda found: found.passed,
    ),
    Field(
        "robustness",
        "How many broken responses did no harm, in the fields that the client reads: `percent` (null if "
        "`broken` is 0), `broken`, `harmless`, and in `not_read` the names of the fields that it doesn't "
        "read. Null for a receiver.",
        lambda found: _robustness(Robustness.of(found.all)) if found.role is CLIENT else None,
    ),
    Field(
        "inconclusive",
        "The rows to read first: the valid responses that the client didn't accept, and the mutants that "
        "weren't requested or whose call gave no result.",
        lambda found: list(map(_row, found.inconclusive)),
    ),
    Field(
        "fields",
        "The number of fields with faults that make the command fail.",
        lambda found: len({each.field for each in found.failures}),
    ),
    Field("ignored", "The number of faults that `--ignore` hides.", lambda found: len(found.ignored)),
    Field(
        "counts",
        "The number of mutants with each verdict.",
        lambda found: dict.fromkeys(Verdict, 0) | found.counts,
    ),
    Field(
        "baseline",
        "The comparison with the baseline: the numbers of `worse`, `new` and `better` faults, and in `gone` "
        "the ids of the faults whose mutants the document no longer yields; null without a baseline.",
        lambda found: (
            found.since
            and {
                "worse": found.worse,
                "new": len(found.new),
                "better": found.since.better,
                "gone": list(found.since.gone),
            }
        ),
    ),
    Field("rows", "One row for each mutant.", lambda found: list(map(_row, found.all))),
    Field(
        "skipped",
        "The parts of the document that yield no mutants: `where`, `reason`, `count`, and `broken`, which is "
        "true if the reason is a reference that can't be resolved.",
        lambda found: [each.described() for each in found.skipped],
    ),
)
