"""What users install: complete, without tests, and the same bytes from every build."""

import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from .dependencies import ROOT

PACKAGES = {
    "bluejay_api": ROOT / "generated",
    "bluejay_results": ROOT / "overlay",
    "bluejay_contract": ROOT / "contract_tests",
    "contract_kit": ROOT / "contract_tests",
}


def build(source: Path, target: Path) -> list[Path]:
    """Build both from a source tree, and return the source distribution and the wheel."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    return sorted(target.iterdir(), key=lambda file: file.suffix)


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
    again = build(tree, tmp_path / "second")
    assert [each.read_bytes() for each in again] == [each.read_bytes() for each in built]
