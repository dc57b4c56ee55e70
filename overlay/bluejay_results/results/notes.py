"""Notes to read before trusting a run's numbers. A note has a kind and data; `str(note)` is one line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from attrs import frozen
from bluejay_api.models import SimulationRunStatus

from .outcome import ENDED, RUN_CUT_SHORT, UNDER_WAY, Outcome, normalized
from .result import SimulationResult, never_requested
from .run import SimulationRun
from .simulation_runs import SimulationRuns
from .unknown_fields import names_text


class NoteKind(StrEnum):
    """What a note is about, and the keys in its data."""

    VIOLATIONS = "violations"
    """`count` values break the contract."""
    ENDED_EARLY = "ended early"
    """The run ended early, with the status `status`."""
    NOT_COUNTED = "not counted"
    """`count` conversations are unknown or void, depending on `outcome`.

    Each item of `reasons` has a `why`, a `status` and a `count`.
    """
    CORRECTED = "corrected"
    """Reviewers corrected answers in the conversations in `ids`."""
    MISSING = "missing"
    """The run counts `count` conversations that it doesn't list."""
    MORE_LISTED = "more listed"
    """The run lists more conversations (`listed`) than it counts (`counted`)."""
    MORE_SCORED = "more scored"
    """The run's `passed` and `failed` counters add up to more than `total`."""
    FEWER_PASSED = "fewer passed"
    """The run's counter reports fewer passed conversations (`counted`) than certainly passed (`passed`)."""
    NOT_FETCHED = "not fetched"
    """The conversations in `ids` could not be fetched by id; `message` is the error message."""
    NOT_IN_CONTRACT = "not in contract"
    """The contract doesn't list the statuses in `statuses` or the fields in `fields`."""
    INCOMPLETE = "incomplete"
    """The list lacks verdicts or tool calls of the conversations in `ids`, which nobody fetched by id.

    `run_id` is the run's id. A run that `wait` returned has no such note.
    """
    FEW_CALLERS = "few callers"
    """Fewer than `needed` callers are in both runs."""


@frozen
class Note:
    """Something to know before trusting the numbers; `str(note)` is one line of text.

    Attributes:
        kind: What the note is about.
        data: The note's numbers and names; see `NoteKind`. Names are as received.
    """

    kind: NoteKind
    data: Mapping[str, Any]

    def __str__(self) -> str:
        data = self.data
        match self.kind:
            case NoteKind.VIOLATIONS:
                return f"the response contains {data['count']} contract violation{'s' * (data['count'] > 1)}"
            case NoteKind.NOT_COUNTED:
                reasons = data["reasons"]
                why = [f"status {each['status']}" if each["status"] else each["why"] for each in reasons]
                if len(reasons) > 1:
                    why = [f"{text} ({each['count']})" for text, each in zip(why, reasons, strict=True)]
                return f"{_conversations(data['count'], 'is', 'are')} {data['outcome']}: {', '.join(why)}"
            case NoteKind.MORE_LISTED:
                counted = _conversations(data["counted"])
                listed = f"{data['listed']} {'is' if data['listed'] == 1 else 'are'} listed"
                return f"the run's counters report {counted}, but {listed}"
            case NoteKind.MISSING:
                missing = _conversations(data["count"], "is", "are")
                return f"{missing} missing, because the service counted more conversations than it listed"
            case NoteKind.CORRECTED:
                found = _conversations(len(data["ids"]))
                return f"reviewers corrected the judge in {found} ({names_text(data['ids'])})"
            case NoteKind.NOT_FETCHED:
                noun = "conversation" if len(data["ids"]) == 1 else "conversations"
                said = data["message"].rstrip(".")
                return f"{noun} {names_text(data['ids'])} could not be fetched by id ({said})"
            case NoteKind.NOT_IN_CONTRACT:
                named = ((("status", "statuses"), data["statuses"]), (("field", "fields"), data["fields"]))
                said = "; ".join(
                    f"{nouns[len(names) > 1]} {names_text(names)}" for nouns, names in named if names
                )
                return f"not in the contract: {said}"
            case NoteKind.INCOMPLETE:
                count = len(data["ids"])
                lacks = "lacks" if count == 1 else "lack"
                fetched = f"bluejay-results wait {data['run_id']}"
                missing = f"{_conversations(count)} {lacks} a verdict or tool calls in the run's list"
                return f"{missing}; to fetch them by id, run: {fetched}"
        return _TEXTS[self.kind].format(**data)


_TEXTS = {
    NoteKind.ENDED_EARLY: "the run ended with status {status}",
    NoteKind.MORE_SCORED: "the run's counters report {passed} passed and {failed} failed, but only {total} "
    "in total",
    NoteKind.FEWER_PASSED: "the run's counters report {counted} passed, but {passed} of its conversations "
    "passed (the simulation's own thresholds may be stricter)",
    NoteKind.FEW_CALLERS: "fewer than {needed} callers are in both runs, which is too few for a gate",
}
"""The notes' text templates by kind, for the kinds that have one."""


