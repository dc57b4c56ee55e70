"""Random runs, many of which are close to another verdict."""

from functools import lru_cache

from .changes import Unreadable
from .conversations import DAY, DRAWN, EITHER, conversation, listed, pick, styles
from .outcomes import Json, Reading, read, spelled
from .verdicts import COUNTERS, fewest_passed

KINDS = [listed(each) for each in DRAWN["kinds"]]
UNREADABLE: list[Unreadable] = [3, 4, 70]
BAD = [listed(each) for each in DRAWN["bad"]]


def _counters(seed: str, run: Json, results: list[Json]) -> Json:
    """Return counters: usually correct by the judge's or the reviewer's answers, sometimes null or wrong."""
    kind = pick(seed, "counters", listed(DRAWN["counters"]))
    if kind == "no total":
        return {"total_tests": pick(seed, "no total", [None, 0])}
    if kind in {"null", "absent"}:
        return {"tests_passed": None, "tests_failed": None} if kind == "null" else {}
    reading, total = read({"simulation_run": run, "simulation_results": results}), run["total_tests"]
    if kind == "off":
        lowest = fewest_passed(reading)
        passed = pick(seed, "off", [lowest - 1, lowest - 1, lowest, lowest, total, total + 1])
        failed = pick(seed, "tests_failed", [None, None, 0, 0, max(total - passed, 0), *range(total + 2)])
        return {"tests_passed": max(passed, 0), "tests_failed": failed}
    followed = pick(seed, "follow", [reading.outcomes, reading.by_judge])
    passed, failed = followed.count("passed"), followed.count("failed")
    if pick(seed, "dropped calls failed", EITHER):
        outcomes = zip(reading.conversations, followed, strict=True)
        dropped = sum(o == "passed" and spelled(each.get("status")) == "CALL_DROPPED" for each, o in outcomes)
        passed, failed = passed - dropped, failed + dropped
    more = pick(seed, "more", [0, 0, reading.count("unknown"), total])
    passed += max(min(more, total - passed - failed), 0)
    counted = {"tests_passed": passed, "tests_failed": failed}
    negative = {pick(seed, "negative", COUNTERS): pick(seed, "below 0", [-1, -7])}
    return counted | (negative if kind == "negative" else {})


def _document(seed: str, status: str | None, results: list[Json], run_id: str = "48213") -> Json:
    run: Json = {"id": run_id, "simulation_id": "731", "created_at": f"{DAY}09:59:00Z", "status": status}
    run["total_tests"] = max(len(results) + pick(seed, "total", [0] * 16 + [1, 2, 5, -1]), 0)
    run |= _counters(seed, run, results)
    return {"simulation_run": run, "simulation_results": results or pick(seed, "no results", [None, []])}


@lru_cache(maxsize=8)
def documents(seed: str) -> Json:
    """Return the response for a random run with 0 to 40 conversations."""
    style, status = styles(seed), pick(seed, "run status", listed(DRAWN["run statuses"]))
    kinds = pick(seed, "kinds", KINDS + KINDS[-1:] * 8 * (status != "COMPLETED"))
    repeats = pick(seed, "repeats", [1, 1, 2, 5, 5, 6])
    broken_caller = pick(seed, "broken caller", [False, False, True])
    others = ["void", pick(seed, "not failed", ["no answer", "void"])]
    broken = ["failed"] * pick(seed, "failures", [18, 9, 5, 3]) + others
    some_without_id = pick(seed, "some without id", [False, False, True])
    results = []
    for number in range(pick(seed, "size", DRAWN["sizes"])):
        human: int | None = number // repeats
        of_kinds = broken if broken_caller and human == 0 else kinds
        if some_without_id and pick(seed, f"without id {number}", EITHER):
            human = None
        kind = pick(seed, f"kind {number}", of_kinds)
        results.append(conversation(seed, number, human, kind, style))
    return _document(seed, status, results)


def fetched_again(seed: str, earlier: Json) -> Json:
    """Return another record of a conversation, as received by `wait` in a fetch by id."""
    human, kind = earlier.get("digital_human_id"), pick(seed, "kind", KINDS[2])
    return conversation(seed, earlier["id"] - 1000, human, kind, styles(seed))


@lru_cache(maxsize=2)
def pairs(seed: str) -> tuple[Json, Json]:
    """Return two runs of the same simulation, often with the same callers."""
    repeats = pick(seed, "repeats", [1, 1, 1, 2, 2, 3, 3, 4, 5, 6])
    callers = pick(seed, "callers", [6, 0, 1, 4, 5, 5, 6, 7, 8, 9, 10, 12, 13, 15, 20, 24, 30, 40])
    sides = []
    for side, run_id in (("before", "48101"), ("now", "48213")):
        of_side = f"{seed}/{side}"
        style, kinds = styles(of_side), pick(of_side, "kinds", [*KINDS, *BAD])
        results = [
            conversation(of_side, n, n // repeats, pick(of_side, f"kind {n}", kinds), style)
            for n in range(min(callers * repeats, 40))
        ]
        status = pick(of_side, "run status", ["COMPLETED"] * 24 + [None, "INCOMPLETED", "PAUSED"])
        sides.append(_document(of_side, status, results, run_id))
    return sides[0], sides[1]


def broken(document: Json) -> Json:
    """Return the response with a value that breaks the contract."""
    return document | {"simulation_run": document["simulation_run"] | {"summary": 7}}


def readable(document: Json | Unreadable) -> Reading | Unreadable:
    """Return a run's outcomes or, if the run can't be read or breaks the contract, the exit code."""
    if isinstance(document, int):
        return document
    return 5 if document == broken(document) else read(document)


def base_of(seed: str) -> Json | Unreadable:
    """Return the first of a pair as a base run; some can't be used, and some are wrong usage."""
    before, _ = pairs(seed)
    wrong: list[Json] = [{"status": "RUNNING"}, {"simulation_id": "732"}, {"id": "48213"}]
    base = before | {"simulation_run": before["simulation_run"] | pick(seed, "base", [{}] * 16 + wrong)}
    return pick(seed, "broken base", [*[base] * 20, broken(before), UNREADABLE[0]])


def several(seed: str) -> list[Json | Unreadable]:
    """Return one to three runs; some break the contract or can't be read, and sometimes one is repeated."""
    found: list[Json | Unreadable] = [documents(f"{seed}/run")]
    for number in range(1, pick(seed, "runs", [1, 2, 2, 2, 3, 4])):
        document = documents(f"{seed}/run {number}")
        document = document | {"simulation_run": document["simulation_run"] | {"id": str(48213 + number)}}
        others: list[Json | Unreadable] = [broken(document), broken(document), found[0], *UNREADABLE]
        found.append(pick(seed, f"kind of {number}", [document] * 10 + others))
    return found
