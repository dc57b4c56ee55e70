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


BODIES = {
    "sound": _with(),
    "violation": _with(simulation_results=[{"id": "7"}]),
    "suspicious": _with(status="500"),
    "drift": _with(trace="4bf9"),
    "suspicious and drift": _with(status="500", trace="4bf9"),
    "empty": b"",
    "binary": bytes(range(256)),
    "10,000 nested arrays": b"[" * 10_000 + b"]" * 10_000,
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


@pytest.mark.parametrize(
    ("body", "options", "code", "counts"),
    [
        ("sound", [], 0, "000"),
        ("violation", [], 5, "100"),
        ("suspicious", ["--strict"], 0, "010"),
        ("drift", [], 0, "001"),
        ("suspicious and drift", ["--strict"], 5, "011"),
        ("empty", [], 5, "100"),
        ("binary", [], 5, "100"),
        ("10,000 nested arrays", [], 5, "110"),
    ],
)
def test_the_exit_code_and_the_counts_in_the_last_line_say_whether_a_body_conforms(
    body: str, options: list[str], code: int, counts: str, file: Path, command: Command
) -> None:
    file.write_bytes(BODIES[body])
    ended = command("check", file, *options)
    assert (ended.code, ended.err) == (code, "")
    assert ended.lines[-1].startswith(f"{file} ")
    assert "".join(re.findall(r"(\d+) (?:violation|suspicious|drift)", ended.lines[-1])) == counts


def test_a_body_that_is_wrong_everywhere_breaks_the_contract(command: Command) -> None:
    everywhere = b'{"simulation_run": {}, "simulation_results": [' + b"1," * 99_999 + b"1]}"
    ended = command("check", "-", stdin=everywhere)
    assert (ended.code, ended.err) == (5, "")


@pytest.mark.parametrize(
    ("answer", "code", "rule"),
    [
        (Answer(_with(simulation_results=[{"id": "7"}])), 5, "response-schema-conformance"),
        (Answer(b"", 418), 5, "status-code-conformance"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:9/"}), 5, "status-code-conformance"),
        (Answer(b"", 503), 3, "known-undocumented-status"),
        (Answer(b"<html>", 200, {"content-type": "text/html"}), 5, "content-type-conformance"),
    ],
)
def test_check_reads_a_run_with_one_request_and_judges_a_response_with_any_status(
    answer: Answer, code: int, rule: str, command: Command, stub: Stub
) -> None:
    stub.serve("48213", answer)
    ended = command("check", "48213", "--json")
    report = json.loads(ended.out)
    assert ended.code == code
    assert report["answers"][0]["status"] == answer.status
    assert rule in {failure["rule"] for failure in report["failures"]}
    assert [(each.method, each.run_id, each.query) for each in stub.requests] == [("GET", "48213", {})]


@pytest.mark.parametrize("status", [401, 404])
def test_junit_is_written_when_the_service_answers_without_a_run(
    status: int, command: Command, stub: Stub, file: Path
) -> None:
    stub.serve("gone", Answer(b"{}", status))
    ended = command("check", "https://app.getbluejay.ai/simulations/1/runs/gone", "--junit", file)
    assert ended.code == 3
    assert parse(file).getroot().get("errors") == "1"  # noqa: S314 - ours


def test_check_reads_standard_input_and_writes_junit_in_addition_to_the_report(
    command: Command, file: Path
) -> None:
    ended = command("check", "-", "--json", "--junit", file, stdin=BODIES["violation"])
    report = json.loads(ended.out)
    assert ended.code == 5
    assert report["failures"][0]["reproduction"] == "bluejay-contract check -"
    assert "ignored-auth" in report["inapplicable"]
    assert "response-schema-conformance" not in report["inapplicable"]
    assert parse(file).getroot().get("failures") == "1"  # noqa: S314 - ours


def test_the_report_lists_three_failures_of_a_rule_without_the_option_all(command: Command) -> None:
    body = _with(simulation_results=[{"id": str(number)} for number in range(40)])
    reports = (command("check", "-", *options, stdin=body).lines for options in ([], ["--all"]))
    assert [sum("].id: " in line for line in lines) for lines in reports] == [3, 40]


def test_a_report_is_the_same_on_a_terminal_and_in_a_pipe(command: Command, file: Path) -> None:
    file.write_bytes(BODIES["violation"])
    shown = command.on_a_terminal("check", str(file)).replace("\r\n", "\n")
    assert shown == command("check", file).out.decode()


BAD_INPUTS = [
    Bad(f"check 48213 {CANARY}", 2, "<redacted>"),
    Bad(f"check 48213 --api-key={CANARY}", 2, "--api-key"),
    Bad("check missing.json", 2, "missing.json"),
    Bad("check ./", 2, "./"),
    Bad("check /dev/zero", 2, "/dev/zero"),
    Bad("check run.json --junit no/x.xml", 2, "no/x.xml"),
    Bad("check 48213", 2, "BLUEJAY_API_KEY", {"BLUEJAY_API_KEY": ""}),
    Bad(f"check {CANARY}", 2, "API key"),
    Bad("check 48213 --base-url {closed}", 3, "ConnectError"),
    Bad("live ..", 2, "'..'"),
    Bad("live 48213 --pause -1", 2, "--pause"),
    Bad("live 48213 --keep /dev/null/x", 2, "/dev/null/x"),
]


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=lambda bad: bad.arguments.replace(CANARY, "KEY"))
def test_bad_input_prints_one_line_without_the_key_and_sends_nothing(
    bad: Bad, command: Command, closed: str, tmp_path: Path, stub: Stub
) -> None:
    (tmp_path / "run.json").write_bytes(BODIES["sound"])
    arguments = bad.arguments.format(closed=closed).split()
    bad.check(command(*arguments, cwd=tmp_path, environment=bad.environment), "bluejay-contract")
    assert stub.requests == []


def test_checking_a_file_loads_no_http_stack_and_no_server(process: Command, file: Path) -> None:
    file.write_bytes(BODIES["sound"])
    ended = process("check", file, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip() for line in ended.errors}
    assert loaded & {"httpx", "fastapi", "schemathesis", "hypothesis", "bluejay_contract.checks"} == {
        "bluejay_contract.checks"
    }
