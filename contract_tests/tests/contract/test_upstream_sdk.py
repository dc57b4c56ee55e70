"""`make upstream` lists differences between the upstream SDK's models and the contract until accepted."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from upstream import __main__ as upstream
from upstream import published

from .conftest import git
from .sdk_wheel import build, small_contract, sources

GOAL = "    goal_success: Nullable[bool]\n"
HUMAN = f"{GOAL}    human_goal_success: OptionalNullable[bool] = UNSET\n"
SDK = "in bluejay-sdk 0.4.0"
NEW = f"{SDK}, not in the contract"
METRICS = "array of anything or object or null"
RUNS = "/v1/get-simulation-runs/{simulation_id}"


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


DIFFERENCES: dict[str, tuple[dict[str, str], list[str]]] = {
    "a new field": (sources(GOAL, HUMAN), [f"Evaluation.human_goal_success: boolean or null {NEW}"]),
    "a removed field": (
        sources("    duration: OptionalNullable[int] = UNSET\n", ""),
        ["Result.duration: not in bluejay-sdk 0.4.0, integer or null in the contract"],
    ),
    "another type": (
        sources("duration: OptionalNullable[int]", "duration: OptionalNullable[float]"),
        ["Result.duration: number or null in bluejay-sdk 0.4.0, integer or null in the contract"],
    ),
    "a time as text": (
        sources("OptionalNullable[datetime]", "OptionalNullable[str]"),
        ["Result.start_time: string or null in bluejay-sdk 0.4.0, date-time or null in the contract"],
    ),
    "no null": (
        sources(GOAL, "    goal_success: Optional[bool] = None\n"),
        ["Evaluation.goal_success: boolean in bluejay-sdk 0.4.0, boolean or null in the contract"],
    ),
    "null": (
        sources("simulation_runs: Optional[List[Run]]", "simulation_runs: OptionalNullable[List[Run]]"),
        [f"RunsResponse.simulation_runs: array of object or null {SDK}, array of object in the contract"],
    ),
    "a new value of an enum": (
        sources('"COMPLETED"]', '"COMPLETED", "ENDED"]'),
        [f'Run.status: "COMPLETED" or "ENDED" or "RUNNING" {SDK}, "COMPLETED" or "RUNNING" in the contract'],
    ),
    "other items of an array": (
        sources("OptionalNullable[List[str]]", "OptionalNullable[List[Union[str, int]]]"),
        [
            f"QueueRequest.digital_human_ids: array of (integer or string) or null {SDK}, "
            "array of string or null in the contract"
        ],
    ),
    "other values of a dictionary": (
        sources("Dict[str, float]", "Dict[str, Any]"),
        [f"Evaluation.sentiment_scores: object or null {SDK}, object of number or null in the contract"],
    ),
    "another name in JSON": (
        sources('alias="custom_metrics"', 'alias="metrics"'),
        [
            f"Result.custom_metrics: not {SDK}, {METRICS} in the contract",
            f"Result.metrics: {METRICS} {NEW}",
        ],
    ),
    "a new model": (
        sources(GOAL, f"{GOAL}    review: Review\n", "class Review(BaseModel):\n    note: str\n"),
        [f"Evaluation.review: object {NEW}", f"Evaluation.review.note: string {NEW}"],
    ),
    "a model that contains itself": (
        sources(GOAL, f"{GOAL}    before: Nullable[List[SrcEvaluation]]\n"),
        [f"Evaluation.before: array of object or null {NEW}"],
    ),
    "another model for requests": (
        sources("models.QueueTypedDict", "models.ByCode", "class ByCode(BaseModel):\n    code: str\n"),
        [f"QueueRequest.code: string {NEW}"],
    ),
    "a list of responses": (
        sources("-> models.Runs", "-> List[models.Runs]"),
        [f"GET {RUNS} response: array of object in bluejay-sdk 0.4.0, object in the contract"],
    ),
}
SAME = {
    "the small SDK": sources(),
    "an enum": sources(
        'RunStatus = Union[Literal["RUNNING", "COMPLETED"], UnrecognizedStr]',
        'class RunStatus(str, Enum):\n    A = "COMPLETED"\n    B = "RUNNING"',
    ),
    "an alias without a call": sources(
        'Metrics = TypeAliasType("Metrics", Union[Dict[str, Any], List[Any]])',
        "Metrics: TypeAlias = Union[Dict[str, Any], List[Any]]",
    ),
    "a name in JSON without Annotated": sources(
        "    simulation_run_id: str", '    run_id: str = pydantic.Field(..., alias="simulation_run_id")'
    ),
    "types in text": sources("goal_success: Nullable[bool]", 'goal_success: "bool | None"'),
    "types of the standard library": sources("OptionalNullable[List[str]]", "list[str] | None"),
    "a new field in a model of another operation": sources(more="class Deleted(BaseModel):\n    id: str\n"),
}


@pytest.mark.parametrize(("modules", "lines"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_each_difference_between_sdk_and_contract_is_one_line(
    run: Run, tmp_path: Path, modules: dict[str, str], lines: list[str]
) -> None:
    assert run("check", build(tmp_path, modules)) == (1, lines, "")


@pytest.mark.parametrize("modules", SAME.values(), ids=SAME)
def test_a_difference_only_in_notation_is_ignored(run: Run, tmp_path: Path, modules: dict[str, str]) -> None:
    assert run("check", build(tmp_path, modules)).code == 0


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


UNREADABLE: dict[str, tuple[dict[str, str], str]] = {
    "no operation of ours": ({"bluejay/__init__.py": ""}, "/v1/queue-simulation-run"),
    "a missing operation": (sources("get-simulation-runs", "list-simulation-runs"), f"GET {RUNS}"),
    "two methods of one operation": (
        sources('"DELETE", path="/v1/delete-simulation/', '"GET", path="/v1/get-simulation-runs/'),
        f"GET {RUNS}",
    ),
    "no type of a response": (sources(" -> models.Runs:", ":"), "runs"),
    "no type of a request": (
        sources("request: Union[models.Queue, models.QueueTypedDict]", "body: str"),
        "queue",
    ),
    "a model that isn't defined": (sources("-> models.Runs", "-> models.Runz"), "Runz"),
    "two models with one name": (
        sources() | {"bluejay/models/copy.py": "class SrcEvaluation(BaseModel):\n    goal_success: bool\n"},
        "bluejay/models/copy.py",
    ),
    "two models at one path": (
        sources(
            'simulation_result: "Result"',
            "simulation_result: Other",
            "class Other(BaseModel):\n    duration: int\n",
        ),
        "Result",
    ),
    "a model in a new model": (
        sources("-> models.Runs", "-> models.Wrapped", "class Wrapped(BaseModel):\n    result: Runs\n"),
        "RunsResponse",
    ),
    "an unknown type": (sources("Nullable[bool]", "Nullable[Set[bool]]"), "Set[bool]"),
    "an unknown key of a dictionary": (sources("Dict[str, float]", "Dict[int, float]"), "Dict[int, float]"),
    "a computed enum": (sources('Literal["RUNNING", "COMPLETED"]', "Literal[VALUES]"), "VALUES"),
    "an enum of values that JSON lacks": (sources('"RUNNING", "COMPLETED"', 'b"RUNNING"'), "RUNNING"),
    "a computed alias": (sources('alias="custom_metrics"', "alias=NAME"), "alias=NAME"),
    "another kind of alias": (sources('alias="custom_metrics"', "validation_alias='a'"), "validation_alias"),
    "settings of a model": (sources(GOAL, f"{GOAL}    model_config = ConfigDict()\n"), "model_config"),
    "another kind of model": (
        sources("class SrcEvaluation(BaseModel)", "class SrcEvaluation(Base)"),
        "SrcEvaluation",
    ),
    "a type that is itself": (sources("Union[Dict[str, Any], List[Any]]", "List[Metrics]"), "Metrics"),
    "broken text as a type": (
        sources('simulation_result: "Result"', 'simulation_result: "List["'),
        "bluejay-sdk",
    ),
    "broken code": (sources(more="class"), ".whl"),
    "code with a null byte": (sources(more="\0"), ".whl"),
    "deeply nested code": (sources(more=f"x = {'-' * 100_000}1"), "nested"),
    "much code": (sources() | {"bluejay/large.py": "#" * (16 * 1024 * 1024)}, "16 MB"),
}


@pytest.mark.parametrize(("modules", "datum"), UNREADABLE.values(), ids=UNREADABLE)
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


@pytest.mark.parametrize("spoil", NO_WHEELS.values(), ids=NO_WHEELS)
def test_a_file_that_is_not_a_wheel_is_refused_with_a_one_line_message(
    run: Run, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    wheel = build(tmp_path, sources())
    spoil(wheel)
    ended = run("check", wheel)
    assert (ended.code, ended.error.count("\n")) == (2, 1)
    assert str(wheel) in ended.error
