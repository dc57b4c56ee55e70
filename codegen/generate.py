"""Generate generated/bluejay_api from openapi.yaml, or check that it is up to date.

Usage: python codegen/generate.py [--check]
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODEGEN = ROOT / "codegen"
TARGET = ROOT / "generated" / "bluejay_api"
RUNTIME = CODEGEN / "runtime"
GENERATED = "# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.\n"
COPIED = (
    "# Copied from codegen/runtime by `make generate`. Edit it there; the next run overwrites this copy.\n"
)


class GenerationError(Exception):
    """The generator rejected the contract or skipped part of it; the message is its output."""


def generate(contract: Path, output: Path) -> None:
    """Generate the package for `contract` in `output`, a path that doesn't exist yet.

    Raises:
        GenerationError: The generator rejected the contract or skipped part of it.
    """
    # Ruff uses the nearest configuration, so the rules for hand-written code don't apply.
    shutil.copy(CODEGEN / "ruff.toml", output.parent / "ruff.toml")
    command = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--meta",
        "none",
        "--fail-on-warning",
    ]
    command += ["--path", str(contract), "--output-path", str(output)]
    command += [
        "--config",
        str(CODEGEN / "config.yaml"),
        "--custom-template-path",
        str(CODEGEN / "templates"),
    ]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PATH": path})  # noqa: S603 - our own arguments
    if done.returncode:
        raise GenerationError(f"{done.stdout}{done.stderr}")
    shutil.rmtree(output / ".ruff_cache", ignore_errors=True)
    for module in output.rglob("*.py"):
        module.write_text(GENERATED + module.read_text(encoding="utf-8"), encoding="utf-8")
    # These replace the generator's own types.py, client.py and errors.py.
    for module in RUNTIME.glob("*.py"):
        (output / module.name).write_text(COPIED + module.read_text(encoding="utf-8"), encoding="utf-8")
    (output / "py.typed").touch()


def differences(expected: Path, actual: Path) -> list[str]:
    """Compare two folders; return a line for each file in `actual` that is extra, missing or out of date."""
    wanted, found = _files(expected), _files(actual)
    stale = {
        name for name in wanted & found if not filecmp.cmp(expected / name, actual / name, shallow=False)
    }
    groups = {"extra": found - wanted, "missing": wanted - found, "stale": stale}
    return [f"{kind}: {name}" for kind, names in groups.items() for name in sorted(names)]


def _files(folder: Path) -> set[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in files if "__pycache__" not in path.parts}


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail on any difference")
    check: bool = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / TARGET.name
        try:
            generate(ROOT / "openapi.yaml", fresh)
        except GenerationError as error:
            print(f"Generating the code from openapi.yaml failed:\n{error}", file=sys.stderr)
            return 1
        found = differences(fresh, TARGET)
        if check and found:
            print(
                "\n".join(["generated/bluejay_api is not up to date with openapi.yaml:", *found]),
                file=sys.stderr,
            )
            print("Run `make generate` and commit the result.", file=sys.stderr)
            return 1
        if not check:
            shutil.rmtree(TARGET, ignore_errors=True)
            shutil.copytree(fresh, TARGET)
            print(f"generated/bluejay_api written, {len(found)} files changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
