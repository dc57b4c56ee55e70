"""Each request results in one exchange, which the client and a replay read with the same function."""

import gc
import json
import pickle
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import get_ident
from typing import Any

import bluejay_api.decoding
import msgspec
import pytest
from attrs import evolve
from bluejay_contract.stub import Answer, Stub
from bluejay_results import BluejayClient, BluejayError, ContractViolationError, SimulationRun
from bluejay_results.recording.exchange import Exchange, Failure, ReadSettings, Recording, Resource
from bluejay_results.recording.har import to_har
from bluejay_results.results.page import read_page
from contract_kit.tests.tables import table

from .. import builders
from .answers import CALLED, UNRECORDED, listed, single
from .conftest import Reader

BODY = builders.encoded(builders.response(builders.result(), id="48213"))
URL = "http://stub/v1/retrieve-simulation-results/48213?limit=100&offset=0"
PAGE = Exchange(URL, Resource("page", "48213"), moment=1.5, headers={"x-request-id": "req-1"}, body=BODY)
LATER = {"x-request-id": "req-2", "retry-after": "7"}


def _status(status: int, body: bytes = b'{"detail": "no"}') -> Exchange:
    return evolve(PAGE, status=status, headers=LATER, body=body)


def _failure(error: str, *, status: int = 0, was_sent: bool = True) -> Exchange:
    headers = LATER if status else {}
    return evolve(PAGE, status=status, headers=headers, body=b"", failure=Failure(error, "why", was_sent))


UNUSUAL = builders.encoded(builders.response(builders.result(), id="48213", total_tests=1.0))
BROKEN = builders.encoded(builders.response(builders.result(duration="long"), id="48213"))
FAILED = {
    **{f"status {each}": _status(each) for each in (302, 401, 403, 404, 418, 429, 500, 503, 520)},
    "status 422": _status(422, b'{"detail": [{"loc": ["path"], "msg": "no", "type": "odd"}]}'),
    "a violation": evolve(PAGE, body=BROKEN),
    "not JSON": evolve(PAGE, body=b"<html>"),
    "another run": evolve(PAGE, body=BODY.replace(b"48213", b"48214")),
    "a value beyond our limits": evolve(PAGE, body=BODY.replace(b'"id"', b'"x":"\\ud83d","id"')),
    "no connection": _failure("ConnectionFailedError", was_sent=False),
    "a connection that was cut off": _failure("ConnectionFailedError"),
    "a timeout": _failure("RequestTimeoutError"),
    "TLS": _failure("TLSError", was_sent=False),
    "too large": _failure("ResponseTooLargeError", status=200),
}


def _error(call: Callable[[], object]) -> BluejayError:
    with pytest.raises(BluejayError) as caught:
        call()
    return caught.value


def _everything(error: BluejayError) -> tuple[object, ...]:
    return type(error), str(error), vars(error)


@table("case", FAILED)
def test_a_replayed_error_has_all_attributes_of_the_original_error(case: str) -> None:
    exchange = FAILED[case]
    live = _error(lambda: read_page(exchange))
    har = to_har(Recording(ReadSettings(), (exchange,)))
    assert _everything(_error(lambda: SimulationRun.from_bytes(har))) == _everything(live)
    assert (live.url, live.run_id, live.exchange) == (URL, "48213", exchange)
    assert live.status_code == (exchange.status or None)
    assert live.headers == exchange.headers
    assert live.body == (None if exchange.failure else exchange.body)


@table("case", FAILED)
def test_a_pickled_error_keeps_its_class_its_message_and_its_attributes(case: str) -> None:
    error = _error(lambda: read_page(FAILED[case]))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert _everything(copy) == _everything(error)


