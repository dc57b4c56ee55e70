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

RECEIVED = """\
import http.client, jsonschema_rs
SCHEMA = {schema}
try: response = urllib.request.urlopen(url + "/thing")
except (OSError, http.client.HTTPException) as error: raise RefusedError from error
if response.headers.get_content_type() != "application/json": raise RefusedError
try: thing = json.load(response)
except (ValueError, http.client.HTTPException) as error: raise RefusedError from error
"""
VALIDATES = "if not jsonschema_rs.is_valid(SCHEMA, thing): raise RefusedError('invalid')\n"


def knowing(write: Write, schema: Any, does: str = VALIDATES) -> Any:
    """Return a client that validates bodies against this schema."""
    return write(RECEIVED.format(schema=repr(schema)) + does)


def schema(*statuses: str) -> dict[str, Any]:
    """Return an object's schema with the same enum in three places: at the top, in an object, in a list."""
    status = {"enum": list(statuses), "type": "string"}
    earlier = {"type": "object", "properties": {"status": status}}
    properties = {"status": status, "earlier": earlier, "all": {"type": "array", "items": status}}
    return {"type": "object", "required": ["status"], "properties": properties | {"id": {"type": "integer"}}}


def referring(*statuses: str) -> Catalogue:
    """Return the mutants for the same schema, but with three references to a single enum."""
    whole = schema(*statuses)
    status = {"$ref": "#/components/schemas/Status"}
    whole["properties"]["status"] = status
    whole["properties"]["earlier"]["properties"]["status"] = status
    whole["properties"]["all"]["items"] = status
    return catalogue_of(whole, Status={"type": "string", "enum": list(statuses)})


def verdicts(results: Results) -> dict[str, Verdict]:
    return {each.mutant.id: each.verdict for each in results.all}


def faults(results: Results) -> dict[str, Verdict]:
    return {name: verdict for name, verdict in verdicts(results).items() if verdict.is_fault}


def test_a_new_enum_value_causes_one_fault_and_hides_no_mutants(client: Write) -> None:
    subject = knowing(client, schema("open", "paid"))
    before = verdicts(run_client(referring("open", "paid"), subject))
    results = run_client(referring("new", "open", "paid"), subject)
    after = verdicts(results)
    new = 'getThing:200:enum-value="new":/status'
    assert after.pop(new) is Verdict.WRONGLY_REFUSED
    assert results.controls == ()
    assert {name: each for name, each in after.items() if each is Verdict.INCONCLUSIVE} == {}
    assert {name: after[name] for name in before} == before
    others = {name for name in after.keys() - before if after[name] is not Verdict.ACCEPTED}
    assert others == {new.replace("/status", path) for path in ("/earlier/status", "/all/*")}


def test_every_value_that_the_client_refuses_is_reported(client: Write) -> None:
    found = catalogue_of({"type": "string", "enum": ["newer", "new", "open"]})
    results = run_client(found, knowing(client, {"enum": ["open"]}))
    assert faults(results) == {
        f'getThing:200:enum-value="{each}"': Verdict.WRONGLY_REFUSED for each in ("newer", "new")
    }


def test_a_value_that_crashes_the_client_counts_as_a_crash(client: Write) -> None:
    subject = knowing(client, {"enum": ["open", "paid"]}, f"if thing == 'new': raise KeyError\n{VALIDATES}")
    results = run_client(catalogue_of({"enum": ["new", "open", "paid"]}), subject)
    assert faults(results) == {'getThing:200:enum-value="new"': Verdict.CRASHED}


def test_a_value_from_the_documents_example_can_be_replaced(client: Write) -> None:
    object_ = {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["open", "new"]}}}
    response = json_response(object_, example={"status": "new"})
    results = run_client(
        catalogue(openapi(answering({"200": response}))),
        knowing(client, {"required": ["status"], "properties": {"status": {"const": "open"}}}),
    )
    assert 'getThing:200:enum-value="new":/status' in faults(results)
    assert results.controls == ()


