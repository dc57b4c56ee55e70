"""Every mistake and every failure gives one line on stderr and a documented exit code."""

from pathlib import Path

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import Clock
from bluejay_results.cli import source

from .command import CANARY, COMMAND, Bad, Command, InProcess

SETTLED = SCENARIOS["settled"].bodies[-1]
HTML = {"content-type": "text/html"}
ANSWERS = {
    "html": Answer(b"<!doctype html><title>Sign in</title>", headers=HTML),
    "wrong-type": Answer(SETTLED.replace(b'"simulation_id":"731"', b'"simulation_id":731')),
    "echo": Answer(SETTLED.replace(b"2026-11-19T16:04:00Z", CANARY.encode())),
    "rejected": Answer.json(
        {"detail": [{"loc": ["path", "id"], "msg": f"{CANARY}\nis\x1b[2J bad", "type": "x"}]}, 422
    ),
    "down": Answer(b"<h1>down</h1>", 500, HTML | {"retry-after": "0"}),
}


BAD_INPUTS = {
    # the command line
    "no command": Bad("", 2, "Missing command. See: bluejay-results --help"),
    "unknown command": Bad("shw 48213", 2, "No such command 'shw'. Did you mean 'show'? See:"),
    "missing argument": Bad("show", 2, "'RUN|FILE|-', or --result ID. See: bluejay-results show --help"),
    "extra argument": Bad(f"show 48213 {CANARY}", 2, "unexpected extra argument(s) (<redacted>). See:"),
    "unknown option": Bad(f"show 48213 --api-key={CANARY}", 2, "No such option: --api-key (Possible"),
    "option without a value": Bad("wait 48213 --timeout", 2, "'--timeout' requires an argument. See:"),
    "non-numeric option": Bad("wait 48213 --timeout soon", 2, "Invalid value for '--timeout': "),
    "number out of range": Bad("wait 48213 --poll-interval 0", 2, "poll_interval must be a number of"),
    "two formats at once": Bad("show 48213 --all --json", 2, "--all and --json can't be combined. Keep one"),
    "unknown conversation": Bad(
        "show 48213 --result 7", 2, "Conversation 7 is not among the 15 that run 48213 lists."
    ),
    "conversation that does not exist": Bad(
        "show --result 99", 3, "404: There is no such result for this key."
    ),
    "invalid id of a conversation": Bad("show --result .", 2, "The result id can't be '.'. Check the id."),
    "--all with one conversation": Bad(
        "show 48213 --all --result 7", 2, "--all and --result can't be combined."
    ),
    "grace below 0": Bad("wait 48213 --tool-call-grace -1", 2, "tool_call_grace must be a number of"),
    "--since without a time": Bad(
        "runs 731 --since 7d", 2, "'--since': '7d' is not a date or a time such as "
    ),
    "the last 0 runs": Bad("runs 731 --last 0", 2, "Invalid value for '--last': "),
    "unknown log level": Bad("show 48213", 2, "BLUEJAY_LOG must be debug, got", {"BLUEJAY_LOG": "loud"}),
    # the settings
    "no key": Bad("show 48213", 2, "No API key. Set BLUEJAY_API_KEY, or give", {"BLUEJAY_API_KEY": ""}),
    "key that is not UTF-8": Bad(
        "show 48213", 2, "at position 5", {"BLUEJAY_API_KEY": "lock\udce9-and-bolt"}
    ),
    "URL without http": Bad("show 1 --base-url a:80/v1", 2, "base_url 'a:80/v1' is not an http or https URL"),
    "URL of another kind": Bad("show 1", 2, "BLUEJAY_API_URL 'ftp://x' is", {"BLUEJAY_API_URL": "ftp://x"}),
    # the run id
    "run id that is not UTF-8": Bad("show \udcff", 2, "The run id has a control character at position 1"),
    "key in place of a run id": Bad(f"show {CANARY}", 2, "The run id contains the API key"),
    "unknown run": Bad("show 99999", 3, "404: There is no such run for this key. Check the run id."),
    "unknown simulation": Bad("runs 999", 3, "404: There is no such simulation for this key. Check the"),
    "URL of another page": Bad("runs https://a/b", 2, "is not the URL of a simulation in the app. Give a"),
    # the file
    "missing file": Bad("show missing.json", 2, "missing.json: No such file or directory. Give an id"),
    "file with an escape sequence": Bad("show \x1b[2J.json", 2, "\\x1b[2J.json: No such file or directory."),
    "file that is not UTF-8": Bad("show \udcff.json", 2, "\\udcff.json: No such file or directory."),
    "a directory": Bad("show ./", 2, "./: Is a directory. Give an id"),
    "empty file": Bad("show empty.json", 5, "empty.json: The response is empty. Save a run"),
    "other JSON": Bad("show other.json", 5, "required field `simulation_run` at $.simulation_run. Save a"),
    "page": Bad("show page.json", 5, "page.json: The response is not JSON: Expecting"),
    "file to wait for": Bad(
        "wait page.json", 2, "page.json is a file, which can't be waited for. Give a run"
    ),
    "run in place of a list": Bad("runs run.json", 5, "run.json: The response has no list of runs"),
    "missing file in place of a simulation": Bad(
        "runs no.har", 2, "no.har: No such file or directory. Give an id"
    ),
    "empty stdin": Bad("show -", 5, "standard input: The response is empty. Save"),
    # the service
    "server down": Bad("show 1 --base-url {closed}", 3, "the proxies and the network. [http"),
    "wrong key": Bad("show 48213", 3, "401: The API key was refused.", {"BLUEJAY_API_KEY": "other"}),
    "422": Bad("show rejected", 3, "The service said: path.id: <redacted> is\\x1b[2J bad"),
    "500": Bad("show down", 3, "500: The service failed."),
    "200 with HTML": Bad("show html", 5, "Expecting value: line 1 column 1 (char 0). Check the base URL; if"),
    "200 with a wrong type": Bad("show wrong-type", 5, "got `int` at $.simulation_run.simulation_id."),
    "200 with the key in it": Bad("show echo", 5, "<redacted>"),
    "file with an unsupported value": Bad("show huge.json", 3, "huge.json: This package can't represent a"),
    "endless file": Bad("show /dev/zero", 2, "/dev/zero is larger than 256 MiB, the maximum size."),
}


@pytest.mark.parametrize("bad", BAD_INPUTS.values(), ids=list(BAD_INPUTS))
def test_bad_input_prints_one_line_and_exits_with_the_documented_code(
    bad: Bad, command: Command, stub: Stub, closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder has some files that aren't runs. Retries follow without a pause."""
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    (tmp_path / "empty.json").touch()
    (tmp_path / "page.json").write_text("<html>")
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "run.json").write_bytes(SETTLED)
    (tmp_path / "huge.json").write_bytes(SETTLED.replace(b'"total_tests":15', b'"total_tests":1e400'))
    for run_id, answer in ANSWERS.items():
        stub.serve(run_id, answer)
    arguments = bad.arguments.format(closed=closed).split()
    bad.check(command(*arguments, cwd=tmp_path, environment=bad.environment))


@pytest.mark.parametrize(("program", "name"), [("bluejay-results", "show"), ("bluejay-contract", "check")])
def test_too_little_memory_prints_one_line(
    saved: Path, monkeypatch: pytest.MonkeyPatch, program: str, name: str
) -> None:
    def too_large(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(source, "bounded", too_large)
    ended = InProcess("http://127.0.0.1:9", COMMAND.with_name(program))(name, saved)
    advice = "There is too little memory for this body."
    Bad("", 2, advice).check(ended, program)
