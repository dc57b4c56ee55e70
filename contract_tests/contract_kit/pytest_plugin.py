"""Runs a test once for each mutant, where `each_mutant` marks it. Pytest loads this plugin by itself."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from . import recording
from .errors import KitError

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .model import Expect
    from .server import KitServer, Offer

_NAME = "contract_kit_each_mutant"
MARK: pytest.MarkDecorator = getattr(pytest.mark, _NAME)


@frozen
class ServedMutant:
    """A mutant that is being served, as a test sees it.

    Attributes:
        url: The base URL to give to the client.
        operation: The id of the operation that it answers.
        arguments: A valid call of the operation: its parameters by name, and `body` where it has one.
        expect: What a client should do with it.
    """

    url: str
    operation: str
    arguments: dict[str, Any]
    expect: Expect
    _offer: Offer

    def check(
        self,
        call: Callable[[], Any],
        refuses: type[BaseException] | tuple[type[BaseException], ...],
    ) -> None:
        """Assert that a client does with the mutant what it should.

        Args:
            call: Calls the client once, at `url`, with `arguments`. What it returns is awaited if it can be.
            refuses: What the client raises when it refuses a response.

        Raises:
            AssertionError: It doesn't, and the message says what it did instead.
        """
        __tracebackhide__ = True
        from .clients import Outcome
        from .matrix import verdict
        from .worker import wait_for

        try:
            if inspect.isawaitable(result := call()):
                asyncio.run(wait_for(result))
            outcome, cause = Outcome.BELIEVED, None
        except refuses as error:
            outcome, cause = Outcome.REFUSED, error
        except Exception as error:
            raise AssertionError(self._message("crashed on")) from error
        if problem := self._offer.problem:
            raise AssertionError(f"{problem[0].upper()}{problem[1:]}.") from cause
        judged = verdict(self._offer.judged.expect, outcome)
        if judged.bad:
            raise AssertionError(self._message(judged)) from cause

    def _message(self, did: str) -> str:
        mutant = self._offer.mutant
        place = f" at {mutant.location}" if mutant.location else ""
        body = mutant.response.body.decode(errors="replace")
        return (
            f"The client {did} a response{place}: {mutant.breaks}\n"
            f"{self.operation} answered {mutant.response.status}:\n{body[:2000]}"
        )


_RECORDER = pytest.StashKey[recording.Recorder]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--contract-record`."""
    recording.add_option(parser)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the recording."""
    recording.finish(session.config, session.config.stash[_RECORDER])


@pytest.fixture
def contract_recorder(request: pytest.FixtureRequest) -> recording.Recorder:
    """Records exchanges to the file of `--contract-record`; does nothing without the option."""
    return request.config.stash[_RECORDER]


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark that `each_mutant` sets, and start to record."""
    try:
        config.stash[_RECORDER] = recording.start(config)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    config.addinivalue_line("markers", f"{_NAME}(document, operation, sample): run for each mutant")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each mutant."""
    for mark in metafunc.definition.iter_markers(_NAME):
        document, operation, sample = mark.args
        path = metafunc.config.rootpath / document
        try:
            mutants = list(_catalogue(path).mutants([operation] if operation else (), sample))
        except KitError as error:
            pytest.fail(str(error), pytrace=False)
        metafunc.parametrize(
            "mutant", [(path, mutant) for mutant in mutants], indirect=True, ids=[each.id for each in mutants]
        )


@pytest.fixture(scope="session")
def _contract_kit_servers() -> Iterator[Callable[[Path], KitServer]]:
    """Start a server for each document at its first mutant, and stop them all in the end."""
    from .server import KitServer

    with ExitStack() as stack:
        yield cache(lambda path: stack.enter_context(KitServer(_catalogue(path))))


@pytest.fixture
def mutant(
    request: pytest.FixtureRequest, _contract_kit_servers: Callable[[Path], KitServer]
) -> Iterator[ServedMutant]:
    """The mutant that a test with `each_mutant` is run for."""
    if not hasattr(request, "param"):
        pytest.fail("The fixture `mutant` goes with @contract_kit.each_mutant(...).", pytrace=False)
    path, served = request.param
    operation = served.operation
    with _contract_kit_servers(path).offer(served) as offer:
        yield ServedMutant(offer.url, operation.id, dict(operation.request.arguments), served.expect, offer)


@cache
def _catalogue(path: Path) -> Catalogue:
    from .catalogue import Catalogue

    return Catalogue.load(path)
