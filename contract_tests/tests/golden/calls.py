"""Calls of every method of the client, and the responses to each: its trace and its end are kept."""

import gzip
from typing import Any

from bluejay_contract.stub import Answer

from .. import builders
from ..overlay.answers import CALLED, EMPTY, QUEUED, UNRECORDED, conversations, large_run, listed, single
from ..virtual import Call
from .building import (
    AN_HOUR,
    AWAY,
    EARLIER,
    ENDED,
    FAILED,
    FIRST,
    FIRST_PAGE,
    JUDGED,
    LACKING,
    LATE,
    LIMITED,
    NO_OBJECT,
    NONE,
    NULL,
    ODD_ID,
    OTHER,
    REQUEST,
    RUNNING,
    SCORING,
    UNDER_WAY,
    UNJUDGED,
    UNTIMED,
    URL,
    WHOLE,
    broken,
    completed,
    fault,
    many,
    of,
    one,
    own,
    paged,
    queue,
    queued_run,
    retrieve,
    row,
    runs,
    wait,
)

WAITS: dict[str, Call] = {
    "under way": wait(large_run(status="INITIALIZING"), *[large_run(status="RUNNING")] * 2, large_run()),
    "progress": wait(RUNNING, listed(UNDER_WAY, tests_completed=2, tests_incompleted=1), listed(FIRST)),
    "a null status": wait(*(large_run(*each, count=101, status=None) for each in ((1,), ()))),
    "never settled": wait(large_run(count=101, status="RUNNING"), timeout=120),
    "never settled, with all reasons": wait(
        listed(UNTIMED, SCORING, builders.result(3, duration="long"), total_tests=5),
        timeout=99,
        on_violation="collect",
    ),
    "pages under way": wait(large_run(100, 250), large_run(250), large_run()),
    "a page waits for calls": wait(
        *(listed(each, *conversations(150, first=2, **CALLED)) for each in (LATE, LATE | CALLED)),
        fetches=[LACKING],
    ),
    "one is missing": wait(large_run(count=249, total_tests=250), large_run()),
    "more than a page is missing": wait(large_run(count=199, total_tests=250), large_run()),
    "a run that shrinks": wait(
        large_run(1, **NULL), large_run(1, count=150, **NULL), large_run(count=150, status=None)
    ),
    "a page that is deleted": wait(*[large_run(7, count=150)] * 2, large_run(count=90)),
    "never called": wait(listed(LATE), fetches=[LACKING]),
    "without a grace": wait(listed(LATE), fetches=[LACKING], tool_call_grace=0),
    "a grace of 60 s": wait(listed(LATE), fetches=[LACKING], tool_call_grace=60),
    "an end before the wait": wait(listed(EARLIER), fetches=[single(**EARLIER)]),
    "a clock that is ahead": wait(listed(LATE, date=AN_HOUR), fetches=[Answer(LACKING.body, date=AN_HOUR)]),
    "no Date": wait(listed(LATE, date=None), fetches=[LACKING]),
    "an end without a time": wait(
        listed(UNTIMED, SCORING, status="RUNNING"),
        listed(UNTIMED, SCORING),
        listed(UNTIMED, OTHER),
        fetches=[single(**UNRECORDED)],
    ),
    "not before the others have ended": wait(
        listed(LATE, OTHER, status="RUNNING"), listed(LATE, SCORING), listed(LATE, OTHER), fetches=[WHOLE]
    ),
    "a call that is fetched late": wait(listed(LATE), fetches=[LACKING, WHOLE]),
    "a call that is listed late": wait(listed(LATE), listed(LATE | CALLED), fetches=[LACKING]),
    "a verdict that arrives late": wait(
        listed(builders.result(1, **UNJUDGED, **ENDED)),
        listed(builders.result(1, **JUDGED)),
        fetches=[single(1, **UNJUDGED, **ENDED)],
    ),
    "a fetch that fails once": wait(listed(LATE), fetches=[NONE, WHOLE]),
    "a fetch that always fails": wait(listed(LATE), fetches=[NONE]),
    "a fetch with another duration": wait(
        listed(LATE | {"duration": 5}, builders.result(2, **UNRECORDED)),
        listed(LATE | {"duration": 6}, OTHER),
        fetches=[single(1, **CALLED, duration=7)],
    ),
    "a record that is under way": wait(
        listed(builders.result(1, **EMPTY), OTHER), fetches=[single(status="EVALUATING")]
    ),
    "never listed": wait(listed(OTHER, total_tests=2)),
    "not settled in time": wait(listed(LATE), fetches=[LACKING], timeout=100),
    "polls that fail after the end": wait(listed(LATE), AWAY, AWAY, listed(LATE | CALLED), fetches=[LACKING]),
    "polls that fail with a CDN's status": wait(RUNNING, fault(520), fault(599), listed(FIRST)),
    "polls that are limited": wait(LIMITED, fault(429, 60), listed(FIRST)),
    "each poll has its own retries": wait(AWAY, RUNNING, AWAY, listed(FIRST), retries=1, poll_interval=10),
    "one limit for the status and the pages": wait(
        AWAY, listed(FIRST), *[AWAY] * 2, listed(FIRST), retries=2
    ),
    "a pause that takes too long": wait(RUNNING, fault(429, 50), timeout=60, poll_interval=1),
    "a poll that fails at last": wait(RUNNING, fault(520), timeout=60),
    "a poll that fails at last, after the end": wait(listed(SCORING), fault(520), timeout=60),
    "not queued, and not found": wait(NONE, listed(FIRST)),
    "no poll succeeds": wait(AWAY, timeout=60),
    "a poll that is refused": wait(RUNNING, fault(403, detail="No\nway")),
    "a first poll that is refused": wait(fault(501)),
    "no connection at first": wait(broken("ConnectError"), listed(FIRST)),
    "no connection later": wait(RUNNING, *map(broken, ("ConnectError", "ReadTimeout")), listed(FIRST)),
    "no connection at last": wait(RUNNING, broken("ReadError"), timeout=60),
    "a fetch without a response": wait(listed(LATE), fetches=[broken("ReadError")], tool_call_grace=0),
    "cut short": wait(listed(SCORING, status="INCOMPLETED", date=None)),
    "compressed": wait(Answer(gzip.compress(listed(OTHER).body), headers={"content-encoding": "gzip"})),
    "a violation": wait(listed(OTHER, tests_passed="3"), on_violation="collect"),
    "a violation that is raised": wait(RUNNING, listed(OTHER, tests_passed="3")),
    "an id that is invalid": wait(listed(UNTIMED | {"id": "x"}), on_violation="collect"),
    "another simulation": of(wait(own("48213", simulation_id="733")), URL.format(731, "/#top")),
    "queued": of(wait(*[NONE] * 2, own("48213")), queued_run("1", "2")),
    "queued, and never listed": of(wait(NONE, poll_interval=10), queued_run()),
    "queued in another simulation": of(wait(own("48213", simulation_id="733")), queued_run("1")),
    "without pages": Call(
        "wait",
        answers={"48213": [large_run(status="RUNNING"), *[large_run(250)] * 2, large_run()]},
        pages=False,
    ),
}
KINDS: dict[str, list[dict[str, Any]]] = {
    "no call recorded": [UNRECORDED, CALLED],
    "none to call, others have some": [CALLED, EMPTY, {"tool_calls": None}],
    "none to call in the run": [EMPTY, EMPTY],
    "another caller": [CALLED | {"digital_human_id": 5}, EMPTY | {"digital_human_id": 6}],
    "no verdict": [{"evaluations": []}, UNJUDGED],
    "one of two not called": [{"tool_calls": [builders.tool_calls("a"), builders.tool_calls(actual=0)]}],
    "never connected": [
        CALLED,
        UNRECORDED | {"status": "NO_ANSWER"},
        EMPTY | {"status": "CANCELLED"},
    ],
    "under way": [CALLED, UNRECORDED | {"status": "EVALUATING"}],
    "cut off": [CALLED, EMPTY | {"status": "CALL_DROPPED"}],
    "failed": [CALLED | FAILED, UNRECORDED | FAILED],
}
RETRIEVES: dict[str, Call] = {
    "retrieved early": retrieve(listed(LATE)),
    "retrieved and fetched": retrieve(listed(LATE), fetches=[WHOLE], complete=True),
    "fetched without a grace": retrieve(listed(LATE), fetches=[LACKING], complete=True, tool_call_grace=0),
    **{f"{count} conversations": retrieve(listed(*conversations(count))) for count in (0, 99, 100, 101, 250)},
    **{
        f"{count} conversations, without pages": Call(
            "retrieve", answers={"48213": [listed(*conversations(count))]}, pages=False
        )
        for count in (99, 100, 101, 250)
    },
    "a run that grows": paged(
        listed(*FIRST_PAGE, status="RUNNING", total_tests=150),
        listed(*conversations(100, first=101), total_tests=200),
        listed(*conversations(5, first=201), total_tests=205),
    ),
    "a violation on each page": paged(
        listed(builders.result(1, duration="long"), *FIRST_PAGE[1:]),
        listed(builders.result(101, duration="long")),
        on_violation="collect",
    ),
    "a violation on page 2": paged(listed(*FIRST_PAGE), listed(builders.result(101, duration="long"))),
    "a full page with an invalid item": retrieve(
        listed(NO_OBJECT, *conversations(100, first=2)),
        on_violation="collect",
    ),
    "another run": paged(listed(id="48214"), on_violation="collect"),
    "another run on page 2": paged(listed(*FIRST_PAGE), listed(builders.result(101), id="48214")),
    "an invalid run id": retrieve(listed(id=5), on_violation="collect"),
    "page 2 fails": paged(listed(*FIRST_PAGE), AWAY),
    "page 2 repeats page 1": paged(*[listed(*FIRST_PAGE, total_tests=150)] * 2),
    "another simulation": of(retrieve(own("48213", simulation_id="733")), URL.format(731, "?tab=calls")),
    "its simulation": of(retrieve(own("48213")), URL.format(731, "")),
    "an encoded id": Call("retrieve", ODD_ID, {ODD_ID: [own(ODD_ID)]}),
    "retries of all pages together": Call(
        "retrieve",
        answers={
            "48213@0": [AWAY, AWAY, listed(*FIRST_PAGE)],
            "48213@100": [AWAY, AWAY, listed(builders.result(101))],
        },
    ),
    "retries of a fetch": retrieve(
        AWAY, fault(502), listed(LATE), fetches=[fault(500), LIMITED, WHOLE], retries=2, complete=True
    ),
    "a pause that just ends in time": retrieve(fault(429, 18), listed(FIRST), retries=1, timeout=20),
    "a pause that ends too late": retrieve(fault(429, 19), listed(FIRST), retries=1, timeout=20),
    "no connection": retrieve(*map(broken, ("ConnectError", "WriteError", "PoolTimeout")), retries=2),
    "a fetch without a response": retrieve(
        listed(LATE), fetches=[broken("ReadTimeout")], retries=1, complete=True
    ),
    "the longest pauses": retrieve(*[AWAY] * 9, listed(FIRST), retries=9),
    "a fetch that fails": retrieve(
        listed(LATE), fetches=[fault(503, date=AN_HOUR)], retries=1, complete=True
    ),
    "a fetch of another conversation": retrieve(listed(LATE), fetches=[single(2)], complete=True),
    "a fetch that breaks the contract": retrieve(
        listed(LATE), fetches=[single(1, duration="x")], complete=True
    ),
    "a fetch with a violation": retrieve(
        listed(LATE), fetches=[single(1, duration="x")], complete=True, on_violation="collect"
    ),
    "a conversation without an id": retrieve(
        listed(UNTIMED | {"id": "seven"}, LATE),
        fetches=[WHOLE],
        complete=True,
        on_violation="collect",
    ),
    **{f"complete: {name}": completed(*kinds) for name, kinds in KINDS.items()},
}

