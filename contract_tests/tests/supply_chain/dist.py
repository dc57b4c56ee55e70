"""The wheel and the source distribution of a release: built twice, compared, and checked by twine."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bluejay_results import __version__

from .dependencies import ROOT

TARGET = ROOT / "dist"


def build(source: Path, target: Path) -> list[Path]:
    """Build both from a source tree, and return the source distribution and the wheel."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    return sorted(target.iterdir(), key=lambda file: file.suffix)


def differing(first: list[Path], second: list[Path]) -> list[str]:
    """Return the names of the files whose bytes differ between two builds."""
    pairs = zip(first, second, strict=True)
    return [one.name for one, other in pairs if one.read_bytes() != other.read_bytes()]


def obstacles(changelog: str, changes: str) -> list[str]:
    """Return what must be done before a release.

    Args:
        changelog: The text of CHANGELOG.md.
        changes: What `git status --porcelain` printed.
    """
    found = []
    if f"\n## [{__version__}]" not in changelog:
        found.append(f"CHANGELOG.md has no section [{__version__}]. Write one, or change the version.")
    if changes:
        found.append("Some files are changed or new. Commit or remove them.")
    return found


def _before_a_release() -> int:
    command = ["git", "status", "--porcelain"]
    status = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = obstacles((ROOT / "CHANGELOG.md").read_text(), status.stdout)
    sys.stderr.writelines(f"release: {line}\n" for line in found)
    return 1 if found else 0


def _dist() -> int:
    with TemporaryDirectory() as folder:
        files, again = (build(ROOT, Path(folder) / name) for name in ("first", "second"))
        if names := differing(files, again):
            sys.stderr.write(f"dist: two builds differ: {', '.join(names)}\n")
            return 1
        checked = subprocess.run(
            [sys.executable, "-m", "twine", "check", "--strict", *files],
            capture_output=True,
            text=True,
            check=False,
        )
        if checked.returncode:
            sys.stderr.write(f"dist: twine refuses a file:\n{checked.stdout}{checked.stderr}")
            return 1
        shutil.rmtree(TARGET, ignore_errors=True)
        shutil.copytree(files[0].parent, TARGET)
    for file in files:
        digest = hashlib.sha256((TARGET / file.name).read_bytes()).hexdigest()
        sys.stdout.write(f"{digest}  dist/{file.name}\n")
    return 0


def main() -> int:
    """Fill dist/, or with `--before-release` name what is missing for a release; return the exit code."""
    return _before_a_release() if sys.argv[1:] == ["--before-release"] else _dist()


if __name__ == "__main__":
    sys.exit(main())
