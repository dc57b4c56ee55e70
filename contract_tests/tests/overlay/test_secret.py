"""A secret is used and never shown."""

import pickle

import pytest
from bluejay_results._secret import Secret

SECRET = Secret("canary-4f1d")


@pytest.mark.parametrize("shown", [str(SECRET), repr(SECRET), f"{SECRET}", f"{SECRET!r}", "%s" % SECRET])  # noqa: UP031 - one more way
def test_every_way_of_printing_shows_the_mask(shown: str) -> None:
    assert shown == "<redacted>"


def test_a_format_is_kept_to() -> None:
    assert f"{SECRET:*>12}" == "**<redacted>"


def test_it_is_not_pickled() -> None:
    with pytest.raises(TypeError, match=r"^an API key is not pickled$"):
        pickle.dumps(SECRET)


def test_it_is_masked_wherever_it_occurs_in_a_text() -> None:
    assert SECRET.redact("a canary-4f1d, canary-4f1d") == "a <redacted>, <redacted>"
