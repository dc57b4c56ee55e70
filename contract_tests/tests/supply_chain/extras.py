"""Each extra, installed alone from a wheel of this tree into an empty environment, does its main job."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bluejay_contract.stub import SCENARIOS

from .dependencies import ROOT
from .dist import build
from .versions import UV

REPORT = """
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules
from bluejay_results.report import html_report
rules = Rules(min_pass_rate=90)
assert html_report(SimulationRun.from_file("run.json"), rules)
"""
EXPORT = """
from bluejay_results.export import export, saved_runs
assert export(saved_runs(["run.json"]), "{folder}").rows["runs"] == 1
"""
IMPORT_ALL = """
import importlib, pkgutil
for name in ("bluejay_api", "bluejay_results", "bluejay_contract", "contract_kit"):
    package = importlib.import_module(name)
    for each in pkgutil.walk_packages(package.__path__, f"{name}."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)
"""
JOBS: dict[str, list[Sequence[str]]] = {
    "": [("python", "-c", "import bluejay_results")],
    "cli": [("bluejay-results", "show", "run.json")],
    "report": [("python", "-c", REPORT)],
    "export": [("python", "-c", EXPORT.format(folder="tables"))],
    "dask": [("python", "-c", EXPORT.format(folder="with_dask")), ("python", "-c", "import distributed")],
    "stub": [("bluejay-contract", "stub", "--list")],
    "kit": [("contract-kit", "mutants", "openapi.yaml")],
    "contract": [("bluejay-contract", "check", "run.json"), ("python", "-c", IMPORT_ALL)],
}
"""The jobs of each extra; the empty name is the library without extras."""


def _works(extra: str, wheel: Path, folder: Path) -> bool:
    """Install an extra into an environment of its own and do its jobs there."""
    environment = folder / f"env-{extra}"
    python = environment / "bin" / "python"
    commands: list[Sequence[str | Path]] = [
        (UV, "venv", "--quiet", "--python", sys.executable, environment),
        (UV, "pip", "install", "--quiet", "--python", python, f"{wheel}[{extra}]" if extra else wheel),
        *([str(environment / "bin" / program), *arguments] for program, *arguments in JOBS[extra]),
    ]
    sys.stdout.write(f"extra {extra or '(none)'}\n")
    sys.stdout.flush()
    quiet = os.environ | {"PYTHONWARNINGS": "error"}
    return all(
        subprocess.run(each, cwd=folder, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for each in commands
    )


def main() -> int:
    """Try every extra; return the exit code."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run.json").write_bytes(SCENARIOS["settled"].bodies[-1])
        (folder / "openapi.yaml").write_bytes((ROOT / "examples" / "orders" / "openapi.yaml").read_bytes())
        wheel = build(ROOT, folder / "dist")[1]
        failed = [extra for extra in JOBS if not _works(extra, wheel, folder)]
    sys.stderr.writelines(f"extras: {extra or 'the library alone'} doesn't work\n" for extra in failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
