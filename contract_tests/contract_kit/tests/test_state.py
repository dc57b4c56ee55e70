"""A client that keeps state between calls: no mutant is blamed for another, and the report doesn't vary."""

import json
from typing import Any

import pytest

from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Results
from contract_kit.judge.verdicts import Verdict

from .fakes import ORDER, FakeCatalogue, Write, mutant

STATE = "state = globals().setdefault('state', {'errors': 0})\ndata = read(url)\n"
FIRST_KEPT = f"{STATE}return state.setdefault('order', json.loads(data))"
STALE_ON_ERROR = f"""{STATE}
try: state['order'] = {{'id': int(json.loads(data)['id']) + 1}}
except ValueError: pass
return state['order']"""
BREAKER = f"""{STATE}
if state['errors'] == 3: raise RefusedError('open')
state['errors'] += data != {ORDER!r}
return json.loads(data)"""
TOTAL = (
    f"{STATE}state['errors'] += data != {ORDER!r}\nreturn json.loads(data) | {{'errors': state['errors']}}"
)
CACHED = "state = globals().setdefault('state', [])\nif not state: state.append(read(url))\nreturn state[0]"


def broken(*values: Any) -> FakeCatalogue:
    """Return a mutant for each of these values of an order's `id`."""
    bodies = [json.dumps({"id": each, "status": "paid"}).encode() for each in values]
    return FakeCatalogue(tuple(mutant(f"{at}", each) for at, each in enumerate(bodies)))


def verdicts(results: Results) -> list[Verdict]:
    return [each.verdict for each in results.all]


def test_a_value_kept_from_an_earlier_mutant_is_not_blamed_on_a_later_one(client: Write) -> None:
    results = run_client(broken("8", "x", "9", "y"), client(STALE_ON_ERROR), jobs=1)
    assert verdicts(results) == [Verdict.ALTERED, Verdict.NO_EFFECT] * 2
    assert results.controls == ()


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_process_gets_the_valid_response_before_any_mutant(client: Write, jobs: int) -> None:
    results = run_client(broken(*"abcdef"), client(FIRST_KEPT), jobs=jobs)
    assert set(verdicts(results)) == {Verdict.NO_EFFECT}


def test_a_process_that_replaces_another_gets_the_valid_response_first(client: Write) -> None:
    subject = client(f"if read(url) == b'hang': time.sleep(60)\n{FIRST_KEPT}")
    given = (mutant("1", b"hang"), *broken(*"ab").served)
    results = run_client(FakeCatalogue(given), subject, jobs=1, timeout=3)
    assert verdicts(results) == [Verdict.HUNG, Verdict.NO_EFFECT, Verdict.NO_EFFECT]


@pytest.mark.parametrize(
    ("body", "datum"), [(BREAKER, "RefusedError: open"), (TOTAL, "$.errors"), (CACHED, "no request")]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_mutants_are_inconclusive_if_their_valid_response_is_later_handled_differently(
    client: Write, jobs: int, body: str, datum: str
) -> None:
    results = run_client(broken(*"abcdefghij"), client(body), jobs=jobs)
    assert set(verdicts(results)) == {Verdict.INCONCLUSIVE}
    [control] = results.inconclusive
    assert control.mutant.id == "getOrder:control"
    assert datum in control.detail
    assert control.advice


@pytest.mark.parametrize("body", [FIRST_KEPT, STALE_ON_ERROR, BREAKER, TOTAL, CACHED])
def test_three_runs_of_a_client_that_keeps_state_have_the_same_results(client: Write, body: str) -> None:
    given, subject = broken(*"8x9y", 7.5, *"abcdefghij"), client(body)
    first, *others = (run_client(given, subject, jobs=3) for _ in range(3))
    assert others == [first] * 2
