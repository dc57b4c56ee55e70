"""Hostile bodies raise only this package's errors, in the decoder and in the commands."""

from pathlib import Path

from contract_kit.tests.tables import table
from hypothesis import given, settings

from .commands import judge_commands
from .hostile_bodies import hostile_bodies
from .judging import judge

CRASHES = sorted(Path(__file__).with_name("crashes").iterdir())


@settings(max_examples=5 * settings().max_examples)
@given(body=hostile_bodies())
def test_a_hostile_body_raises_only_this_packages_errors(body: bytes) -> None:
    judge(body)
    judge_commands(body)


@table("path", CRASHES)
def test_bodies_from_earlier_crashes_cause_no_crash(path: Path) -> None:
    judge(path.read_bytes())
    judge_commands(path.read_bytes())