def test_a_new_union_branch_causes_its_own_faults_and_hides_no_other_branch(client: Write) -> None:
    card, iban = (
        {"type": "object", "title": name, "required": [name], "properties": {name: {"type": "string"}}}
        for name in ("card", "iban")
    )
    results = run_client(
        catalogue_of({"anyOf": [{"type": "object", "title": "bank", "required": ["bank"]}, card, iban]}),
        knowing(client, {"anyOf": [card, iban]}),
    )
    found = verdicts(results)
    assert found["getThing:200:valid-body=all"] is Verdict.WRONGLY_REFUSED
    wrong_type = {each for name, each in found.items() if ":type=" in name and name.endswith("(card)/card")}
    assert wrong_type == {Verdict.REFUSED_BY_BODY}
    assert results.controls == ()


def test_a_sample_produces_the_same_verdicts_as_a_full_run(client: Write) -> None:
    subject = knowing(client, schema("open", "paid"))
    every = verdicts(run_client(referring("new", "open", "paid"), subject))
    some = verdicts(run_client(referring("new", "open", "paid"), subject, sample=30))
    assert 'getThing:200:enum-value="new":/earlier/status' in some
    assert {name: every[name] for name in some} == some


RECORDED = """\
with urllib.request.urlopen(url + "/thing") as response: text = response.read()
open("got", "a").write(f"{url.rpartition('/')[2]} {text.hex()}\\n")
thing = json.loads(text)
"""


@pytest.mark.parametrize(
    "whole",
    [
        schema("new", "open", "paid"),
        {"enum": ["newer", "new", "open"]},
        {"anyOf": [{"enum": ["new"]}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}]},
    ],
)
def test_a_mutants_key_requests_the_response_that_the_client_got(client: Write, whole: Any) -> None:
    refuses = "if 'new' in str(thing): raise RefusedError\nreturn thing"
    results = run_client(catalogue_of(whole), client(RECORDED + refuses), jobs=1)
    assert results.controls == ()
    fresh = catalogue_of(whole)
    lines = Path("got").read_text().splitlines()
    got = {
        key: body for key, _, body in (line.partition(" ") for line in reversed(lines))
    }  # the first of each
    served = (each.mutant for each in results.all if each.mutant.response.transfer is Transfer.WHOLE)
    rows = [each for each in served if each.suffix and each.key in got]
    assert rows
    for each in rows:
        for name in (each.key, each.id + each.suffix):
            found = fresh.mutant(name)
            assert found
            assert found.response.body == bytes.fromhex(got[each.key])
            assert (found.id, found.key) == (each.id, each.key)
    usual = {found.response.body.hex() for name in got if (found := fresh.mutant(name.partition("@")[0]))}
    assert usual - set(got.values())
    text, page = ClientReport(results).text(), html.unescape(html_report(results, "").decode())
    assert results.failures
    for name in (f"{fault.mutant.id}{fault.mutant.suffix}" for fault in results.failures):
        assert f"{name}\n" in text
        assert f"<code>{name}</code>" in page


@pytest.mark.parametrize("number", ["", "0", "01", "25", "-1", "9" * 5_000])
def test_only_the_number_of_an_alternative_can_follow_an_id(number: str) -> None:
    found = catalogue_of({"enum": ["new", "open"]})
    assert found.mutant("getThing:200:null@1")
    assert found.mutant(f"getThing:200:null@{number}") is None


COUNTED = "open('calls', 'a').write('.')\nraise RefusedError('everything')\n"


def test_a_client_that_refuses_everything_is_called_only_a_few_dozen_times(
    client: Write, tmp_path: Any
) -> None:
    subject = knowing(client, {}, COUNTED)
    results = run_client(catalogue_of({"enum": list(range(1000))}), subject)
    [row] = results.inconclusive
    assert (row.mutant.id, row.detail) == (
        "getThing:control",
        "the client refused the valid response (RefusedError: everything)",
    )
    assert set(results.counts) == {Verdict.INCONCLUSIVE}
    assert 2 < len((tmp_path / "calls").read_text()) <= 1 + MOST


