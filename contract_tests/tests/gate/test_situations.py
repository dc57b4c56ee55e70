"""The gate decides each situation in the table at the start of docs/gate.md as the table states."""

import re
import shlex
from itertools import count
from pathlib import Path
from typing import Any

from bluejay_results import SimulationRun
from bluejay_results.cli.rules import RULES_BY_NAME, given_rules
from bluejay_results.gate import gate
from contract_kit.tests.tables import table

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, run_of

PAGE = (Path(__file__).parents[3] / "docs" / "gate.md").read_text()
ROW = re.compile(r"^\| (\d.*?) \| (?:`(.*?)` )?\| \*\*([\w' ]+)\*\*: .* \| (\d) \|$", re.MULTILINE)
SITUATIONS = ROW.findall(PAGE)
CONVERSATIONS = re.compile(
    r"(\d+) (passed|failed|no answer|cancelled|system errors?|under way|missing)(?: at (\d+) ms)?"
)
CALLERS = re.compile(r"(\d+) callers? with (.*)")
OUTCOMES: dict[str, dict[str, Any]] = {
    "passed": PASSED,
    "failed": FAILED,
    "no answer": UNKNOWN,
    "cancelled": {"status": "CANCELLED", "evaluations": None},
    "system error": {"status": "SYSTEM_ERROR", "evaluations": None},
    "under way": {"status": "EVALUATING", "evaluations": None},
}


def conversations(text: str) -> tuple[list[dict[str, Any]], int]:
    """Return the conversations in a text such as `4 passed, 1 missing`, and how many are missing."""
    listed: list[dict[str, Any]] = []
    missing = 0
    for item in text.split(", "):
        match = CONVERSATIONS.fullmatch(item)
        assert match, item
        if match[2] == "missing":
            missing += int(match[1])
            continue
        each = OUTCOMES[match[2].removesuffix("s") if "error" in match[2] else match[2]]
        if match[3]:
            latency = {
                "avg_agent_latency": float(match[3]),
                "latency": {"p95_agent_latency": float(match[3])},
            }
            each = {"evaluations": [builders.evaluation(**latency)]}
        listed += [each] * int(match[1])
    return listed, missing


def run_in(situation: str) -> SimulationRun:
    """Return the run described in the table's first column."""
    if not CALLERS.match(situation):
        listed, missing = conversations(situation)
        return run_of(*listed, total_tests=len(listed) + missing)
    callers, results = count(100), []
    for group in situation.split("; "):
        match = CALLERS.fullmatch(group)
        assert match, group
        for _ in range(int(match[1])):
            human = next(callers)
            results += [each | {"digital_human_id": human} for each in conversations(match[2])[0]]
    return run_of(*results)


def options_in(text: str) -> dict[str, Any]:
    """Return the rules set in the table's second column."""
    words = iter(shlex.split(text))
    found: dict[str, Any] = {}
    for word in words:
        name = word.removeprefix("--")
        found[name] = True if RULES_BY_NAME[name].default is False else next(words)
    return found


def test_the_gate_page_starts_with_ten_situations_that_cover_every_decision() -> None:
    assert len(SITUATIONS) == 10
    assert {answer for _, _, answer, _ in SITUATIONS} == {"ship", "don't ship", "inconclusive"}
    assert PAGE.index("| conversations |") < PAGE.index("\n## ")


@table("situation, options, answer, code", SITUATIONS)
def test_the_gate_decides_each_situation_as_the_gate_page_states(
    situation: str, options: str, answer: str, code: str
) -> None:
    verdict = gate(run_in(situation), given_rules(options_in(options)).rules())
    assert (verdict.decision, str(verdict.exit_code)) == (answer, code)


def test_the_gate_page_names_every_option_that_affects_a_verdict() -> None:
    assert [name for name in RULES_BY_NAME if f"`--{name}" not in PAGE] == []
