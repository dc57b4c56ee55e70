"""Rules from options and TOML, and the messages about wrong rules."""

from pathlib import Path
from typing import Any

import pytest
from bluejay_results import LatencyUnit, UsageError
from bluejay_results.gate import Rules
from bluejay_results.gate.rules import SETTINGS, settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The parent of the current folder, for a pyproject.toml."""
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return tmp_path


def _write(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    path = folder / name
    path.write_text(f"[tool.bluejay-results.gate]\n{text}")
    return path


def _read_all() -> None:
    settings({}).rules()


def test_without_any_setting_the_rules_are_the_defaults(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    assert settings({"min-pass-rate": None}).rules() == Rules()


def test_every_rule_can_be_set_in_toml(folder: Path) -> None:
    path = _write(
        folder,
        """min-pass-rate = 90
max-always-failing = 1
require = ["p90(latency.p95) <= 1500 ms", "rate(booked) > 80 %"]
confident = true
min-conversations = 5
max-void = 10
no-counters = true
latency-unit = "ms"
""",
    )
    found = settings({})
    rules: dict[str, Any] = {
        "min_pass_rate": 90,
        "max_always_failing": 1,
        "require": ["p90(latency.p95) <= 1500 ms", "rate(booked) > 80 %"],
        "confident": True,
        "min_conversations": 5,
        "max_void": 10,
        "no_counters": True,
        "latency_unit": LatencyUnit.MILLISECONDS,
    }
    assert found.rules() == Rules(**rules)
    assert found.table.keys() == SETTINGS.keys()
    assert found.file == str(path)


def test_an_option_overrides_only_its_own_key_in_the_file(folder: Path) -> None:
    _write(folder, "min-pass-rate = 90\nmax-void = 5\n")
    found = settings({"min-pass-rate": "70"})
    assert found.rules().min_pass_rate == 70
    assert found.rules().max_void == 5


def test_a_named_file_replaces_pyproject(folder: Path) -> None:
    _write(folder, "min-pass-rate = 90\n")
    other = _write(folder, "max-void = 5\n", "gate.toml")
    assert settings({}, str(other)).rules() == Rules(max_void=5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zzz = 1", f"there is no rule 'zzz'. The rules are {next(iter(SETTINGS))}"),
        ("min-pass-rate = 0.8", "min-pass-rate: 0.8 is 0.8 %; did you mean 80? ["),
        ("confident = 'yes'", "confident must be true or false, got 'yes'. ["),
        ("max-void = nan", "max-void must be a number, got nan. ["),
        ("min-pass-rate = 101", "min-pass-rate must be a percentage from 0 to 100, got 101. ["),
        ("require = 4", "require: expected a rule or a list of rules, got 4. ["),
        ("require = ['']", "require: '' isn't a rule: "),
        (
            "require = ['rate(a) >= 5']",
            "a rate needs % after its limit. A rule is 'p90(latency.p95) <= 1500 ms'. [",
        ),
        ("require = ['mean(a) > 1', 'mean(a)>1']", "are the same rule. Remove one of them. ["),
        ("max-void = ", "is not TOML: "),
    ],
)
def test_a_wrong_setting_is_explained_and_its_file_is_named(folder: Path, text: str, message: str) -> None:
    path = _write(folder, text)
    with pytest.raises(UsageError) as caught:
        _read_all()
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_rules_of_options_replace_the_list_in_the_file(folder: Path) -> None:
    _write(folder, 'require = ["mean(a) >= 1", "mean(b) >= 1"]\n')
    given = settings({"require": ["mean(c) >= 1", "mean(d) >= 1"]}).rules().require
    assert [each.figure for each in given] == ["c", "d"]


def test_the_nearest_file_with_the_table_is_used(folder: Path) -> None:
    _write(folder, "min-pass-rate = 90\n")
    (folder / "inner" / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    assert settings({}).rules().min_pass_rate == 90


@pytest.mark.parametrize(
    "text",
    [
        "[tool.bluejay-results]\nmax-void = 1\n",
        "[tool.bluejay_results.gate]\nmax-void = 1\n",
        "[tool.bluejay-results.gates]\nmax-void = 1\n",
        "[tool]\nbluejay-results = 1\n",
    ],
)
def test_rules_in_the_wrong_table_are_refused(folder: Path, text: str) -> None:
    path = folder / "pyproject.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        settings({})
    assert str(caught.value) == (
        f"{path}: rules are in the wrong table. Put them into [tool.bluejay-results.gate]."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory. Name a TOML file."),
        (b"[project]\n", "has no table [tool.bluejay-results.gate]. Write the rules under it."),
        (b"tool.bluejay-results.gate = 1\n", "[tool.bluejay-results.gate] isn't a table. Write the rules"),
        (b"\xff", "is not TOML: "),
    ],
)
def test_a_file_without_rules_is_refused(folder: Path, content: Any, message: str) -> None:
    path = folder / "gate.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        settings({}, str(path))
    assert message in str(caught.value)


@pytest.mark.usefixtures("folder")
def test_an_error_about_an_option_names_the_option_only_once() -> None:
    with pytest.raises(UsageError) as caught:
        settings({"max-void": "a lot"}).rules()
    assert str(caught.value) == "max-void must be a number, got 'a lot'."
