"""What users import stays as it is, unless somebody means to change it."""

from .surface import FILE, surface


def test_the_public_surface_equals_the_committed_list() -> None:
    assert surface().splitlines() == FILE.read_text().splitlines(), (
        "Run `make public-surface`. If a name or a parameter is gone, say so in CHANGELOG.md."
    )
