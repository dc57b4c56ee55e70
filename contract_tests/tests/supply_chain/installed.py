"""Uses both wheels without the lock, as a user would; everything must end as in the lock's environment.

The first argument is uv's resolution, `highest` or `lowest-direct`; a second one is the interpreter.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
LOCKED = ROOT / ".venv" / "bin"
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE_LINE = re.compile(r"^\$ (bluejay-results gate --queue .*)", re.MULTILINE)
CLIENT = "--client client:call --refuses client:OrderError"
KIT_COMMANDS = {
    "kit mutants": "contract-kit mutants openapi.yaml",
    "kit test": f"contract-kit test openapi.yaml {CLIENT} --sample 20",
    "kit diff": f"contract-kit diff openapi.yaml new.yaml {CLIENT}",
    "kit export": "contract-kit export openapi.yaml --to msw -o msw --sample 20 && cat msw/*",
    "kit shim": "test -f $(contract-kit shim python) && test -f $(contract-kit shim node) && echo found",
    "kit serve": "timeout -s INT 3 contract-kit serve openapi.yaml | sed 's/:[0-9]*$//'",
    "kit pytest": "pytest -q -p no:cacheprovider test_client.py | grep -o '[0-9]* passed'",
}
EXIT_CODES = {"README gate": 1, "gate": 1, "gate text": 1, "kit test": 1, "kit diff": 1, "kit serve": 124}
"""The exit codes other than 0: for "don't ship", for faults of the sample client, and for `timeout`."""
COMMANDS = {
    "show": "bluejay-results show 48213 --json",
    "wait": "bluejay-results wait 48213 --json",
    "gate": "bluejay-results gate 48213 --json",
    "gate text": "bluejay-results gate 48213",
    "queue": "bluejay-results queue 731 | grep -c '^[0-9]*$'",
    "runs": "bluejay-results runs 731 --last 1 --json | grep -c '\"runs\"'",
    "report": "bluejay-results report 48213 -o report.html && grep -o '<h1.*</h1>' report.html",
    "export": "bluejay-results export 48213 --format csv -o tables && ls tables*",
    "compare": "bluejay-results compare 48229 48232 --json",
    "help": "bluejay-results --help >a && bluejay-contract --help >b && contract-kit --help >c && echo ok",
    "check": "bluejay-contract check 48213 --json | head -c 200",
    "live": "bluejay-contract live 48213 --pause 0 | head -1",
    "stub": "bluejay-contract stub --list",
    "demo": "python -m bluejay_contract.demo 2>/dev/null",
}


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def install(resolution: str, python: str, folder: Path) -> Path:
    """Install the dependencies and both wheels; return the folder of the programs."""
    wheels = folder / "wheels"
    for place in (ROOT, ROOT / "contract_kit"):
        build: list[str | Path] = [
            LOCKED / "python",
            "-m",
            "hatchling",
            "build",
            "--target",
            "wheel",
            "--directory",
            wheels,
        ]
        subprocess.run(build, cwd=place, capture_output=True, check=True)
    uv, new = str(LOCKED / "uv"), folder / "environment"
    subprocess.run([uv, "venv", "--quiet", "--python", python, new], check=True)
    pip: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", new / "bin" / "python"]
    # For uv, the dependencies of a wheel aren't direct, and would get the newest versions.
    named = ["-r", "pyproject.toml", "--extra", "contract", "-r", "contract_kit/pyproject.toml"]
    subprocess.run([*pip, "--resolution", resolution, *named], cwd=ROOT, check=True)
    subprocess.run([*pip, "--no-deps", "--reinstall", *wheels.glob("*.whl")], check=True)
    return new / "bin"


def commands() -> dict[str, str]:
    """Return the README's snippets and one use of each subcommand, as shell commands."""
    readme = (ROOT / "README.md").read_text()
    found: dict[str, str] = {
        f"README python {number}": f"{'pytest -q -p no:cacheprovider' if 'def test_' in body else 'python'} "
        f"test_readme_{number}.py | sed 's/ in [0-9.]*s//'"
        for number, body in enumerate(PYTHON_BLOCK.findall(readme))
    }
    return found | {"README gate": CONSOLE_LINE.findall(readme)[0]} | COMMANDS | KIT_COMMANDS


def prepare(folder: Path) -> None:
    """Write what the commands read into a folder outside the checkout."""
    copytree(ROOT / "examples" / "orders", folder)
    document = (folder / "openapi.yaml").read_text()
    changed = document.replace("total: {type: number", "total: {type: number, nullable: true")
    (folder / "new.yaml").write_text(changed)
    for number, body in enumerate(PYTHON_BLOCK.findall((ROOT / "README.md").read_text())):
        (folder / f"test_readme_{number}.py").write_text(body)


@contextmanager
def stub(programs: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Serve runs with the stub of these programs; yield the environment variables of its user."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    variables = kept | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"}
    command: list[str | Path] = [programs / "bluejay-contract", "stub"]
    serving = subprocess.Popen(
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert serving.stdout
    try:
        url = serving.stdout.readline().strip()
        yield variables | {"BLUEJAY_API_URL": url, "BLUEJAY_API_KEY": "test-key"}
    finally:
        serving.terminate()
        serving.wait()


def results(programs: Path, folder: Path) -> dict[str, Ended]:
    """Return the exit code and the output of each command with these programs."""
    prepare(folder)
    with stub(programs, folder) as variables:
        ended = {
            name: subprocess.run(
                f"set -o pipefail\n{line}",
                shell=True,
                executable="/bin/bash",
                cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120,
            )
            for name, line in commands().items()
        }  # fmt: skip
    port = re.compile(r"127\.0\.0\.1:\d+")
    return {
        name: Ended(each.returncode, port.sub("HOST", each.stdout), each.stderr)
        for name, each in ended.items()
    }


def main(resolution: str, python: str = str(LOCKED / "python")) -> int:
    """Print a line for each check and the sum; return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = install(resolution, python, folder)
        with ThreadPoolExecutor() as pool:
            sides = pool.map(results, (LOCKED, programs), (folder / "locked", folder / "user"))
            locked, user = list(sides)
    failed = 0
    for check, ended in user.items():
        good = ended.code == EXIT_CODES.get(check, 0) and ended.out and ended[:2] == locked[check][:2]
        failed += not good
        sys.stdout.write(f"{'ok' if good else 'FAILED'}: {check}\n")
        if not good:
            sys.stdout.write(f"with the lock: {locked[check]}\ninstalled: {ended}\n")
    sys.stdout.write(f"{len(user) - failed} passed, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
