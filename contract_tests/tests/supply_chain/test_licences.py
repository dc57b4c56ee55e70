"""Every dependency is under an accepted licence."""

import pytest

from .dependencies import EXPORT_EXTRAS, needed, project
from .licences import allowed, is_allowed, refused


def test_every_licence_is_on_the_list() -> None:
    assert refused(allowed()) == []


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND ISC", True),
        ("none", False),
    ],
)
def test_a_licence_is_allowed_if_all_parts_of_one_alternative_are_on_the_list(
    licence: str, expected: bool
) -> None:
    assert is_allowed(licence, {"MIT", "ISC"}) is expected


def test_the_check_covers_extras_and_indirect_dependencies() -> None:
    extras = project()["project"]["optional-dependencies"].keys() - EXPORT_EXTRAS
    assert {"h11", "certifi"} <= set(needed()) < set(needed("cli")) < set(needed(*extras))
