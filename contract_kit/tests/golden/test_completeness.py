"""The kept texts contain every verdict, outcome, exit code, field and rule."""

import json
import re
import tomllib
from collections import defaultdict
from importlib.resources import files
from itertools import combinations
from typing import Any

from contract_kit.cli.exit_codes import ExitCode
from contract_kit.diff.results import Did, OnPaper
from contract_kit.judge.json_fields import REPORT, ROW
from contract_kit.judge.verdicts import Verdict

from .changes import KEPT
from .outputs import KEPT_OUTPUTS

RULES = tomllib.loads((files("contract_kit.diff") / "rules.toml").read_text())
UNREACHED = "any-of-changed"
"""If the sender has a union of the other kind, `oneOf` is the keyword that may match several branches."""
REPORTS = [
    json.loads((KEPT_OUTPUTS / name).read_text())
    for name in ("test.json", "faults.json", "since.json", "ignored.json", "received.json")
]
ROWS = [row for report in REPORTS for row in (*report["rows"], *report["inconclusive"])]
CHANGES: list[dict[str, Any]] = json.loads((KEPT_OUTPUTS / "diff-client.json").read_text())["changes"]


def test_every_rule_of_diff_is_in_a_kept_text() -> None:
    ids = {row[0] for row in RULES["parts"].values()}
    ids |= {each for side in ("response", "request") for row in RULES[side].values() for each in row}
    texts = [path.read_text() for path in KEPT.glob("diff-*.txt")]
    found = {each for text in texts for each in re.findall(r" \| ([a-z-]+)", text)}
    assert {each for each in ids - found if not each.endswith(UNREACHED)} == set()


def test_every_verdict_outcome_and_exit_code_occurs() -> None:
    assert {row["verdict"] for row in ROWS} == {*Verdict}
    assert {each["did"] for each in CHANGES} == {None, *Did} - {
        Did.HUNG
    }  # only a time limit ends such a call
    assert {each["on_paper"] for each in CHANGES} == {*OnPaper}
    endings = (KEPT_OUTPUTS / "endings.txt").read_text() + (KEPT / "refusals.txt").read_text()
    by_signals = {ExitCode.INTERRUPTED, ExitCode.READER_GONE, ExitCode.TERMINATED}
    assert {int(each) for each in re.findall(r"exit code (\d+)", endings)} == {*ExitCode} - by_signals


def test_every_field_of_a_report_has_a_value() -> None:
    assert [each.name for each in REPORT if not any(report[each.name] for report in REPORTS)] == []


def test_no_two_fields_of_a_row_or_of_a_change_have_the_same_values() -> None:
    for objects in (ROWS, CHANGES):
        columns = defaultdict[str, list[str]](list)
        for each in objects:
            for name, value in each.items():
                columns[name].append(json.dumps(value))
        assert objects is CHANGES or {*columns} == {each.name for each in ROW}
        same = [name for name, values in columns.items() if len({*values}) == 1]
        assert same == ["locations"] * (objects is CHANGES)  # diff-documents.txt has others
        assert [(a, b) for a, b in combinations(columns, 2) if columns[a] == columns[b]] == []


def test_bad_input_is_refused_in_one_line() -> None:
    cases = (KEPT / "refusals.txt").read_text().split("== ")[1:]
    printed = {tuple(re.findall(r"^2> |^exit code \d", each, re.MULTILINE)) for each in cases}
    refused = {("2> ", f"exit code {code}") for code in (ExitCode.USAGE, ExitCode.CLIENT)}
    assert printed - refused == {("exit code 1",), ("exit code 4",)}
    assert sum("2> " not in each for each in cases) < 10
