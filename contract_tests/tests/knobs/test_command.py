"""Every option, argument and variable of the command changes what it does, and as the kept text says."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bluejay_results.cli.app import SUMMARIES, load

from .command_line import KEPT, Case, cases, variables, written
from .world import split

ON_TERMINALS = {"COLUMNS"}
"""Variables that matter only on a terminal."""


def test_each_option_argument_and_variable_does_what_it_did() -> None:
    assert [*written()] == KEPT.read_text().splitlines()


def test_each_option_argument_and_variable_changes_something() -> None:
    kept = KEPT.read_text().splitlines()
    told = [(a, b) for a, b in pairwise([*kept, "=="]) if a.startswith("== ")]
    assert [a for a, b in told if b.startswith("==") and " ~~ " not in a] == []
    assert [a for a, b in told if not b.startswith("==") and " ~~ " in a] == []


def _changed(case: Case) -> Iterator[str]:
    """Yield the option, argument or variable whose value differs between a case's command lines."""
    (old, before), (new, after) = split(case.before), split(case.after)
    yield from {name for name, _ in old.items() ^ new.items()}
    values = [_values(words) for words in (before, after)]
    yield from (
        f"{before[0]} {name}"
        for name in values[0].keys() | values[1].keys()
        if values[0].get(name) != values[1].get(name)
    )


def _values(words: list[str]) -> dict[str, Any]:
    command = load(words[0])
    values, *_ = command.make_parser(command.context_class(command)).parse_args(words[1:])
    return dict(values)


def test_each_case_changes_one_thing() -> None:
    assert {each.title: found for each in cases() if len(found := [*_changed(each)]) != 1} == {}


def test_there_is_a_case_for_each_option_argument_and_variable() -> None:
    parameters = {f"{name} {each.name}" for name in SUMMARIES for each in load(name).params}
    changed = {name for each in cases() for name in _changed(each)}
    assert parameters | variables() == changed | ON_TERMINALS


def test_there_is_a_case_for_each_default_in_the_help() -> None:
    """Commands share many options, so one case for all commands is enough."""
    helps = {
        f"{name} {each.name}": f"{each.help}" for name in SUMMARIES for each in load(name).params if each.help
    }
    tried = {helps[name] for each in cases() if each.is_default for name in _changed(each)}
    stated = {text for text in helps.values() if "(default: " in text}
    assert [each for each in stated - tried if "(default: all callers)" not in each] == []
