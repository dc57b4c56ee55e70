"""What the kit derives from many schemas and documents matches `kept/`, which `make findings` writes."""

import pytest

from .kept import KEPT, TEXTS, text


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_derived_matches_the_kept_text(name: str) -> None:
    assert text(name) == (KEPT / f"{name}.txt").read_text()
