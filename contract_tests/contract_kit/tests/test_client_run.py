"""A client is served all mutants in a catalogue, each after the valid response that it was made from."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.exchange import Transfer
from contract_kit.derive.model import Expect, Mutant
from contract_kit.judge.client_run import run_client
from contract_kit.judge.controls import Control
from contract_kit.judge.effects import Comparison
from contract_kit.judge.results import Result, Results
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.clients import Outcome
from contract_kit.serve.returned import NOTHING

from .documents import LISTED_AND_TOO_LONG, catalogue_answering, catalogue_of, content
from .fakes import MODULE, ORDER, FakeCatalogue, Write, is_gone, mutant

UNCOMPARED = Comparison(ORDER, NOTHING, NOTHING)
TWO = FakeCatalogue((mutant("1"), mutant("2")))


def test_all_coroutines_of_a_client_run_in_one_event_loop(client: Write) -> None:
    """A client that keeps connections open needs a single event loop."""
    subject = client("read(url)")
    body = "    open('loops', 'a').write(f'{id(asyncio.get_running_loop())} ')\n"
    Path("client.py").write_text(f"{MODULE}import asyncio\nasync def call(url, *_):\n    read(url)\n{body}")
    run_client(TWO, subject, jobs=1)
    loops = Path("loops").read_text().split()
    assert (len(loops), len(set(loops))) == (5, 1)


def test_a_worker_that_hangs_or_crashes_is_replaced_by_a_new_process(client: Write) -> None:
    subject = client("data = read(url)\nif data == b'hang': time.sleep(60)\nif data == b'die': os._exit(1)")
    given = (mutant("1", b"hang"), mutant("2"), mutant("3", b"die"), mutant("4"))
    results = run_client(FakeCatalogue(given), subject, jobs=1, timeout=5)
    assert [each.outcome for each in results.all] == ["hung", "accepted", "crashed", "accepted"]


@pytest.mark.parametrize(
    ("does", "detail"), [("raise RefusedError('no')", "(RefusedError: no)"), ("time.sleep(60)", "2 s)")]
)
def test_an_operation_is_inconclusive_if_the_client_refuses_its_valid_response(
    client: Write, does: str, detail: str
) -> None:
    subject = client(f"if read(url) == {ORDER!r}: {does}\nraise RefusedError")
    results = run_client(TWO, subject, timeout=2)
    [row] = results.inconclusive
    assert row.mutant.operation.id == "getOrder"
    assert row.detail.endswith(detail)
    assert set(results.counts) == {Verdict.INCONCLUSIVE}


def test_a_client_that_retries_until_the_time_limit_does_not_count_as_hung(client: Write) -> None:
    subject = client("while read(url) != ORDER: pass".replace("ORDER", repr(ORDER)))
    [row] = run_client(FakeCatalogue((mutant("1"),)), subject, timeout=3).all
    assert row.verdict is Verdict.INCONCLUSIVE
    [line] = row.advice
    assert "retries" in line


def test_results_are_in_the_order_of_the_mutants(client: Write) -> None:
    subject = client("if read(url) == b'slow': time.sleep(0.3)")
    given = [mutant(f"{number}", b"slow" if number % 5 == 0 else b"") for number in range(20)]
    results = run_client(FakeCatalogue(tuple(given)), subject, jobs=3)
    assert [each.mutant.id for each in results.all] == [each.id for each in given]


def test_skipped_parts_are_collected_after_all_mutants_have_been_served(client: Write) -> None:
    skipped = run_client(catalogue_of(LISTED_AND_TOO_LONG), client("read(url)")).skipped
    assert [each.reason for each in skipped] == ["the changed body is not valid"]


def test_no_worker_process_remains_after_an_interrupt(client: Write) -> None:
    def interrupt(_row: Result) -> None:
        raise KeyboardInterrupt

    Path("pids").mkdir()
    subject = client("open(f'pids/{os.getpid()}', 'w')\nif read(url) == b'hang': time.sleep(60)")
    given = (mutant("1", b""), *(mutant(f"{number}", b"hang") for number in range(2, 20)))
    with pytest.raises(KeyboardInterrupt):
        run_client(FakeCatalogue(given), subject, progress=interrupt, timeout=60)
    assert all(is_gone(int(process.name)) for process in Path("pids").iterdir())


OBJECT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
HAL = "200 application/hal+json"
RECEIVED = """\
try: response = urllib.request.urlopen(url + "/thing")
except urllib.error.HTTPError as error: response = error
kind = response.headers.get_content_type()
try: thing = json.load(response)
except ValueError: raise RefusedError
"""


def answers(*labels: str) -> Catalogue:
    """Return the mutants for an operation with these responses, of which the 200 has two content types."""
    kinds = {"200": ("application/json", "application/hal+json")}
    return catalogue_answering(
        {each: content(*kinds.get(each, ("application/json",)), schema=OBJECT) for each in labels}
    )


def verdicts(results: Results, label: str) -> set[Verdict]:
    """Return the verdicts on mutants that break a keyword in the response with this label."""
    return {each.verdict for each in results.all if each.mutant.id.startswith(f"getThing:{label}:required:")}


@pytest.mark.parametrize(
    ("refuses", "label", "verdict", "controls"),
    [
        ("kind != 'application/json'", HAL, Verdict.TOLERATED, []),
        ("response.status >= 400", "404", Verdict.REFUSED_BY_STATUS, []),
        ("response.status >= 400", "400", Verdict.REFUSED_BY_STATUS, []),
        ("response.status != 200", "201", Verdict.INCONCLUSIVE, ["getThing:201:control"]),
    ],
)
def test_refusing_a_valid_error_response_makes_no_mutants_inconclusive(
    client: Write, refuses: str, label: str, verdict: Verdict, controls: list[str]
) -> None:
    subject = client(f"{RECEIVED}if {refuses} or 'id' not in thing: raise RefusedError")
    results = run_client(answers("200", "201", "400", "404"), subject)
    assert verdicts(results, "200") == {Verdict.REFUSED_BY_BODY}
    assert verdicts(results, label) == {verdict}
    assert [each.mutant.id for each in results.controls] == controls


def test_mutants_are_inconclusive_if_the_valid_response_crashes_the_client(client: Write) -> None:
    subject = client(f"{RECEIVED}if response.status == 404: raise KeyError('id')")
    results = run_client(answers("200", "404"), subject)
    assert verdicts(results, "200") == {Verdict.WRONGLY_ACCEPTED}
    assert verdicts(results, "404") == {Verdict.INCONCLUSIVE}
    assert [each.mutant.id for each in results.inconclusive] == ["getThing:404:control"]


def test_a_client_may_raise_if_the_only_documented_response_is_an_error(client: Write) -> None:
    results = run_client(answers("404"), client(f"{RECEIVED}raise RefusedError"))
    assert results.inconclusive == []
    assert verdicts(results, "404") == {Verdict.REFUSED_BY_STATUS}


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.CRASHED])
def test_a_mutant_can_be_a_fault_even_if_its_valid_response_is_refused(outcome: Outcome) -> None:
    row = Result.of(mutant("broken"), outcome)
    refused = Control(mutant("valid"), Result.of(mutant("valid"), Outcome.REFUSED), UNCOMPARED)
    assert refused.judged(mutant("broken"), lambda _: row) == row


@pytest.mark.parametrize(
    ("detail", "changes", "verdict"),
    [
        ("not JSON", {}, Verdict.LOST),
        ("not JSON at 4040", {}, Verdict.LOST),
        ("404: not JSON", {}, Verdict.REFUSED_BY_STATUS),
        ("not JSON", {"status": 500}, Verdict.REFUSED_BY_STATUS),
        ("not JSON", {"expect": Expect.EITHER}, Verdict.TOLERATED),
    ],
)
def test_an_error_that_no_longer_names_the_status_has_lost_it(
    detail: str, changes: Any, verdict: Verdict
) -> None:
    broken = mutant("broken", b"<html>", **{"status": 404} | changes)
    assert refused(mutant("valid", ORDER, status=404), broken, "404: unknown order", detail) is verdict


@pytest.mark.parametrize(
    ("status", "body", "detail"),
    [
        (404, ORDER, "unknown order"),
        (404, b'{"code": 404}', "404: unknown order"),
        (302, ORDER, "302: moved"),
    ],
)
def test_a_status_is_lost_only_if_an_error_response_alone_can_have_named_it(
    status: int, body: bytes, detail: str
) -> None:
    given = mutant("valid", body, status=status), mutant("broken", b"<html>", status=status)
    assert refused(*given, detail, "not JSON") is not Verdict.LOST


def test_a_status_that_was_never_sent_is_not_lost() -> None:
    closed = mutant("closed", status=404)
    closed = evolve(closed, response=evolve(closed.response, transfer=Transfer.NOTHING))
    given = mutant("valid", ORDER, status=404), closed
    assert refused(*given, "404: unknown order", "closed") is Verdict.REFUSED_BY_STATUS


def refused(valid: Mutant, broken: Mutant, first: str, second: str) -> Verdict:
    """Return the verdict on a mutant if the client refuses both responses with these errors."""
    control = Control(valid, Result.of(valid, Outcome.REFUSED, first), UNCOMPARED)
    return control.judged(broken, lambda _: Result.of(broken, Outcome.REFUSED, second)).verdict
