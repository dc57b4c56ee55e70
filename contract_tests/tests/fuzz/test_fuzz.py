"""A short run of the fuzzer, its earlier crashes, and proof that it detects failures."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bluejay_contract.cli
import bluejay_results.cli
import pytest
from attrs import evolve
from bluejay_results import (
    ContractViolationError,
    Outcome,
    SimulationResult,
    SimulationRun,
    Violation,
)
from bluejay_results.reading.body import OnViolation
from bluejay_results.results.page import Parts

from .. import builders
from .commands import judge_commands
from .corpus import LARGEST, runs, seeds
from .crashes import kept
from .judging import ACCEPTED, COLLECTED, REFUSED, judge
from .mutation import MAX_BYTES, generator, mutated
from .session import GROWTH, Session

ROOT = Path(__file__).parents[3]
SOUND = builders.encoded(builders.response(builders.result(), total_tests=1, tests_passed=1))
BROKEN = builders.encoded(builders.response(builders.result(status=7)))
FROM_BYTES = SimulationRun.from_bytes


def test_hostile_bodies_raise_only_errors_of_this_package(tmp_path: Path) -> None:
    crashes, random, corpus = tmp_path / "crashes", generator(1), seeds()
    session = Session(tmp_path, bodies=600, seconds=math.inf, commands_every=6, crashes=crashes)
    while not session.is_over:
        session.take(mutated(random.choice(corpus), random, corpus))
    session.finish()
    assert session.failures == {}
    assert kept(crashes) == []
    assert session.in_commands == 100
    assert set(session.outcomes) == {ACCEPTED, COLLECTED, REFUSED}


def test_the_fuzzer_divides_the_bodies_among_its_workers_and_reports(tmp_path: Path) -> None:
    command = [sys.executable, "-m", __package__, "--bodies=20", "--workers=2", f"--crashes={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
    assert done.stdout.count("bodies    10 through the decoder") == 2


def test_every_crash_that_the_fuzzer_ever_found_stays_fixed(tmp_path: Path) -> None:
    for path in kept():
        judge(path.read_bytes())
        judge_commands(path.read_bytes(), tmp_path)


def test_the_corpus_has_real_and_small_bodies_and_a_seed_repeats_its_mutations() -> None:
    corpus = seeds()
    assert len(corpus) > 50
    assert max(map(len, corpus)) <= LARGEST
    outcomes = {result.outcome for body in runs() for result in SimulationRun.from_bytes(body).results}
    assert len(outcomes) == len(Outcome)
    first, again = (
        [mutated(SOUND, random, corpus) for _ in range(200)] for random in (generator(3), generator(3))
    )
    assert first == again
    assert len(set(first)) > 150
    assert max(map(len, first)) <= MAX_BYTES


def test_repeated_failures_are_counted_and_kept_once_with_a_small_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimulationRun, "pass_rate", property(lambda run: 1 / len(run.results)))
    crashes = tmp_path / "crashes"
    session = Session(tmp_path, bodies=2, seconds=math.inf, crashes=crashes)
    empty = builders.response(summary="A long summary. " * 20)
    for document in (empty, empty | {"more": 1}):
        assert not session.is_over
        session.take(builders.encoded(document))
    assert session.is_over
    assert session.finish() == 1
    assert list(session.failures.values()) == [2]
    [path] = kept(crashes)
    assert path.name.startswith("ZeroDivisionError-test_fuzz-")
    assert len(path.read_bytes()) < 120
    with pytest.raises(ZeroDivisionError):
        judge(path.read_bytes())


@pytest.mark.parametrize("end", ["time.sleep(600)", "os.abort()"])
def test_a_body_that_hangs_or_kills_its_worker_is_kept_as_a_failure(tmp_path: Path, end: str) -> None:
    worker = f"""\
import math, os, time
from pathlib import Path
from {__package__} import session
session.judge = lambda _: {end}
folder = Path({str(tmp_path)!r})
session.Session(folder, bodies=1, seconds=math.inf, crashes=folder, hangs_after=0.3).take(b"[")
"""
    done = subprocess.run([sys.executable, "-c", worker], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode != 0
    assert [path.read_bytes() for path in kept(tmp_path)] == [b"["]


def test_growing_memory_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    for growth in (0, GROWTH, GROWTH + 1):
        resident = iter((7, 7 + growth))
        monkeypatch.setattr("contract_tests.tests.fuzz.session.resident_bytes", lambda: next(resident))  # noqa: B023 - used in its round
        session = Session(tmp_path, bodies=1, seconds=math.inf, crashes=tmp_path)
        session.take(SOUND)
        ends.append(session.finish())
    assert ends == [0, 0, 1]


def _with_other_bytes(data: bytes, on_violation: OnViolation) -> SimulationRun:
    run = FROM_BYTES(data, on_violation=on_violation)
    [page] = run.parts.pages
    return SimulationRun(Parts((evolve(page, exchange=evolve(page.exchange, body=data + b" ")),)))


def _with_nothing_wrong(data: bytes, on_violation: OnViolation) -> SimulationRun:
    run = FROM_BYTES(data, on_violation="collect")
    if on_violation == "raise":
        raise _refused(data)
    return SimulationRun(Parts(tuple(evolve(page, violations=()) for page in run.parts.pages)))


def _stricter_when_collecting(data: bytes, on_violation: OnViolation) -> SimulationRun:
    if on_violation == "raise":
        return FROM_BYTES(data)
    raise _refused(data)


def _refused(data: bytes) -> ContractViolationError:
    error = ContractViolationError("no", body=data)
    error.violations = (Violation("$", "no"),)
    return error


@pytest.mark.parametrize(
    ("reader", "body", "says"),
    [
        (_with_other_bytes, SOUND, "raw is not the body"),
        (_with_nothing_wrong, BROKEN, "the error lists other violations"),
        (_stricter_when_collecting, SOUND, "accepted, and refused when collecting"),
    ],
)
def test_a_decoder_that_breaks_an_invariant_is_detected(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[..., SimulationRun], body: bytes, says: str
) -> None:
    judge(body)
    monkeypatch.setattr(SimulationRun, "from_bytes", reader)
    with pytest.raises(AssertionError, match=says):
        judge(body)


def test_a_property_that_raises_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimulationResult, "duration", property(lambda result: result.response.nothing))
    with pytest.raises(AttributeError):
        judge(SOUND)


@pytest.mark.parametrize("package", [bluejay_results.cli, bluejay_contract.cli])
@pytest.mark.parametrize(
    ("out", "err", "code"), [("", "", 0), ("fine\n", "but\n", 0), ("\x1b[31m", "", 0), ("fine\n", "", 1)]
)
def test_a_command_that_contradicts_its_documentation_is_detected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: Any, out: str, err: str, code: int
) -> None:
    def main() -> int:
        sys.stdout.write(out)
        sys.stderr.write(err)
        return code

    monkeypatch.setattr(package, "main", main)
    with pytest.raises(AssertionError):
        judge_commands(SOUND, tmp_path)
