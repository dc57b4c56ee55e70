"""Each planted bug can be planted, and cites a test that exists."""

import subprocess
from pathlib import Path

from mutation.clones import ROOT
from mutation.planted import BUGS, Bug

PATCHES = sorted(BUGS.glob("*.patch"))


def test_every_planted_bug_cites_a_test_that_exists() -> None:
    assert [each.name for each in PATCHES if not Bug.read(each).is_test_there] == []


def test_every_bug_can_still_be_planted() -> None:
    """All patches are checked at once; each one is checked only to name those that don't apply."""
    stale = [] if _applies(*PATCHES) else [each.name for each in PATCHES if not _applies(each)]
    assert stale == []


def _applies(*patches: Path) -> bool:
    command = ["git", "apply", "--check", *map(str, patches)]
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
