"""Hostile bodies raise only this package's errors. The decoder and the commands run in a child process."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path

import bluejay_results.cli
import pytest
from hypothesis import given, settings

from .. import builders
from .child import MEMORY, SECONDS, Child
from .commands import judge_commands
from .hostile_bodies import hostile_bodies
from .judging import judge

CRASHES = Path(__file__).parent / "crashes"
SOUND = builders.encoded(builders.response(builders.result()))


def judge_fully(body: bytes) -> None:
    """Judge what the decoder and the commands do with a body."""
    judge(body)
    judge_commands(body)


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with closing(Child(judge_fully)) as started:
        yield started


@settings(max_examples=5 * settings().max_examples)
@given(body=hostile_bodies())
def test_a_hostile_body_raises_only_this_packages_errors(child: Child, body: bytes) -> None:
    child.judge(body)


@pytest.mark.parametrize("path", sorted(CRASHES.iterdir()), ids=lambda path: path.stem)
def test_bodies_from_earlier_crashes_cause_no_crash(child: Child, path: Path) -> None:
    child.judge(path.read_bytes())


def hang(_: bytes) -> None:
    time.sleep(600)


def allocate(_: bytes) -> None:
    bytes(MEMORY)


@pytest.mark.parametrize(
    ("bug", "seconds", "error", "said"),
    [(hang, 0.1, BrokenProcessPool, None), (allocate, SECONDS, AssertionError, "MemoryError")],
)
def test_the_fuzzer_checks_the_next_body_after_a_failure_in_the_child_process(
    bug: Callable[[bytes], None], seconds: float, error: type[Exception], said: str | None
) -> None:
    with closing(Child(bug, seconds)) as broken:
        for _ in range(2):
            with pytest.raises(error, match=said):
                broken.judge(b"[")


@pytest.mark.parametrize(("out", "code"), [("\x1b[31m", 0), ("fine\n", 1)])
def test_the_fuzzer_detects_a_command_that_contradicts_its_documentation(
    monkeypatch: pytest.MonkeyPatch, out: str, code: int
) -> None:
    def main() -> int:
        sys.stdout.write(out)
        return code

    monkeypatch.setattr(bluejay_results.cli, "main", main)
    with pytest.raises(AssertionError):
        judge_commands(SOUND)
