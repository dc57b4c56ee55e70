"""`bluejay-contract check`: does a response conform to the contract?"""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub

from .. import builders
from ..cli.command import CANARY, Bad, Command, InProcess

SETTLED = SCENARIOS["settled"].bodies[-1]
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
    "wrong everywhere": b'{"simulation_run": {}, "simulation_results": [' + b"1," * 99_999 + b"1]}",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


@pytest.mark.parametrize(
    ("body", "options", "code", "last_line"),
    [
        ("sound", [], 0, "conforms to the contract: 0 violations, 0 suspicious, 0 drift"),
        ("violation", [], 5, "breaks the contract: 1 violation, 0 suspicious, 0 drift"),
        ("suspicious", ["--strict"], 0, "1 suspicious, 0 drift (suspicious values never count; "),
        ("drift", [], 0, "0 suspicious, 1 drift (drift counts only with --strict; "),
        (
            "suspicious and drift",
            ["--strict"],
            5,
            "has drift, which --strict counts as a violation: 0 violations, 1 suspicious, 1 drift",
        ),
        *((hostile, [], 5, "breaks the contract: ") for hostile in list(BODIES)[5:]),
    ],
)
def test_the_exit_code_and_the_last_line_say_whether_a_body_conforms(
    body: str, options: list[str], code: int, last_line: str, file: Path, command: Command
) -> None:
    file.write_bytes(BODIES[body])
    ended = command("check", file, *options)
    assert ended.code == code
    assert ended.err == ""
    assert ended.lines[-1].startswith(f"{file} ")
    assert last_line in ended.lines[-1]


def test_check_reads_a_run_with_one_request(command: Command, stub: Stub) -> None:
    ended = command("check", "48213")
    assert [(each.method, each.run_id) for each in stub.requests] == [("GET", "48213")]
    assert ended.code == 0
    assert ended.lines[0] == f"read         200  {len(SETTLED):,} bytes"


def test_a_report_of_a_run_names_the_command_that_reproduces_each_failure(
    command: Command, stub: Stub
) -> None:
    stub.serve("48213", Answer(_with(simulation_results=[{"id": "7"}])))
    ended = command("check", "48213")
    assert ended.code == 5
    assert '    $.simulation_results[0].id: expected type integer, received "7"' in ended.lines
    url = f"{stub.url}/v1/retrieve-simulation-results/48213"
    assert f"    Reproduce: printf 'X-API-Key: %s\\n' \"$BLUEJAY_API_KEY\" | curl -H @- {url}" in ended.lines


