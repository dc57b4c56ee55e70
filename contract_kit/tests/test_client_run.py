"""A client is served all mutants in a catalogue. `matrices/judged.txt` has the verdicts on whole runs."""

from pathlib import Path
from typing import Any

from attrs import evolve

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Expect, Mutant
from contract_kit.judge.client_run import run_client
from contract_kit.judge.controls import Control
from contract_kit.judge.effects import Comparison
from contract_kit.judge.results import Result
from contract_kit.serve.clients import Outcome
from contract_kit.serve.returned import NOTHING

from .documents import LISTED_AND_TOO_LONG, catalogue_of
from .fakes import MODULE, ORDER, FakeCatalogue, Write, mutant
from .tables import table

UNCOMPARED = Comparison(ORDER, NOTHING, NOTHING)


def test_all_coroutines_of_a_client_run_in_one_event_loop(client: Write) -> None:
    """A client that keeps connections open needs a single event loop."""
    subject = client("read(url)")
    body = "    open('loops', 'a').write(f'{id(asyncio.get_running_loop())} ')\n"
    Path("client.py").write_text(f"{MODULE}import asyncio\nasync def call(url, *_):\n    read(url)\n{body}")
    run_client(FakeCatalogue((mutant("1"), mutant("2"))), subject, jobs=1)
    loops = Path("loops").read_text().split()
    assert (len(loops), len(set(loops))) == (5, 1)


def test_results_are_in_the_order_of_the_mutants(client: Write) -> None:
    subject = client("if read(url) == b'slow': time.sleep(0.1)")
    given = [mutant(f"{number}", b"slow" if number % 5 == 0 else b"") for number in range(20)]
    results = run_client(FakeCatalogue(tuple(given)), subject, jobs=3)
    assert [each.mutant.id for each in results.all] == [each.id for each in given]


def test_skipped_parts_are_collected_after_all_mutants_have_been_served(client: Write) -> None:
    skipped = run_client(catalogue_of(LISTED_AND_TOO_LONG), client("read(url)")).skipped
    assert [each.reason for each in skipped] == ["the changed body is not valid"]


@table("outcome", [Outcome.ACCEPTED, Outcome.CRASHED])
def test_a_mutant_can_be_a_fault_even_if_its_valid_response_is_refused(outcome: Outcome) -> None:
    found = Result.of(mutant("broken"), outcome)
    control = Control(mutant("valid"), Result.of(mutant("valid"), Outcome.REFUSED), UNCOMPARED)
    assert control.judged(mutant("broken"), lambda _: found) == found


def error(status: int = 404, body: bytes = ORDER, **changes: Any) -> Mutant:
    return mutant("error", body, status=status, **changes)


CLOSED = evolve(error(), response=Response(404, {}, b"", Transfer.NOTHING))
NAMED = "404: unknown order"


@table(
    "valid, broken, first, second, verdict",
    [
        (error(), error(), NAMED, "not JSON", "lost"),
        (error(), error(), NAMED, "not JSON at 4040", "lost"),
        (error(400), error(400), "400: bad", "not JSON", "lost"),
        (error(), error(), NAMED, "404: not JSON", "refused by status"),
        (error(), error(500), NAMED, "not JSON", "refused by status"),
        (error(), error(expect=Expect.EITHER), NAMED, "not JSON", "tolerated"),
        (error(), CLOSED, NAMED, "closed", "refused by status"),
        (error(), error(), "unknown order", "not JSON", "refused by status"),
        (error(body=b'{"code": 404}'), error(), NAMED, "not JSON", "refused by status"),
        (error(302), error(302), "302: moved", "not JSON", "tolerated"),
    ],
)
def test_an_error_that_no_longer_names_the_status_has_lost_it(
    valid: Mutant, broken: Mutant, first: str, second: str, verdict: str
) -> None:
    """It hasn't if the client may have read the status elsewhere, or never got it."""
    control = Control(valid, Result.of(valid, Outcome.REFUSED, first), UNCOMPARED)
    assert control.judged(broken, lambda _: Result.of(broken, Outcome.REFUSED, second)).verdict == verdict
