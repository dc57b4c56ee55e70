"""Every output is kept whole in `kept/`, and every text in `texts/`; `make findings` writes them."""

from functools import cache

import pytest

from ..cli.command import CANARY
from .layout import FOLDER
from .outputs import COLLECTED, KEPT, LINES, outputs
from .texts import TEXTS

MADE = cache(lambda: dict(outputs()))
FILES = sorted(f"{each.relative_to(KEPT)}" for each in KEPT.rglob("*") if each.is_file())


@pytest.mark.parametrize("name", FILES)
def test_an_output_is_the_kept_one(name: str) -> None:
    assert MADE()[name] == (KEPT / name).read_bytes().decode()


def test_every_output_is_kept() -> None:
    assert sorted(MADE()) == FILES
    assert {each.partition("/")[0] for each in FILES} == {*LINES, COLLECTED}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_kept_one(name: str) -> None:
    assert list(TEXTS[name]()) == (FOLDER / f"{name}.txt").read_text().splitlines()


def test_every_kept_text_is_compared() -> None:
    assert {each.stem for each in FOLDER.iterdir()} == {*TEXTS}


def test_no_kept_text_contains_a_key_or_a_control_character() -> None:
    """Only outputs are checked: command lines contain the key, because some cases pass it by mistake."""
    for name in TEXTS:
        for line in (FOLDER / f"{name}.txt").read_text().split("\n"):
            assert CANARY not in line.rpartition(" => ")[2]
            assert line.isprintable()
