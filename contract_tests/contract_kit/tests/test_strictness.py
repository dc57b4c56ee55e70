"""Each mutation operator has a source and a strictness. `--strictness` sets what clients must do."""

from typing import Any

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Expect, Mutant, Strictness
from contract_kit.derive.operators import OPERATORS
from contract_kit.read.document import Document

from .documents import answering, catalogue, content, json_response, of_schema, openapi

MUST, SHOULD, MAY = Strictness
OF_TIMES = of_schema({"type": "string", "format": "date-time"})
OF_NUMBERS = of_schema({"type": "integer", "format": "int64"})
OF_INT32 = of_schema({"type": "integer", "format": "int32", "maximum": 2**31 - 1})
OF_ANY_TYPE = openapi(answering({"200": content("*/*", schema={"type": "integer"})}))


ANY, OBJECT = json_response({}), {"type": "object", "properties": {"a": {"type": "string"}}}
OF_202 = openapi(answering({"202": ANY}))
TOTAL = {"headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}}}
OF_HEADER = openapi(answering({"200": ANY | TOTAL}))
SECRET = OBJECT | {
    "properties": {"name": {"type": "string"}, "secret": {"type": "string", "writeOnly": True}},
    "required": ["name", "secret"],
}
ACCEPT, EITHER, REFUSE = Expect.ACCEPT, Expect.EITHER, Expect.REFUSE
EXPECTED: dict[str, tuple[dict[str, Any], dict[str, Expect | None]]] = {
    "an error and a redirect": (
        openapi(answering({"299": ANY, "300": ANY, "302": ANY, "400": ANY, "404": json_response(OBJECT)})),
        {
            "299:valid-body=all": ACCEPT,
            "300:valid-body=all": EITHER,
            "302:valid-body=all": EITHER,
            "400:valid-body=all": EITHER,
            "404:valid-body=all": EITHER,
            "404:null": REFUSE,
        },
    ),
    "a required header": (OF_HEADER, {":no-header=x-total": REFUSE, ":header=x-total-null": EITHER}),
    "two content types": (
        openapi(answering({"200": content("application/json", "application/hal+json", schema={})})),
        {"200:valid-body=all": ACCEPT, "hal+json:valid-body=all": EITHER},
    ),
    "text": (openapi(answering({"200": content("text/plain", schema={})})), {":valid-response": ACCEPT}),
    "a new value": (of_schema({"enum": ["one"]}), {":enum-new": EITHER}),
    "a time": (OF_TIMES, {":nine-digits": ACCEPT, ":lower-case": EITHER, ":charset-utf-8": ACCEPT}),
    "an open object": (of_schema(OBJECT), {":unknown-field": ACCEPT}),
    "a closed object": (
        of_schema(OBJECT | {"additionalProperties": False}),
        {":additionalProperties": EITHER},
    ),
    "writeOnly in 3.0": (
        of_schema(SECRET, "3.0.3"),
        {":required:/name": REFUSE, ":optional-absent:/secret": None, ":required:/secret": None},
    ),
    "writeOnly in 3.1": (
        of_schema(SECRET),
        {":required:/name": REFUSE, ":optional-absent:/secret": None, ":required-write-only:/secret": EITHER},
    ),
}
"""What a client should do with a mutant, by the end of its id; None if there is no such mutant."""


@pytest.mark.parametrize(("document", "expected"), EXPECTED.values(), ids=EXPECTED)
def test_a_client_may_accept_or_refuse_a_mutant_only_for_a_stated_reason(
    document: dict[str, Any], expected: dict[str, Expect | None]
) -> None:
    found = list(catalogue(document).mutants())
    ends = {end: [each.expect for each in found if each.id.endswith(end)] for end in expected}
    assert ends == {end: [expect] if expect else [] for end, expect in expected.items()}
    assert [each.id for each in found if (each.expect is EITHER) != bool(each.reason)] == []


def one(document: dict[str, Any], part: str, strictness: Strictness) -> Mutant:
    """Return the only mutant whose id ends with this text."""
    mutants = Catalogue(Document.of(document), strictness).mutants()
    return next(each for each in mutants if each.id.endswith(part))


@pytest.mark.parametrize(
    ("document", "part", "strictness", "cites"),
    [
        (OF_TIMES, ":date-time-with-space", MAY, "RFC 3339, section 5.6"),
        (OF_TIMES, ":date-time-without-zone", MUST, "JSON Schema Validation 2020-12, section 7.3.1"),
        (OF_TIMES, ":content-type-none", SHOULD, "RFC 9110, section 8.3"),
        (OF_HEADER, ":header=x-total-null", SHOULD, "OpenAPI Specification, Header Object"),
        (OF_TIMES, ":status-success=202", MAY, "OpenAPI Specification, Responses Object"),
        (OF_202, ":status-success=206", MAY, "OpenAPI Specification, Responses Object"),
        (OF_TIMES, ":status=418", MUST, "RFC 9110, section 15"),
        (OF_NUMBERS, ":int64=just-outside", SHOULD, "OpenAPI Specification, Data Types"),
        (OF_NUMBERS, ":int64=far-outside", SHOULD, "OpenAPI Specification, Data Types"),
        (OF_INT32, ":int32=just-outside", SHOULD, "OpenAPI Specification, Data Types"),
        (OF_INT32, ":maximum=just-outside", MUST, "JSON Schema Validation 2020-12, section 6.2.2"),
        (OF_NUMBERS, ":integer-as-float", SHOULD, ""),
        (OF_TIMES, ":lower-case", MAY, ""),
        (OF_ANY_TYPE, ":content-type-in-range=html", MAY, ""),
    ],
)
def test_a_mutant_may_be_accepted_or_refused_if_its_source_is_too_weak(
    document: dict[str, Any], part: str, strictness: Strictness, cites: str
) -> None:
    asked = {each: one(document, part, each) for each in Strictness}
    exact = REFUSE if cites else ACCEPT
    assert {name: each.expect for name, each in asked.items()} == {
        each: exact if each.covers(strictness) else EITHER for each in Strictness
    }
    assert asked[MUST].operator.strictness is strictness
    assert asked[MUST].operator.source.startswith(cites)


def test_no_content_type_mutant_has_a_documented_content_type() -> None:
    kinds = content("application/json", "text/csv", schema={"type": "integer"})
    found = [each.name for each in catalogue(openapi(answering({"200": kinds}))).mutants()]
    assert "content-type=html" in found
    assert "content-type=csv" not in found


def test_every_operator_has_a_reason_unless_its_strictness_is_must() -> None:
    assert [
        name for name, operator in OPERATORS.items() if bool(operator.reason) is (operator.strictness is MUST)
    ] == []
