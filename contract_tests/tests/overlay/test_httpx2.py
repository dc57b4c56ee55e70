"""An httpx2 client may be passed in like an httpx client. `make test-httpx2` runs many more tests."""

import inspect
import subprocess
import sys
from typing import Any

import httpx
import httpx2
import pytest
from bluejay_contract.stub import Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, ConfigurationError
from bluejay_results.client.http_clients import failure_of

from .conftest import Reader


@pytest.mark.parametrize(
    ("kind", "http"),
    [(BluejayClient, httpx2.Client), (AsyncBluejayClient, httpx2.AsyncClient)],
    ids=["sync", "async"],
)
def test_a_run_is_read_with_an_httpx2_client(kind: Any, http: Any, bluejay_stub: Stub) -> None:
    run = Reader(kind, base_url=bluejay_stub.url, http=http).retrieve("48213")
    assert run.responses[0].headers["content-type"] == "application/json"


def test_an_http_client_of_the_wrong_class_is_refused_immediately() -> None:
    """Type checkers reject these clients too. If they didn't, mypy would report an unused `type: ignore`."""
    with pytest.raises(ConfigurationError, match=r"httpx2\.Client, got AsyncClient\.$"):
        BluejayClient("key", http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ConfigurationError, match=r"httpx2\.AsyncClient, got Client\.$"):
        AsyncBluejayClient("key", http_client=httpx2.Client())  # type: ignore[arg-type]  # the mistake


def test_an_httpx2_exception_becomes_the_same_error_as_an_httpx_exception() -> None:
    def found(library: Any, name: str) -> tuple[object, ...]:
        error = failure_of(getattr(library, name)("x"), str)
        return error.error, error.was_sent, error.reason

    names = [
        name
        for name, each in vars(httpx2).items()
        if inspect.isclass(each) and issubclass(each, httpx2.RequestError) and name in vars(httpx)
    ]
    assert len(names) > 10
    assert [found(httpx2, each) for each in names] == [found(httpx, each) for each in names]


def test_httpx2_is_not_imported_unless_the_user_imports_it(bluejay_stub: Stub) -> None:
    script = (
        "import sys; from bluejay_results import BluejayClient\n"
        "BluejayClient(*sys.argv[1:]).retrieve('48213'); print('httpx2' in sys.modules)"
    )
    command = [sys.executable, "-c", script, bluejay_stub.api_key, bluejay_stub.url]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
