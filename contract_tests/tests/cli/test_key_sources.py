"""The API key from a file, from a command's output or from the environment, and never from two of them."""

import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import ConfigurationError
from bluejay_results.cli.key import KeyOptions, find_key, printed_by

from .command import CANARY, Bad, Command, Ended, InProcess

NO_KEY = {"BLUEJAY_API_KEY": ""}
ECHO = f"echo {CANARY}"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with the key that only its owner can read."""
    path = tmp_path / "key"
    path.write_text(f"{CANARY}\n")
    path.chmod(0o600)
    return path


def _script(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def _failing(script: str) -> str:
    """The option --api-key-command with a shell script that exits with 3."""
    return shlex.join(["--api-key-command", shlex.join(["sh", "-c", f"{script}; exit 3"])])


def _show(command: Command, *options: str | Path, **environment: str) -> Ended:
    return command("show", "48213", *options, environment=NO_KEY | environment)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ("show 48213 --api-key-file {file}", {}),
        ("show 48213 --api-key-file {windows_file}", {}),
        (f"show 48213 --api-key-command '{ECHO}'", {}),
        (f"show 48213 --api-key-command 'printf {CANARY}\\\\r\\\\nuser'", {}),
        ("show 48213", {"BLUEJAY_API_KEY_FILE": "{file}"}),
        ("show 48213", {"BLUEJAY_API_KEY_COMMAND": ECHO}),
        ("show 48213 --api-key-file {file}", {"BLUEJAY_API_KEY": "x", "BLUEJAY_API_KEY_FILE": "/missing"}),
    ],
)
def test_a_key_is_read_from_each_source_and_options_override_the_environment(
    command: Command, key_file: Path, arguments: str, environment: dict[str, str]
) -> None:
    """The first line of a command's output is the key. A private key file causes no warning."""
    windows_file = key_file.with_name("windows")
    windows_file.write_text(f"{CANARY}\r\n", newline="")
    windows_file.chmod(0o600)
    named = {name: value.format(file=key_file) for name, value in environment.items()}
    ended = command(
        *shlex.split(arguments.format(file=key_file, windows_file=windows_file)), environment=NO_KEY | named
    )
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
@pytest.mark.parametrize("option", ["--api-key-file {folder}/key", f"--api-key-command '{ECHO}'"])
def test_every_command_reads_the_key_from_a_file_or_a_command(key_file: Path, line: str, option: str) -> None:
    given = shlex.split(f"{line} {option}".format(folder=key_file.parent))
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
    its, ours = os.pipe()
    os.write(ours, CANARY.encode())
    os.close(ours)
    ended = _show(command, "--api-key-file", f"/dev/fd/{its}")
    os.close(its)
    assert ended.code == 0
    assert ended.err == ""


def test_a_saved_run_needs_no_key_and_runs_no_command(command: Command, saved: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    command("show", saved, "--api-key-command", shlex.join(["touch", str(mark)]))
    assert not mark.exists()


def test_no_shell_runs_the_key_command(command: Command, tmp_path: Path) -> None:
    _show(command, "--api-key-command", f"echo {CANARY} > {tmp_path}/mark; touch $HOME {tmp_path}/mark")
    assert not (tmp_path / "mark").exists()


def test_the_key_command_has_no_standard_input(command: Command) -> None:
    """Standard input may contain the run."""
    code = f"import sys; print('{CANARY}' if not sys.stdin.read() else 'other')"
    options = ("--api-key-command", _script(code))
    assert command("show", "48213", *options, stdin=b"{}", environment=NO_KEY).code == 0


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
        find_key(KeyOptions())


BOTH_VARIABLES = {"BLUEJAY_API_KEY": CANARY, "BLUEJAY_API_KEY_FILE": "/missing"}
BAD_SOURCES = {
    "nowhere": Bad("", 2, "No API key. Set BLUEJAY_API_KEY, or give --api-key-file or --api-key-command."),
    "stdin": Bad("--api-key-file -", 2, "The API key is not read from standard input."),
    "two options": Bad(
        "--api-key-file x --api-key-command y", 2, "--api-key-file and --api-key-command. Keep"
    ),
    "two variables": Bad(
        "", 2, "in more than one place: BLUEJAY_API_KEY and BLUEJAY_API_KEY_FILE. Keep", BOTH_VARIABLES
    ),
    "missing file": Bad("--api-key-file /missing", 2, "/missing: No such file or directory. Give the file"),
    "directory": Bad("--api-key-file .", 2, ".: Is a directory. Give the file that holds the API key."),
    "empty file": Bad("--api-key-file /dev/null", 2, "/dev/null is empty. Give the file that holds the"),
    "command that prints only a newline": Bad(
        "--api-key-command 'echo'", 2, "printed nothing on its first line."
    ),
    "endless file": Bad("--api-key-file /dev/zero", 2, "/dev/zero is longer than any key. Give the file"),
    "missing command": Bad(
        "--api-key-command /missing", 2, "-command: The command can't be run: No such file"
    ),
    "empty command": Bad("--api-key-command ''", 2, "--api-key-command: The command is empty."),
    "open quote": Bad('--api-key-command "\'"', 2, "The command can't be read: No closing quotation."),
    "failing command": Bad("--api-key-command false", 2, "The command ended with exit code 1."),
    "silent command": Bad("--api-key-command true", 2, "printed nothing on its first line."),
    "locked store": Bad(_failing("echo locked >&2"), 2, "ended with exit code 3 and printed: locked."),
    "output on stderr": Bad(_failing(f"{ECHO}; {ECHO} >&2"), 2, "The command ended with exit code 3."),
    "escape sequence": Bad(_failing(r'printf "\033[2J" >&2'), 2, r"and printed: \x1b[2J."),
    "header": Bad(
        f"--api-key-command 'echo Bearer {CANARY}'", 2, "starts with 'Bearer '. Give the key alone."
    ),
    "header in a variable": Bad(
        "", 2, "BLUEJAY_API_KEY: The API key starts", {"BLUEJAY_API_KEY": "bearer x"}
    ),
    "expression": Bad(
        "", 2, "a GitHub expression, ${{ ... }}, that", {"BLUEJAY_API_KEY": "${{ secrets.X }}"}
    ),
    "key with a space": Bad("--api-key-command 'echo a b'", 2, "The API key has a character at position 2"),
}


@pytest.mark.parametrize("bad", BAD_SOURCES.values(), ids=list(BAD_SOURCES))
def test_a_bad_key_source_is_explained_in_one_line(bad: Bad, command: Command) -> None:
    bad.check(_show(command, *shlex.split(bad.arguments), **bad.environment))


def test_a_key_command_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    """A child of the command prints without end."""
    started = tmp_path / "pid"
    with pytest.raises(ConfigurationError, match=r"did not end within 3 s"):
        printed_by(f"sh -c 'yes & echo $! > {started}; sleep 60'", timeout=3)
    assert _is_gone(int(started.read_text()))


def _is_gone(pid: int) -> bool:
    for _ in range(3000):
        if not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return False


def test_a_background_process_does_not_delay_the_key(tmp_path: Path) -> None:
    started = tmp_path / "pid"
    assert printed_by(f"sh -c 'echo {CANARY}; sleep 60 & echo $! > {started}'").reveal() == CANARY
    process = int(started.read_text())
    assert ") Z " not in Path(f"/proc/{process}/stat").read_text()
    os.kill(process, signal.SIGKILL)
