"""`make upstream` lists differences between the upstream SDK's models and the contract until accepted."""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from contract_kit.tests.tables import table
from upstream import __main__ as upstream
from upstream import published

from .conftest import git
from .sdk_wheel import SMALL, build, small_contract, sources

GOAL = "    goal_success: Nullable[bool]\n"
HUMAN = f"{GOAL}    human_goal_success: OptionalNullable[bool] = UNSET\n"


class Ended(NamedTuple):
    """The command's exit code, the lines before its hint, and its error message."""

    code: int
    lines: list[str]
    error: str


Run: TypeAlias = Callable[[str, Path], Ended]


@pytest.fixture
def run(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on a wheel, with the small contract and without accepted differences."""
    monkeypatch.setattr(published, "CONTRACT", repository / "openapi.yaml")
    published.CONTRACT.write_text(json.dumps(small_contract()))
    upstream.ACCEPTED_SDK.write_text('{"differences": {}, "version": "0.3.0"}')
    git(repository, "commit", "--quiet", "--all", "--message", "Accept nothing")

    def give(action: str, wheel: Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["upstream", action, str(wheel)])
        code = upstream.main()
        out, error = capsys.readouterr()
        return Ended(code, out.partition("\n\n")[0].splitlines(), error)

    return give


def accepted() -> Any:
    return json.loads(upstream.ACCEPTED_SDK.read_text())


CHANGES = tomllib.loads((SMALL / "changes.toml").read_text())["change"]


def _modules(change: dict[str, Any]) -> dict[str, str]:
    modules: dict[str, str] = change.get("files", {})
    if "is_whole" in change:
        return modules
    return sources(*(change.get(each, "") for each in ("old", "new", "more"))) | modules


@table("change", [each for each in CHANGES if "refused" not in each])
def test_each_difference_between_sdk_and_contract_is_one_line(
    run: Run, tmp_path: Path, change: dict[str, Any]
) -> None:
    lines = change.get("lines", [])
    ended = run("check", build(tmp_path, _modules(change)))
    assert (ended.code, ended.lines if lines else [], ended.error) == (bool(lines), lines, "")


def test_an_accepted_difference_is_not_listed_again(run: Run, tmp_path: Path) -> None:
    assert run("accept", build(tmp_path, sources(GOAL, HUMAN))).code == 0
    modules = sources(GOAL, f"{HUMAN}    human_edited: bool\n")
    listed = run("check", build(tmp_path, modules, "0.5.0")).lines
    assert listed == ["Evaluation.human_edited: boolean in bluejay-sdk 0.5.0, not in the contract"]


def test_an_accepted_difference_is_listed_if_it_has_changed(run: Run, tmp_path: Path) -> None:
    run("accept", build(tmp_path, sources(GOAL, HUMAN)))
    changed = sources(GOAL, HUMAN.replace("OptionalNullable[bool]", "OptionalNullable[str]"))
    assert run("check", build(tmp_path, changed)).code == 1


def test_only_the_accepted_differences_and_the_version_are_committed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "staged.txt").write_text("Not part of the commit")
    git(tmp_path, "add", "staged.txt")
    run("accept", build(tmp_path, sources(GOAL, HUMAN)))
    assert git(tmp_path, "show", "--format=", "--name-only") == "accepted_sdk.json\n"
    differences = {"Evaluation.human_goal_success": {"sdk": "boolean or null"}}
    assert accepted() == {"version": "0.4.0", "differences": differences}


def test_a_version_without_differences_is_accepted_too(run: Run, tmp_path: Path) -> None:
    run("accept", build(tmp_path, sources(GOAL, HUMAN)))
    run("accept", build(tmp_path, sources(), "0.5.0"))
    assert accepted() == {"version": "0.5.0", "differences": {}}


NESTED = sources(more=f"x = {'-' * 100_000}1")
LARGE = sources() | {"bluejay/large.py": "#" * (16 * 1024 * 1024)}
REFUSED = [(_modules(each), each["refused"]) for each in CHANGES if "refused" in each]


@table("modules, datum", [*REFUSED, (NESTED, "nested"), (LARGE, "16 MB")])
def test_an_sdk_with_an_unknown_layout_is_not_accepted(
    run: Run, tmp_path: Path, modules: dict[str, str], datum: str
) -> None:
    ended = run("accept", build(tmp_path, modules))
    assert (ended.code, ended.error.count("\n"), accepted()["version"]) == (2, 1, "0.3.0")
    assert datum in ended.error


def _without_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("bluejay/__init__.py", "")


def _without_version(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("bluejay_sdk-0.4.0.dist-info/METADATA", "Name: bluejay-sdk\n")


NO_WHEELS: dict[str, Callable[[Path], object]] = {
    "missing": lambda wheel: wheel.unlink(),
    "no zip": lambda wheel: wheel.write_text("<html></html>"),
    "cut off": lambda wheel: wheel.write_bytes(wheel.read_bytes()[:-40]),
    "damaged": lambda wheel: wheel.write_bytes(wheel.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05")),
    "no METADATA": _without_metadata,
    "no version": _without_version,
}


@table("spoil", NO_WHEELS.values())
def test_a_file_that_is_not_a_wheel_is_refused_with_a_one_line_message(
    run: Run, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    wheel = build(tmp_path, sources())
    spoil(wheel)
    ended = run("check", wheel)
    assert (ended.code, ended.error.count("\n")) == (2, 1)
    assert str(wheel) in ended.error
