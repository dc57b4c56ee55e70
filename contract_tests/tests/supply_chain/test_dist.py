"""What users install: complete, without tests, and byte-identical from every build."""

import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from .dependencies import KIT, KIT_NAME, KIT_PROJECT, NAME, PROJECT, ROOT

SOURCES = {NAME: ROOT, KIT_NAME: KIT}
PACKAGES = {
    NAME: (
        ROOT / "generated" / "bluejay_api",
        ROOT / "overlay" / "bluejay_results",
        ROOT / "contract_tests" / "bluejay_contract",
    ),
    KIT_NAME: (KIT,),
}
ADDED = {NAME: {"bluejay_contract/openapi.yaml"}, KIT_NAME: set[str]()}
NOT_INSTALLED = {".lock", ".md", ".toml", ".yml"}
"""Suffixes of top-level files in the kit's folder that aren't installed: for readers, builds or GitHub."""


def build(source: Path, target: Path) -> list[Path]:
    """Build a source tree; return the paths of the source distribution and the wheel."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    return sorted(target.iterdir(), key=lambda file: file.suffix)


@pytest.fixture(scope="module", params=SOURCES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built(name: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The source distribution and the wheel of this tree."""
    return build(SOURCES[name], tmp_path_factory.mktemp("first"))


def _is_installed(path: Path) -> bool:
    is_of_the_folder = path.parent == KIT and path.suffix in NOT_INSTALLED
    is_test = path.is_relative_to(KIT / "tests")
    return path.is_file() and path.suffix != ".pyc" and not is_of_the_folder and not is_test


def test_a_wheel_contains_only_the_files_of_its_packages(name: str, built: list[Path]) -> None:
    expected = ADDED[name] | {
        path.relative_to(package.parent).as_posix()
        for package in PACKAGES[name]
        for path in filter(_is_installed, package.rglob("*"))
    }
    names = {each for each in ZipFile(built[1]).namelist() if ".dist-info/" not in each}
    assert names == expected


def test_a_build_from_the_unpacked_source_distribution_yields_the_same_bytes(
    built: list[Path], tmp_path: Path
) -> None:
    with tarfile.open(built[0]) as archive:
        archive.extractall(tmp_path, filter="data")
    [tree] = tmp_path.iterdir()
    (tree / "PKG-INFO").unlink()  # each build writes one
    again = build(tree, tmp_path / "second")
    assert [each.read_bytes() for each in again] == [each.read_bytes() for each in built]


def test_the_stub_extra_requires_the_kit_version_of_the_same_commit() -> None:
    assert f"{KIT_NAME}=={KIT_PROJECT['version']}" in PROJECT["project"]["optional-dependencies"]["stub"]
