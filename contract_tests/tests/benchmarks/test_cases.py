"""The code of the benchmarks runs, and compares like with like. It is tested without the competitors."""

import sys
from pathlib import Path

import msgspec
import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun

from benchmarks import build
from benchmarks.case import command_memory, peak_memory, run, timed
from benchmarks.decode import decoder


def test_the_structs_and_our_models_decode_a_body_to_the_same_values() -> None:
    [body] = SCENARIOS["settled"].bodies
    ours, theirs = SimulationRun.from_bytes(body).response, decoder("msgspec structs")(body)
    assert msgspec.to_builtins(theirs) == msgspec.to_builtins(ours)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ('"id":"48213"', '"id":48213'),
        ('"status":"COMPLETED"', '"status":"NEW"'),
        ('"duration":', '"duration":0.5'),
    ],
)
def test_the_structs_refuse_a_wrong_type_in_every_field(field: str, wrong: str) -> None:
    """If the structs checked less than our models, they would be faster for that reason alone."""
    [body] = SCENARIOS["settled"].bodies
    broken = body.decode().replace(field, wrong, 1).encode()
    assert broken != body
    with pytest.raises(msgspec.ValidationError):
        decoder("msgspec structs")(broken)


def test_a_benchmark_body_has_as_many_conversations_as_its_name_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BUILT", tmp_path)
    monkeypatch.setattr(build, "FULL", (1, 12))
    monkeypatch.setattr(build, "SHORT", (3,))
    build.build_bodies()
    for file, count in ((build.full(1), 1), (build.full(12), 12), (build.short(3), 3)):
        run = SimulationRun.from_file(file)
        assert [result.id for result in run.results] == list(range(1, count + 1))


def test_a_timing_is_the_total_time_of_all_loops() -> None:
    done: list[int] = []
    assert timed(lambda: done.append(1))(3) > 0
    assert done == [1, 1, 1]


def test_peak_memory_includes_memory_that_was_freed() -> None:
    assert peak_memory(lambda: len(bytes(10_000_000)))(1) > 10_000_000


def test_the_memory_of_a_command_excludes_the_memory_of_its_parent() -> None:
    small, large = (command_memory(sys.executable, "-c", f"b'x' * {size}")(1) for size in (1, 50_000_000))
    assert 5_000_000 < small < large - 45_000_000


def test_a_failing_command_gives_no_figure() -> None:
    with pytest.raises(RuntimeError, match="ended with 3:\nno"):
        run(sys.executable, "-c", "import sys; sys.stderr.write('no'); sys.exit(3)")
