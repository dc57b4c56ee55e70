"""Every runtime or extra dependency has a licence that is on the list in pyproject.toml."""

from contract_kit.tests.tables import table

from .dependencies import EXPORT_EXTRAS, PROJECT, is_allowed, licence, needed


def test_every_dependencys_licence_is_on_the_list_of_allowed_licences() -> None:
    extras = PROJECT["project"]["optional-dependencies"].keys() - EXPORT_EXTRAS
    assert {"h11", "certifi"} <= needed() < needed("cli") < needed(*extras)
    assert {name: licence(name) for name in needed(*extras) if not is_allowed(licence(name))} == {}


@table(
    "licence, expected",
    [
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND ISC", True),
        ("none", False),
    ],
)
def test_a_dual_licence_is_allowed_if_one_alternative_is_on_the_list(licence: str, expected: bool) -> None:
    assert is_allowed(licence) is expected
