"""Each input of action.yml reaches the gate as its option, whatever characters the input contains."""

import json
import re
import sys

import pytest
from bluejay_results.cli.app import load

from .github import ACTION, Action
from .machine import PAGE, ROOT, Machine

OPTIONS = {name for each in load("gate").params for name in each.opts if name.startswith("--")}
NO_INPUT = {
    "--api-key-command": "the key is an input",
    "--api-key-file": "the key is an input",
    "--comment": "always written to the folder of the input reports",
    "--html": "always written to the folder of the input reports",
    "--json": "would replace the text in the log",
    "--junit": "always written to the folder of the input reports",
    "--version": "judges nothing",
}
ACTIONS_OWN = {"api_key", "artifact", "base", "comment", "python", "reports", "run", "wait_for_results"}
SWITCHES = {"confident", "no_counters"}
INPUTS = ACTION["inputs"].keys()
PUBLISHED = {
    *("api_key", "simulation_id", "prompt_id", "knowledge_base_id", "digital_human_ids", "phone_number"),
    *("sip_uri", "wait_for_results", "min_score", "poll_interval_seconds", "timeout_seconds"),
}
"""The inputs of the published action."""
HOSTILE = "-x; touch pwned $(touch pwned) `touch pwned` \"'\\ %0A ${{ github.token }} *\n::error::"
RECORDER = f"""#!{sys.executable}
import json, os, pathlib, sys
pathlib.Path("arguments.json").write_text(json.dumps(sys.argv[1:]))
"""


@pytest.fixture
def arguments(machine: Machine) -> list[str]:
    """The arguments of the gate if every input has a hostile value."""
    recorder = machine.add("recorder", RECORDER)
    values = dict.fromkeys(INPUTS - ACTIONS_OWN - SWITCHES, HOSTILE) | dict.fromkeys(SWITCHES, "true")
    Action(machine, "push").run(**values, python=recorder, run=HOSTILE, reports=HOSTILE, artifact="")
    assert not machine.exists("pwned")
    found: list[str] = json.loads((machine.folder / "arguments.json").read_text())
    return found


def test_every_gate_option_is_an_input_or_is_listed_with_a_reason(arguments: list[str]) -> None:
    given = {each.partition("=")[0] for each in arguments if each.startswith("--")} - {"--"}
    assert given | NO_INPUT.keys() == OPTIONS


def test_every_input_is_used() -> None:
    used = set(re.findall(r"\binputs\.(\w+)", (ROOT / "action.yml").read_text()))
    assert used == INPUTS


def test_every_input_of_the_published_action_is_an_input() -> None:
    assert PUBLISHED <= INPUTS


def test_the_value_of_an_input_reaches_the_gate_unchanged(arguments: list[str]) -> None:
    lists = ("--digital-human=", "--require=")
    valued = [each.partition("=")[2] for each in arguments[:-2] if "=" in each and not each.startswith(lists)]
    reports = [f"{HOSTILE}/gate.{suffix}" for suffix in ("xml", "html", "md")]
    assert valued == [*reports, *[HOSTILE] * (len(valued) - len(reports))]
    assert arguments[-2:] == ["--", HOSTILE]


def test_newlines_separate_rules_and_commas_separate_digital_humans(machine: Machine) -> None:
    recorder = machine.add("recorder", RECORDER)
    inputs = {"require": 'mean(politeness) >= 4\n\nmean("a, b") > 3\n', "digital_human_ids": "57, 58,59"}
    Action(machine, "push").run(python=recorder, **inputs)
    found = json.loads((machine.folder / "arguments.json").read_text())
    assert found[6:11] == [
        "--digital-human=57",
        "--digital-human=58",
        "--digital-human=59",
        "--require=mean(politeness) >= 4",
        '--require=mean("a, b") > 3',
    ]


def test_no_script_of_the_action_contains_an_expression_of_github() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert [each for each in scripts if "${{" in each] == []


def test_the_docs_name_each_output_and_each_input_that_is_not_an_option() -> None:
    same = {name for name in INPUTS if f"--{name.replace('_', '-')}" in OPTIONS}
    cells = "".join(re.findall(r"^\|(.*?)\|", PAGE, re.MULTILINE))
    assert (INPUTS - same) | ACTION["outputs"].keys() <= set(re.findall(r"`([\w-]+)`", cells))
