"""The gate decides each situation in the table at the start of docs/gate.md as the table states."""

import re
import shlex
from pathlib import Path
from typing import Any

from bluejay_results.cli.rules import RULES_BY_NAME, given_rules
from bluejay_results.gate import gate
from contract_kit.tests.tables import table

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, run_of

PAGE = (Path(__file__).parents[3] / "docs" / "gate.md").read_text()
ROW = re.compile(r"^\| (\d.*?) \| (?:`(.*?)` )?\| \*\*([\w' ]+)\*\*: .* \| (\d) \|$", re.MULTILINE)
CONVERSATIONS = re.compile(r"(\d+) ([a-z ]+?)(?: at (\d+) ms)?(?:, |$)")
OUTCOMES: dict[str, Any] = {
    "passed": PASSED,
    "failed": FAILED,
    "no answer": UNKNOWN,
    "cancelled": VOID | {"status": "CANCELLED"},
    "system error": VOID,
    "under way": UNKNOWN | {"status": "EVALUATING"},
    "missing": None,
}


def conversations(text: str) -> list[Any]:
    """Return the conversations in a text such as `4 passed at 900 ms, 1 missing`."""
    found: list[Any] = []
    for number, outcome, ms in CONVERSATIONS.findall(text):
        latency = {"avg_agent_latency": float(ms or 0), "latency": {"p95_agent_latency": float(ms or 0)}}
        slow = {"evaluations": [builders.evaluation(**latency)]}
        found += [slow if ms else OUTCOMES[outcome]] * int(number)
    return found


@table("situation, options, answer, code", ROW.findall(PAGE))
def test_the_gate_decides_each_situation_as_the_gate_page_states(
    situation: str, options: str, answer: str, code: str
) -> None:
    groups = re.findall(r"(\d+) callers? with ([^;]+)", situation)
    callers = [conversations(text) for number, text in groups for _ in range(int(number))]
    listed = [each | {"digital_human_id": who} for who, of in enumerate(callers) for each in of]
    listed = listed or conversations(situation)
    words = shlex.split(options)
    rules = given_rules(
        {words[0].removeprefix("--"): words[1] if words[1:] else True} if words else {}
    ).rules()
    verdict = gate(run_of(*filter(lambda each: each is not None, listed), total_tests=len(listed)), rules)
    assert (verdict.decision, str(verdict.exit_code)) == (answer, code)


def test_the_gate_page_names_ten_situations_and_every_option_that_affects_a_verdict() -> None:
    assert len(ROW.findall(PAGE)) == 10
    assert [name for name in RULES_BY_NAME if f"`--{name}" not in PAGE] == []
