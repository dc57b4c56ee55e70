"""`make mutate`: how it changes the sources, and when it fails."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from mutation.mutate import ROOT, ROOTS, Change, Mutant, gone, listed, report, undecorated

SURVIVOR = Change("a.b:c", "x < 1", "x <= 1")
KILLED = [Mutant(Change("a.b:c", "x", str(number)), is_killed=True) for number in range(19)]


def test_a_decorator_becomes_a_call_after_its_function() -> None:
    source = "class A:\n    @property\n    @cached(1)\n    def b(self):\n        return 1\n\n    c = 2\n"
    assert undecorated(source) == (
        "class A:\n    def b(self):\n        return 1\n    b = property(cached(1)(b))\n\n    c = 2\n"
    )


@pytest.mark.parametrize("decorator", ["classmethod", "staticmethod", "b.setter"])
def test_a_decorator_that_the_tool_knows_or_that_needs_a_property_is_kept(decorator: str) -> None:
    source = f"class A:\n    @{decorator}\n    def b(c):\n        pass\n"
    assert undecorated(source) == source


def test_a_score_at_the_goal_with_every_survivor_listed_passes(capsys: pytest.CaptureFixture[str]) -> None:
    found = [*KILLED, Mutant(SURVIVOR, is_killed=False)]
    assert report(found, {SURVIVOR: "equivalent"}) == 0
    assert capsys.readouterr().out.split()[-8:] == ["all", "20", "19", "1", "0", "0", "95.0", "%"]


def test_a_survivor_that_is_not_listed_fails_with_the_entry_to_paste(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report([*KILLED, Mutant(SURVIVOR, is_killed=False)], {}) == 1
    assert "before = '''x < 1'''\nafter = '''x <= 1'''\n" in capsys.readouterr().out


@pytest.mark.parametrize(("left", "code"), [(0, 1), (1, 0)])
def test_a_complete_run_fails_if_a_listed_mutant_did_not_survive(left: int, code: int) -> None:
    assert report(KILLED, {SURVIVOR: "untested"}, left) == code


def test_a_mutation_run_that_tries_no_mutant_fails() -> None:
    assert report([], {}, 7) == 1


def test_a_score_below_the_goal_fails_even_when_every_survivor_is_listed() -> None:
    others = [Change("a.b:c", "y", str(number)) for number in range(3)]
    found = [*KILLED, *(Mutant(each, is_killed=False) for each in others)]
    assert report(found, dict.fromkeys(others, "untested")) == 1


def test_every_entry_of_the_list_has_a_reason() -> None:
    assert set(listed().values()) <= {"equivalent", "untested"}


def test_every_entry_of_the_list_names_an_existing_function_and_its_lines() -> None:
    assert gone(listed()) == []


@pytest.mark.parametrize(
    ("function", "before"),
    [
        ("bluejay_results.gone:function", "return self"),
        ("bluejay_results.results.run:gone", ""),
        ("bluejay_results.results.run:Gone.results", "return self"),
        ("bluejay_results.results.run:SimulationRun.gone", "return self"),
        ("bluejay_results.results.run:results", "return self"),
        ("bluejay_results.results.run:SimulationRun.results", "a line that is gone"),
    ],
)
def test_an_entry_whose_function_or_line_is_gone_is_found(function: str, before: str) -> None:
    entry = Change(function, before, "")
    assert gone([entry]) == [entry]


def test_every_module_of_the_overlay_is_mutated() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    names = [Path("src") / path.relative_to(ROOT / "overlay") for path in (ROOT / "overlay").rglob("*.py")]
    patterns = settings["only_mutate"]
    assert [each for each in names if not any(fnmatch(str(each), pattern) for pattern in patterns)] == []


def test_an_entry_without_lines_lists_every_survivor_of_its_function() -> None:
    whole = Change(SURVIVOR.function, "", "")
    assert report([*KILLED, Mutant(SURVIVOR, is_killed=False)], {whole: "untested"}) == 0


def test_the_modules_to_mutate_and_the_tests_to_run_exist() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    tests = settings["pytest_add_cli_args_test_selection"]
    assert [path for path in tests if not (ROOT / path).exists()] == []
    sources = {
        path: path.partition("/")[2] for path in [*settings["only_mutate"], *settings["do_not_mutate"]]
    }
    assert [
        path for path, each in sources.items() if not any(any((ROOT / root).glob(each)) for root in ROOTS)
    ] == []
