"""Texts for users match the files in `texts`, which `make findings` writes: review its changes."""

from collections import defaultdict
from inspect import isabstract

import pytest
from bluejay_results.gate import Rule, RuleVerdict

from ..cli.command import CANARY
from ..harness.findings import ALL_RULES
from .layout import FOLDER
from .texts import TEXTS
from .verdicts import SITUATIONS, judged


@pytest.mark.parametrize("name", TEXTS)
def test_each_group_of_messages_matches_its_committed_file(name: str) -> None:
    assert list(TEXTS[name]()) == (FOLDER / f"{name}.txt").read_text().splitlines()


def test_every_committed_file_of_messages_is_compared() -> None:
    assert {each.stem for each in FOLDER.iterdir()} == {*TEXTS}


def test_the_committed_findings_contain_a_failure_for_every_rule() -> None:
    found = (FOLDER / "findings.txt").read_text()
    assert [each for each in sorted(ALL_RULES) if f": {each} (" not in found] == []


def test_no_committed_output_contains_a_key_or_a_control_character() -> None:
    """Only outputs are checked: command lines contain the key, because some cases pass it by mistake."""
    for name in TEXTS:
        for line in (FOLDER / f"{name}.txt").read_text().split("\n"):
            assert CANARY not in line.rpartition(" => ")[2]
            assert line.isprintable()


def rules(kind: type[Rule] = Rule) -> set[type[Rule]]:
    found = set() if isabstract(kind) else {kind}
    return found.union(*map(rules, kind.__subclasses__()))


def test_every_rule_is_kept_broken_and_inconclusive_in_some_situation() -> None:
    shown = defaultdict[type[Rule], set[RuleVerdict]](set)
    for verdict in map(judged, SITUATIONS):
        for each in (*verdict.findings, *(found for run in verdict.runs for found in run.findings)):
            shown[type(each.rule)].add(each.verdict)
    needed = {RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE}
    assert {each.__name__: needed - shown[each] for each in rules() if needed - shown[each]} == {}