def contradictions(run: SimulationRun) -> tuple[Note, ...]:
    """Return the contradictions between the counters and the conversations of a settled run.

    See `docs/definitions.md`, Ship or not. A null counter never causes a contradiction. If the body breaks
    the contract, nothing is compared.
    """
    return tuple(_contradictions(run)) if run.is_settled and not run.violations else ()


def _contradictions(run: SimulationRun) -> Iterator[Note]:
    counters, results = run.response.simulation_run, run.results
    total, passed, failed = counters.total_tests, counters.tests_passed, counters.tests_failed
    counted = [each for each in (passed, failed) if each is not None]
    least = sum(_counts_as_passed(each) for each in results)
    if total is not None and total < len(results):
        yield Note(NoteKind.MORE_LISTED, {"counted": total, "listed": len(results)})
    if total is not None and sum(counted) > total:
        counts = {"passed": passed or 0, "failed": failed or 0, "total": total}
        yield Note(NoteKind.MORE_SCORED, counts)
    if passed is not None and passed < least:
        yield Note(NoteKind.FEWER_PASSED, {"counted": passed, "passed": least})


def _counts_as_passed(result: SimulationResult) -> bool:
    """Whether the service is certain to count a conversation as passed.

    It is undocumented whether the service counts a corrected conversation by the judge's answer or the
    reviewer's. The service lists CALL_DROPPED among the failures.
    """
    is_passed = all(each.outcome is Outcome.PASSED for each in (result, result.as_judged))
    return is_passed and result.status != "CALL_DROPPED"


def notes(found: SimulationRun | SimulationRuns) -> tuple[Note, ...]:
    """Return the notes to read before trusting the numbers; they quote received text.

    The notes about a run report violations, an unusual end of the run, contradictions, failed fetches by id,
    and statuses and fields that the contract doesn't list. Other notes report how many conversations are
    unknown, void, missing or corrected, and why, and which are incomplete. The notes about a simulation's
    list of runs report violations, and statuses and fields that the contract doesn't list.
    """
    return tuple(_of_run(found) if isinstance(found, SimulationRun) else _of_list(found))


def _of_list(runs: SimulationRuns) -> Iterator[Note]:
    if runs.violations:
        yield Note(NoteKind.VIOLATIONS, {"count": len(runs.violations)})
    yield from _not_in_contract([each.status for each in runs], runs.unknown_fields)


def _of_run(run: SimulationRun) -> Iterator[Note]:
    results, parts, status = run.results, run.parts, run.response.simulation_run.status
    if violations := sum(1 for _ in parts.located()):
        yield Note(NoteKind.VIOLATIONS, {"count": violations})
    if normalized(status) in RUN_CUT_SHORT:
        yield Note(NoteKind.ENDED_EARLY, {"status": status})
    for outcome in (Outcome.UNKNOWN, Outcome.VOID):
        found = [each for each in results if each.outcome is outcome]
        counts = Counter((each.reason.why, each.status if each.reason.is_status else None) for each in found)
        reasons = [{"why": why, "status": by, "count": count} for (why, by), count in counts.most_common()]
        if reasons:
            yield Note(NoteKind.NOT_COUNTED, {"outcome": outcome, "count": len(found), "reasons": reasons})
    if parts.missing_count:
        yield Note(NoteKind.MISSING, {"count": parts.missing_count})
    if corrected := [each.id for each in results if each.corrections]:
        yield Note(NoteKind.CORRECTED, {"ids": corrected})
    yield from contradictions(run)
    ids_of = defaultdict[str, list[str]](list)
    for failed in parts.failed_fetches:
        ids_of[failed.reason].append(failed.exchange.resource.id)
    for message, ids in ids_of.items():
        yield Note(NoteKind.NOT_FETCHED, {"ids": ids, "message": message})
    yield from _not_in_contract([status], parts.unknown_fields, results)
    is_wait = parts.settings is not None and parts.settings.is_wait
    if not is_wait and (gaps := [each.id for each in never_requested(results)]):
        yield Note(NoteKind.INCOMPLETE, {"run_id": run.id, "ids": gaps})


def _not_in_contract(
    run_statuses: Iterable[SimulationRunStatus | None],
    paths: Iterable[str],
    results: Sequence[SimulationResult] = (),
) -> Iterator[Note]:
    """Yield a note about statuses, and fields at `paths`, that the contract doesn't list."""
    statuses: list[str] = [each for each in run_statuses if each and not each.is_known]
    statuses += [
        each.response.status or "" for each in results if each.status and each.status not in ENDED | UNDER_WAY
    ]
    fields = list(dict.fromkeys(paths))
    if statuses or fields:
        found = {"statuses": list(dict.fromkeys(statuses)), "fields": fields}
        yield Note(NoteKind.NOT_IN_CONTRACT, found)


def _conversations(count: int, singular: str = "", plural: str = "") -> str:
    return f"1 conversation {singular}".rstrip() if count == 1 else f"{count} conversations {plural}".rstrip()
