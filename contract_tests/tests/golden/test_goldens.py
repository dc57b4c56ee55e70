"""Every output is kept whole in `kept/`, and every text in `texts/`; `make findings` writes them."""

import pytest

from ..cli.command import CANARY
from .layout import FOLDER
from .outputs import KEPT, outputs
from .texts import TEXTS

FILES = {
    f"{each.relative_to(KEPT)}": each.read_bytes().decode() for each in KEPT.rglob("*") if each.is_file()
}


def test_an_output_is_the_kept_one() -> None:
    made = dict(outputs())
    assert sorted(made) == sorted(FILES)
    for name, text in made.items():
        assert text == FILES[name], name


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
