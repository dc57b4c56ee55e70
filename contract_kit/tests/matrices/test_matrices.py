"""Each result is the kept one. `make findings` writes the texts: review their changes."""

import pytest

from .kept import HERE, TEXTS, made


@pytest.mark.parametrize("name", TEXTS)
def test_each_result_is_the_kept_one(name: str) -> None:
    assert made(name).splitlines() == (HERE / name).read_text().splitlines()


def test_every_text_is_made() -> None:
    assert {each.name for each in HERE.glob("*.txt")} == TEXTS.keys()
