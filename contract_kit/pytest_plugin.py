"""Runs each test marked with `each_mutant` once per mutant. Pytest loads this plugin automatically.

Pytest imports this module whenever it starts, so the module imports only what pytest has already imported.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from .errors import KitError
from .terminal import safe_line, terminal_safe

if TYPE_CHECKING:
    from contract_kit.derive.catalogue import Catalogue
    from contract_kit.derive.model import Expect, Mutant
    from contract_kit.judge.baseline import Baseline
    from contract_kit.judge.controls import Controls
    from contract_kit.judge.results import Result
    from contract_kit.serve.server import KitServer, Offer

_NAME = "contract_kit_each_mutant"
_SHOWN = 5
"""The maximum number of mutant ids to print for each baseline."""
MARK: pytest.MarkDecorator = getattr(pytest.mark, _NAME)

_Refuses: TypeAlias = type[BaseException] | tuple[type[BaseException], ...]
_Calls: TypeAlias = "dict[tuple[object, ...], tuple[Controls, dict[str, BaseException]]]"
"""The operation's valid responses, and the client's exceptions by mutant id, for each test."""
_Gone: TypeAlias = dict[str, list[str]]
"""The ids of each baseline's faults whose mutants can no longer be made from the document."""
_GONE = pytest.StashKey[_Gone]()


@dataclass(frozen=True)
class _Expected:
    """The faults that a test expects: ignored faults, and faults that a baseline excuses."""

    ignore: frozenset[str]
    baseline: Baseline | None

    def check(self, result: Result) -> None:
        """End the test as an expected failure if this result is expected."""
        if result.is_hidden_by(self.ignore):
            pytest.xfail("ignored")
        if self.baseline and (excuse := self.baseline.judged(result).excuse):
            pytest.xfail(excuse)


@dataclass(frozen=True)
class ServedMutant:
    """A mutant that is being served, as passed to a test.

    Attributes:
        url: The base URL to pass to the client.
        operation: The id of the operation that the mutant responds to.
        arguments: Valid arguments for the operation: the parameters by name, and the body, if any, as `body`.
        expect: What a client should do with the response.
        id: The mutant's id, as in `contract-kit` reports.
        keyword: The JSON Schema keyword that the mutant breaks; None if the mutant is legal or breaks HTTP.
    """

    url: str
    operation: str
    arguments: dict[str, Any]
    expect: Expect
    id: str
    keyword: str | None
    _expected: _Expected
    _offer: Offer
    _controls: Controls
    _causes: dict[str, BaseException]

    def check(self, call: Callable[[], Any], refuses: _Refuses) -> None:
        """Assert that the client handles the mutant as it should.

        Before a response's first mutant, the client gets the valid response.

        Args:
            call: Calls the client once, at `url`, with `arguments`. An awaitable result is awaited.
            refuses: The exceptions that the client raises when it refuses a response.

        If the test's decorator makes the fault expected, the test ends as an expected failure.

        Raises:
            AssertionError: The client handled the mutant wrongly, or it didn't accept the valid response, so
                the mutant proves nothing. In the latter case, the message begins with `Inconclusive`.
        """
        __tracebackhide__ = True
        mutant = self._offer.mutant
        result = self._controls.judged(mutant, partial(self._served, call, refuses))
        if result.is_unserved:
            control = self._controls.refused_before(mutant)
            self._expected.check(control)
            told = f"Inconclusive: {control.detail} ({control.mutant.id})"
            cause = self._causes.get(control.mutant.id)
            raise AssertionError("\n".join(map(terminal_safe, [told, *control.advice]))) from cause
        cause = self._causes.get(mutant.id)
        if result.verdict.is_fault:
            self._expected.check(result)
            raise AssertionError(self._message(mutant, result)) from cause

    def _served(self, call: Callable[[], Any], refuses: _Refuses, mutant: Mutant) -> Result:
        """Serve a mutant to the client and return the result. Store the client's exception, if any."""
        __tracebackhide__ = True
        from attrs import evolve

        from contract_kit.judge.advice import advice
        from contract_kit.judge.results import Result
        from contract_kit.serve.clients import Outcome
        from contract_kit.serve.returned import NOTHING, Returned
        from contract_kit.serve.shims.worker import NotComparableError, describe, settled, tree

        self._offer.serve(mutant)
        cause: BaseException | None = None
        outcome, returned = Outcome.ACCEPTED, NOTHING
        try:
            returned = Returned(tree(settled(call())))
        except NotComparableError as error:
            returned = Returned(not_comparable=str(error))
        except refuses as error:
            outcome, cause = Outcome.REFUSED, error
        except Exception as error:
            outcome, cause = Outcome.CRASHED, error
        except BaseException as error:  # raised by pytest's `fail` or by a time limit, for example
            for line in advice(mutant.operation, self._offer.requests):
                error.add_note(line)
            raise
        if self._offer.is_endless:
            outcome = Outcome.HUNG
        if problem := self._offer.problem:
            raise AssertionError(f"Inconclusive: {problem}.") from cause
        detail = describe(cause) if cause else ""
        told = advice(mutant.operation, self._offer.requests)
        if cause:
            self._causes[mutant.id] = cause
        return evolve(Result.of(self._offer.judged, outcome, detail, told), returned=returned)

    def _message(self, mutant: Mutant, result: Result) -> str:
        from contract_kit.judge.client_report import difference_line

        where = f" at {mutant.location}" if mutant.location else ""
        body = mutant.response.body.decode(errors="replace")
        lines = [
            f"{result.verdict}: the response {mutant.breaks}{where}",
            difference_line(result),
            *result.advice,
            f"{self.operation} responded with {mutant.response.status}:",
            body[:2000],
        ]
        return "\n".join(map(safe_line, filter(None, lines)))


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that `each_mutant` applies."""
    config.stash[_GONE] = {}
    config.addinivalue_line(
        "markers",
        f"{_NAME}(document, operation, sample, strictness, ref_root, baseline, ignore): run the test once "
        "for each mutant",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Generate one test for each mutant."""
    for mark in metafunc.definition.iter_markers(_NAME):
        from contract_kit.read.document import broken_references

        document, operation, sample, strictness, ref_root, baseline, ignore = mark.args
        root = metafunc.config.rootpath
        key = (root / document, strictness, root / ref_root if ref_root else None)
        chosen = [operation] if operation else []
        try:
            catalogue = _catalogue(*key)
            expected = _expected(baseline and root / baseline, ignore, key)
            mutants = list(catalogue.mutants(chosen, sample))
        except KitError as error:
            pytest.fail(terminal_safe(str(error)), pytrace=False)
        for line in broken_references(catalogue.gaps(chosen)):
            warnings.warn(pytest.PytestWarning(f"{document}: {terminal_safe(line)}"), stacklevel=1)
        if expected.baseline:
            gone = expected.baseline.gone(catalogue, {each.id for each in mutants}, chosen)
            _add_gone(metafunc.config, {str(baseline): list(gone)})
        served = [(key, expected, mutant) for mutant in mutants]
        metafunc.parametrize(
            "mutant", served, indirect=True, ids=[terminal_safe(each.id) for each in mutants]
        )


