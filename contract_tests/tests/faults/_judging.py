"""Compares how a call ended with what its row declares."""

from collections.abc import Iterator

from ._call import KEY, RESULT_ID, RUN_ID, SIMULATION_ID, SLACK, Call, Ending, Way
from ._connection import Log
from ._row import CANCELLED, RECOVERED, Ends, Row

WAIT_TIMEOUT = "WaitTimeoutError"
WHAT_TO_DO = {
    "ConnectionFailedError": "Check the base URL, the proxies and the network.",
    "TLSError": "TLS",
    "RequestTimeoutError": "Try again later.",
    "AuthenticationError": "Check that the right key is set.",
    "RunNotFoundError": "Check the run id.",
    "NotFoundError": "There is no such",
    "RequestRejectedError": "The request is not valid.",
    "RateLimitError": "Try again later or poll less often.",
    "ServerError": "Try again later.",
    "UnexpectedStatusError": "Check BLUEJAY_API_URL.",
    "ResponseTooLargeError": "if that size is right.",
    "ContractViolationError": "The response ",
    "UnsupportedValueError": "its own limit, not the contract's",
    WAIT_TIMEOUT: "Wait longer or look at it in the app.",
}
_LEAVE_OPEN = {303, 307, 308, 408}
"""Statuses that don't show whether the request had an effect."""
_MAY_EXIST = "may have been queued anyway. Look at https://app.getbluejay.ai"
_EXIT_CODES = {"recovered": 0, "cancelled": 130, WAIT_TIMEOUT: 4, "ContractViolationError": 5}
_ANY_OTHER_ERROR = 3


def wrong(row: Row, call: Call, ending: Ending, log: Log) -> list[str]:
    """Compare how a call of the library ended with what its row declares.

    Args:
        row: The row with the expected ending.
        call: The call.
        ending: How the call ended.
        log: The requests that the server received.
    """
    ends = row.ends_by(call.way)
    attempts = max(len(log.requests), log.accepted)
    found = [*_leftovers(row, call, ending), *_outcome(ends, call, ending)]
    if call.way.queues:
        found += _queueing(call, ending, log)
    if ends.what in WHAT_TO_DO:
        found += _text(ends, call, ending)
        if not ends.passes and not row.takes_more_looks(call.way) and attempts > call.options.repeat:
            found.append(f"{attempts} requests for what no other attempt mends")
    return found


def wrong_command(row: Row, call: Call, ending: Ending) -> list[str]:
    """Compare how the command ended with what its row declares."""
    ends = row.ends_by(Way.WAIT if row.command[0] == "wait" else Way.RETRIEVE)
    what = ends.what
    code = _EXIT_CODES.get(what, _ANY_OTHER_ERROR)
    found = [] if ending.what == f"exit {code}" else [f"{ending.what}, expected {code}: {ending.message}"]
    lines = [line for line in ending.message.splitlines() if not line.startswith("Run ")]
    if len(lines) != (what != RECOVERED.what):
        found.append(f"stderr: {ending.message!r}")
    expected = [ends.says or WHAT_TO_DO[what], call.url] if what in WHAT_TO_DO else []
    found += [f"stderr does not say {text!r}: {lines}" for text in expected if text not in ending.message]
    return found + ["stderr shows the key"] * (KEY in ending.message)


def _queueing(call: Call, ending: Ending, log: Log) -> Iterator[str]:
    """Check that no queue request was repeated, and that the error tells whether a run may exist."""
    if log.posts - log.refusals > call.options.repeat:
        yield f"{log.posts} requests may have queued a run, {log.refusals} were refused"
    due = _due_to_say(ending, log)
    if due is not None and ending.run_may_exist != due:
        yield f"run_may_exist is {ending.run_may_exist}: {ending.message[:300]}"
    if ending.run_may_exist != (_MAY_EXIST in ending.message):
        yield f"it does not say what run_may_exist does: {ending.message[:300]}"


def _due_to_say(ending: Ending, log: Log) -> bool | None:
    """Return whether an error must say that a run may exist; None if both are acceptable."""
    if ending.status in _LEAVE_OPEN:
        return True
    if ending.what in {RECOVERED.what, CANCELLED.what, "TLSError"} or 300 <= (ending.status or 0) < 500:
        return False
    return True if log.posts else None if log.accepted else False


def _outcome(ends: Ends, call: Call, ending: Ending) -> Iterator[str]:
    came = (ending.what, ending.status, ending.beneath, ending.beneath_status)
    expected = (ends.what, ends.status, ends.beneath, ends.beneath_status)
    if came != expected:
        yield f"{_named(*came)}, expected {_named(*expected)}: {ending.message[:300]}"
    elif ends != CANCELLED and ending.run_id != _run_id(ends, call.way):
        yield f"the run is {ending.run_id}"


def _run_id(ends: Ends, way: Way) -> str | None:
    if way.reads_one_result:
        return RESULT_ID if ends == RECOVERED else None
    if way.lists_runs:
        return SIMULATION_ID if ends == RECOVERED else None
    return None if way.queues and ends != RECOVERED else RUN_ID


def _text(ends: Ends, call: Call, ending: Ending) -> Iterator[str]:
    # The error of a wait that timed out names the run, not one of its pages.
    pages = ("",) if ends.what == WAIT_TIMEOUT else call.pages
    if ending.url not in {call.url + page for page in pages}:
        yield f"the URL is {ending.url}"
    if (advice := ends.says or WHAT_TO_DO.get(ending.what, "")) not in ending.message:
        yield f"it does not say {advice!r}: {ending.message[:300]}"
    if KEY in ending.message:
        yield "its text shows the key"


def _leftovers(row: Row, call: Call, ending: Ending) -> Iterator[str]:
    if ending.seconds > call.options.timeout + SLACK:
        yield f"it took {ending.seconds:.1f} s of {call.options.timeout:g}"
    if ending.busy and not row.leaks:
        yield f"{ending.busy} connections did not go back to the pool"
    if ending.transports and not row.leaks:
        yield f"{ending.transports} connections are open after aclose(), until they are garbage"
    if ending.tasks:
        yield f"{ending.tasks} tasks still run"
    if row.most_mib is not None and (ending.peak_mib or 0.0) > row.most_mib:
        yield f"it took {ending.peak_mib:.0f} MiB of memory, {row.most_mib:.0f} are allowed"


def _named(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part)
