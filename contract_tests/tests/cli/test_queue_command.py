"""The command `queue`: the run id for a shell, the request and the exit codes."""

import json
import signal
from collections.abc import Iterator

import pytest
from bluejay_contract.stub import Answer, Stub, run
from bluejay_results import Clock

from .command import CANARY, Bad, Command, Ended, InProcess, broken_pipe, has_received, queue_requests

APP = "https://app.getbluejay.ai/simulations/731/runs/48401"
PAGE = f"Queued 5 conversations: {APP}"
QUICKLY = ("--wait", "--poll-interval", "0.05")
UUID = "5f0c3f7e-5d0a-4f0e-9b5b-0a8f3f1b2c4d"
OPTIONS = {
    "--digital-human": ("57", "digital_human_ids", ["57", "58", "57"]),
    "--agent-version": (UUID, "agent_version_id", UUID),
    "--knowledge-base": (UUID, "knowledge_base_id", UUID),
    "--sip-uri": ("sip:a@b.example", "sip_uri", "sip:a@b.example"),
    "--livekit-agent-name": ("kit", "livekit_agent_name", "kit"),
    "--livekit-metadata": ('{"tenant": "blau\\u00fc"}', "livekit_metadata", {"tenant": "blau\u00fc"}),
    "--pipecat-agent-name": ("cat", "pipecat_agent_name", "cat"),
    "--pipecat-agent-configuration": ("{}", "pipecat_agent_configuration", {}),
    "--pipecat-room-properties": ('{"a": [1]}', "pipecat_room_properties", {"a": [1]}),
}


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A new stub for each test; its queued runs end soon."""
    with Stub(api_key=CANARY, queued_run_seconds=0.5) as running:
        yield running


@pytest.fixture
def command(stub: Stub) -> InProcess:
    return InProcess(stub.url)


@pytest.fixture
def process(stub: Stub) -> Command:
    return Command(stub.url)


def test_stdout_contains_only_the_run_id(process: Command, stub: Stub) -> None:
    ended = process("queue", "731")
    assert ended.code == 0
    assert ended.out == b"48401\n"
    assert ended.errors == [PAGE]
    assert queue_requests(stub) == [{"simulation_id": "731"}]


@pytest.mark.parametrize("url", [APP, "https://app.getbluejay.ai/simulations/731/", f"{APP}?tab=calls"])
def test_queue_accepts_the_url_of_a_simulation_in_the_app(command: Command, stub: Stub, url: str) -> None:
    assert command("queue", url).out == b"48401\n"
    assert queue_requests(stub) == [{"simulation_id": "731"}]


def test_queue_sends_every_option(command: Command, stub: Stub) -> None:
    given = [word for name, (value, *_) in OPTIONS.items() for word in (name, value)]
    ended = command("queue", "731", *given, "--digital-human", "58", "--digital-human", "57")
    assert ended.code == 0
    assert ended.out == b"48401\n"
    sent = {name: value for _, name, value in OPTIONS.values()}
    command("queue", "731", "--phone-number", "+15550100")
    assert queue_requests(stub) == [
        {"simulation_id": "731", **sent},
        {"simulation_id": "731", "phone_number": "+15550100"},
    ]


@pytest.mark.parametrize(
    ("option", "value"), [("--timeout", "0"), ("--poll-interval", "0"), ("--tool-call-grace", "nan")]
)
def test_no_run_is_queued_with_an_invalid_time(command: Command, stub: Stub, option: str, value: str) -> None:
    ended = command("queue", "731", "--wait", option, value)
    Bad("", 2, f"{option} must be a number of seconds").check(ended)
    assert queue_requests(stub) == []


def test_json_writes_the_documented_view_and_raw_writes_the_received_bytes(command: Command) -> None:
    view, raw = command("queue", "731", "--json"), command("queue", "731", "--raw")
    assert json.loads(view.out) == {
        "format": "bluejay-results/queued",
        "version": 1,
        "run_id": "48401",
        "simulation_id": "731",
        "agent_id": "17",
        "result_ids": [f"48401000{number}" for number in range(1, 6)],
        "app_url": APP,
    }
    assert json.loads(raw.out)["simulation_run_id"] == "48402"
    assert view.errors == ["48401", PAGE]
    assert raw.errors[0] == "48402"


def test_queue_with_wait_prints_the_id_and_then_the_settled_run(command: Command) -> None:
    ended = command("queue", "731", *QUICKLY)
    assert ended.code == 0
    assert ended.lines[0] == "48401"
    assert ended.lines[1].startswith("Run 48401 is settled (COMPLETED): ")
    assert ended.errors[0] == PAGE
    assert ended.errors[1].startswith("Run 48401: ")


def test_queue_with_wait_and_jsonl_writes_only_json_lines_to_stdout(command: Command) -> None:
    ended = command("queue", "731", *QUICKLY, "--jsonl")
    assert [json.loads(line)["outcome"] for line in ended.lines].count("passed") == 4
    assert ended.errors[:2] == ["48401", PAGE]


@pytest.mark.usefixtures("clock")
def test_a_queued_run_that_does_not_settle_in_time_exits_with_4(command: Command, stub: Stub) -> None:
    stub.serve("48401", Answer.json(run(id="48401", under_way=5)))
    ended = command("queue", "731", "--wait", "--timeout", "60")
    assert ended.code == 4
    assert ended.lines[0] == "48401"
    assert "The run 48401 had not settled within 60 s" in ended.errors[-1]


TWO_LINES = "--phone-number 1 --sip-uri sip:a"
BAD_INPUTS = {
    "key in place of an id": Bad(f"queue {CANARY}", 2, "The simulation id contains the API key"),
    "two phone lines": Bad(
        f"queue 731 {TWO_LINES}", 2, "--phone-number and --sip-uri can't be combined. Give one"
    ),
    "an id that is not a UUID": Bad("queue 731 --agent-version 7", 2, "--agent-version: Invalid UUID."),
    "an organization without --wait": Bad(
        "queue 731 --organization a", 2, "--organization can't be used without --wait."
    ),
    "an organization with a line break": Bad(
        "queue 731",
        2,
        "BLUEJAY_ORGANIZATION_ID must be one line of ASCII text",
        {"BLUEJAY_ORGANIZATION_ID": "a\nb"},
    ),
    "the key in place of an organization": Bad(
        f"queue 731 --wait --organization {CANARY}", 2, "--organization contains the API key."
    ),
    "an option that is not JSON": Bad(
        "queue 731 --livekit-metadata {a", 2, "'--livekit-metadata': it is not JSON: Expecting"
    ),
    "an option that is not a JSON object": Bad(
        "queue 731 --pipecat-room-properties []", 2, "properties': it is not a JSON object, s"
    ),
    "deep JSON": Bad(
        f"queue 731 --livekit-metadata {'[' * 99_999}", 2, "'--livekit-metadata': it is not JSON"
    ),
    "two ids at once": Bad("queue 731 --digital-human 5,6", 2, "'--digital-human': give one id; repeat the"),
    "an option of wait without --wait": Bad(
        "queue 731 --timeout 5 --all", 2, "--all and --timeout can't be used without --wait."
    ),
    "--jsonl without --wait": Bad("queue 731 --jsonl", 2, "--jsonl can't be used without --wait."),
    "two formats": Bad("queue 731 --wait --json --raw", 2, "--json and --raw can't be combined."),
    "a timeout that is not a number": Bad(
        "queue 731 --wait --timeout nan", 2, "--timeout must be a number of seconds"
    ),
    "other URL": Bad(
        "queue https://a.example", 2, "https://a.example is not the URL of a simulation in the app."
    ),
    "missing simulation": Bad("queue", 2, "Missing argument 'SIMULATION'. See: bluejay-results queue --help"),
}


@pytest.mark.parametrize("bad", BAD_INPUTS.values(), ids=list(BAD_INPUTS))
def test_bad_input_prints_one_line_and_nothing_is_sent(bad: Bad, command: Command, stub: Stub) -> None:
    bad.check(command(*bad.arguments.split(), environment=bad.environment))
    assert stub.requests == []


MAY_EXIST = "The run may have been queued anyway. Look at https://app.getbluejay.ai before"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (Answer(b"", 503), 3, MAY_EXIST),
        (Answer(b"<html>"), 5, MAY_EXIST),
        (Answer(b"", 404), 3, "There is no such simulation for this key."),
    ],
    ids=["503", "html", "404"],
)
def test_a_failed_request_says_that_a_run_may_exist_and_is_not_repeated(
    command: Command, stub: Stub, monkeypatch: pytest.MonkeyPatch, answer: Answer, code: int, says: str
) -> None:
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    stub.serve_queue(answer)
    Bad("", code, says).check(command("queue", "731", "--wait"))
    assert len(stub.requests) == 1


@pytest.mark.parametrize("run_id", ["", "a\nb"])
def test_a_run_id_that_a_shell_cannot_use_exits_with_5(command: Command, stub: Stub, run_id: str) -> None:
    answer = {"simulation_run_id": run_id, "simulation_result_ids": [], "agent_id": "1"}
    stub.serve_queue(Answer.json(answer))
    Bad("", 5, MAY_EXIST).check(command("queue", "731", "--wait"))


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [(signal.SIGINT, 130, "Interrupted."), (signal.SIGTERM, 143, "Stopped by SIGTERM.")],
)
def test_a_signal_after_the_request_says_that_a_run_may_exist(
    process: Command, stub: Stub, number: int, code: int, says: str
) -> None:
    stub.serve_queue(Answer(delay=60))
    ended = process.stopped(number, lambda: has_received(stub, "POST"), "queue", "731")
    advice = "A run may have been queued: look at https://app.getbluejay.ai before you queue it again."
    assert ended == Ended(code, b"", f"bluejay-results: {says} {advice}\n")


def test_a_signal_during_the_wait_names_the_run(process: Command, stub: Stub) -> None:
    stub.serve("48401", Answer(delay=60))
    ended = process.stopped(signal.SIGINT, lambda: has_received(stub, "GET"), "queue", "731", "--wait")
    advice = "Run 48401 is queued. To wait for it: bluejay-results wait 48401"
    assert ended.code == 130
    assert ended.out == b"48401\n"
    assert ended.errors[-1] == f"bluejay-results: Interrupted. {advice}"


def test_a_run_is_named_on_stderr_if_nobody_reads_stdout(process: Command) -> None:
    with broken_pipe() as ours:
        ended = process("queue", "731", stdout=ours)
    assert ended.code == 141
    assert ended.errors == [PAGE]