def test_an_error_with_another_message_keeps_its_attributes() -> None:
    error = _error(lambda: read_page(FAILED["a violation"]))
    changed = replace(error, message="a.har: no", body=None)
    assert (type(changed), str(changed)) == (ContractViolationError, "a.har: no")
    assert vars(changed) == vars(error) | {"message": "a.har: no", "body": None}
    assert error.body == BROKEN


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the functions that parse JSON in this thread, in call order."""
    called, thread = list[str](), get_ident()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if get_ident() == thread:  # the stub parses JSON too, in its own thread
                called.append(name)
            return function(*arguments, **options)

        return call

    made = bluejay_api.decoding._decoder
    monkeypatch.setattr(
        bluejay_api.decoding,
        "_decoder",
        lambda model: types.SimpleNamespace(decode=counted("decoder", made(model).decode)),
    )
    monkeypatch.setattr(json, "loads", counted("json", json.loads))
    monkeypatch.setattr(msgspec.json, "decode", counted("msgspec", msgspec.json.decode))
    return called


@pytest.mark.parametrize(
    ("body", "on_violation", "parsed"),
    [
        (BODY, "raise", ["decoder"]),
        (UNUSUAL, "raise", ["decoder", "json"]),
        (BROKEN, "raise", ["decoder", "json"]),
        (BROKEN, "collect", ["decoder", "json"]),
        (BODY[:-1], "raise", ["decoder", "json"]),
    ],
    ids=["valid", "valid in an unusual form", "broken", "broken and collected", "not JSON"],
)
def test_a_valid_body_is_parsed_once_and_a_broken_body_twice(
    bluejay_stub: Stub, parses: list[str], body: bytes, on_violation: Any, parsed: list[str]
) -> None:
    bluejay_stub.serve("48213", Answer(body))
    with BluejayClient(bluejay_stub.api_key, bluejay_stub.url, retries=0) as client:
        try:
            client.retrieve("48213", on_violation=on_violation)
        except ContractViolationError:
            assert body != BODY
    assert parses == parsed


def _reachable(root: object) -> Iterator[object]:
    """Yield every object that can be reached from `root`, except through classes and modules."""
    waiting, seen = [root], dict[int, object]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | types.ModuleType):
            continue
        seen[id(each)] = each
        yield each
        if isinstance(each, types.FunctionType):
            waiting += [*(each.__closure__ or ()), each.__defaults__, each.__kwdefaults__]
        else:
            waiting += gc.get_referents(each)


@pytest.mark.parametrize("method", ["wait", "retrieve", "retrieve_result", "runs", "an error"])
def test_no_object_in_a_run_a_result_or_an_error_holds_the_api_key(
    reader: Reader, stub: Stub, method: str
) -> None:
    stub.serve("48213", listed(builders.result(1, **UNRECORDED)))
    stub.serve_result("1", single(1, **CALLED))
    if method == "an error":
        found: Any = _error(lambda: reader.retrieve("unknown")).with_traceback(None)
    else:
        argument = {"retrieve_result": "1", "runs": "731"}.get(method, "48213")
        found = reader.call(method, argument)
        assert found
    for each in getattr(found, "results", ()):
        assert each.outcome
    held = [each for each in _reachable(found) if isinstance(each, str | bytes)]
    assert len(held) > 5
    texts = [each if isinstance(each, str) else each.decode("latin-1") for each in held]
    assert [each for each in texts if "test-key" in each] == []


def test_a_runs_status_and_counters_come_from_the_page_that_was_received_last() -> None:
    """`wait` reads a page again if one of its conversations was under way."""

    def page(number: int, moment: float, **run: Any) -> Any:
        document = builders.response(builders.result(number), id="48213", **run)
        resource = Resource("page", "48213", (number - 1) * 100)
        return evolve(PAGE, resource=resource, moment=moment, body=builders.encoded(document))

    for first, second, expected in ((2, 1, "RUNNING"), (1, 2, "COMPLETED"), (1, 1, "COMPLETED")):
        exchanges = (page(1, first, status="RUNNING"), page(2, second, status="COMPLETED"))
        urls = (URL, URL.replace("offset=0", "offset=100"))
        recorded = tuple(evolve(each, url=url) for each, url in zip(exchanges, urls, strict=True))
        run = SimulationRun.from_bytes(to_har(Recording(ReadSettings(), recorded)))
        assert run.status == expected
