"""A table of the mutants that concern HTTP, for each of a document's responses."""

import json
import zlib
from collections.abc import Iterable, Iterator

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import LEGAL, PROTOCOL, Mutant

from ..documents import answering, catalogue, gaps, openapi
from .texts import Case, escaped

COUNT = {"Count": {"type": "integer", "minimum": 1}}
IN_FULL = "each kind of body"
"""The group in which what mutants break, and why clients may accept them, is written."""


def responses(cases: Iterable[Case]) -> Iterator[str]:
    """Yield an operation's valid response and its mutants: `METHOD {RESPONSES}`.

    Of the mutants that break a keyword, only the names are listed.
    """
    for case in cases:
        method, _, listed = case.text.partition(" ")
        paths = answering(json.loads(listed))
        if method != "GET":
            paths["/thing"] = {method.lower(): paths["/thing"]["get"]}
        found = catalogue(openapi(paths, schemas=COUNT))
        lines = [f"valid: {shown(found.valid(each))}" for each in found.operations]
        broken: dict[str, list[str]] = {}
        for each in found.mutants():
            if each.group in (PROTOCOL, LEGAL) or each.name.startswith("header="):
                lines.append(line(each, in_full=case.group == IN_FULL))
            else:
                label = f"{each.response.status} {each.response.headers.get('Content-Type', '')}"
                broken.setdefault(label, []).append(f"{each.name}:{each.location}")
        lines += [f"{label}: {' '.join(names)}" for label, names in broken.items()]
        lines += [f"no mutants: {each.where}: {each.reason}" for each in gaps(found)]
        yield "\n".join(["", *lines])


def line(mutant: Mutant, *, in_full: bool) -> str:
    why = f" ({mutant.reason})" if mutant.reason else ""
    about = f"{why}, {mutant.breaks}" if in_full else ""
    name = mutant.id.removeprefix(f"{mutant.operation.id}:")
    sent = shown(mutant.response, mutant.valid_body)
    return f"{name}: {mutant.operator.strictness} {mutant.expect}{about}: {sent}"


def shown(response: Response, valid: bytes = b"") -> str:
    transfer = "" if response.transfer is Transfer.WHOLE else f" {response.transfer.upper()}"
    then = f" THEN {shown(response.then)}" if response.then else ""
    body = compressed(response.body, valid) or escaped(response.body)
    return f"{response.status} {dict(response.headers)} {body}{transfer}{then}"


def compressed(body: bytes, valid: bytes) -> str:
    """Describe a body if it is compressed, because its bytes depend on the version of zlib."""
    if not body.startswith(b"\x1f\x8b"):
        return ""
    reader = zlib.decompressobj(wbits=31)
    of = "the valid body" if reader.decompress(body) == valid else "a part of the valid body"
    return f"gzip of {of}, {'with' if reader.eof else 'without'} its end"
