"""Every kept text is as `make findings` writes it: review its changes."""

from functools import cache

import pytest

from . import kept_texts
from .changes import KEPT

MADE = cache(kept_texts.texts)
FILES = sorted(f"{each.relative_to(KEPT)}" for each in KEPT.rglob("*") if each.is_file())


@pytest.mark.parametrize("name", FILES)
def test_a_text_is_the_kept_one(name: str) -> None:
    assert MADE(name.partition("/")[0])[name] == (KEPT / name).read_bytes().decode()


def test_every_text_is_kept() -> None:
    assert sorted(name for group in kept_texts.GROUPS for name in MADE(group)) == FILES
