"""`make mutate`: how it changes the sources, and when it fails."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from mutation.mutate import ROOT, ROOTS, Change, Mutant, gone, listed, report, undecorated

SURVIVOR = Change("a.b:c", "x < 1", "x <= 1")
ITS_FUNCTION = Change("a.b:c", "", "")
OTHERS = [Change("a.b:c", "y", str(number)) for number in range(3)]
KILLED = [Mutant(Change("a.b:c", "x", str(number)), is_killed=True) for number in range(19)]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]


def test_a_decorator_becomes_a_call_after_its_function() -> None:
    source = "class A:\n    @property\n    @cached(1)\n    def b(self):\n        return 1\n\n    c = 2\n"
    assert undecorated(source) == (
        "class A:\n    def b(self):\n        return 1\n    b = property(cached(1)(b))\n\n    c = 2\n"
    )


def _survived(*changes: Change) -> list[Mutant]:
    return [*KILLED, *(Mutant(each, is_killed=False) for each in changes)]


@pytest.mark.parametrize(
    ("found", "reasons", "left", "code"),
    [
        (_survived(SURVIVOR), {SURVIVOR: "equivalent"}, 0, 0),
        (_survived(SURVIVOR), {ITS_FUNCTION: "untested"}, 0, 0),
        (_survived(SURVIVOR), {}, 0, 1),
        (KILLED, {SURVIVOR: "untested"}, 0, 1),
        (KILLED, {SURVIVOR: "untested"}, 1, 0),
        ([], {}, 7, 1),
        (_survived(*OTHERS), dict.fromkeys(OTHERS, "untested"), 0, 1),
    ],
    ids=["listed", "function listed", "not listed", "killed", "not tried", "nothing tried", "low score"],
)
def test_a_run_fails_unless_it_survives_exactly_as_listed_and_reaches_the_goal(
    found: list[Mutant], reasons: dict[Change, str], left: int, code: int
) -> None:
    assert report(found, reasons, left) == code


def test_every_entry_of_the_list_has_a_reason_and_names_an_existing_function_and_its_lines() -> None:
    assert set(listed().values()) <= {"equivalent", "untested"}
    assert gone(listed()) == []


@pytest.mark.parametrize(
    ("function", "before"),
    [
        ("bluejay_results.gone:function", "return self"),
        ("bluejay_results.results.run:SimulationRun.gone", ""),
        ("bluejay_results.results.run:SimulationRun.results", "a line that is gone"),
    ],
)
def test_an_entry_whose_function_or_line_is_gone_is_found(function: str, before: str) -> None:
    entry = Change(function, before, "")
    assert gone([entry]) == [entry]


def test_every_module_of_the_overlay_is_mutated() -> None:
    names = [Path("src") / path.relative_to(ROOT / "overlay") for path in (ROOT / "overlay").rglob("*.py")]
    patterns = SETTINGS["only_mutate"]
    assert [each for each in names if not any(fnmatch(str(each), pattern) for pattern in patterns)] == []


def test_the_modules_to_mutate_and_the_tests_to_run_exist() -> None:
    tests = SETTINGS["pytest_add_cli_args_test_selection"]
    assert [path for path in tests if not (ROOT / path).exists()] == []
    sources = [path.partition("/")[2] for path in (*SETTINGS["only_mutate"], *SETTINGS["do_not_mutate"])]
    assert [each for each in sources if not any(any((ROOT / root).glob(each)) for root in ROOTS)] == []
