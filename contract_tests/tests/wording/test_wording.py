"""Texts for users equal those in `texts`. `make findings` writes them there: review its changes."""

import pytest

from ..cli.command import CANARY
from ..harness.findings import ALL_RULES
from .layout import FOLDER
from .texts import TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_each_group_of_messages_equals_its_committed_file(name: str) -> None:
    assert list(TEXTS[name]()) == (FOLDER / f"{name}.txt").read_text().splitlines()


def test_every_committed_file_of_messages_is_compared() -> None:
    assert {each.stem for each in FOLDER.iterdir()} == {*TEXTS}


def test_the_committed_findings_contain_a_failure_of_every_rule() -> None:
    found = (FOLDER / "findings.txt").read_text()
    assert [each for each in sorted(ALL_RULES) if f" {each} at " not in found] == []


def test_no_committed_output_contains_a_key_or_a_control_character() -> None:
    """Only outputs are checked: command lines contain the key, because some cases pass it by mistake."""
    for name in TEXTS:
        for line in (FOLDER / f"{name}.txt").read_text().split("\n"):
            assert CANARY not in line.rpartition(" => ")[2]
            assert line.isprintable()