@pytest.fixture(scope="session")
def _contract_kit_servers() -> Iterator[Callable[..., KitServer]]:
    """Start a server for each document when its first mutant is needed. Stop all servers at the end."""
    from contract_kit.serve.server import KitServer

    with ExitStack() as stack:
        yield cache(lambda *key: stack.enter_context(KitServer(_catalogue(*key), offers_only=True)))


@pytest.fixture(scope="session")
def _contract_kit_controls() -> _Calls:
    """Each test's results for the valid responses of each operation."""
    return {}


@pytest.fixture
def mutant(
    request: pytest.FixtureRequest,
    _contract_kit_servers: Callable[..., KitServer],
    _contract_kit_controls: _Calls,
) -> Iterator[ServedMutant]:
    """The mutant for which the marked test is running."""
    if not hasattr(request, "param"):
        pytest.fail("The fixture `mutant` needs the decorator @contract_kit.each_mutant(...).", pytrace=False)
    from contract_kit.judge.controls import Controls

    document, expected, served = request.param
    operation = served.operation
    # Each combination of the test's other parameters might use a different client.
    others = {name: at for name, at in request.node.callspec.indices.items() if name != "mutant"}
    test = request.node.nodeid.partition("[")[0], *others.items(), operation.id
    controls = Controls(_catalogue(*document), tries_others=False)
    with _contract_kit_servers(*document).offer(served) as offer:
        yield ServedMutant(
            offer.url,
            operation.id,
            dict(operation.request.arguments),
            served.expect,
            served.id,
            served.keyword,
            expected,
            offer,
            *_contract_kit_controls.setdefault(test, (controls, {})),
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send gone faults from a pytest-xdist worker to the controller, because only it prints a summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_NAME] = session.config.stash[_GONE]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Receive gone faults from a pytest-xdist worker."""
    _add_gone(node.config, getattr(node, "workeroutput", {}).get(_NAME, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the faults that have gone since each baseline."""
    for baseline, gone in config.stash[_GONE].items():
        more = f" and {len(gone) - _SHOWN:,} more" if len(gone) > _SHOWN else ""
        line = f"Gone since {baseline}: {', '.join(gone[:_SHOWN])}{more}."
        terminalreporter.line(f"contract-kit: {terminal_safe(line)}")


def _add_gone(config: pytest.Config, found: _Gone) -> None:
    for baseline, gone in found.items():
        if gone:
            known = config.stash[_GONE].setdefault(baseline, [])
            known += [each for each in gone if each not in known]


def _expected(
    baseline: Path | None, ignore: tuple[str, ...], key: tuple[Path, str, Path | None]
) -> _Expected:
    from contract_kit.cli.ignore_option import read_ignored
    from contract_kit.judge.baseline import read_baseline

    catalogue = _catalogue(*key)
    names = frozenset(read_ignored(ignore, catalogue))
    return _Expected(names, read_baseline(baseline, catalogue) if baseline else None)


@cache
def _catalogue(path: Path, strictness: str, ref_root: Path | None) -> Catalogue:
    from contract_kit.derive.catalogue import Catalogue
    from contract_kit.derive.strictness import Strictness

    if strictness not in list(Strictness):
        raise KitError(f"There is no strictness {strictness!r}. Choose must, should or may.")
    return Catalogue.load(path, Strictness(strictness), ref_root)
