"""A client that refuses the valid response gets others. Mutants are made from one that the client accepts."""

import html
import json
from pathlib import Path
from typing import Any

import pytest

from contract_kit.derive.alternatives import MOST
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Transfer
from contract_kit.judge.client_report import ClientReport
from contract_kit.judge.client_run import run_client
from contract_kit.judge.html_report import html_report
from contract_kit.judge.results import Results
from contract_kit.judge.verdicts import Verdict

from .documents import answering, catalogue, catalogue_of, json_response, openapi
from .fakes import Write
from .tables import table

RECEIVED = """\
import http.client, jsonschema_rs
try: response = urllib.request.urlopen(url + "/thing")
except (OSError, http.client.HTTPException) as error: raise RefusedError from error
if response.headers.get_content_type() != "application/json": raise RefusedError
try: thing = json.load(response)
except (ValueError, http.client.HTTPException) as error: raise RefusedError from error
"""
REFERENCE = {"$ref": "#/components/schemas/Status"}


def knowing(write: Write, schema: Any, before: str = "") -> Any:
    """Return a client that validates bodies against this schema."""
    validates = f"if not jsonschema_rs.is_valid({schema!r}, thing): raise RefusedError('invalid')\n"
    return write(f"{RECEIVED}{before}{validates}")


def thing(status: Any = REFERENCE) -> dict[str, Any]:
    """Return an object's schema with the same enum in three places: at the top, in an object, in a list."""
    earlier = {"type": "object", "properties": {"status": status}}
    properties = {"status": status, "earlier": earlier, "all": {"type": "array", "items": status}}
    return {"type": "object", "required": ["status"], "properties": properties}


def things(*statuses: str) -> Catalogue:
    return catalogue_of(thing(), Status={"enum": list(statuses), "type": "string"})


def with_example(schema: Any, example: Any, *statuses: str) -> Catalogue:
    response = json_response(schema, example=example)
    return catalogue(openapi(answering(dict.fromkeys(statuses or ["200"], response))))


def verdicts(results: Results) -> dict[str, Verdict]:
    return {each.mutant.id.removeprefix("getThing:"): each.verdict for each in results.all}


KNOWN = thing({"enum": ["open", "paid"]})
NEW = '200:enum-value="new"'


def test_a_new_enum_value_causes_one_fault_and_hides_no_mutants(client: Write) -> None:
    subject = knowing(client, KNOWN)
    before = verdicts(run_client(things("open", "paid"), subject))
    after = verdicts(results := run_client(things("new", "open", "paid"), subject))
    assert after.pop(f"{NEW}:/status") is Verdict.WRONGLY_REFUSED
    assert (results.controls, {name: after[name] for name in before}) == ((), before)
    others = {name: after[name] for name in after.keys() - before if after[name] is not Verdict.ACCEPTED}
    assert others.keys() == {f"{NEW}:/earlier/status", f"{NEW}:/all/*"}
    assert Verdict.INCONCLUSIVE not in others.values()
    some = verdicts(run_client(things("new", "open", "paid"), subject, sample=30))
    every = after | {f"{NEW}:/status": Verdict.WRONGLY_REFUSED}
    assert {name: every[name] for name in some} == some


AB = {
    "type": "object",
    "required": ["a", "b"],
    "properties": {name: {"enum": ["new", "open"]} for name in "ab"},
}
OPEN = {"properties": {key: {"const": "open"} for key in "ab"}}
LISTED = {"type": "object", "properties": {"all": {"type": "array", "items": {"enum": ["new", "open"]}}}}


@table(
    "found, known, before, refused",
    [
        (
            catalogue_of({"enum": ["newer", "new", "open"]}),
            {"const": "open"},
            "",
            {f"{NEW}", '200:enum-value="newer"'},
        ),
        (with_example(AB, {"a": "new", "b": "new"}), OPEN, "", {f"{NEW}:/a", f"{NEW}:/b"}),
        (
            with_example(LISTED, {"all": ["new", "new"]}),
            {"properties": {"all": {"items": {"const": "open"}}}},
            "",
            {f"{NEW}:/all/*"},
        ),
        (catalogue_of({"enum": ["new", "open"]}), {}, "if thing == 'new': raise KeyError\n", {NEW}),
        (
            with_example({"enum": ["new", "open"]}, "new", "200", "201"),
            {"const": "open"},
            "",
            {NEW, NEW.replace("200", "201")},
        ),
    ],
)
def test_every_value_that_the_client_refuses_is_a_fault_and_hides_nothing(
    client: Write, found: Catalogue, known: Any, before: str, refused: set[str]
) -> None:
    results = run_client(found, knowing(client, known, before), jobs=1)
    wrong = Verdict.CRASHED if before else Verdict.WRONGLY_REFUSED
    assert {name for name, each in verdicts(results).items() if each is wrong and "enum" in name} == refused
    assert (results.controls, Verdict.INCONCLUSIVE in results.counts) == ((), False)


RECORDED = """\
with urllib.request.urlopen(url + "/thing") as response: text = response.read()
open("got", "a").write(f"{url.rpartition('/')[2]} {text.hex()}\\n")
thing = json.loads(text)
if 'new' in str(thing): raise RefusedError
return thing
"""


@pytest.mark.parametrize(
    "whole",
    [
        thing({"enum": ["new", "open", "paid"]}),
        {"anyOf": [{"enum": ["new"]}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}]},
    ],
)
def test_a_mutants_key_requests_the_response_that_the_client_got(client: Write, whole: Any) -> None:
    results = run_client(catalogue_of(whole), client(RECORDED), jobs=1)
    assert results.controls == ()
    fresh = catalogue_of(whole)
    lines = reversed(Path("got").read_text().splitlines())
    got = {key: body for key, _, body in (line.partition(" ") for line in lines)}  # the first of each
    served = (each.mutant for each in results.all if each.mutant.response.transfer is Transfer.WHOLE)
    rows = [each for each in served if each.suffix and each.key in got]
    assert rows
    for each in rows:
        for found in (fresh.mutant(each.key), fresh.mutant(each.id + each.suffix)):
            assert found
            assert (found.response.body.hex(), found.id) == (got[each.key], each.id)
    text, page = ClientReport(results).text(), html.unescape(html_report(results, "").decode())
    assert results.failures
    for name in (f"{fault.mutant.id}{fault.mutant.suffix}" for fault in results.failures):
        assert (f"{name}\n" in text, f"<code>{name}</code>" in page) == (True, True)


def test_a_client_that_refuses_everything_gets_only_a_few_dozen_legal_bodies(client: Write) -> None:
    never = {"if": {"properties": {"status": {"const": "new"}}}, "then": {"maxProperties": 0}}
    status = {"status": {"enum": ["new", *map(str, range(1000))]}}
    body = f"{RECEIVED}print(json.dumps(thing), file=open('bodies', 'a'))\nraise RefusedError('everything')"
    found = catalogue_of({"type": "object", "required": ["status"], "properties": status} | never)
    [row] = (results := run_client(found, client(body))).inconclusive
    assert (row.mutant.id, set(results.counts)) == ("getThing:control", {Verdict.INCONCLUSIVE})
    bodies = Path("bodies").read_text().splitlines()
    assert 2 < len(bodies) <= 1 + MOST
    assert "new" not in {json.loads(each)["status"] for each in bodies}


def test_a_client_that_hangs_is_not_sent_other_valid_responses(client: Write) -> None:
    subject = client("open('calls', 'a').write('.')\ntime.sleep(60)\n")
    run_client(catalogue_of({"enum": ["new", "open"]}), subject, timeout=1)
    assert Path("calls").read_text() == "."
