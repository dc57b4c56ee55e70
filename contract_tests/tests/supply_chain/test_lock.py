"""The lock pins and hashes everything, and says nothing of where it came from."""

from __future__ import annotations

from itertools import chain

import pytest
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


def test_every_line_of_the_lock_is_a_pin() -> None:
    starts = [line for line in LOCK.read_text().splitlines() if not line.startswith(" ")]
    assert [line.partition("==")[0] for line in starts] == list(pins())


def test_every_pin_has_hashes() -> None:
    assert [pin.name for pin in pins().values() if not pin.hashes] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_every_declared_dependency_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)].version)


def test_the_lock_names_no_host() -> None:
    assert [line for line in LOCK.read_text().splitlines() if "://" in line or "--index" in line] == []
