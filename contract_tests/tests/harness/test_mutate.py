"""`make mutate`: what it makes of the sources, and when it fails."""

import tomllib

import pytest
from mutation.mutate import ROOT, Change, Mutant, listed, report, undecorated

SURVIVOR = Change("a.b:c", "x < 1", "x <= 1")
KILLED = [Mutant(Change("a.b:c", "x", str(number)), is_killed=True) for number in range(19)]


def test_a_decorator_becomes_a_call_after_its_function() -> None:
    source = "class A:\n    @property\n    @cached(1)\n    def b(self):\n        return 1\n\n    c = 2\n"
    assert undecorated(source) == (
        "class A:\n    def b(self):\n        return 1\n    b = property(cached(1)(b))\n\n    c = 2\n"
    )


@pytest.mark.parametrize("decorator", ["classmethod", "staticmethod"])
def test_a_decorator_that_the_tool_knows_stays(decorator: str) -> None:
    source = f"class A:\n    @{decorator}\n    def b(c):\n        pass\n"
    assert undecorated(source) == source


def test_a_score_of_the_goal_with_every_survivor_listed_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    found = [*KILLED, Mutant(SURVIVOR, is_killed=False)]
    assert report(found, {SURVIVOR: "equivalent"}, is_whole=True) == 0
    assert capsys.readouterr().out.split()[-8:] == ["all", "20", "19", "1", "0", "0", "95.0", "%"]


def test_a_survivor_that_is_not_listed_fails_with_the_entry_to_paste(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report([*KILLED, Mutant(SURVIVOR, is_killed=False)], {}, is_whole=True) == 1
    assert "before = '''x < 1'''\nafter = '''x <= 1'''\n" in capsys.readouterr().out


@pytest.mark.parametrize(("is_whole", "code"), [(True, 1), (False, 0)])
def test_an_entry_that_is_no_survivor_fails_a_whole_run(is_whole: bool, code: int) -> None:
    assert report(KILLED, {SURVIVOR: "untested"}, is_whole=is_whole) == code


def test_a_score_below_the_goal_fails_even_when_every_survivor_is_listed() -> None:
    others = [Change("a.b:c", "y", str(number)) for number in range(3)]
    found = [*KILLED, *(Mutant(each, is_killed=False) for each in others)]
    assert report(found, dict.fromkeys(others, "untested"), is_whole=True) == 1


def test_every_entry_of_the_list_has_a_reason() -> None:
    assert set(listed().values()) <= {"equivalent", "untested"}


def test_what_is_to_be_mutated_and_the_tests_that_are_run_are_there() -> None:
    """A module or a test that was renamed would be left out, or stop a run of an hour at its start."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    tests = settings["pytest_add_cli_args_test_selection"]
    assert [path for path in tests if not (ROOT / path).exists()] == []
    sources = {path: path.partition("/")[2] for path in settings["only_mutate"]}
    roots = ("generated", "overlay", "contract_tests")
    assert [
        path for path, each in sources.items() if not any(any((ROOT / root).glob(each)) for root in roots)
    ] == []
