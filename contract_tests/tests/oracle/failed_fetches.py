"""Random runs that are awaited, in which requests for conversations by id fail once or always."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bluejay_contract.stub import Answer

from .. import builders
from ..clock import START
from .conversations import pick
from .outcomes import Json, Reading, read

TOOLS: dict[str, Json] = {
    "absent": {},
    "null": {"tool_calls": None},
    "empty": {"tool_calls": []},
    "called": {"tool_calls": [builders.tool_calls()]},
    "not called": {"tool_calls": [builders.tool_calls(actual=0)]},
    "another called": {
        "tool_calls": [builders.tool_calls(actual=0), builders.tool_calls("find", expected=0)]
    },
}
STATUSES = ["COMPLETED"] * 9 + ["CALL_DROPPED", "ERROR", "NO_ANSWER", "SYSTEM_ERROR"]
ENDS: list[Json] = [
    {},
    {"end_time": START.isoformat()},
    {"end_time": (START - timedelta(hours=1)).isoformat()},
]
FAILURES = {
    **{str(status): Answer(status=status) for status in (401, 403, 404, 422, 429, 500, 503)},
    **{error: Answer(headers={"x-raises": error}) for error in ("ConnectError", "ReadError", "ReadTimeout")},
}
BROKEN = {
    "not JSON": Answer(b"<html>"),
    "breaks the contract": Answer.json({"simulation_result": {"id": "one"}}),
    "another conversation": Answer.json({"simulation_result": builders.result(99)}),
}
"""Bodies that break the contract, which ends the wait."""
FETCHES = [*[*FAILURES] * 3, *["record"] * 30, *BROKEN]


@dataclass(frozen=True)
class Awaited:
    """A run, and for each conversation the responses to requests by id, of which the last one repeats.

    A response is the name of a failure, or the conversation's record.
    """

    document: Json
    fetches: dict[int, list[str | Json]]

    def answers(self) -> dict[str, list[Answer]]:
        """Return the responses as `Call` describes them."""
        fetches = {f"#{id_}": [*map(_answer, each)] for id_, each in self.fetches.items()}
        return {"48213": [Answer.json(self.document)], **fetches}

    def received(self, requests: Iterable[str]) -> dict[int, list[str | Json]]:
        """Return the responses to these requests by id, such as `#1`, by conversation."""
        made = Counter(requests)
        return {
            id_: (each + each[-1:] * made[f"#{id_}"])[: made[f"#{id_}"]] for id_, each in self.fetches.items()
        }


def _answer(fetch: str | Json) -> Answer:
    return (
        Answer.json({"simulation_result": fetch}) if isinstance(fetch, dict) else (FAILURES | BROKEN)[fetch]
    )


def _evaluated(seed: str, id_: str, time: str) -> Json:
    goal = pick(seed, f"goal {id_}", [True, True, True, False, None])
    return {"evaluations": [builders.evaluation(id=id_, goal_success=goal, created_at=f"2026-11-19T{time}Z")]}


def awaited(seed: str) -> Awaited:
    """Return a run that has ended, with 2 to 10 conversations."""
    expects = pick(seed, "expects tools", [True, True, True, False])
    of_list = (
        [*["absent", "null", "empty"] * 2, "called", "not called", "another called"]
        if expects
        else ["absent"]
    )
    listed, fetches = list[Json](), dict[int, list[str | Json]]()
    for number in range(1, pick(seed, "size", range(3, 12))):
        of_one = f"{seed}/{number}"
        each: Json = {
            "id": number,
            "status": pick(of_one, "status", STATUSES),
            "digital_human_id": number // 2,
        }
        each |= pick(of_one, "end", ENDS)
        listed.append(each | _evaluated(of_one, "listed", "15:00:00") | TOOLS[pick(of_one, "tools", of_list)])
        of_record = pick(of_one, "tools of record", [*TOOLS] if expects else ["absent"])
        record = each | _evaluated(of_one, "fetched", "15:10:00") | TOOLS[of_record]
        names = [pick(of_one, f"fetch {n}", FETCHES) for n in range(pick(of_one, "fetches", [1, 2]))]
        fetches[number] = [record if name == "record" else name for name in names]
    return Awaited(builders.response(*listed, total_tests=len(listed)), fetches)


def outcomes_of(run: Awaited, received: dict[int, list[str | Json]]) -> Reading | int:
    """Return the outcomes of an awaited run; 5 if a response breaks the contract."""
    responses = [each for of_one in received.values() for each in of_one]
    if any(isinstance(each, str) and each in BROKEN for each in responses):
        return 5
    unread = {id_ for id_, each in received.items() if each and isinstance(each[-1], str)}
    return read(run.document, fetched=[each for each in responses if isinstance(each, dict)], unread=unread)
