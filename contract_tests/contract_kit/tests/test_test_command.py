"""`contract-kit test` and `contract-kit mutants`: files, exit codes, bad input, and the example."""

import json
import re
import shutil
import subprocess
import sys
import zoneinfo
from base64 import b64decode
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from attrs import evolve

from contract_kit.derive.exchange import Response

from .command import NAIVE, ONE, RIGHT, Run
from .documents import LISTED_AND_TOO_LONG, of_schema
from .fakes import ORDER, mutant

EXAMPLE = Path(__file__).parents[3] / "examples" / "orders"


@pytest.fixture
def tested(kit: Run) -> Run:
    return partial(kit, "test")


def test_json_lines_contain_all_mutants_and_then_all_skipped_parts(kit: Run) -> None:
    Path("strange.json").write_text(json.dumps(of_schema(LISTED_AND_TOO_LONG)))
    out = kit("mutants", "strange.json", "--jsonl", "--sample", "50").out
    *mutants, skipped = [json.loads(line) for line in out.splitlines()]
    assert [each["operation"] for each in mutants] == ["getThing"] * 50
    assert skipped["reason"] in kit("mutants", "strange.json").out


def test_a_json_line_contains_the_mutants_body_and_the_valid_body() -> None:
    text, binary = (json.loads(mutant("1", body).to_json()) for body in (b"\xe2\x98\x83", b"{\xff"))
    assert (text["body"], text["body_base64"]) == ("\N{SNOWMAN}", None)
    assert (binary["body"], b64decode(binary["body_base64"])) == (None, b"{\xff")
    assert text["valid_body"] == ORDER.decode()


def test_a_json_line_states_whether_the_next_request_gets_the_valid_response() -> None:
    once = mutant("1")
    twice = evolve(once, response=evolve(once.response, then=Response(200, {}, ORDER)))
    assert [json.loads(each.to_json())["then_valid"] for each in (once, twice)] == [False, True]


PICKY = ("orders.yaml", "--client", "client:picky", "--refuses", "client:RefusedError")


@pytest.mark.parametrize(
    ("options", "code", "datum"),
    [
        ((*NAIVE, *ONE), 1, "  getOrder:200:null:/id\n"),
        (RIGHT, 0, ""),
        ((*PICKY, *ONE), 4, "getOrder:control"),
        (("orders.yaml", "--exec", "true", "--sample", "1"), 3, ""),
    ],
    ids=["accepts a mutant", "handles every mutant", "is inconclusive", "never requests a mutant"],
)
def test_the_exit_code_depends_on_what_the_client_did(
    tested: Run, options: tuple[str, ...], code: int, datum: str
) -> None:
    ended = tested(*options)
    assert (ended.code, ended.err.count("\n")) == (code, int(code == 3))
    assert datum in ended.out


def test_ignored_faults_do_not_change_the_exit_code(tested: Run) -> None:
    Path("ignored.txt").write_text("# known\n\nOrder.id # no id\n")
    schema = "/components/schemas/Order"
    named = ("type", "Order.id", f"{schema}/properties/id", f"{schema}/**", "/components/**", "@ignored.txt")
    for ignored in named:
        assert tested(*NAIVE, *ONE, "--ignore", ignored).code == 0


def test_the_field_in_the_json_report_can_be_used_to_ignore_a_fault(tested: Run) -> None:
    run = partial(tested, *NAIVE, "--operation", "getOrder", "--json", "-")
    fields = {each["field"] for each in json.loads(run().out)["rows"] if each["bad"]}
    assert run(*(word for each in fields for word in ("--ignore", each))).code == 0


def test_an_ignored_name_is_listed_if_it_matches_no_fault(tested: Run) -> None:
    Path("ignored.txt").write_text("type\ngetOrder 500 \x1b[2J\nenum\nlegal\nnot\n")
    ended = tested(*NAIVE, *ONE, "--ignore", "@ignored.txt")
    assert (ended.code, ended.err.count("\n"), ended.err.strip().isprintable()) == (0, 1, True)
    assert "[2J, enum, legal and 1 more." in ended.err


@pytest.mark.parametrize(("sample", "lines"), [((), 1), (("--sample", "9"), 0)])
def test_a_sample_is_suggested_before_many_mutants_are_served(
    tested: Run, monkeypatch: pytest.MonkeyPatch, sample: tuple[str, ...], lines: int
) -> None:
    monkeypatch.setattr("contract_kit.cli.test._MANY", 8)
    assert [ended.count("--sample") for ended in tested(*RIGHT, *sample).err.splitlines()] == [1] * lines


