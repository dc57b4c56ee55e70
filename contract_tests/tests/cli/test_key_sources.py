"""The API key from a file or from the environment, and never from two variables."""

import os
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import ConfigurationError
from bluejay_results.cli.connection import find_key

from .command import CANARY, Bad, Command, Ended, InProcess

NO_KEY = {"BLUEJAY_API_KEY": ""}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the key that only its owner can read."""
    path = tmp_path / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


def _show(command: Command, *options: str | Path, **environment: str) -> Ended:
    return command("show", "48213", *options, environment=NO_KEY | environment)


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ("--api-key-file {file}", {}),
        ("", {"BLUEJAY_API_KEY_FILE": "{file}"}),
        ("--api-key-file {file}", {"BLUEJAY_API_KEY": "x", "BLUEJAY_API_KEY_FILE": "/missing"}),
    ],
)
def test_a_key_is_read_from_each_source_and_the_option_overrides_the_environment(
    command: Command, key_file: Path, options: str, environment: dict[str, str]
) -> None:
    """A file that only its owner can read causes no warning."""
    named = {name: value.format(file=key_file) for name, value in environment.items()}
    ended = _show(command, *options.format(file=key_file).split(), **named)
    assert ended.code == 0
    assert "warning" not in ended.err


@pytest.mark.parametrize(
    "line",
    [
        "show 48213",
        "wait 48213",
        "runs 731",
        "queue 731",
        "gate 48225",
        "compare 48213 48225",
        "report 48213 -o {folder}/page.html",
        "export 48213 --format csv -o {folder}/out",
    ],
)
def test_every_command_reads_the_key_from_a_file(key_file: Path, line: str) -> None:
    given = f"{line} --api-key-file {{folder}}/key".format(folder=key_file.parent).split()
    with Stub(api_key=CANARY) as stub:  # not the stub of other tests, which would list the queued run
        assert InProcess(stub.url)(*given, environment=NO_KEY).code == 0


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_file_that_others_can_read_causes_a_warning(
    command: Command, key_file: Path, mode: int
) -> None:
    """The key is still used, because containers get their secrets as such files."""
    key_file.chmod(mode)
    ended = _show(command, "--api-key-file", key_file)
    warning = f"warning: {key_file} is readable by other users; run chmod 600 {key_file}"
    assert ended.code == 0
    assert ended.errors == [warning]


def test_a_key_from_a_pipe_is_read_without_a_warning(command: Command) -> None:
    """As from `--api-key-file <(...)` in bash."""
    its, ours = os.pipe()
    os.write(ours, CANARY.encode())
    os.close(ours)
    ended = _show(command, "--api-key-file", f"/dev/fd/{its}")
    os.close(its)
    assert ended.code == 0
    assert ended.err == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_newlines_at_the_end_of_a_key_are_ignored(command: Command, key_file: Path, end: str) -> None:
    """`echo` adds them to a file and to a secret."""
    key_file.write_text(f"{CANARY}{end}", newline="")
    assert command("show", "48213", environment={"BLUEJAY_API_KEY": f"{CANARY}{end}"}).code == 0
    assert _show(command, "--api-key-file", key_file).code == 0


def test_a_key_file_that_is_not_text_is_explained_in_one_line(command: Command, key_file: Path) -> None:
    key_file.write_bytes(b"k\xff")
    Bad("", 2, "The API key has a character at position 2").check(_show(command, "--api-key-file", key_file))


def test_the_error_about_an_empty_variable_mentions_a_missing_github_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BLUEJAY_API_KEY", "")
    with pytest.raises(
        ConfigurationError, match=r"is set, but empty: on GitHub, \$\{\{ secrets\.NAME \}\} is"
    ):
        find_key(None)


BOTH_VARIABLES = {"BLUEJAY_API_KEY": CANARY, "BLUEJAY_API_KEY_FILE": "/missing"}
BAD_SOURCES = {
    "nowhere": Bad("", 2, "No API key. Set BLUEJAY_API_KEY, or give --api-key-file."),
    "two variables": Bad("", 2, "BLUEJAY_API_KEY and BLUEJAY_API_KEY_FILE are both set.", BOTH_VARIABLES),
    "missing file": Bad("--api-key-file /missing", 2, "/missing: No such file or directory. Give the file"),
    "directory": Bad("--api-key-file .", 2, ".: Is a directory. Give the file that contains the API key."),
    "empty file": Bad("--api-key-file /dev/null", 2, "/dev/null is empty. Give the file that contains the"),
    "endless file": Bad("--api-key-file /dev/zero", 2, "/dev/zero is longer than any key. Give the file"),
    "key with a space": Bad("", 2, "has a character at position 2", {"BLUEJAY_API_KEY": "a b"}),
}


@pytest.mark.parametrize("bad", BAD_SOURCES.values(), ids=list(BAD_SOURCES))
def test_a_bad_key_source_is_explained_in_one_line(bad: Bad, command: Command) -> None:
    bad.check(_show(command, *bad.arguments.split(), **bad.environment))
