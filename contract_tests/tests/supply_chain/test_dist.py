"""What users install: complete, without tests, and the same bytes from every build."""

import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from bluejay_results import __version__

from .dependencies import ROOT
from .dist import build, differing, obstacles

PACKAGES = {
    "bluejay_api": ROOT / "generated",
    "bluejay_results": ROOT / "overlay",
    "bluejay_contract": ROOT / "contract_tests",
    "contract_kit": ROOT / "contract_tests",
}
CHANGELOG = f"# Changelog\n\n## [{__version__}]\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The source distribution and the wheel of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("first"))


def test_the_wheel_contains_the_files_of_the_four_packages_and_the_contract(built: list[Path]) -> None:
    expected = {"bluejay_contract/openapi.yaml"}
    for name, folder in PACKAGES.items():
        files = (path for path in (folder / name).rglob("*") if path.is_file() and path.suffix != ".pyc")
        expected |= {path.relative_to(folder).as_posix() for path in files}
    names = {name for name in ZipFile(built[1]).namelist() if ".dist-info/" not in name}
    assert names == expected


def test_a_build_from_the_unpacked_source_distribution_gives_the_same_bytes(
    built: list[Path], tmp_path: Path
) -> None:
    with tarfile.open(built[0]) as archive:
        archive.extractall(tmp_path, filter="data")
    [tree] = tmp_path.iterdir()
    (tree / "PKG-INFO").unlink()  # each build writes one
    assert differing(built, build(tree, tmp_path / "second")) == []


@pytest.mark.parametrize(
    ("changelog", "changes", "count"),
    [(CHANGELOG, "", 0), ("# Changelog\n", "", 1), (CHANGELOG, " M README.md\n", 1)],
)
def test_a_release_needs_a_section_of_the_changelog_and_a_clean_checkout(
    changelog: str, changes: str, count: int
) -> None:
    assert len(obstacles(changelog, changes)) == count
