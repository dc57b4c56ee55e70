"""What the harness, the stub and the contract say is kept whole: `make findings` writes it, review it."""

from collections.abc import Iterator

import pytest
from contract_kit.read.graph import Node

from ...cli.command import CANARY
from ...harness.findings import ALL_RULES
from ...harness.mutants import CONTRACT
from .rules import found_in_cases
from .texts import KEPT, TEXTS, file_of


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_kept_one(name: str) -> None:
    assert [*TEXTS[name]()] == file_of(name).read_bytes().decode().removesuffix("\n").split("\n")


def test_every_kept_text_is_compared() -> None:
    assert {f"{each.relative_to(KEPT).with_suffix('')}" for each in KEPT.rglob("*.txt")} == {*TEXTS}


def test_each_rule_finds_its_cases_at_their_path_and_no_case_that_keeps_it() -> None:
    wrong = [
        case.id
        for case, found in found_in_cases()
        if [each.path for each in found if each.rule == case.rule and case.path in ("", each.path)][:1]
        != [case.path] * bool(case.path)
    ]
    assert wrong == []


def test_each_rule_has_a_case_that_breaks_it_and_one_that_keeps_it() -> None:
    """The limits of `checks/bounds.py` are in another text."""
    lines = [
        line for name in ("cases", "limits") for line in file_of(f"rules/{name}").read_text().splitlines()
    ]
    broken, kept, rule = set[str](), set[str](), ""
    for line in lines:
        if line.startswith("== "):
            rule = line.split()[1]
        else:
            (broken if f"{rule} at " in line.partition(" => ")[2] else kept).add(rule)
    assert {each.name for each in ALL_RULES} == broken == kept


def test_no_report_about_a_live_service_contains_its_text() -> None:
    """Every string in the responses for the run `said` contains words that are in no other text."""
    texts = file_of("commands").read_text().split("\n== ")
    reports = [each for each in texts if each.startswith(("check said", "live said"))]
    assert len(reports) == 6
    assert [word for word in (CANARY, "Weber", "Mia", "Ada", "Elm") for each in reports if word in each] == []


def test_the_stub_sends_every_documented_field_of_a_successful_response() -> None:
    sent = "".join(file_of(name).read_text() for name in TEXTS if name.startswith(("scenarios", "stub")))
    schemas = [each.schema(200) for each in CONTRACT.operations.values()]
    missing = {name for each in schemas for name in fields(each) if f'"{name}": ' not in sent}
    assert missing == {"simulation_result"}, "Send it: stub/scenarios/conversation.py makes it."  # digested


def fields(node: Node) -> Iterator[str]:
    """Yield the name of each documented field."""
    for each in CONTRACT.alternatives(node):
        for name, inner in each.get("properties", {}).items():
            yield name
            yield from fields(inner)
        if each.get("items"):
            yield from fields(each["items"])
