"""Both clients wait as the model does, on every schedule of responses."""

import random
from itertools import product
from typing import Any

from bluejay_contract.stub import Answer
from bluejay_results import SimulationRun, WaitTimeoutError
from contract_kit.tests.tables import table

from .. import builders
from ..golden.building import ENDED, fault, queued_run
from ..overlay.answers import CALLED, UNRECORDED, UNSCORED, listed, single
from ..virtual import BOTH, JITTER, Call, play
from .waiting import Fault, Fetch, Reply, State, Wait

CONVERSATIONS: dict[str, dict[str, Any]] = {
    "passed": CALLED,
    "lacking": UNRECORDED | ENDED,
    "lacking, untimed": UNRECORDED,
    "scoring": UNSCORED,
}
REPLIES: list[Reply] = [
    State("RUNNING", "scoring"),
    State("COMPLETED", "scoring"),
    State("COMPLETED", "lacking"),
    State("COMPLETED", "lacking, untimed"),
    State("COMPLETED", "passed"),
    State("COMPLETED", "passed", missing=1),
    State("COMPLETED", "lacking", missing=1),
    State("INCOMPLETED", "scoring"),
    State(None, "scoring"),
    State(None, "lacking"),
    *(Fault(each) for each in (403, 404, 501, 503, 511, 512, 520)),
    *(Fault(429, each) for each in (None, 0, 7, 50)),
]
FETCHES: list[Fetch] = ["lacking", "whole", Fault(404), Fault(503, 9), Fault(429, 7), Fault(403)]
OPTIONS: dict[str, list[Any]] = {
    "timeout": [300, 100, 5, 61],
    "interval": [50, 10, 3, 200],
    "grace": [180, 60, 0],
    "retries": [0, 1, 3],
    "is_queued": [True, False],
}


def answer(reply: Reply) -> Answer:
    """Return the response with a state of the run."""
    if isinstance(reply, Fault):
        return fault(reply.status, reply.asked)
    conversation = builders.result(1, **CONVERSATIONS[reply.conversation])
    return listed(conversation, id="48213", status=reply.run, total_tests=1 + reply.missing)


def record(fetch: Fetch) -> Answer:
    """Return the response to a fetch by id."""
    if isinstance(fetch, Fault):
        return fault(fetch.status, fetch.asked)
    return single(1, **(CALLED if fetch == "whole" else UNRECORDED | ENDED))


def agree(kind: str, replies: list[Reply], fetches: list[Fetch], **options: Any) -> None:
    """Compare a client with the model."""
    model = Wait(replies, fetches, **options, jitter=JITTER)
    expected = model.ends()
    call = Call(
        "wait",
        queued_run() if options["is_queued"] else "48213",
        {"48213": [*map(answer, replies)], "#1": [*map(record, fetches)]},
        {
            "timeout": options["timeout"],
            "poll_interval": options["interval"],
            "tool_call_grace": options["grace"],
        },
        {"retries": options["retries"]},
    )
    played = play(BOTH[kind], call)
    assert (played.trace, ended(played.ended)) == (" ".join(model.trace), expected)


def ended(found: Any) -> str:
    """Return how a call ended, in the words of the model."""
    if isinstance(found, SimulationRun):
        return f"{found.results[0].outcome}"
    return "timed out" if isinstance(found, WaitTimeoutError) else f"{found.status_code}"


@table("first, second", product(REPLIES, repeat=2))
def test_a_wait_does_what_the_model_does_about_every_two_responses(first: Reply, second: Reply) -> None:
    options = {name: values[0] for name, values in OPTIONS.items()}
    agree("sync", [first, second], ["lacking"], **options)


@table("seed", range(250))
def test_both_clients_do_what_the_model_does_on_random_schedules(seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - no secret
    replies = [choose.choice(REPLIES) for _ in range(choose.randint(1, 7))]
    fetches = [choose.choice(FETCHES) for _ in range(choose.randint(1, 3))]
    options = {name: choose.choice(values) for name, values in OPTIONS.items()}
    agree("async" if seed % 2 else "sync", replies, fetches, **options)
