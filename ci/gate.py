"""Runs `bluejay-results gate` for action.yml and templates/gate.yml.

The inputs are environment variables, so that none can run as code: SIMULATION_ID, RUN_ID, BASE_RUN_ID, ARGS,
NAME, and the API key in BLUEJAY_API_KEY. GitHub only warns about unknown inputs, so INPUTS has all of its
inputs as JSON. The reports are written to REPORTS/NAME, and the comment ends with COMMIT. The outputs are
written to the file OUTPUTS as `name=value` lines.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

INPUTS = ("api-key", "simulation-id", "run-id", "base-run-id", "args", "name")
INTERNAL_ERROR = 70
"""The exit code of a crash, because 1 would mean "don't ship"."""
NO_BASE = "none"
FILES = {"junit": "gate.xml", "html": "gate.html", "comment": "gate.md"}
_INPUT_FOR = {"queue": "simulation-id", "base": "base-run-id", "name": "name"}
"""The command's options that have their own inputs."""
_ROOT = Path(__file__).parents[1]
_PACKAGES = (str(_ROOT / "generated"), str(_ROOT / "overlay"))
_VARIABLES = {"PYTHONPATH": os.pathsep.join(_PACKAGES), "PYTHONSAFEPATH": "1"}
"""Environment variables that make Python import our packages, and no modules from the user's checkout."""
_NAME = re.compile("[A-Za-z0-9-]{1,50}")
_ID = re.compile(r"[\w./:-]+")
"""Matches ids and app URLs."""


class FailedError(Exception):
    """There is no verdict. The message explains why, in terms of inputs instead of options."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def main() -> int:
    """Write the reports and the outputs, and return the exit code: 0 only for the decision `ship`."""
    sys.path[:0] = _PACKAGES
    name = re.sub("[^A-Za-z0-9-]", "-", _input("name"))[:50] or "gate"
    folder = Path(os.environ["REPORTS"], name)
    is_taken = os.path.lexists(folder)
    folder.parent.mkdir(exist_ok=True)
    if is_taken:
        folder = Path(tempfile.mkdtemp(dir=folder.parent))
    folder.mkdir(exist_ok=True)
    found = {"decision": "failed", "run-id": " ".join(_input("run-id").split())}
    try:
        if is_taken:
            raise FailedError(f"name: an earlier gate of this job is named {name}. Use another name.")
        code = _gate(_arguments(), folder, found)
    except FailedError as error:
        code, found["decision"] = error.code, "failed"
        _report(error, name, folder)
    except Exception as error:
        code, found["decision"] = INTERNAL_ERROR, "internal_error"
        _report(error, name, folder)
    _add_commit(folder / FILES["comment"])
    _write(found | {"exit-code": f"{code}", "reports": f"{folder}"}, name)
    return code


def _arguments() -> list[str]:
    """Return the command's arguments; raise FailedError if the inputs can't be used."""
    given = json.loads(os.environ.get("INPUTS") or "{}")
    if unknown := [each for each in given if each.lower() not in INPUTS]:
        raise FailedError(f"There is no input {unknown[0]!r}. The inputs are {', '.join(INPUTS)}.")
    if not _NAME.fullmatch(_input("name")):
        advice = "Use at most 50 letters, digits and hyphens."
        raise FailedError(f"name: {_input('name')!r} isn't a valid name. {advice}")
    if not os.environ.get("BLUEJAY_API_KEY"):
        raise FailedError("api-key is empty. Is the secret missing, as in pull requests from forks?")
    simulations, runs = _ids("simulation-id"), _ids("run-id")
    if not simulations and not runs:
        raise FailedError("There is nothing to check. Set simulation-id or run-id.")
    if simulations and runs:
        raise FailedError("simulation-id and run-id can't be combined. Set one of them.")
    options = [*_args(), f"--name={_input('name')}", *(f"--queue={each}" for each in simulations)]
    if _input("base-run-id") != NO_BASE:
        base = _ids("base-run-id")
        if len(base) != 1:
            raise FailedError(f"base-run-id needs one run, or {NO_BASE}.")
        if len(simulations) + len(runs) > 1:
            raise FailedError("base-run-id needs a single run. Run a separate gate for each run.")
        options.append(f"--base={base[0]}")
    return [*options, "--", *runs]


def _ids(name: str) -> list[str]:
    """Return the space-separated ids in an input."""
    from bluejay_results.cli.source import is_saved

    ids = _input(name).split()
    if _input(name) and not ids:
        raise FailedError(f"{name} contains only spaces.")
    for each in ids:
        if not _ID.fullmatch(each):
            raise FailedError(f"{name}: {each!r} isn't an id. Separate ids with spaces.")
        if ids.count(each) > 1:
            raise FailedError(f"{name}: {each} was passed twice. Pass it only once.")
        if name != "simulation-id" and is_saved(each):  # a pull request can add it
            raise FailedError(
                f"{name}: {each} is also a file in the checkout. Remove the file, or pass another run."
            )
    return ids


def _args() -> list[str]:
    """Split `args`; raise FailedError unless it contains only options that don't have their own inputs."""
    import typer
    from bluejay_results.cli.app import load
    from bluejay_results.errors import UsageError

    try:
        words = shlex.split(_input("args"))
    except ValueError as error:
        raise FailedError(f"args can't be parsed ({error}). Quote values as in a shell.") from None
    try:
        context = load("gate").make_context("bluejay-results gate", list(words))
    except typer.Exit:
        raise FailedError("args: --help and --version don't check any run. Remove them.") from None
    except typer.TyperException as error:
        raise FailedError(f"args: {error.format_message()}") from None
    except UsageError as error:
        raise FailedError(f"args: {error}") from None
    if runs := context.params["runs"]:
        advice = "Pass runs in run-id, and quote values that contain spaces."
        raise FailedError(f"args: {runs[0]!r} isn't an option. {advice}")
    given = {each for each in context.params if context.get_parameter_source(each).name == "COMMANDLINE"}
    for option in given & _INPUT_FOR.keys():
        raise FailedError(f"args: remove --{option}. Set the input {_INPUT_FOR[option]} instead.")
    for option in given & FILES.keys():
        raise FailedError(f"args: remove --{option}, because this report is written anyway.")
    return words


