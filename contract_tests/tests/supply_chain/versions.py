"""Runs a short suite on the lowest and newest allowed dependencies, and on each installed Python."""

import json
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
LOWEST, NEWEST = "lowest-direct", "highest"


def pythons(found: str, floor: str) -> dict[tuple[int, int], str]:
    """Return one Python for each release from the floor on, from the output of `uv python list`."""
    least = tuple(map(int, floor.removeprefix(">=").split(".")))
    chosen: dict[tuple[int, int], str] = {}
    for each in json.loads(found):
        release = each["version_parts"]["major"], each["version_parts"]["minor"]
        if each["implementation"] == "cpython" and each["variant"] == "default" and release >= least:
            chosen.setdefault(release, each["path"])
    return dict(sorted(chosen.items()))


def _installed() -> str:
    """Ask uv, with all versions of pyenv in PATH: otherwise uv finds only the version that pyenv selected."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    path = os.pathsep.join([*map(str, pyenv.glob("versions/*/bin")), os.environ["PATH"]])
    command = [UV, "python", "list", "--only-installed", "--output-format", "json"]
    environment = os.environ | {"PATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


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
    found = pythons(_installed(), project()["project"]["requires-python"])
    runs = [(release, LOWEST) for release in list(found)[:1]] + [(release, NEWEST) for release in found]
    shutil.rmtree(FOLDER / "dist", ignore_errors=True)
    wheel = build(ROOT, FOLDER / "dist")[1]
    failed = [
        f"Python {major}.{minor}, {resolution}"
        for (major, minor), resolution in runs
        if not _passes(found[major, minor], f"{major}.{minor}", resolution, wheel)
    ]
    sys.stderr.writelines(f"versions: it fails on {each} versions\n" for each in failed)
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
