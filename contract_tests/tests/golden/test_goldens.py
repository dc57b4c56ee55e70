"""Every output is kept whole in `kept/`, which `make findings` writes: review its changes."""

from functools import cache

import pytest

from .outputs import COLLECTED, KEPT, LINES, outputs

MADE = cache(lambda: dict(outputs()))
FILES = sorted(f"{each.relative_to(KEPT)}" for each in KEPT.rglob("*") if each.is_file())


@pytest.mark.parametrize("name", FILES)
def test_an_output_is_the_kept_one(name: str) -> None:
    assert MADE()[name] == (KEPT / name).read_bytes().decode()


def test_every_output_is_kept() -> None:
    assert sorted(MADE()) == FILES
    assert {each.partition("/")[0] for each in FILES} == {*LINES, COLLECTED}
