"""Every call of the catalogue ends in the same way with either client, pickled, and when it is replayed."""

import inspect
import pickle
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from attrs import evolve
from bluejay_results import (
    BluejayError,
    SimulationResult,
    SimulationRun,
    SimulationRuns,
    UsageError,
    WaitTimeoutError,
)
from bluejay_results.client.http_clients import failure_of
from bluejay_results.json_output import runs_to_json, to_json
from bluejay_results.recording.exchange import Exchange
from bluejay_results.results.notes import notes
from bluejay_results.results.queued import QueuedRun
from contract_kit.tests.tables import table

from ..golden.calls import CALLS
from ..virtual import BOTH, Call, play


def exchange(found: Exchange) -> tuple[object, ...]:
    """Return what parallel requests don't change: each has an id of its own."""
    headers = {name: each for name, each in found.headers.items() if name != "x-request-id"}
    return found.url, found.resource, found.status, found.body, found.failure, found.moment, headers


def everything(ended: Any) -> object:
    """Return all that a call's result or error has."""
    match ended:
        case SimulationRun():
            exchanges = sorted(map(exchange, ended.responses), key=str)
            found = (to_json(ended), notes(ended), ended.violations, ended.grace, ended.parts.settings)
            return *found, ended.incomplete and to_json(ended), ended.is_settled, ended.parts.seen, exchanges
        case SimulationResult():
            return to_json(ended), ended.violations, [exchange(each.exchange) for each in ended.records]
        case SimulationRuns():
            return (
                runs_to_json(ended),
                notes(ended),
                ended.violations,
                ended.requested_id,
                exchange(ended.exchange),
            )
        case QueuedRun():
            return to_json(ended), ended.raw
        case BluejayError():
            values = vars(ended) | {"headers": None}  # of which each request has an id of its own
            return type(ended), str(ended), {name: everything(each) for name, each in values.items()}
        case Exchange():
            return exchange(ended)
        case dict():
            return {name: everything(each) for name, each in ended.items()}
        case _:
            return ended


@table("name", CALLS)
def test_both_clients_and_a_replay_of_the_recording_end_in_the_same_way(name: str, tmp_path: Path) -> None:
    """The asynchronous client uses httpx2, and the blocking client httpx."""
    call, har = CALLS[name], tmp_path / f"{[*CALLS].index(name)}.har"
    asynchronous = play(BOTH["async"], call, httpx2)
    if call.method in {"wait", "retrieve", "runs"}:
        call = evolve(call, options={**call.options, "record": har})
    sync = play(BOTH["sync"], call)
    assert asynchronous.trace == sync.trace
    assert sorted(asynchronous.told) == sorted(sync.told)
    assert sorted(asynchronous.requests) == sorted(sync.requests)
    assert everything(asynchronous.ended) == everything(sync.ended)
    copy = pickle.loads(pickle.dumps(sync.ended))  # noqa: S301 - our own bytes
    assert everything(copy) == everything(sync.ended)
    if "record" in call.options:
        replay(call, sync.ended, har)


def test_an_exception_of_httpx2_becomes_the_same_error_as_one_of_httpx() -> None:
    names = {name for name, each in vars(httpx2).items() if inspect.isclass(each)} & vars(httpx).keys()
    shared = [each for each in names if issubclass(getattr(httpx, each), httpx.RequestError)]
    assert len(shared) > 10
    for name in shared:
        assert failure_of(getattr(httpx2, name)("x"), str) == failure_of(getattr(httpx, name)("x"), str)


def replay(call: Call, ended: Any, har: Path) -> None:
    """Compare the replay of a call's recording with the call's end."""
    kind: Any = SimulationRuns if call.method == "runs" else SimulationRun
    mode = call.options.get("on_violation", "raise")
    failed = getattr(ended, "last_error", None)  # a recording also has the response to a last failed poll
    if isinstance(ended, WaitTimeoutError):
        ended = ended.run or ended.last_error
    if isinstance(ended, UsageError) or (isinstance(ended, BluejayError) and not ended.status_code):
        assert not har.exists()  # no response arrived
    elif isinstance(ended, BluejayError):
        with pytest.raises(BluejayError) as caught:
            kind.from_bytes(har.read_bytes(), on_violation=mode)
        assert everything(caught.value) == everything(ended)
    else:
        replayed = kind.from_file(har, on_violation=mode)
        assert everything(replayed) == everything(ended)
        saved = har.with_suffix(".saved")
        for each in (ended, replayed) if isinstance(ended, SimulationRun) and not failed else ():
            each.save(saved)
            assert saved.read_bytes() == har.read_bytes()