@pytest.mark.parametrize(
    ("answer", "code", "rule"),
    [
        (Answer(b"", 418), 5, "status-code-conformance"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:9/"}), 5, "status-code-conformance"),
        (Answer(b"", 503), 3, "known-undocumented-status"),
        (Answer(b"<html>", 200, {"content-type": "text/html"}), 5, "content-type-conformance"),
    ],
)
def test_check_judges_a_response_with_any_status(
    answer: Answer, code: int, rule: str, command: Command, stub: Stub
) -> None:
    stub.serve("48213", answer)
    ended = command("check", "48213", "--json")
    report = json.loads(ended.out)
    assert ended.code == code
    assert report["answers"][0]["status"] == answer.status
    assert rule in {failure["rule"] for failure in report["failures"]}


def test_check_reports_an_unknown_run_with_the_same_message_as_show(command: Command, stub: Stub) -> None:
    ended = command("check", "https://app.getbluejay.ai/simulations/1/runs/99999")
    shown = InProcess(stub.url)("show", "99999")
    assert ended.code == 3
    assert ended.out == b""
    said = ended.err.removeprefix("bluejay-contract").partition(" [")[0]
    assert shown.err.startswith(f"bluejay-results: Run 99999{said}")


@pytest.mark.parametrize("status", [401, 404])
def test_junit_is_written_when_the_service_answers_without_a_run(
    status: int, command: Command, stub: Stub, file: Path
) -> None:
    stub.serve("gone", Answer(b"{}", status))
    assert command("check", "gone", "--junit", file).code == 3
    assert parse(file).getroot().get("errors") == "1"  # noqa: S314 - ours


def test_check_reads_standard_input_and_writes_junit_in_addition_to_the_report(
    command: Command, file: Path
) -> None:
    ended = command("check", "-", "--json", "--junit", file, stdin=BODIES["violation"])
    report = json.loads(ended.out)
    assert ended.code == 5
    assert report["source"] == "standard input"
    assert report["failures"][0]["reproduction"] == "bluejay-contract check -"
    assert "ignored-auth" in report["inapplicable"]
    assert "response-schema-conformance" not in report["inapplicable"]
    assert parse(file).getroot().get("failures") == "1"  # noqa: S314 - ours


def test_the_report_lists_three_failures_of_a_rule_without_the_option_all(command: Command) -> None:
    body = _with(simulation_results=[{"id": str(number)} for number in range(40)])
    folded, whole = command("check", "-", stdin=body), command("check", "-", "--all", stdin=body)
    assert "    and 37 more (--all lists them)" in folded.lines
    assert sum("expected type integer" in line for line in folded.lines) == 3
    assert sum("expected type integer" in line for line in whole.lines) == 40


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_report_of_a_live_run_contains_neither_the_key_nor_spoken_text(
    option: list[str], command: Command, stub: Stub
) -> None:
    said = f"my name is Mia Weber and my key is {CANARY}"
    stub.serve("48213", Answer(_with(new={"said": said, "key": CANARY}, status={"text": said})))
    ended = command("check", "48213", *option)
    assert "unknown-field" in ended.out.decode()
    assert [word for word in (CANARY, "Weber") if word in ended.out.decode() + ended.err] == []


def test_a_report_is_the_same_on_a_terminal_and_in_a_pipe(command: Command, file: Path) -> None:
    file.write_bytes(BODIES["violation"])
    shown = command.on_a_terminal("check", str(file)).replace("\r\n", "\n")
    assert shown == command("check", file).out.decode()


BAD_INPUTS = {
    "key as an argument": Bad(f"check 48213 {CANARY}", 2, "unexpected extra argument(s) (<redacted>). See:"),
    "key as an option": Bad(f"check 48213 --api-key={CANARY}", 2, "No such option: --api-key"),
    "missing file": Bad("check missing.json", 2, "missing.json: No such file or directory. Give a run id"),
    "a directory": Bad("check ./", 2, "./: Is a directory. Give a run id"),
    "an endless file": Bad("check /dev/zero", 2, "/dev/zero is larger than 256 MiB"),
    "JUnit that can't be written": Bad("check run.json --junit no/x.xml", 2, "no/x.xml: No such file or dir"),
    "no key": Bad("check 48213", 2, "No API key. Set BLUEJAY_API_KEY", {"BLUEJAY_API_KEY": ""}),
    "key for a run id": Bad(f"check {CANARY}", 2, "The run id contains the API key"),
    "server down": Bad(
        "check 48213 --base-url {closed}", 3, "Check the base URL, the proxies and the network."
    ),
}


@pytest.mark.parametrize("bad", BAD_INPUTS.values(), ids=list(BAD_INPUTS))
def test_bad_input_prints_one_line_and_exits_with_its_documented_code(
    bad: Bad, command: Command, closed: str, tmp_path: Path
) -> None:
    (tmp_path / "run.json").write_bytes(BODIES["sound"])
    arguments = bad.arguments.format(closed=closed).split()
    bad.check(command(*arguments, cwd=tmp_path, environment=bad.environment), "bluejay-contract")


def test_checking_a_file_loads_no_http_stack_and_no_server(process: Command, file: Path) -> None:
    file.write_bytes(BODIES["sound"])
    ended = process("check", file, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip() for line in ended.errors}
    assert loaded & {"httpx", "fastapi", "schemathesis", "hypothesis", "bluejay_contract.checks"} == {
        "bluejay_contract.checks"
    }
