"""The life of a client: it is started, called, hangs, crashes, is started again, and ends with the run."""

from pathlib import Path

import pytest

from contract_kit.judge.client_run import run_client
from contract_kit.judge.results import Result
from contract_kit.serve.clients import Client

from .fakes import FakeCatalogue, is_gone, mutant

PIDS = Path("pids")


def live(client: Client, *, is_worker: bool = True) -> None:
    """Check a client that creates a file named after its process in `pids`, and does what the body says.

    It hangs for `hang`, exits with 3 for `exit`, and accepts any other body.
    """
    PIDS.mkdir()
    bodies = (b"one", b"hang", b"two", b"exit", b"three", b"four")
    given = FakeCatalogue(tuple(mutant(f"{number}", body) for number, body in enumerate(bodies)))
    found = run_client(given, client, jobs=1, timeout=1.5)
    rows = [(each.outcome, each.detail) for each in found.all]
    assert rows == [
        ("accepted", ""),
        ("hung", "took more than 1.5 s"),
        ("accepted", ""),
        ("crashed", "ended with exit code 3"),
        *[("accepted", "")] * 2,
    ]
    assert found.controls == ()
    assert len(list(PIDS.iterdir())) == (3 if is_worker else 9)  # or one for each call
    assert all(is_gone(int(each.name)) for each in PIDS.iterdir())


def interrupt(client: Client) -> None:
    """Check that no process remains after an interrupt during calls that hang."""

    def stop(_: Result) -> None:
        raise KeyboardInterrupt

    given = (mutant("1", b""), *(mutant(f"{number}", b"hang") for number in range(2, 20)))
    with pytest.raises(KeyboardInterrupt):
        run_client(FakeCatalogue(given), client, progress=stop, timeout=60)
    assert all(is_gone(int(each.name)) for each in PIDS.iterdir())