@pytest.mark.parametrize(("options", "total"), [(ONE, 1), (("--operation", "getOrder"), 90)])
def test_the_progress_of_a_run_shows_the_total_number_of_mutants(
    tested: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], total: int
) -> None:
    monkeypatch.setattr("contract_kit.terminal._SECONDS_PER_LINE", 0)
    assert f"1 of at most {total} mutants" in tested(*RIGHT, *options).err


def test_the_progress_of_a_large_sample_shows_its_size(tested: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contract_kit.terminal._SECONDS_PER_LINE", 0)
    monkeypatch.setattr("contract_kit.cli.test._MANY", 8)
    assert "1 of at most 9 mutants" in tested(*RIGHT, "--sample", "9").err


def test_the_kit_prints_the_path_of_a_python_worker_that_runs_a_client(tested: Run, kit: Run) -> None:
    worker = f"{sys.executable} {kit('shim', 'python').out.strip()} client:right client:RefusedError"
    ended = tested("orders.yaml", "--worker", worker, *ONE)
    assert ended.code == 0
    assert "refused by body" in ended.out


def test_a_report_on_stdout_replaces_the_text_report(tested: Run) -> None:
    ended = tested(*RIGHT, *ONE, "--json", "m.json", "--junit", "m.xml", "--markdown", "m.md")
    assert "refused by body" in ended.out
    assert json.loads(Path("m.json").read_text())["passed"]
    assert len(fromstring(Path("m.xml").read_bytes()).findall("*/testcase")) == 1  # noqa: S314 - ours
    assert Path("m.md").read_text().startswith("Robustness")
    assert json.loads(tested(*RIGHT, *ONE, "--json", "-").out)["passed"]


def test_an_unwritable_file_is_reported_before_the_client_is_run(tested: Run) -> None:
    ended = tested("orders.yaml", "--exec", "touch run", "--junit", "no/where.xml")
    assert ended.code == 2
    assert Path("run").exists() is False


OUTPUTS = ("--json", "--junit", "--markdown", "--html", "--write-baseline")


@pytest.mark.parametrize(("one", "other"), list(combinations(OUTPUTS, 2)))
def test_two_outputs_must_not_name_the_same_file(tested: Run, one: str, other: str) -> None:
    Path("folder").mkdir()
    for same in ("out", "folder/../out"):
        ended = tested("orders.yaml", "--exec", "touch run", one, "out", other, same)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert f"{one} and {other}" in ended.err
    assert not any(Path(each).exists() for each in ("run", "out"))


READ = [("DOC", "orders.yaml", each) for each in OUTPUTS]
READ += [("--baseline", "known.json", each) for each in OUTPUTS if each != "--write-baseline"]


@pytest.mark.parametrize(("read", "name", "option"), READ)
def test_an_output_must_not_name_a_file_that_the_run_reads(
    tested: Run, read: str, name: str, option: str
) -> None:
    Path("known.json").write_text("known")
    earlier, baseline = Path(name).read_bytes(), ["--baseline", "known.json"] * (read == "--baseline")
    ended = tested("orders.yaml", "--exec", "touch run", *baseline, option, f"./{name}")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert f"{read} and {option}" in ended.err
    assert Path(name).read_bytes() == earlier


def test_a_run_that_fails_leaves_an_earlier_report_unchanged(tested: Run) -> None:
    Path("m.json").write_text("earlier")
    for name in ("m.json", "new.json"):
        tested("orders.yaml", "--client", "client:two", "--json", name)
    assert Path("m.json").read_text() == "earlier"
    assert not Path("new.json").exists()


@pytest.mark.parametrize("client", ["idle", "missing"])
def test_a_baseline_is_kept_if_the_next_runs_client_cannot_be_tested(tested: Run, client: str) -> None:
    Path("baseline.json").write_text("earlier")
    ended = tested("orders.yaml", "--client", f"client:{client}", "--write-baseline", "baseline.json")
    assert ended.code in (2, 3)
    assert Path("baseline.json").read_text() == "earlier"


@pytest.mark.parametrize(
    ("options", "zone"),
    [
        ("--client client:call", "Asia/Kathmandu"),
        ("--client client:call --timezone UTC", "UTC"),
        ("--worker worker --timezone UTC", "UTC"),
        ("--exec command --timezone UTC", "UTC"),
    ],
)
def test_the_timezone_option_sets_the_time_zone_for_every_kind_of_client(
    tested: Run, monkeypatch: pytest.MonkeyPatch, options: str, zone: str
) -> None:
    given: list[Any] = []
    monkeypatch.setattr("contract_kit.cli.test.run_test", lambda *arguments: given.append(arguments[2]))
    tested("orders.yaml", *options.split())
    assert [each.timezone for each in given] == [zone]


def test_any_time_zone_is_accepted_on_a_machine_without_a_time_zone_database(
    tested: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract_kit.cli.test.run_test", lambda *_: 0)
    zoneinfo.reset_tzpath(())
    try:
        ended = tested("orders.yaml", "--exec", "true", "--timezone", "Asia/Tokyo")
    finally:
        zoneinfo.reset_tzpath()
    assert ended.code == 0


REPORT = {"format": "contract-kit/test", "version": 4, "rows": [], "inconclusive": []}


@pytest.mark.parametrize(
    ("arguments", "code", "datum"),
    [
        ("--exec true", 2, "'DOC'"),
        ("orders.yaml --exec true --worker true", 2, "--worker and --exec"),
        ("orders.yaml --exec true --refuses client:RefusedError", 2, "--refuses needs --client"),
        ("missing.yaml --exec true", 2, "missing.yaml"),
        (". --exec true", 2, "."),
        ('orders.yaml --exec "', 2, "--exec can't be parsed"),
        ("orders.yaml --worker true", 3, "code 0"),
        ("orders.yaml --exec ./missing", 2, "missing"),
        ("orders.yaml --exec ./client.py", 3, "client.py"),
        ("orders.yaml --exec true --operation getOrdr", 2, "getOrder"),
        ("orders.yaml --exec true --timeout nan", 2, "'--timeout'"),
        ("orders.yaml --exec true --timezone Asia", 2, "'Asia'"),
        ("orders.yaml --exec true --timezone=", 2, "''"),
        ("orders.yaml --exec true --timezone /etc/passwd", 2, "'/etc/passwd'"),
        ("orders.yaml --exec true --sample 1 --sample 2", 2, "--sample was passed more than once"),
        ("orders.yaml --exec true --baseline missing.json", 2, "missing.json"),
        ("orders.yaml --exec true --baseline .", 2, "."),
        ("orders.yaml --exec true --baseline /dev/zero", 2, "/dev/zero"),
        ("orders.yaml --exec true --baseline report.json --write-baseline new.json", 2, "either"),
        ("orders.yaml --exec true --fail-on new", 2, "--baseline"),
        ("orders.yaml --exec true --ignore requird", 2, "required"),
        ("orders.yaml --exec true --ignore Order.stats", 2, "Order.status"),
        ("orders.yaml --exec true --ignore /components/schemas/Ordr", 2, "/components/schemas/Order"),
        ("orders.yaml --exec true --ignore /components/schemas/Order/id/**", 2, "/components/schemas/Order"),
        ("orders.yaml --exec true --ignore @missing.txt", 2, "missing.txt"),
        ("orders.yaml --exec true --ignore @client.py", 2, "client.py, line 1"),
        ("orders.yaml --exec true --baseline report.json", 2, "report.json"),
        ("orders.yaml --client client:two", 2, "client:two"),
    ],
)
def test_bad_input_prints_one_line_and_sets_the_exit_code(
    tested: Run, arguments: str, code: int, datum: str
) -> None:
    Path("report.json").write_text(json.dumps(REPORT))
    ended = tested(*arguments.split())
    [line] = ended.err.splitlines()
    assert (ended.code, ended.out) == (code, "")
    assert line.startswith("contract-kit: ")
    assert datum in line


def test_the_examples_readme_states_the_actual_numbers_of_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: Run
) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "orders"))
    monkeypatch.chdir(folder)
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"]
    done = subprocess.run(tests, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    client = ("--client", "client:call", "--refuses", "client:OrderError")
    counts: dict[str, int] = json.loads(kit("test", "openapi.yaml", *client, "--json", "-").out)["counts"]
    did = [counts[name] for name in ("refused by body", "refused by status", "no effect")]
    faults = [counts[name] for name in ("altered", "passed on", "crashed")]
    broken = sum(did) + sum(faults)
    expected = [counts["accepted"], broken, *did, sum(faults), *faults, counts["tolerated"]]
    said = Path("README.md").read_text().partition("It accepts")[2].replace("as 1,", "")
    assert list(map(int, re.findall(r"\d+", said))) == expected
