"""`bluejay-contract check`: does a response conform to the contract?"""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest
from bluejay_contract.stub import Answer, Stub

from .. import builders
from ..cli.command import CANARY, Bad, Command

RUN = builders.response(builders.result(), total_tests=1)
"""A run in which no rule finds anything."""


def _with(**fields: Any) -> bytes:
    return builders.encoded(RUN | fields)


VIOLATION = _with(simulation_results=[{"id": "7"}])


@pytest.mark.parametrize(
    ("body", "options", "code", "counts"),
    [
        (_with(), [], 0, "000"),
        (VIOLATION, [], 5, "100"),
        (_with(status="500"), ["--strict"], 0, "010"),
        (_with(trace="4bf9"), [], 0, "001"),
        (_with(status="500", trace="4bf9"), ["--strict"], 5, "011"),
        (b"", [], 5, "100"),
        (bytes(range(256)), [], 5, "100"),
        (b"[" * 10_000 + b"]" * 10_000, [], 5, "110"),
    ],
    ids=["sound", "violation", "suspicious", "drift", "strict", "empty", "binary", "deep"],
)
def test_the_exit_code_shows_whether_a_body_conforms_to_the_contract(
    body: bytes, options: list[str], code: int, counts: str, tmp_path: Path, command: Command
) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(body)
    ended = command("check", file, *options)
    assert (ended.code, ended.err) == (code, "")
    assert ended.lines[-1].startswith(f"{file} ")
    assert "".join(re.findall(r"(\d+) (?:violation|suspicious|drift)", ended.lines[-1])) == counts


@pytest.mark.parametrize(
    ("answer", "code", "rule"),
    [
        (Answer(VIOLATION), 5, "response-schema-conformance"),
        (Answer(b"", 418), 5, "status-code-conformance"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:9/"}), 5, "status-code-conformance"),
        (Answer(b"", 503), 3, "known-undocumented-status"),
        (Answer(b"<html>", 200, {"content-type": "text/html"}), 5, "content-type-conformance"),
    ],
)
def test_a_fetched_response_of_any_status_is_checked(
    answer: Answer, code: int, rule: str, command: Command, stub: Stub
) -> None:
    stub.serve("48213", answer)
    ended = command("check", "48213", "--json")
    report = json.loads(ended.out)
    assert (ended.code, report["answers"][0]["status"]) == (code, answer.status)
    assert rule in {failure["rule"] for failure in report["failures"]}
    assert [(each.method, each.run_id, each.query) for each in stub.requests] == [("GET", "48213", {})]


@pytest.mark.parametrize(
    ("source", "code", "counts"),
    [("-", 5, ("1", "0")), ("https://app.getbluejay.ai/simulations/1/runs/gone", 3, ("0", "1"))],
)
def test_the_junit_report_is_written_even_if_the_run_does_not_exist(
    source: str, code: int, counts: tuple[str, str], command: Command, tmp_path: Path
) -> None:
    ended = command("check", source, "--junit", tmp_path / "report.xml", stdin=VIOLATION)
    root = parse(tmp_path / "report.xml").getroot()  # noqa: S314 - ours
    assert ended.code == code
    assert (root.get("failures"), root.get("errors")) == counts


def test_the_report_lists_three_failures_per_rule_unless_the_all_option_is_passed(command: Command) -> None:
    body = _with(simulation_results=[{"id": str(number)} for number in range(40)])
    reports = (command("check", "-", *options, stdin=body).lines for options in ([], ["--all"]))
    assert [sum("].id: " in line for line in lines) for lines in reports] == [3, 40]


BAD_INPUTS = [
    Bad(f"check 48213 {CANARY}", 2, "<redacted>"),
    Bad(f"check 48213 --api-key={CANARY}", 2, "--api-key"),
    Bad("check ./", 2, "./"),
    Bad("check /dev/zero", 2, "/dev/zero"),
    Bad(f"check {CANARY}", 2, "API key"),
    Bad("check 48213 --base-url {closed}", 3, "ConnectError"),
    Bad("live ..", 2, "'..'"),
    Bad("live 48213 --keep /dev/null/x", 2, "/dev/null/x"),
]


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=lambda bad: bad.arguments.replace(CANARY, "KEY"))
def test_bad_input_is_refused_with_one_line_that_does_not_contain_the_key(
    bad: Bad, command: Command, closed: str, stub: Stub
) -> None:
    """golden/refusals.py tests more commands that are refused."""
    arguments = bad.arguments.format(closed=closed).split()
    bad.check(command(*arguments, environment=bad.environment), "bluejay-contract")
    assert stub.requests == []
