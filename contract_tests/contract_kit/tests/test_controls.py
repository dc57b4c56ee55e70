"""A client's result for a mutant is compared with its result for the valid response."""

import json
from typing import Any

import pytest

from contract_kit.derive.model import LEGAL, Expect
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Result
from contract_kit.judge.verdicts import Verdict

from .documents import catalogue_answering, content
from .fakes import FakeCatalogue, Write, mutant

READ = "data = json.loads(read(url))\n"


def broken(value: Any, **changes: Any) -> Any:
    """Return a mutant whose `id` has this value instead of 7."""
    return mutant("broken", json.dumps({"id": value, "status": "paid"}).encode(), **changes)


@pytest.fixture
def result(client: Write) -> Any:
    """Return a function that serves a mutant to a client whose code ends with the given lines."""

    def run(body: str, given: Any) -> Result:
        [row] = run_client(FakeCatalogue((given,)), client(READ + body), jobs=1).all
        return row

    return run


@pytest.mark.parametrize(
    ("returns", "value", "verdict"),
    [
        ("data['status']", "7", Verdict.NO_EFFECT),
        ("int(data['id'])", "7", Verdict.NO_EFFECT),
        ("data", "seven", Verdict.PASSED_ON),
        ("int(data['id']) + 1", "8", Verdict.ALTERED),
        ("{'id': data['id'] or None}", "", Verdict.LOST),
        ("None", "seven", Verdict.WRONGLY_ACCEPTED),
        ("lambda: 1", "seven", Verdict.WRONGLY_ACCEPTED),
    ],
)
def test_the_verdict_on_a_broken_response_depends_on_what_the_caller_got(
    result: Any, returns: str, value: Any, verdict: Verdict
) -> None:
    assert result(f"return {returns}", broken(value)).verdict is verdict


def test_a_reason_is_recorded_if_results_cannot_be_compared(result: Any) -> None:
    assert "returned nothing" in result("return None", broken("seven")).not_compared
    assert "attributes" in result("return object()", broken("seven")).not_compared
    assert "each time" in result("return time.monotonic()", broken("seven")).not_compared
    endless = "return iter(int, 1) if data['id'] == 'seven' else data"
    assert "10,000" in result(endless, broken("seven")).not_compared


def test_the_url_and_values_that_differ_between_two_valid_calls_are_ignored(result: Any) -> None:
    assert result("return {'at': time.monotonic(), 'url': url}", broken("seven")).verdict is Verdict.NO_EFFECT


@pytest.mark.parametrize("new", ["{'id': id, f'key {calls}': 1}", "{'id': id, 'all': [1] * calls}"])
@pytest.mark.parametrize("returns", ["new", "[new, 1]"])
@pytest.mark.parametrize(("read", "verdict"), [("7", Verdict.NO_EFFECT), ("data['id']", Verdict.PASSED_ON)])
def test_new_members_are_ignored_if_members_differ_between_two_valid_calls(
    result: Any, new: str, returns: str, read: str, verdict: Verdict
) -> None:
    calls = "calls = globals()['calls'] = globals().get('calls', 0) + 1\n"
    body = f"{calls}id = {read}\nnew = {new}\nreturn {returns}"
    assert result(body, broken("seven")).verdict is verdict


def test_a_value_counts_as_lost_if_the_client_also_returns_it_for_an_absent_property(result: Any) -> None:
    default = "id = data.get('id', -1)\nreturn {'id': id if isinstance(id, int) else -1}"
    assert result(default, broken("seven")).verdict is Verdict.LOST
    no_default = "id = data['id']\nreturn {'id': id if isinstance(id, int) else -1}"
    assert result(no_default, broken("seven")).verdict is Verdict.ALTERED


@pytest.mark.parametrize("body", [b'{"status": "paid"}', b'{"data": {"id": 7, "status": "paid"}}'])
def test_a_default_for_missing_properties_counts_as_lost(result: Any, body: bytes) -> None:
    default = "return {'id': data.get('id', -1), 'status': data.get('status', 'new')}"
    assert result(default, mutant("broken", body, location="")).verdict is Verdict.LOST