def _gate(arguments: list[str], folder: Path, found: dict[str, str]) -> int:
    """Run the gate, store its decision and runs, and return its exit code.

    If the exit code stands for a decision, but there is none, this is an internal error.
    """
    reports = [f"--{name}={folder / file}" for name, file in FILES.items()]
    command = [sys.executable, "-m", "bluejay_results", "gate", *reports, *arguments]
    with tempfile.TemporaryDirectory() as temporary:
        outputs = Path(temporary) / "outputs"
        outputs.touch()
        variables = os.environ | _VARIABLES | {"GITHUB_OUTPUT": str(outputs)}
        code = subprocess.run(command, env=variables, check=False).returncode  # noqa: S603 - no shell
        said = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    if (said.get("decision") == "ship") != (code == 0) or "decision" not in said:
        message = f"The gate ended with exit code {code}, but without a verdict."
        raise RuntimeError(message) if code in {0, 1} else FailedError(message, code)
    found |= {name: value for name, value in said.items() if value}
    return code


def _report(error: Exception, name: str, folder: Path) -> None:
    """Report an error in every report, as the command does, so that no earlier verdict is left."""
    from bluejay_results._secrets import never_show
    from bluejay_results.cli.gate_outputs import Outputs
    from bluejay_results.cli.process import ending
    from bluejay_results.errors import UsageError
    from bluejay_results.writing.streams import write_message

    never_show(os.environ.get("BLUEJAY_API_KEY", ""))
    error = UsageError(f"{error}") if isinstance(error, FailedError) else error
    write_message(ending(error)[1], 1000)
    reports = {name: str(folder / file) for name, file in FILES.items()}
    outputs = Outputs.named(name, is_json=False, **reports)
    with suppress(Exception), outputs.failures([]):
        outputs.prepare()
        raise error


def _add_commit(comment: Path) -> None:
    if comment.exists():  # not if the disk is full
        with comment.open("a") as file:
            file.write(f"\nCommit: {os.environ['COMMIT']}\n")


def _write(outputs: dict[str, str], name: str) -> None:
    report = Path(outputs["reports"], FILES["html"])
    lines = outputs | {"report": str(report) if report.exists() else ""}
    lines = {key: value if value.isprintable() else "" for key, value in lines.items()}  # one line each
    if os.environ.get("GITLAB_CI"):  # all jobs share their variables, whose names have no hyphens
        lines = {f"{name}-{key}".replace("-", "_"): value for key, value in lines.items()}
    with Path(os.environ["OUTPUTS"]).open("a") as file:
        file.write("".join(f"{key}={value}\n" for key, value in lines.items()))


def _input(name: str) -> str:
    return os.environ.get(name.upper().replace("-", "_"), "")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        traceback.print_exc()
        sys.exit(INTERNAL_ERROR)
