"""A client's result for a mutant is compared with its result for the valid response."""

import json
from typing import Any

from contract_kit.derive.model import LEGAL, Expect, Mutant
from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Result
from contract_kit.judge.verdicts import Verdict

from .documents import catalogue_answering, content
from .fakes import FakeCatalogue, Write, mutant
from .tables import table

READ = "data = json.loads(read(url))\n"
CALLS = "calls = globals()['calls'] = globals().get('calls', 0) + 1\n"
ERRORS = """\
try: response = urllib.request.urlopen(url + "/orders/7")
except urllib.error.HTTPError as error: response = error
"""
WRAPPED = b'{"data": {"id": 7, "status": "paid"}}'
ERROR, MISTAKEN = b'{"id": 7, "status": "paid", "error": "no"}', Verdict.WRONGLY_ACCEPTED
DEFAULTS = "return {'id': data.get('id', -1), 'status': data.get('status', 'new')}"


def broken(value: Any, **changes: Any) -> Mutant:
    """Return a mutant whose `id` has this value instead of 7."""
    return mutant("broken", json.dumps({"id": value, "status": "paid"}).encode(), **changes)


def other(body: bytes, **changes: Any) -> Mutant:
    return mutant("other", body, **({"location": "", "group": "protocol"} | changes))


def judged(client: Write, body: str, given: Mutant) -> Result:
    [row] = run_client(FakeCatalogue((given,)), client(body), jobs=1).all
    return row


SEVEN, EIGHT = broken("seven"), broken("7")
LARGE = broken(1001, expect=Expect.ACCEPT, group=LEGAL)
GROWS = f"{READ}{CALLS}return [{{'id': ID, f'key {{calls}}': 1, 'all': [1] * calls}}, 1]"
IF_NUMBER = "return {'id': id if isinstance(id, int) else -1}"


@table(
    "body, given, verdict",
    [
        (f"{READ}return data['status']", EIGHT, Verdict.NO_EFFECT),
        (f"{READ}return int(data['id'])", EIGHT, Verdict.NO_EFFECT),
        (f"{READ}return data", SEVEN, Verdict.PASSED_ON),
        (f"{READ}return int(data['id']) + 1", broken("8"), Verdict.ALTERED),
        (f"{READ}return {{'id': data['id'] or None}}", broken(""), Verdict.LOST),
        (f"{READ}return None", SEVEN, Verdict.WRONGLY_ACCEPTED),
        (f"{READ}return lambda: 1", SEVEN, Verdict.WRONGLY_ACCEPTED),
        (f"{READ}return {{'at': time.monotonic(), 'url': url}}", SEVEN, Verdict.NO_EFFECT),
        (GROWS.replace("ID", "7"), SEVEN, Verdict.NO_EFFECT),
        (GROWS.replace("ID", "data['id']"), SEVEN, Verdict.PASSED_ON),
        (f"{READ}id = data.get('id', -1)\n{IF_NUMBER}", SEVEN, Verdict.LOST),
        (f"{READ}id = data['id']\n{IF_NUMBER}", SEVEN, Verdict.ALTERED),
        (f"{READ}{DEFAULTS}", other(b'{"status": "paid"}', group="type"), Verdict.LOST),
        (f"{READ}{DEFAULTS}", other(WRAPPED, group="type"), Verdict.LOST),
        ("return b'<' in read(url)", other(b"<html>"), Verdict.ALTERED),
        (f"{READ}return data", LARGE, Verdict.ACCEPTED),
        (f"{READ}return data['id'] * 2", LARGE, Verdict.ACCEPTED),
        (f"{READ}return {{'id': None if data['id'] > 999 else data['id']}}", LARGE, Verdict.LOST),
        (f"{READ}return {{'id': data['id'] % 1000}}", LARGE, Verdict.ALTERED),
        (f"{READ}return {{'id': None}}", broken("x", expect=Expect.EITHER, reason="may"), Verdict.TOLERATED),
        (
            f"{ERRORS}return {{'header': response.headers['Content-Type']}}",
            other(b'{"id": 7, "status": "opened"}', headers={"Content-Type": "text/plain"}),
            Verdict.PASSED_ON,
        ),
        (f"{ERRORS}return json.load(response)", other(ERROR, status=500, operator="status"), MISTAKEN),
        (f"{READ}return data['status']", other(ERROR, operator="error-with-success"), MISTAKEN),
    ],
)
def test_the_verdict_depends_on_what_the_caller_got(
    client: Write, body: str, given: Mutant, verdict: Verdict
) -> None:
    assert judged(client, body, given).verdict is verdict


@table(
    "returns, reason",
    [
        ("None", "returned nothing"),
        ("object()", "attributes"),
        ("time.monotonic()", "each time"),
        ("iter(int, 1) if data['id'] == 'seven' else data", "10,000"),
    ],
)
def test_a_reason_is_recorded_if_results_cannot_be_compared(client: Write, returns: str, reason: str) -> None:
    assert reason in judged(client, f"{READ}return {returns}", SEVEN).not_compared


BRANCHES = [
    {"type": "object", "required": [name], "properties": {name: {"type": type_}}}
    for name, type_ in (("card", "integer"), ("iban", "string"))
]
UNION = {"type": "object", "required": ["pay"], "properties": {"pay": {"oneOf": BRANCHES}}}
PAYS = "with urllib.request.urlopen(url + '/thing') as response: pay = json.load(response)['pay']\n"


def test_a_mutant_is_compared_with_the_valid_body_that_it_was_made_from(client: Write) -> None:
    """Otherwise, `iban` would count as lost in every mutant of the other branch."""
    found = catalogue_answering({"200": content("application/json", schema=UNION)})
    results = run_client(found, client(f"{PAYS}return pay"))
    verdicts = {(each.verdict, each.mutant.location) for each in results.all}
    assert {(Verdict.PASSED_ON, "/pay/card"), (Verdict.PASSED_ON, "/pay/iban")} <= verdicts
    assert Verdict.LOST not in {verdict for verdict, _ in verdicts}


def test_mutants_made_from_a_refused_valid_body_are_not_served(client: Write) -> None:
    subject = client(f"{PAYS}if 'iban' in pay: raise RefusedError\nreturn pay['card']")
    results = run_client(catalogue_answering({"200": content("application/json", schema=UNION)}), subject)
    of_iban = {each.verdict for each in results.all if each.mutant.location == "/pay/iban"}
    wrong = [each for each in results.all if each.verdict is Verdict.WRONGLY_REFUSED]
    assert (of_iban, [each.mutant.operator.name for each in wrong]) == (
        {Verdict.INCONCLUSIVE},
        ["valid-body"],
    )
