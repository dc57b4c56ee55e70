"""`contract-kit prove` and `contract-kit mutants`: files, exit codes and bad input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from contract_kit.catalogue import Catalogue

from .command import ONE, RIGHT, Ended, run
from .documents import LISTED_AND_TOO_LONG, of_schema

pytestmark = pytest.mark.usefixtures("folder")

NAIVE = ("orders.yaml", "--client", "client:naive", "--refuses", "client:RefusedError")


def prove(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    return run(capsys, "prove", *arguments)


def test_mutants_are_counted_by_operation_and_keyword(capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(capsys, "mutants", "orders.yaml", "--operation", "getOrder")
    rows = [line.split() for line in ended.out.split("\n\n")[0].splitlines()]
    assert ended.code == 0
    assert ended.err == ""
    assert rows[0] == ["operation", "keyword", "mutants"]
    assert {row[0] for row in rows[1:-1]} == {"getOrder"}
    assert {"type", "required", "legal", "protocol"} <= {row[1] for row in rows[1:-1]}
    assert sum(int(row[2]) for row in rows[1:-1]) == int(rows[-1][1])


def test_mutants_are_written_as_json_lines_followed_by_skipped_parts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = run(capsys, "mutants", "orders.yaml", "--jsonl", "--sample", "9")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert [line.get("operation") for line in lines][:9].count("getOrder") in (4, 5)
    assert all("skipped" in line for line in lines[9:])


def test_a_client_that_believes_makes_the_command_fail(capsys: pytest.CaptureFixture[str]) -> None:
    ended = prove(capsys, *NAIVE)
    assert ended.code == 1
    assert ended.err == ""
    assert ended.out.splitlines()[0].split()[:3] == ["keyword", "mutants", "refused"]
    assert "  getOrder:200:required::id\n" in ended.out


def test_a_client_that_handles_every_mutant_makes_the_command_succeed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = prove(capsys, *RIGHT)
    assert ended.code == 0, ended.out
    assert ended.err == "", ended.out
    assert "The client did right with all " in ended.out


def test_a_command_is_judged_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    Path("script.py").write_text(
        "import client, json, os, sys\n"
        "url, operation, arguments = (os.environ['CONTRACT_KIT_' + name] for name in NAMES)\n".replace(
            "NAMES", "('URL', 'OPERATION', 'ARGUMENTS')"
        )
        + "try: client.right(url, operation, json.loads(arguments))\n"
        "except client.RefusedError: sys.exit(10)\n"
    )
    ended = prove(capsys, "orders.yaml", "--exec", f"{sys.executable} script.py", *ONE)
    assert ended.code == 0
    assert _columns(ended) == "refused by body"


def test_output_of_the_client_is_not_mixed_with_ours(capsys: pytest.CaptureFixture[str]) -> None:
    ended = prove(
        capsys, "orders.yaml", "--client", "client:printing", "--refuses", "client:RefusedError", *ONE
    )
    assert _columns(ended) == "believed"
    assert "printed" not in ended.out + ended.err


def test_an_inconclusive_operation_is_reported_first_and_exits_with_4(
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = ("orders.yaml", "--client", "client:picky", "--refuses", "client:RefusedError", *ONE)
    ended = prove(capsys, *client, "--json", "m.json", "--junit", "m.xml", "--markdown", "m.md")
    said = "getOrder:control: the client refused the valid response: RefusedError: everything"
    assert ended.code == 4
    assert ended.out.splitlines()[:2] == ["Inconclusive (1)", f"  {said}"]
    document = json.loads(Path("m.json").read_text())
    assert document["passed"] is False
    assert document["inconclusive"][0]["id"] == "getOrder:control"
    suites = fromstring(Path("m.xml").read_bytes())  # noqa: S314 - ours
    assert [(suite.get("name"), suite.get("errors")) for suite in suites] == [
        ("inconclusive", "1"),
        ("getOrder", "0"),
    ]
    assert Path("m.md").read_text().startswith("Inconclusive:\n\n- getOrder:control: ")
    assert prove(capsys, *client, "--baseline", "m.json").code == 0


def test_refusals_by_status_and_by_body_are_counted_separately(capsys: pytest.CaptureFixture[str]) -> None:
    prove(capsys, *RIGHT, "--operation", "getOrder", "--json", "m.json", "--junit", "m.xml")
    counts = json.loads(Path("m.json").read_text())["counts"]
    properties = fromstring(Path("m.xml").read_bytes()).findall("*/properties/property")  # noqa: S314 - ours
    assert {each.get("name"): int(each.get("value", "")) for each in properties} == {
        name: counts[name] for name in ("refused by status", "refused by body")
    }
    assert counts["refused by status"] == 3


def _columns(ended: Ended) -> str:
    return ended.out.splitlines()[0].removeprefix("keyword").split(maxsplit=1)[1]


def test_the_json_report_contains_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(prove(capsys, *NAIVE, "--operation", "getOrder", "--json", "-").out)
    assert document["format"] == "contract-kit/prove"
    assert document["version"] == 2
    assert document["passed"] is False
    assert sum(document["counts"].values()) == len(document["rows"])
    believed = next(row for row in document["rows"] if row["id"] == "getOrder:200:required::id")
    assert believed["expect"] == "refuse"
    assert believed["verdict"] == "believed"
    assert believed["bad"] is True


def test_report_files_are_written_in_addition_to_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    files = ("--json", "m.json", "--junit", "m.xml", "--markdown", "m.md")
    ended = prove(capsys, *RIGHT, *ONE, *files)
    assert ended.out.startswith("keyword")
    assert json.loads(Path("m.json").read_text())["passed"]
    assert len(fromstring(Path("m.xml").read_bytes()).findall("*/testcase")) == 1  # noqa: S314 - ours
    assert Path("m.md").read_text().startswith("| keyword | mutants |")


def test_an_unwritable_file_is_reported_before_the_client_is_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = prove(capsys, "orders.yaml", "--exec", "touch run", "--junit", "no/where.xml")
    assert ended.code == 2
    assert Path("run").exists() is False


def test_a_run_that_fails_leaves_an_earlier_report_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    Path("m.json").write_text("earlier")
    prove(capsys, "orders.yaml", "--client", "client:two", "--json", "m.json")
    assert Path("m.json").read_text() == "earlier"
    prove(capsys, "orders.yaml", "--client", "client:two", "--json", "new.json")
    assert not Path("new.json").exists()


def test_a_baseline_of_another_version_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"format": "contract-kit/prove", "version": 1, "rows": [], "inconclusive": []}
    Path("earlier.json").write_text(json.dumps(document))
    ended = prove(capsys, *RIGHT, *ONE, "--baseline", "earlier.json")
    assert ended.code == 2
    assert "earlier.json isn't a baseline of this version." in ended.err


@pytest.mark.parametrize("option", [(), ("--jsonl",)], ids=["text", "JSON lines"])
def test_mutants_lists_the_candidates_that_could_not_be_proved(
    capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    Path("strange.json").write_text(json.dumps(of_schema(LISTED_AND_TOO_LONG)))
    assert "the changed body is not valid" in run(capsys, "mutants", "strange.json", *option).out


def test_a_run_can_overwrite_the_baseline_that_it_is_compared_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prove(capsys, *RIGHT, *ONE, "--json", "m.json")
    ended = prove(capsys, *RIGHT, *ONE, "--json", "m.json", "--baseline", "m.json")
    assert "Since the baseline: 0 worse, 0 better, 1 unchanged, 0 new." in ended.out


def _edited(document: dict[str, Any], bad: bool) -> None:
    for row in document["rows"]:
        row["bad"] = bad
    Path("before.json").write_text(json.dumps(document))


@pytest.mark.parametrize(("was_bad", "code"), [(True, 0), (False, 1)])
def test_with_a_baseline_only_new_faults_fail_and_are_reported(
    capsys: pytest.CaptureFixture[str], was_bad: bool, code: int
) -> None:
    options = (*NAIVE, "--operation", "getOrder", "--sample", "9")
    _edited(json.loads(prove(capsys, *options, "--json", "-").out), was_bad)
    files = ("--json", "m.json", "--junit", "m.xml", "--markdown", "m.md")
    ended = prove(capsys, *options, "--baseline", "before.json", *files)
    assert ended.code == code
    for text in (ended.out, Path("m.md").read_text()):
        assert ("Since the baseline: 0 worse, " in text) is was_bad
        assert ("\n- believed: " in text or "\nBelieved (" in text) is not was_bad
    assert json.loads(Path("m.json").read_text())["passed"] is was_bad
    [suite] = fromstring(Path("m.xml").read_bytes())  # noqa: S314 - ours
    assert (suite.get("failures") == "0") == was_bad
    assert (suite.get("skipped") != "0") == was_bad


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("--exec true", 2, "Missing argument 'DOC'"),
        ("orders.yaml", 2, "Give one of --client, --worker and --exec."),
        ("orders.yaml --client client:naive --exec true", 2, "Give one of --client, --worker and --exec."),
        ("orders.yaml --worker true --exec true", 2, "Give one of --client, --worker and --exec."),
        ("orders.yaml --exec true --refuses client:RefusedError", 2, "--refuses needs --client"),
        ('orders.yaml --exec "', 2, "--exec can't be read: No closing quotation."),
        ("orders.yaml --exec=", 2, "The command is empty."),
        ('orders.yaml --worker "', 2, "--worker can't be read: No closing quotation."),
        ("orders.yaml --worker=", 2, "The command is empty."),
        ("orders.yaml --worker true --refuses client:RefusedError", 2, "--refuses needs --client"),
        ("orders.yaml --worker no-such-program", 2, "Can't run no-such-program: no such program."),
        ("orders.yaml --worker true", 3, "Can't start true: it ended its process with exit code 0."),
        ("orders.yaml --worker yes", 3, "The worker wrote 'y' to stdout before"),
        ("orders.yaml --client client", 2, "Write it as package.module:name."),
        ("missing.yaml --exec true", 2, "missing.yaml"),
        (". --exec true", 2, ". is a folder"),
        ("client.py --exec true", 2, "client.py"),
        ("orders.yaml --exec true --operation getOrdr", 2, "getOrder"),
        ("orders.yaml --exec true --sample 0", 2, "Invalid value for '--sample'"),
        ("orders.yaml --exec true --timeout inf", 2, "Invalid value for '--timeout'"),
        ("orders.yaml --exec true --timeout nan", 2, "Invalid value for '--timeout': nan is not a number."),
        ("orders.yaml --exec true --baseline missing.json", 2, "missing.json: No such file"),
        ("orders.yaml --exec true --baseline client.py", 2, "client.py isn't a baseline of this version."),
        ("orders.yaml --exec true --sample 1 --json no/where.json", 2, "no/where.json: No such file"),
        ("orders.yaml --exec no-such-program", 2, "Can't run no-such-program"),
        ("orders.yaml --exec ./orders.yaml", 3, "it is not executable"),
        ("orders.yaml --client no_such_module:call", 2, "Can't import no_such_module"),
        ("orders.yaml --client client:two", 2, "client:two must take three arguments"),
    ],
)
def test_bad_input_prints_one_line_and_sets_the_exit_code(
    capsys: pytest.CaptureFixture[str], arguments: str, code: int, says: str
) -> None:
    ended = prove(capsys, *arguments.split())
    [line] = ended.err.splitlines()
    assert ended.code == code
    assert ended.out == ""
    assert line.partition(" ")[0] == "contract-kit:"
    assert says in line


@pytest.mark.parametrize("command", ["true", "python3 missing.py"])
def test_a_client_that_never_requests_a_mutant_counts_as_unusable(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    ended = prove(capsys, "orders.yaml", "--exec", command, "--sample", "2")
    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("contract-kit: No call requested its response. The first call: the client ")


@pytest.mark.parametrize(("options", "is_told"), [((), True), (("--sample", "1"), False)])
def test_a_long_run_is_announced(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    is_told: bool,
) -> None:
    monkeypatch.setattr("contract_kit.cli.prove.MANY", 10)
    ended = prove(capsys, *RIGHT, "--operation", "getOrder", *options)
    assert ("mutants to serve. To serve fewer, use --sample." in ended.err) is is_told


def test_a_document_without_mutants_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was learnt of the client, and a green build must not say otherwise."""
    monkeypatch.setattr(Catalogue, "mutants", lambda *_: iter(()))
    ended = prove(capsys, *RIGHT)
    assert ended.code == 2
    assert "gave no mutants, so nothing is known" in ended.err


def test_a_worker_that_reports_its_refusals_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    """The worker is the kit's own, as a user runs it elsewhere."""
    worker = run(capsys, "shim", "python").out.strip()
    command = f"{sys.executable} {worker} client:right client:RefusedError"
    ended = prove(capsys, "orders.yaml", "--worker", command, *ONE)
    assert ended.code == 0
    assert ended.err == ""
    assert _columns(ended) == "refused by body"
