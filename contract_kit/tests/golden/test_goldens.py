"""Every kept text is as `make findings` writes it: review its changes."""

import pytest

from .changes import KEPT
from .kept_texts import GROUPS, OUTPUTS, texts


@pytest.mark.parametrize("group", GROUPS)
def test_a_text_is_the_kept_one(group: str) -> None:
    """A group is made at once, because one command writes several files."""
    made = texts(group)
    kept = (KEPT / group).rglob("*") if group == OUTPUTS else [KEPT / group]
    assert sorted(made) == sorted(f"{each.relative_to(KEPT)}" for each in kept if each.is_file())
    for name, text in made.items():
        assert text == (KEPT / name).read_bytes().decode(), name
