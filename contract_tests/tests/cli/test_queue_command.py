"""The command `queue`: the run id for a shell, the request and the exit codes."""

import json
import signal
from collections.abc import Iterator

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import Clock

from .command import CANARY, Bad, Command, Ended, InProcess, broken_pipe, has_received, queue_requests

APP = "https://app.getbluejay.ai/simulations/731/runs/48401"
PAGE = f"Queued run 48401, 5 conversations: {APP}"
UUID = "5f0c3f7e-5d0a-4f0e-9b5b-0a8f3f1b2c4d"
OTHERS = {
    "knowledge_base_id": UUID,
    "sip_uri": "sip:a@b.example",
    "livekit_agent_name": "kit",
    "livekit_metadata": {"tenant": "blau\u00fc"},
    "pipecat_agent_name": "cat",
    "pipecat_agent_configuration": {},
    "pipecat_room_properties": {"a": [1]},
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


def test_queue_sends_every_field(command: Command, stub: Stub) -> None:
    humans = [word for id_ in ("57", "58", "57") for word in ("--digital-human", id_)]
    ended = command("queue", "731", *humans, "--agent-version", UUID, "--with", json.dumps(OTHERS))
    assert ended.code == 0
    assert ended.out == b"48401\n"
    own = {"simulation_id": "731", "digital_human_ids": ["57", "58", "57"], "agent_version_id": UUID}
    assert queue_requests(stub) == [own | OTHERS]


def test_with_may_set_a_field_that_has_an_option(command: Command, stub: Stub) -> None:
    assert command("queue", "731", "--with", '{"digital_human_ids": ["57"]}').code == 0
    assert queue_requests(stub) == [{"simulation_id": "731", "digital_human_ids": ["57"]}]


def test_json_writes_the_documented_view(command: Command) -> None:
    view = command("queue", "731", "--json")
    assert json.loads(view.out) == {
        "format": "bluejay-results/queued",
        "version": 1,
        "run_id": "48401",
        "simulation_id": "731",
        "agent_id": "17",
        "result_ids": [f"48401000{number}" for number in range(1, 6)],
        "app_url": APP,
    }
    assert view.errors == [PAGE]


BAD_INPUTS = {
    "key in place of an id": Bad(f"queue {CANARY}", 2, "The simulation id contains the API key"),
    "two phone lines": Bad(
        'queue 731 --with {"phone_number":"1","sip_uri":"a"}',
        2,
        "phone_number and sip_uri can't be combined.",
    ),
    "an id that is not a UUID": Bad("queue 731 --agent-version 7", 2, "agent_version_id: Invalid UUID."),
    "a wrong type": Bad('queue 731 --with {"sip_uri":7}', 2, "sip_uri: Expected `str | null`, got `int`."),
    "an unknown field": Bad('queue 731 --with {"a":1}', 2, "no field 'a'. The fields are simulation_id,"),
    "a field that an option sets": Bad(
        'queue 731 --digital-human 5 --with {"digital_human_ids":["6"]}',
        2,
        "--with: another option sets digital_human_ids too. Give it once.",
    ),
    "another simulation": Bad(
        'queue 731 --with {"simulation_id":"732"}', 2, "another option sets simulation_id too."
    ),
    "an organization with a line break": Bad(
        "queue 731",
        2,
        "BLUEJAY_ORGANIZATION_ID must be one line of ASCII text",
        {"BLUEJAY_ORGANIZATION_ID": "a\nb"},
    ),
    "no JSON": Bad("queue 731 --with {a", 2, "'--with': it is not JSON: Expecting"),
    "no JSON object": Bad("queue 731 --with []", 2, "'--with': it is not a JSON object, such as"),
    "deep JSON": Bad(f"queue 731 --with {'[' * 99_999}", 2, "'--with': it is not JSON"),
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
    Bad("", code, says).check(command("queue", "731"))
    assert len(stub.requests) == 1


@pytest.mark.parametrize("run_id", ["", "a\nb"])
def test_a_run_id_that_a_shell_cannot_use_exits_with_5(command: Command, stub: Stub, run_id: str) -> None:
    answer = {"simulation_run_id": run_id, "simulation_result_ids": [], "agent_id": "1"}
    stub.serve_queue(Answer.json(answer))
    Bad("", 5, "A run may have been queued: look at").check(command("queue", "731"))


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


def test_a_run_is_named_on_stderr_if_nobody_reads_stdout(process: Command) -> None:
    with broken_pipe() as ours:
        ended = process("queue", "731", stdout=ours)
    assert ended.code == 141
    assert ended.errors == [PAGE]
