"""Runs a short suite on the lowest and newest allowed dependencies, and on each installed Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .dependencies import ROOT, project
from .dist import build

UV = str(Path(sys.executable).with_name("uv"))
FOLDER = ROOT / ".build" / "versions"
TESTS = ROOT / "contract_tests" / "tests"
SUITE = (
    "overlay/test_retrieve.py",
    "overlay/test_wait.py",
    "cli/test_wait_command.py",
    "cli/test_help_and_startup.py",
    "cli/test_show_command.py",
    "cli/test_gate_command.py",
    "harness/test_check_command.py",
)
TRUSTME = "trustme>=1.2"
"""The tests of the suite import trustme, which no extra installs."""
NO_SUCH_MINOR = 20
LOWEST, NEWEST = "lowest-direct", "highest"


def _pythons() -> dict[str, str]:
    """Return the installed Python of each allowed release, oldest first.

    uv finds only the version that pyenv selected, unless all versions of pyenv are in PATH.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    path = os.pathsep.join([*map(str, pyenv.glob("versions/*/bin")), os.environ["PATH"]])
    oldest = int(project()["project"]["requires-python"].removeprefix(">=3."))
    releases = [f"3.{minor}" for minor in range(oldest, NO_SUCH_MINOR)]
    found = {}
    for release in releases:
        command = [UV, "python", "find", "--no-python-downloads", release]
        done = subprocess.run(
            command, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            found[release] = done.stdout.strip()
    return found


def _passes(python: str, release: str, resolution: str, wheel: Path) -> bool:
    """Install the dependencies, then the wheel, into an environment of its own and run the suite there.

    The dependencies come from pyproject.toml. For uv, the dependencies of a wheel are not direct, so
    `lowest-direct` would install their newest versions.
    """
    environment = FOLDER / f"{release}-{resolution}"
    inside = environment / "bin" / "python"
    install = (UV, "pip", "install", "--quiet", "--python", inside)
    dependencies = ("--resolution", resolution, "-r", "pyproject.toml", "--extra", "contract", TRUSTME)
    commands: tuple[tuple[str | Path, ...], ...] = (
        (UV, "venv", "--quiet", "--clear", "--python", python, environment),
        (*install, "--upgrade", *dependencies),
        (*install, "--no-deps", wheel),
        (inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"{TESTS}/{each}" for each in SUITE)),
    )
    sys.stdout.write(f"Python {release}, {resolution} versions\n")
    sys.stdout.flush()
    return all(subprocess.run(each, cwd=ROOT, check=False).returncode == 0 for each in commands)


def main() -> int:
    """Run the suite on the newest versions with each Python, and on the lowest with the oldest Python."""
    found = _pythons()
    runs = [(release, LOWEST) for release in list(found)[:1]] + [(release, NEWEST) for release in found]
    shutil.rmtree(FOLDER / "dist", ignore_errors=True)
    wheel = build(ROOT, FOLDER / "dist")[1]
    failed = [
        f"Python {release}, {resolution}"
        for release, resolution in runs
        if not _passes(found[release], release, resolution, wheel)
    ]
    sys.stderr.writelines(f"versions: it fails on {each} versions\n" for each in failed)
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
