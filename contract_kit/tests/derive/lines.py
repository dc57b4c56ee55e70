"""Writes what the kit derives from a document as lines of text. Only usual values are left out."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from attrs import asdict, fields

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Response
from contract_kit.derive.model import PROTOCOL, Mutant, Operation, control_id
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import NothingCoveredError
from contract_kit.read.document import Skipped
from contract_kit.read.paths import at, steps

STRICTNESSES = tuple(Strictness)


def of_catalogue(found: Catalogue, *, with_http: bool) -> Iterator[str]:
    """Yield a line for each request, valid response, mutant and skipped part.

    Mutants that concern HTTP are left out unless `with_http` is true.
    """
    yield from map(of_request, found.operations)
    controls: dict[str, Mutant] = {}
    with contextlib.suppress(NothingCoveredError):  # the parts without mutants give the reason
        for each in found.mutants():
            control = controls.get(name := control_id(each.operation.id, each.base))
            if control is None:
                control = controls[name] = found.control(each.operation, each.base)
                yield f"= {control.id} | {_response(control.response, Response(0, {}, b''))}"
            if with_http or each.group != PROTOCOL or each.misleads:
                yield of_mutant(found, each, control)
    yield from map(of_gap, found.gaps())


def of_request(operation: Operation) -> str:
    """Describe an operation's request, and the responses that the document lists."""
    request = operation.request
    facts = [operation.role.name, operation.path, *map(_json, (request.described(), request.arguments))]
    lists = [_json({name: each for name, each in request.parameters.items() if each})]
    return f"> {operation.id} | {' | '.join(facts + lists)} | {_json(operation.responses)}"


def of_mutant(found: Catalogue, mutant: Mutant, control: Mutant) -> str:
    """Describe a mutant: its id, what is expected, what it breaks and where, and what is sent."""
    facts = [
        mutant.id.removeprefix(f"{mutant.operation.id}:"),
        f"{expected(found, mutant)} {mutant.operator.strictness}",
        " ".join(filter(None, [mutant.group, mutant.exactness, mutant.location and f"at {mutant.location}"])),
        where(mutant),
        _response(mutant.response, control.response),
        mutant.breaks,
        mutant.reason,
        mutant.control.removeprefix(mutant.operation.id) * (mutant.control != control.id),
        f"from {_text(mutant.valid_body)}" * (mutant.valid_body != control.response.body),
        f"base {mutant.base}" * bool(mutant.base),
        "misleads" * mutant.misleads,
    ]
    return " | ".join(filter(None, facts))


def expected(found: Catalogue, mutant: Mutant) -> str:
    """Return what a client should do, at each strictness if they differ."""
    asked, each = found.strictness, list[str]()
    for found.strictness in STRICTNESSES:
        other = found.mutant(mutant.id)
        assert other, f"{mutant.id} isn't found by its id"
        each.append(other.expect)
    found.strictness = asked
    return each[0] if len({*each}) == 1 else "/".join(each)


def where(mutant: Mutant) -> str:
    """Return the schema's location, without the part that all locations in the same document share."""
    _, schema, rest = mutant.schema_location.partition("/schema")
    found = rest.removeprefix("/") if schema and not rest.startswith("s/") else rest.removeprefix("s/")
    return f"@{found or ' '}"


def of_gap(gap: Skipped) -> str:
    """Describe a part of the document that yields no mutants."""
    return f"! {gap.where} | {gap.reason} | {gap.count}{' broken' * gap.is_broken}"


def value(mutant: Mutant) -> str:
    """Return the broken value in a mutant's body; `-` if there is none."""
    body = json.loads(mutant.response.body)
    try:
        return _json(at(body, steps(body, mutant.location)))
    except (LookupError, TypeError):
        return "-"


def _response(response: Response, valid: Response) -> str:
    """Describe the fields of a response that differ from those of the valid response."""
    changed = list[str]()
    for name in (each.name for each in fields(Response)):
        now, before = getattr(response, name), getattr(valid, name)
        if now != before:
            changed.append(f"{name} {_field(now, valid)}" if name != "body" else _text(now))
    return ", ".join(changed)


def _field(value: Any, valid: Response) -> str:
    if isinstance(value, Response):
        return "valid" if value == valid else f"({_response(value, valid)})"
    return str(value) if isinstance(value, str | int | None) else _json(dict(value))


def _text(body: bytes) -> str:
    try:
        return body.decode().replace("\n", "\\n") or "no body"
    except UnicodeDecodeError:
        return repr(body)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=asdict)
