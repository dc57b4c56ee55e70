"""`contract-kit diff --client` compares what the caller gets from each witness and from its control."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs
import pytest

from contract_kit.diff.results import Witness
from contract_kit.judge.trees import differences

from .command import Run
from .diffs import CAT, DOG, INTEGER, NUMBER, TEXT, WIDER, Case, at, of_responses, only
from .documents import answering, json_response, openapi

MODULE = """\
import datetime, json, urllib.error, urllib.request

class RefusedError(Exception): pass

def time_of(sent):
    if isinstance(sent, int):
        return datetime.datetime.fromtimestamp(sent, datetime.UTC)
    return datetime.datetime.fromisoformat(sent)

def call(url, operation, arguments):
    try:
        with urllib.request.urlopen(url + "/thing") as response:
            thing = json.load(response)
    except urllib.error.HTTPError as error:
        raise RefusedError from error
"""
Judged: TypeAlias = Callable[..., dict[str, Any]]


def thing(**properties: Any) -> dict[str, Any]:
    """Return the schema of a closed object with an id and these properties, all of them required."""
    found = {"id": INTEGER, **properties}
    return {"type": "object", "required": list(found), "properties": found, "additionalProperties": False}


def without_amount(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with `amount` made optional."""
    return schema | {"required": [each for each in schema["required"] if each != "amount"]}


OPEN, LATE = {"enum": ["open"]}, {"enum": ["open", "late"]}
AMOUNT = NUMBER | {"minimum": 1}
ORDER = thing(status=OPEN, amount=AMOUNT)
SHORT = without_amount(ORDER)
NEW_PROPERTY = thing(), thing(late={"const": True})


def witness_of(old: Any, new: Any) -> Witness:
    found = only(of_responses(old, new)).witness
    assert found is not None
    return found


@pytest.mark.parametrize("case", WIDER, ids=[case.name for case in WIDER])
def test_the_control_for_a_witness_is_valid_in_the_old_version(case: Case) -> None:
    old = at(case.old)
    control = witness_of(old, at(case.new)).control
    assert jsonschema_rs.Draft202012Validator(old, validate_formats=True).is_valid(control)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (ORDER, thing(status=LATE, amount=AMOUNT), ("status",)),
        (ORDER, SHORT, ("amount",)),
        (*NEW_PROPERTY, ("late",)),
        (SHORT, SHORT | {"additionalProperties": True}, ("undocumented_field",)),
        (at({"anyOf": [CAT]}), at({"anyOf": [CAT, DOG]}), ("at", "purrs")),
        ({"type": "array", "items": ORDER}, {"type": "array", "items": SHORT}, (0, "amount")),
    ],
    ids=["enum", "missing property", "new property", "unknown property", "branch", "property of an item"],
)
def test_a_witness_differs_from_its_control_only_in_what_is_forbidden(
    old: Any, new: Any, path: object
) -> None:
    found = witness_of(old, new)
    assert [each.path for each in differences(found.control, found.value)] == [path]


@pytest.fixture
def all_judged(kit: Run) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that serves two schemas' changes to a client, and returns the changes."""

    def judge(old: Any, new: Any, body: str, status: str = "200", **more: Any) -> list[dict[str, Any]]:
        for name, schema in (("old", old), ("new", new)):
            document = openapi(answering({status: json_response(schema, **more)}))
            Path(f"{name}.json").write_text(json.dumps(document))
        Path("client.py").write_text(MODULE + "".join(f"    {line}\n" for line in body.splitlines()))
        options = ("--client", "client:call", "--refuses", "client:RefusedError", "--jobs", "1")
        ended = kit("diff", "old.json", "new.json", *options, "--format", "json")
        changes: list[dict[str, Any]] = json.loads(ended.out)["changes"]
        assert ended.code == any(each["breaks"] for each in changes)
        return changes

    return judge


@pytest.fixture
def judged(all_judged: Callable[..., list[dict[str, Any]]]) -> Judged:
    """Return a function that serves two schemas' only change to a client, and returns the change."""

    def judge(*schemas: Any, **more: Any) -> dict[str, Any]:
        (change,) = all_judged(*schemas, **more)
        return change

    return judge


