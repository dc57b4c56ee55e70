"""Rules from Python, options and TOML. Errors about invalid rules contain the rule and the file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bluejay_results import UsageError
from bluejay_results.cli.rules import RULES_BY_NAME, given_rules
from bluejay_results.gate import Rules


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("min_pass_rate", float("nan"), "number"),
        ("min_pass_rate", 10**400, "number"),
        ("min_pass_rate", "80", "number"),
        ("min_pass_rate", "80%", "Leave out the %"),
        ("min_pass_rate", True, "number"),
        ("min_pass_rate", -1, "0 to 100, got -1"),
        ("min_pass_rate", 101, "0 to 100, got 101"),
        # A minimum above 0 and up to 1 was probably meant as a fraction.
        ("min_pass_rate", 0.8, "80?"),
        ("min_pass_rate", 1, "100?"),
        ("max_void", 0.2, "20?"),
        ("must_pass", "", "'' isn't a caller"),
        ("must_pass", "Anna", "'Anna' isn't a caller"),
        ("must_pass", "57,58", "'57,58' isn't a caller"),
        ("must_pass", [57, True], "True isn't a caller"),
        ("must_pass", -5, "-5 isn't a caller"),
        ("must_pass", [57, "057"], "listed twice"),
        ("confident", 0.95, "true or false"),
        ("no_counters", 1, "true or false"),
        ("latency_unit", "min", "ms or s"),
        ("max_always_failing", -1, "at least 0"),
        ("max_always_failing", 1.5, "at least 0"),
        ("min_conversations", 0, "at least 1"),
        ("require", 4, "got 4"),
        ("require", ["mean(a) >= 4", 4], "got ['mean(a) >= 4', 4]"),
        ("require", ["mean(a) >= 4", "mean(a)>=4.0"], "'mean(a) >= 4' repeats the rule 'mean(a) >= 4'"),
    ],
)
def test_the_error_about_an_invalid_value_names_the_field(name: str, value: Any, named: str) -> None:
    with pytest.raises(UsageError, match=rf"^{name}.*{re.escape(named)}"):
        Rules(**{name: value})


def test_rules_converts_each_number_to_its_fields_type() -> None:
    fields: dict[str, Any] = {"min_pass_rate": 100, "min_conversations": 5.0, "require": "mean(a) >= 4"}
    rules = Rules(max_void=1, **fields)
    assert isinstance(rules.min_conversations, int)
    assert isinstance(rules.min_pass_rate, float)
    assert [each.figure for each in rules.require] == ["a"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory's parent, where tests write a pyproject.toml."""
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return tmp_path


def _write(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    path = folder / name
    path.write_text(f"[tool.bluejay-results.gate]\n{text}")
    return path


def test_the_rules_have_their_default_values_if_nothing_is_set(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    assert given_rules({"min-pass-rate": None}).rules() == Rules()


def test_every_rule_can_be_set_in_toml(folder: Path) -> None:
    given: dict[str, Any] = {
        "min-pass-rate": 90,
        "max-always-failing": 1,
        "must-pass": [57, 58],
        "require": ["p90(latency.p95) <= 1500 ms", "rate(booked) > 80 %"],
        "confident": True,
        "min-conversations": 5,
        "max-void": 10,
        "no-counters": True,
        "latency-unit": "ms",
    }
    assert given.keys() == RULES_BY_NAME.keys()
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in given.items()]
    path = _write(folder, "".join(lines))
    found = given_rules({})
    assert found.rules() == Rules(**{name.replace("-", "_"): value for name, value in given.items()})
    assert (found.file, found.table) == (str(path), given)


def test_an_option_replaces_the_key_in_the_file_but_adds_to_a_list(folder: Path) -> None:
    listed = 'require = ["mean(a) >= 1", "mean(b) >= 1"]\nmust-pass = 57\n'
    _write(folder, f"min-pass-rate = 90\nmax-void = 5\n{listed}")
    options = {"min-pass-rate": "70", "require": ["mean(c) >= 1"], "must-pass": ["58"]}
    rules = given_rules(options).rules()
    assert (rules.min_pass_rate, rules.max_void) == (70, 5)
    assert [each.figure for each in rules.require] == ["a", "b", "c"]
    assert rules.must_pass == (57, 58)


@pytest.mark.parametrize(
    ("name", "value"), [("require", "mean(a) >= 2"), ("must-pass", "57")], ids=["a figure", "a caller"]
)
def test_an_option_cannot_repeat_a_rule_from_the_file(folder: Path, name: str, value: str) -> None:
    path = _write(folder, 'require = ["mean(a) >= 1"]\nmust-pass = ["57"]\n')
    with pytest.raises(UsageError, match=rf"^{name}: .*{re.escape(str(path))}"):
        given_rules({name: [value]}).rules()


def test_the_nearest_pyproject_with_gate_rules_is_used_unless_a_file_is_specified(folder: Path) -> None:
    _write(folder, "min-pass-rate = 90\n")
    (folder / "inner" / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    assert given_rules({}).rules() == Rules(min_pass_rate=90)
    other = _write(folder, "max-void = 5\n", "gate.toml")
    assert given_rules({}, str(other)).rules() == Rules(max_void=5)


def test_an_error_about_an_option_that_adds_to_a_file_names_no_file(folder: Path) -> None:
    _write(folder, 'require = ["mean(a) >= 1"]\n')
    with pytest.raises(UsageError) as caught:
        given_rules({"require": ["mean(b)"]}).rules()
    assert "toml" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("zzz = 1", "'zzz'"),
        ("max-void = nan", "max-void"),
        ("require = ['rate(a) >= 5']", "require"),
        ("max-void = ", "TOML"),
        (f"max-void = {'[' * 100_000}", "TOML"),
    ],
)
def test_an_error_about_a_file_names_the_key_and_the_file(folder: Path, text: str, named: str) -> None:
    path = _write(folder, text)
    with pytest.raises(UsageError, match=named) as caught:
        given_rules({}).rules()
    assert str(caught.value).count(str(path)) == 1


