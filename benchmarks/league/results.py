"""What a client did with a document's mutants, saved so that one client can be measured again."""

from __future__ import annotations

import json
from pathlib import Path

from attrs import asdict, frozen
from contract_kit.derive.model import Mutant
from contract_kit.judge import results
from contract_kit.judge.effects import Effect
from contract_kit.judge.trees import written
from contract_kit.judge.verdicts import Verdict
from contract_kit.read.paths import pointer

_SHOWN = 200
"""The maximum number of characters to show from a value."""
_TRANSFER = ("no-response", "cut", "no-last-chunk", "length-", "gzip-", "encoding-", "204-")


@frozen
class Judged:
    """A mutant, and the kit's verdict on a client.

    Attributes:
        id: The id of the mutant.
        keyword: The row of the report that counts the mutant.
        operator: The name of the mutation operator.
        is_near_miss: Whether servers are known to have sent such responses.
        verdict: The kit's verdict on the client.
        expect: What the client should do: `refuse`, `accept`, or `either`.
        breaks: What is wrong or unusual with the response.
        detail: How the call ended, or how the result differs from the result for the valid response.
    """

    id: str
    keyword: str
    operator: str
    is_near_miss: bool
    verdict: Verdict
    expect: str
    breaks: str
    detail: str


@frozen
class Result:
    """What a client did with a document's mutants.

    Attributes:
        client: The id of the generator.
        document: The name of the document.
        rows: One row for each mutant.
        refused_controls: The verdicts on the valid responses that the client did not accept.
        trouble: Why there was no client to measure; empty if there was.
        is_measured: Whether anyone has tried to measure the client.
    """

    client: str
    document: str
    rows: tuple[Judged, ...] = ()
    refused_controls: tuple[Judged, ...] = ()
    trouble: str = ""
    is_measured: bool = True

    @classmethod
    def of(cls, client: str, document: str, found: results.Results) -> Result:
        """Convert the kit's results for a client."""
        return cls(client, document, tuple(map(_judged, found.all)), tuple(map(_judged, found.controls)))


def save(result: Result, folder: Path) -> None:
    """Write a result to a file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _file(folder, result.client, result.document).write_text(json.dumps(asdict(result), indent=1))


def load(folder: Path, client: str, document: str) -> Result:
    """Read a result; if there is no file, the client was not measured with this document."""
    try:
        saved = json.loads(_file(folder, client, document).read_text())
    except FileNotFoundError:
        return Result(client, document, is_measured=False)
    rows, controls = (
        tuple(Judged(**each | {"verdict": Verdict(each["verdict"])}) for each in saved[key])
        for key in ("rows", "refused_controls")
    )
    return Result(client, document, rows, controls, saved["trouble"])


def _file(folder: Path, client: str, document: str) -> Path:
    return folder / f"{client}-{document}.json"


def _judged(each: results.Result) -> Judged:
    mutant, operator = each.mutant, each.mutant.operator
    return Judged(
        mutant.id,
        keyword_of(mutant),
        operator.name,
        bool(operator.incident),
        each.verdict,
        mutant.expect,
        mutant.breaks,
        _detail(each),
    )


def _detail(each: results.Result) -> str:
    found = each.finding
    if not found or found.effect is Effect.NO_EFFECT:
        return each.detail or each.not_compared
    before, after = (written(value)[:_SHOWN] for value in (found.before, found.after))
    return f"{pointer(found.path)}: {before} -> {after}"


def keyword_of(mutant: Mutant) -> str:
    """Return the report's row that counts a mutant: its keyword, or a part of HTTP or JSON."""
    match mutant.group, mutant.operator.name:
        case "type", _ if mutant.id.endswith(":null"):
            return "type: null"
        case "protocol", operator if operator.startswith(("status", "503-")):
            return "status"
        case "protocol", operator if operator.startswith("content-type"):
            return "content type"
        case "protocol", operator if operator in ("header", "no-header"):
            return "header"
        case "protocol", operator if operator.startswith(_TRANSFER):
            return "transfer"
        case "protocol", _:
            return "JSON syntax"
    return mutant.group
