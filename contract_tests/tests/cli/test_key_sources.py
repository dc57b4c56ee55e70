"""Where a command gets the API key and the organization from, and which requests contain them."""

import os
from pathlib import Path

import pytest
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from bluejay_contract.stub import Stub

from .command import CANARY, InProcess

NO_KEY = {"BLUEJAY_API_KEY": ""}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the key that only its owner can read."""
    path = tmp_path / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ("--api-key-file key", {}),
        ("", {"BLUEJAY_API_KEY_FILE": "key"}),
        ("--api-key-file key", {"BLUEJAY_API_KEY": "x", "BLUEJAY_API_KEY_FILE": "/missing"}),
        ("", {"BLUEJAY_API_KEY": f"{CANARY}\r\n"}),
    ],
)
def test_an_option_for_the_api_key_overrides_the_environment_variables(
    command: InProcess, key_file: Path, options: str, environment: dict[str, str]
) -> None:
    """A file that only its owner can read causes no warning."""
    settings = NO_KEY | environment
    ended = command("show", "48213", *options.split(), environment=settings, cwd=key_file.parent)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        *("show 48213", "show --result 482130001", "wait 48213", "runs 731", "queue 731", "gate 48225"),
        *("gate --queue 733 --poll-interval 0.05 --timeout 60", "compare 48216 48225"),
        *("report 48213 -o page.html", "report --simulation 731 -o page.html"),
        *("export 48213 --format csv -o out", "export --simulation 731 --format csv -o out"),
    ],
)
def test_every_command_can_read_the_api_key_from_a_file(key_file: Path, line: str) -> None:
    options = ["--api-key-file", "key"]
    options += [] if line.startswith(("runs", "queue")) else ["--organization", "org-7"]
    with Stub(api_key=CANARY, queued_run_seconds=0.2) as stub:
        ended = InProcess(stub.url)(*line.split(), *options, environment=NO_KEY, cwd=key_file.parent)
        sent = {(each.operation, each.headers.get("x-organization-id")) for each in stub.requests}
    reads = {(operation, "org-7") for operation in (RESULTS, RESULT)}
    assert ended.code == 0, ended.err
    assert bool(sent & reads) is ("org-7" in options)
    assert sent - reads <= {(QUEUE, None), (RUNS, None)}


def test_the_organization_option_overrides_its_environment_variable() -> None:
    variable = {"BLUEJAY_ORGANIZATION_ID": "org-8"}
    with Stub(api_key=CANARY) as stub:
        InProcess(stub.url)("show", "48213", environment=variable)
        InProcess(stub.url)("show", "48213", "--organization", "org-7", environment=variable)
        assert [each.headers["x-organization-id"] for each in stub.requests] == ["org-8", "org-7"]


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_file_that_other_users_can_read_causes_a_warning(
    command: InProcess, key_file: Path, mode: int
) -> None:
    """The key is still used, because containers get secrets as files that others can read."""
    key_file.chmod(mode)
    ended = command("show", "48213", "--api-key-file", key_file, environment=NO_KEY)
    [warning] = ended.errors
    assert ended.code == 0
    assert f"chmod 600 {key_file}" in warning


@pytest.mark.parametrize("end", ["", "\r\n", "\n\n"])
def test_trailing_newlines_in_a_key_from_a_pipe_are_ignored(command: InProcess, end: str) -> None:
    """In bash, `--api-key-file <(...)` passes the path of a pipe."""
    its, ours = os.pipe()
    os.write(ours, f"{CANARY}{end}".encode())
    os.close(ours)
    ended = command("show", "48213", "--api-key-file", f"/dev/fd/{its}", environment=NO_KEY)
    os.close(its)
    assert (ended.code, ended.err) == (0, "")