@pytest.mark.parametrize("also", ["", "[tool.bluejay-results.gate]\n"])
@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("tool.bluejay-results", None),
        ("tool.bluejay-results.gates", None),
        ("tool.bluejay_results.gate", "tool.bluejay_results"),
        ("tool.bluejay-result.gate", "tool.bluejay-result"),
        ("tool.bluejay-resultss.gate", "tool.bluejay-resultss"),
        ("tool.bluejay-resutls.gate", "tool.bluejay-resutls"),
        ("tool.Bluejay-Results.gate", "tool.Bluejay-Results"),
        ("tool.bluejay-results-gate", None),
        ('tool."bluejay-results.gate"', "tool.bluejay-results.gate"),
        ("TOOL.BLUEJAY_RESULTS.gate", "TOOL.BLUEJAY_RESULTS"),
        ("tool.luejay-results", None),
        ("tools.bluejay-results.gate", "tools.bluejay-results"),
        ("ool.bluejay-results", None),
        ("bluejay-results.gate", "bluejay-results"),
        ("bluejay-results", None),
        ("bluejay_results.gate", "bluejay_results"),
    ],
)
def test_rules_in_the_wrong_table_are_refused(folder: Path, table: str, named: str | None, also: str) -> None:
    """Nothing would say that they were ignored."""
    path = folder / "pyproject.toml"
    path.write_text(f"{also}[{table}]\nmax-void = 1\n")
    with pytest.raises(UsageError, match=re.escape(f"{path}: [{named or table}] isn't the table for rules")):
        given_rules({})


def test_tables_of_other_tools_are_ignored(folder: Path) -> None:
    names = ("tool.bluejay", "tool.bluejay-results-plot.gate", "tool.bluebird-results", "bluejay", "too.l")
    tables = "".join(f"[{name}]\nmax-void = 1\n" for name in names)
    (folder / "pyproject.toml").write_text(tables)
    assert given_rules({}).rules() == Rules()


@pytest.mark.parametrize(
    "content",
    [None, b"[project]\n", b"tool.bluejay-results.gate = 1\n", b"\xff"],
    ids=["no file", "no table", "a number instead of the table", "not UTF-8"],
)
def test_a_config_file_without_rules_is_refused(folder: Path, content: bytes | None) -> None:
    path = folder / "gate.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=re.escape(str(path))):
        given_rules({}, str(path))


@pytest.mark.parametrize("value", ["a lot", "9_0", "1e1", " 9", "\u0669"])
@pytest.mark.parametrize("name", ["min-pass-rate", "max-void", "max-always-failing", "min-conversations"])
def test_an_error_about_an_option_names_the_option_and_no_file(folder: Path, name: str, value: str) -> None:
    """Only digits are a number: Python also reads 9_0 as 90."""
    _write(folder, "max-void = 5\n")
    with pytest.raises(UsageError, match=rf"^{name} [^\[]*'{value}'\.$"):
        given_rules({name: value}).rules()
