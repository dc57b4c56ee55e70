"""All mutants of a catalogue, served to one client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_kit.clients import PythonClient
from contract_kit.errors import KitError
from contract_kit.matrix import Row, Verdict
from contract_kit.prove import judge, prove

from .calls import MODULE, Write, is_gone
from .documents import LISTED_AND_TOO_LONG, catalogue, of_schema
from .fakes import LIST_ORDERS, ORDER, FakeCatalogue, mutant, orders


def test_all_coroutines_run_in_one_event_loop(client: Write) -> None:
    """A client that keeps its connections open depends on it."""
    client("")
    body = (
        "import asyncio\nasync def call(url, *_):\n    read(url)\n"
        "    open('loops', 'a').write(f'{id(asyncio.get_running_loop())} ')\n"
    )
    Path("client.py").write_text(MODULE + body)
    prove(orders(), PythonClient("client:call"), jobs=1)
    loops = Path("loops").read_text().split()
    assert len(loops) == 6
    assert len(set(loops)) == 1


def test_after_a_hang_or_a_crash_a_new_process_takes_over(client: Write) -> None:
    subject = client("data = read(url)\nif data == b'hang': time.sleep(60)\nif data == b'die': os._exit(1)")
    given = (mutant("1", b"hang"), mutant("2"), mutant("3", b"die"), mutant("4"))
    matrix = prove(FakeCatalogue(given), subject, jobs=1, timeout=5)
    assert [each.outcome for each in matrix.rows] == ["hung", "believed", "crashed", "believed"]


@pytest.mark.parametrize(
    ("does", "detail"),
    [
        ("raise RefusedError('no')", "the client refused the valid response: RefusedError: no"),
        ("raise KeyError('id')", "the client crashed on the valid response: KeyError: 'id'"),
        ("time.sleep(60)", "the client hung on the valid response: took over 2 s"),
    ],
)
def test_refusing_the_valid_response_makes_the_operation_inconclusive(
    client: Write, does: str, detail: str
) -> None:
    subject = client(f"if read(url) == {ORDER!r}: {does}\nraise RefusedError")
    matrix = prove(orders(), subject, timeout=2)
    assert [(each.operation, each.detail) for each in matrix.inconclusive] == [("getOrder", detail)]
    assert set(matrix.counts) == {Verdict.INCONCLUSIVE}


def test_an_inconclusive_operation_does_not_affect_other_operations(client: Write) -> None:
    subject = client(
        "if '/orders/7' in url or operation == 'getOrder': read(url); raise RefusedError\n"
        "urllib.request.urlopen(url + '/orders')"
    )
    given = FakeCatalogue((mutant("1"), mutant("2", operation=LIST_ORDERS)))
    assert [each.verdict for each in prove(given, subject).rows] == ["inconclusive", "believed"]


def test_a_client_still_retrying_at_its_time_limit_is_not_hung_but_gets_a_hint(
    client: Write,
) -> None:
    subject = client("while read(url) != ORDER: pass".replace("ORDER", repr(ORDER)))
    [row] = prove(FakeCatalogue((mutant("1"),)), subject, timeout=3).rows
    assert row.verdict is Verdict.INCONCLUSIVE
    assert "times: turn off the client's retries" in row.detail


def test_rows_are_in_the_order_of_the_mutants(client: Write) -> None:
    subject = client("if read(url) == b'slow': time.sleep(0.3)")
    given = [mutant(f"{number}", b"slow" if number % 5 == 0 else b"") for number in range(20)]
    matrix = prove(FakeCatalogue(tuple(given)), subject, jobs=3)
    assert [each.id for each in matrix.rows] == [each.id for each in given]


def test_mutants_are_generated_as_they_are_needed(client: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """So memory does not grow with their number."""
    taken: list[int] = []
    ahead: list[int] = []

    def endless(*_: object) -> object:
        for number in range(300):
            taken.append(number)
            yield mutant(f"{number}")

    monkeypatch.setattr(FakeCatalogue, "mutants", endless)
    subject = client("read(url)")
    prove(FakeCatalogue(()), subject, progress=lambda _: ahead.append(len(taken) - len(ahead)))
    assert max(ahead) < 50


def test_only_the_requested_operations_and_sample_are_served(client: Write) -> None:
    given = FakeCatalogue((mutant("1"), mutant("2", operation=LIST_ORDERS), mutant("3"), mutant("4")))
    matrix = prove(given, client("read(url)"), ["getOrder"], 2)
    assert [each.id for each in matrix.rows] == ["1", "3"]


def test_skipped_parts_are_collected_after_all_mutants_were_served(client: Write, tmp_path: Path) -> None:
    """Which bodies prove nothing is only known once a proof was tried."""
    found = catalogue(tmp_path, of_schema(LISTED_AND_TOO_LONG))
    skipped = prove(found, client("read(url)")).skipped
    assert [each.reason for each in skipped] == ["the changed body is not valid"]


def test_an_error_in_the_catalogue_ends_the_run(client: Write) -> None:
    with pytest.raises(KitError, match="There is no operation nope"):
        prove(orders(), client("read(url)"), ["nope"])


def test_after_an_interrupt_no_process_remains_and_no_call_starts(
    client: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def judge_and_note(*arguments: Any) -> Row:
        begun.append(arguments)
        return judge(*arguments)

    def interrupt(_row: Row) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("contract_kit.prove.judge", judge_and_note)
    Path("pids").mkdir()
    subject = client("open(f'pids/{os.getpid()}', 'w')\nif read(url) == b'hang': time.sleep(60)")
    given = (mutant("1", b""), *(mutant(f"{number}", b"hang") for number in range(2, 20)))
    with pytest.raises(KeyboardInterrupt):
        prove(FakeCatalogue(given), subject, progress=interrupt, timeout=60)
    assert all(is_gone(int(process.name)) for process in Path("pids").iterdir())
    assert len(begun) < 5
