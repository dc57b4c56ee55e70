"""A client of httpx2 may be passed in like a client of httpx. `make test-httpx2` runs many more tests."""

import inspect
import subprocess
import sys
from typing import Any

import httpx
import httpx2
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, ConfigurationError, ConnectionFailedError
from bluejay_results.client.http_clients import connection_error

from .conftest import Reader

BOTH: list[Any] = [(BluejayClient, httpx2.Client), (AsyncBluejayClient, httpx2.AsyncClient)]
SETTLED = SCENARIOS["settled"].bodies[-1]


@pytest.mark.parametrize(("kind", "http"), BOTH, ids=["sync", "async"])
def test_a_run_is_read_with_an_httpx2_client(kind: Any, http: Any, stub: Stub) -> None:
    stub.serve("48213", Answer(SETTLED))
    run = Reader(kind, base_url=stub.url, http=http).retrieve("48213")
    assert run.responses[0].body == SETTLED
    assert run.responses[0].headers["content-type"] == "application/json"


def test_an_http_client_of_the_wrong_kind_is_refused_at_once() -> None:
    """Type checkers refuse these clients too: otherwise mypy would report an unused `type: ignore`."""
    with pytest.raises(ConfigurationError, match=r"httpx2\.Client, got AsyncClient\.$"):
        BluejayClient("key", http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ConfigurationError, match=r"httpx2\.AsyncClient, got Client\.$"):
        AsyncBluejayClient("key", http_client=httpx2.Client())  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ConfigurationError, match="got object"):
        BluejayClient("key", http_client=object())  # type: ignore[arg-type]  # the mistake


_EXCEPTIONS = [
    each
    for name, each in vars(httpx2).items()
    if name in vars(httpx)
    and inspect.isclass(each)
    and issubclass(each, httpx2.RequestError | httpx2.InvalidURL)
]


@pytest.mark.parametrize("exception", _EXCEPTIONS, ids=lambda each: each.__name__)
def test_each_exception_of_httpx2_becomes_the_same_error_as_that_of_httpx(exception: type[Exception]) -> None:
    def fail(_: object) -> Any:
        raise exception("x")

    with pytest.raises(ConnectionFailedError) as caught:
        Reader(
            BluejayClient, http=lambda: httpx2.Client(transport=httpx2.MockTransport(fail)), retries=0
        ).queue("731")
    expected = connection_error(getattr(httpx, exception.__name__)("x"), str)
    assert type(caught.value) is type(expected)
    assert str(caught.value).startswith(str(expected))
    assert caught.value.was_sent is expected.was_sent


def test_httpx2_is_not_imported_unless_the_user_imports_it(stub: Stub) -> None:
    script = (
        "import sys; from bluejay_results import BluejayClient\n"
        "BluejayClient(*sys.argv[1:]).retrieve('48213'); print('httpx2' in sys.modules)"
    )
    stub.serve("48213", Answer(SETTLED))
    command = [sys.executable, "-c", script, stub.api_key, stub.url]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
