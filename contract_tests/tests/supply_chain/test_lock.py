"""The lock files contain every package's version and hashes, but never a package's origin."""

from itertools import chain
from pathlib import Path

from contract_kit.tests.tables import table
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .dependencies import (
    EXPORT_EXTRAS,
    EXPORT_LOCK,
    KIT,
    KIT_NAME,
    KIT_PROJECT,
    KIT_SETTINGS,
    LOCK,
    NAME,
    OURS,
    PROJECT,
    ROOT,
    needed,
    pins,
)

ACTION_LOCK = ROOT / "action-requirements.lock"
KIT_ACTION_LOCK = KIT / "action-requirements.lock"
RUNTIME = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LISTS = {
    LOCK: [
        RUNTIME,
        KIT_PROJECT["dependencies"],
        *(lines for extra, lines in EXTRAS.items() if extra not in EXPORT_EXTRAS),
        *PROJECT["dependency-groups"].values(),
    ],
    EXPORT_LOCK: [RUNTIME, KIT_PROJECT["dependencies"], *EXTRAS.values()],
    ACTION_LOCK: [RUNTIME, EXTRAS["cli"], EXTRAS["report"]],
    KIT_ACTION_LOCK: [KIT_PROJECT["dependencies"], KIT_SETTINGS["build-system"]["requires"]],
}
OTHER_LOCKS = [
    ROOT / folder / "requirements.lock"
    for folder in ("benchmarks", "benchmarks/league", "contract_tests/browser", "docs/site")
]


@table("lock", [*LISTS, *OTHER_LOCKS])
def test_a_lock_file_pins_third_party_packages_with_hashes(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    starts = [line.partition("==")[0] for line in lines if not line.startswith(" ")]
    assert list(dict.fromkeys(starts)) == [name for name, pin in pins(lock).items() if pin.hashes]
    assert [line for line in lines if "://" in line or "--index" in line] == []
    assert pins(lock).keys() & OURS == set()


@table("lock", LISTS)
def test_every_declared_dependency_is_pinned_within_its_bounds(lock: Path) -> None:
    requirements = [each for each in map(Requirement, chain(*LISTS[lock])) if each.name not in OURS]
    versions = {each: pins(lock)[canonicalize_name(each.name)].version for each in requirements}
    assert [each for each, version in versions.items() if not each.specifier.contains(version)] == []


@table(
    "lock, packages",
    [(ACTION_LOCK, needed("cli", "report")), (KIT_ACTION_LOCK, needed(by=KIT_NAME))],
)
def test_an_action_installs_the_tested_versions_of_its_dependencies(lock: Path, packages: set[str]) -> None:
    chosen = pins(lock)
    assert packages <= chosen.keys()
    assert {name: pin for name, pin in chosen.items() if pins().get(name) != pin} == {}


def test_the_default_lock_file_has_no_package_that_only_the_export_needs() -> None:
    lines = chain(*(EXTRAS[each] for each in EXPORT_EXTRAS))
    names = {canonicalize_name(Requirement(line).name) for line in lines} - {NAME}
    assert names & pins(LOCK).keys() == set()