NEW_VALUE = ORDER, thing(status=LATE, amount=AMOUNT)
NULL = ORDER, thing(status=OPEN, amount=AMOUNT | {"type": ["number", "null"]})
NUMBER_AS_TEXT = ORDER, thing(status=OPEN, amount={"enum": ["7.5"]})
MISSING = ORDER, SHORT
SECONDS = thing(at={"type": "string", "format": "date-time"}), thing(at=INTEGER | {"minimum": 1_000_000})
SMALLER = ORDER, thing(status=OPEN, amount=NUMBER | {"minimum": 0})


@pytest.mark.parametrize(
    ("change", "body", "did"),
    [
        (NEW_VALUE, "return thing", "passed on"),
        (NEW_VALUE, "return {'open': 1}.get(thing['status'])", "lost"),
        (NEW_VALUE, "return thing['id']", "no effect"),
        (NEW_VALUE, "return None", "accepted"),
        (NULL, "return thing['amount'] or 0", "lost"),
        (NULL, "return {'cents': 100 * (thing['amount'] or 0)}", "lost"),
        (NUMBER_AS_TEXT, "return float(thing['amount'])", "passed on"),
        (MISSING, "return thing.get('amount')", "lost"),
        (MISSING, "return thing.get('amount', 1.5)", "lost"),
        (MISSING, "return thing['amount']", "crashed"),
        (MISSING, "if 'amount' not in thing: raise RefusedError\nreturn thing", "refused"),
        (SECONDS, "return time_of(thing['at'])", "altered"),
        (SMALLER, "return 2 * thing['amount'] + 1", "passed on"),
        (NEW_PROPERTY, "return f'{len(thing)} properties'", "altered"),
    ],
    ids=[
        *(
            "a new value is returned",
            "a new value is unknown",
            "a new value isn't read",
            "nothing is returned",
        ),
        *("null becomes 0", "null is computed with", "a text is read as a number"),
        *(
            "a missing value is None",
            "a missing value has a default",
            "KeyError",
            "a missing value is refused",
        ),
        *("seconds are read as milliseconds", "a number below the old minimum is computed with"),
        "a new property is counted",
    ],
)
def test_a_witness_is_judged_by_what_the_client_does_and_returns(
    judged: Judged, change: tuple[Any, Any], body: str, did: str
) -> None:
    assert judged(*change, body)["did"] == did


def test_a_client_that_refuses_an_error_before_and_after_a_change_is_not_affected(judged: Judged) -> None:
    assert judged(*NEW_VALUE, "return thing", status="404")["did"] == "no effect"


def test_the_result_is_inconclusive_if_the_client_refuses_the_control(judged: Judged) -> None:
    note = {"note": TEXT}
    old, new = (each | {"properties": each["properties"] | note} for each in NEW_VALUE)
    found = judged(old, new, "if 'note' not in thing: raise RefusedError('no note')\nreturn thing")
    assert found["did"] == "inconclusive"
    assert "no note" in found["detail"]


def test_a_witness_without_a_control_is_compared_with_the_normal_response(judged: Judged) -> None:
    code = {"type": "string", "pattern": "^(?=.*a)(?=.*[0-9]{3})[a-z0-9]{8}$"}  # the kit finds no match
    old, new = thing(code=code), thing(code=code | {"type": ["string", "null"]})
    found = judged(old, new, "return thing['code'] or ''", example={"id": 7, "code": "ab123xyz"})
    assert (found["witness"]["control"], found["did"]) == (None, "lost")


def test_a_client_is_not_blamed_for_a_change_that_every_new_body_contains(
    all_judged: Callable[..., list[dict[str, Any]]],
) -> None:
    new = thing(status=LATE, amount={"enum": ["7.5"]})
    changes = all_judged(ORDER, new, "return thing['status'] and thing['amount'] * 2.0")
    assert {each["what"]: each["did"] for each in changes} == {"": "crashed", '"late"': "no effect"}
    served = {each["what"]: each["witness"]["value"]["amount"] for each in changes}
    assert served[""] == "7.5"
    assert isinstance(served['"late"'], int | float)