OTHERS: dict[str, Call] = {
    "many": many("unknown", "a", "..", "b", answers={"a": [own("a")], "b": [AWAY, own("b")]}, retries=1),
    "many, and one is limited": many(
        "a", "b", "c", answers={"a": [LIMITED], "b": [own("b")], "c": [own("c")]}
    ),
    "many, limited for long": many("a", "b", answers={"a": [fault(429, 99)], "b": [own("b")]}, timeout=20),
    "many, limited twice": many("a", "b", answers={"a": [LIMITED, fault(429)], "b": [own("b")]}, retries=1),
    "many, completed": many("48213", answers={"48213": [listed(LATE)], "#1": [WHOLE]}, complete=True),
    "many, without a grace": many("48213", answers={"48213": [listed(LATE)]}, tool_call_grace=0),
    "many, with violations": many("48213", answers={"48213": [listed(LATE, id=5)]}, on_violation="collect"),
    "a result": one(AWAY, LIMITED, single(1, **CALLED, extra=1)),
    "a result that breaks the contract": one(single(1, start_time="then")),
    "a result with a violation": one(single(1, start_time="test-key"), on_violation="collect"),
    "another result": one(single(2)),
    "no result": one(NONE),
    "runs": runs(
        row(7),
        row(10),
        row(9, created_at="2026-11-19T17:03:00+02:00", experiment_id=731.0),
        row(1, created_at="2026-11-20T00:00:00Z", tests_passed=3, total_tests=15),
        answers=[AWAY],
    ),
    "runs with new values": runs(row(2**53 + 1, status="PAUSED", owner="me")),
    "runs with violations": runs(
        row(1, created_at="soon"), None, row(3, total_tests="4"), on_violation="collect"
    ),
    "runs that break the contract": runs(row(), row(id_=None)),
    "runs without usable ids": runs(row("seven"), row(8, experiment_id="x"), on_violation="collect"),
    "runs of another simulation": runs(row(1), row(2, experiment_id=732)),
    "no runs": runs(simulation="a/b"),
    "no list of runs": runs(answers=[Answer.json({"detail": "Not found"})]),
    "an empty response about runs": runs(answers=[Answer(b"{}")]),
    "no simulation": runs(answers=[NONE]),
    "queue": queue(
        Answer.json(QUEUED),
        run=REQUEST,
        digital_human_ids=["55", 56],
        agent_version_id="5F0B6E0A-8F0F-4D3C-9A53-6A4A8A0F5C11",
    ),
    "queue, limited": queue(LIMITED, fault(429), Answer.json(QUEUED)),
    "queue, limited for good": queue(fault(429)),
    "queue, without a connection": queue(broken("ConnectError"), broken("PoolTimeout"), Answer.json(QUEUED)),
    "queue, never connected": queue(broken("ConnectTimeout"), retries=1),
    "queue, without a response": queue(broken("ReadTimeout"), Answer.json(QUEUED)),
    "queue, cut off": queue(LIMITED, broken("RemoteProtocolError"), Answer.json(QUEUED)),
    **{
        f"queue, {each}": queue(fault(each), Answer.json(QUEUED))
        for each in (202, 303, 400, 408, 500, 503, 520)
    },
    "queue, too large": Call("queue", "731", {"queue": [Answer(b" " * 99)]}, settings={"max_body_bytes": 98}),
    "queue, with an unusable id": queue(Answer.json(QUEUED | {"simulation_run_id": "1 --har=x"})),
    "queue, without an id": queue(Answer(b"{}")),
}
CALLS = {
    **{f"wait: {name}": each for name, each in WAITS.items()},
    **{f"retrieve: {name}": each for name, each in RETRIEVES.items()},
    **OTHERS,
}
