"""The names that users import don't change by accident."""

from .surface import FILE, surface


def test_the_public_surface_matches_the_committed_list() -> None:
    assert surface().splitlines() == FILE.read_text().splitlines(), (
        "Run `make public-surface`. If a name or a parameter is gone, say so in CHANGELOG.md."
    )