@pytest.mark.parametrize("body", [b"", b"<html>", b"[7]"])
def test_a_body_that_is_not_an_object_has_no_default(client: Write, body: bytes) -> None:
    given = mutant("other", body, location="", group="protocol")
    subject = client("text = read(url)\nreturn json.loads(text) if text.startswith(b'{') else 'unread'")
    [row] = run_client(FakeCatalogue((given,)), subject).all
    assert row.verdict is Verdict.ALTERED


@pytest.mark.parametrize("header", ["Content-Length", "Content-Type"])
def test_a_returned_response_header_counts_as_passed_on(client: Write, header: str) -> None:
    given = mutant("other", b'{"id": 7, "status": "opened"}', headers={"Content-Type": "text/plain"})
    body = f"return {{'header': urllib.request.urlopen(url + '/orders/7').headers['{header}']}}"
    [row] = run_client(FakeCatalogue((given,)), client(body)).all
    assert row.verdict is Verdict.PASSED_ON


@pytest.mark.parametrize(("status", "operator"), [(500, "status"), (200, "error-with-success")])
@pytest.mark.parametrize("returns", ["data['status']", "data"])
def test_mistaking_an_error_for_a_success_is_a_fault(
    client: Write, status: int, operator: str, returns: str
) -> None:
    error = b'{"id": 7, "status": "paid", "error": "no"}'
    given = mutant("error", error, status=status, operator=operator, group="protocol")
    body = f"""\
try: response = urllib.request.urlopen(url + "/orders/7")
except urllib.error.HTTPError as error: response = error
data = json.load(response)
return {returns}"""
    [row] = run_client(FakeCatalogue((given,)), client(body)).all
    assert (row.verdict, row.verdict.is_fault) == (Verdict.WRONGLY_ACCEPTED, True)
    assert "error" in row.detail


@pytest.mark.parametrize(
    ("returns", "verdict"),
    [
        ("data", Verdict.ACCEPTED),
        ("data['id'] * 2", Verdict.ACCEPTED),
        ("{'id': None if data['id'] > 999 else data['id']}", Verdict.LOST),
        ("{'id': data['id'] % 1000}", Verdict.ALTERED),
    ],
)
def test_a_legal_value_is_lost_or_altered_only_where_the_client_returned_the_valid_value(
    result: Any, returns: str, verdict: Verdict
) -> None:
    legal = broken(1001, expect=Expect.ACCEPT, group=LEGAL)
    assert result(f"return {returns}", legal).verdict is verdict


def test_a_tolerated_mutant_stays_tolerated_regardless_of_the_returned_value(result: Any) -> None:
    given = broken("seven", expect=Expect.EITHER, reason="it may")
    assert result("return {'id': None}", given).verdict is Verdict.TOLERATED


UNION = {
    "type": "object",
    "required": ["pay"],
    "properties": {
        "pay": {
            "oneOf": [
                {"type": "object", "required": ["card"], "properties": {"card": {"type": "integer"}}},
                {"type": "object", "required": ["iban"], "properties": {"iban": {"type": "string"}}},
            ]
        }
    },
}
PAYS = """\
with urllib.request.urlopen(url + "/thing") as response: pay = json.load(response)["pay"]
"""


def test_a_mutant_is_compared_with_the_valid_body_that_it_was_made_from(client: Write) -> None:
    """Otherwise, `iban` would count as lost in every mutant of the other branch."""
    subject = client(f"{PAYS}return pay")
    results = run_client(catalogue_answering({"200": content("application/json", schema=UNION)}), subject)
    lost = [each.mutant.id for each in results.all if each.verdict is Verdict.LOST]
    assert lost == []
    assert {each.mutant.location for each in results.all if each.verdict is Verdict.PASSED_ON} >= {
        "/pay/card",
        "/pay/iban",
    }


def test_mutants_made_from_a_refused_valid_body_are_not_served(client: Write) -> None:
    subject = client(f"{PAYS}if 'iban' in pay: raise RefusedError\nreturn pay['card']")
    results = run_client(catalogue_answering({"200": content("application/json", schema=UNION)}), subject)
    of_iban = [each for each in results.all if each.mutant.location == "/pay/iban"]
    assert {each.verdict for each in of_iban} == {Verdict.INCONCLUSIVE}
    wrong = [each for each in results.all if each.verdict is Verdict.WRONGLY_REFUSED]
    assert [each.mutant.operator.name for each in wrong] == ["valid-body"]
