"""`contract-kit test` and `contract-kit mutants`: files, exit codes, bad input, and the example."""

import json
import re
import shutil
import subprocess
import sys
import zoneinfo
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from .command import NAIVE, ONE, RIGHT, Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"


@pytest.fixture
def tested(kit: Run) -> Run:
    return partial(kit, "test")


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