def test_a_client_that_hangs_is_not_sent_other_valid_responses(client: Write, tmp_path: Any) -> None:
    subject = knowing(client, {}, "open('calls', 'a').write('.')\ntime.sleep(60)\n")
    run_client(catalogue_of({"enum": ["new", "open"]}), subject, timeout=2)
    assert len((tmp_path / "calls").read_text()) == 1


def test_only_legal_bodies_are_tried_as_alternatives(client: Write, tmp_path: Any) -> None:
    never = {"if": {"properties": {"status": {"const": "new"}}}, "then": {"maxProperties": 0}}
    status = {"status": {"enum": ["new", "open", "paid"]}}
    subject = knowing(client, {}, f"open('bodies', 'a').write(json.dumps(thing))\n{COUNTED}")
    run_client(
        catalogue_of({"type": "object", "required": ["status"], "properties": status} | never), subject
    )
    tried = (tmp_path / "bodies").read_text()
    assert ["open" in tried, "paid" in tried, "new" in tried] == [True, True, False]


def test_only_one_value_is_reported_if_two_are_refused_only_in_combination(client: Write) -> None:
    enum = {"enum": ["new", "open"]}
    found = catalogue_of(
        {"type": "object", "required": ["a", "b"], "properties": {"a": enum, "b": dict(enum)}}
    )
    valid = json.loads(found.control(found.operation("getThing")).response.body)
    subject = knowing(client, {}, f"if thing == {valid!r}: raise RefusedError\n")
    results = run_client(found, subject)
    refused = [each.mutant.place for each in results.all if each.verdict is Verdict.WRONGLY_REFUSED]
    assert (results.controls, refused) == ((), ["getThing:200:/b"])


def test_a_value_is_replaced_in_every_item_of_a_list(client: Write) -> None:
    object_ = {"type": "object", "properties": {"all": {"type": "array", "items": {"enum": ["new", "open"]}}}}
    response = json_response(object_, example={"all": ["new", "new"]})
    subject = knowing(client, {"properties": {"all": {"items": {"const": "open"}}}})
    results = run_client(catalogue(openapi(answering({"200": response}))), subject)
    assert verdicts(results)['getThing:200:enum-value="new":/all/*'] is Verdict.WRONGLY_REFUSED


def test_new_values_in_either_of_two_enums_are_reported(client: Write) -> None:
    def both(*values: str) -> dict[str, Any]:
        enum = {"enum": list(values), "type": "string"}
        return {"type": "object", "required": ["a", "b"], "properties": {"a": enum, "b": dict(enum)}}

    response = json_response(both("new", "open"), example={"a": "new", "b": "new"})
    results = run_client(catalogue(openapi(answering({"200": response}))), knowing(client, both("open")))
    refused = [name for name, each in verdicts(results).items() if each is Verdict.WRONGLY_REFUSED]
    assert [name for name in refused if "enum-value" in name] == [
        f'getThing:200:enum-value="new":/{each}' for each in "ab"
    ]


def test_mutants_of_each_response_are_made_from_a_body_that_the_client_accepts(client: Write) -> None:
    enum = {"enum": ["new", "open"]}
    responses = {status: json_response(dict(enum), example="new") for status in ("200", "201")}
    results = run_client(catalogue(openapi(answering(responses))), knowing(client, {"const": "open"}), jobs=1)
    refused = [name for name, each in verdicts(results).items() if each is Verdict.WRONGLY_REFUSED]
    assert sorted(refused) == [f'getThing:{each}:enum-value="new"' for each in responses]
    assert Verdict.INCONCLUSIVE not in results.counts
