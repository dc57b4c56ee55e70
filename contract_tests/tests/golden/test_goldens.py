"""Every output is kept whole in `kept/`, and every text in `texts/`; `make findings` writes them."""

from functools import cache

import pytest
from contract_kit.tests.tables import table

from ..cli.command import CANARY
from .layout import FOLDER
from .outputs import COLLECTED, KEPT, LINES, outputs
from .texts import TEXTS

MADE = cache(lambda: dict(outputs()))
FILES = {
    f"{each.relative_to(KEPT)}": each.read_bytes().decode() for each in KEPT.rglob("*") if each.is_file()
}


def _of(name: str, files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.partition("/")[0] == name}


@table("name", [*LINES, COLLECTED, "pages"])
def test_an_output_is_the_kept_one(name: str) -> None:
    assert _of(name, MADE()) == _of(name, FILES) != {}


def test_every_output_is_kept() -> None:
    assert sorted(MADE()) == sorted(FILES)


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
