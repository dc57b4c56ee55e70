"""The lock pins and hashes everything, and says nothing of where it came from."""

from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .dependencies import LOCK, NAME, pins, project

DECLARED = project()
LISTS = [
    DECLARED["project"]["dependencies"],
    *DECLARED["project"]["optional-dependencies"].values(),
    *DECLARED["dependency-groups"].values(),
]
REQUIREMENTS = [each for each in map(Requirement, chain(*LISTS)) if each.name != NAME]


def test_every_line_of_the_lock_is_a_pin_with_hashes_and_names_no_host() -> None:
    lines = LOCK.read_text().splitlines()
    starts = [line.partition("==")[0] for line in lines if not line.startswith(" ")]
    assert starts == [name for name, pin in pins().items() if pin.hashes]
    assert [line for line in lines if "://" in line or "--index" in line] == []


def test_every_declared_dependency_is_pinned_within_its_bounds() -> None:
    versions = {each: pins()[canonicalize_name(each.name)].version for each in REQUIREMENTS}
    assert [each for each, version in versions.items() if not each.specifier.contains(version)] == []
