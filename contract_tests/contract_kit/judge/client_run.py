"""Runs a client or a receiver: sends it every mutant over HTTP, and observes what it does.

Each mutant is compared with the valid response that it is made from: if a client doesn't accept the valid
response, its refusal of the mutant proves nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, closing
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeAlias

from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.derive.pages import unlinked
from contract_kit.errors import NothingCoveredError
from contract_kit.serve.clients import Caller, Client, Outcome
from contract_kit.serve.receivers import Receiver
from contract_kit.serve.server import KitServer

from .advice import advice
from .controls import Controls, Run
from .results import Result, Results

_AHEAD = 16
"""The number of mutants queued for each caller, so that one call that hangs doesn't stop the others."""

_Task: TypeAlias = tuple[Future[Result], Mutant]
"""A thread's task: the future for the result, and the mutant to serve."""

_ADVICE = "The log of the receiver may say why. If it verifies signatures, check --sign and --secret."
_LOOK = 0.2
"""Seconds per wait. Waits are short because Ctrl-C just before a wait only takes effect after it."""


def run_client(
    catalogue: Catalogue,
    client: Client | Receiver,
    operations: Collection[str] = (),
    sample: int | None = None,
    jobs: int = 2,
    timeout: float = 10.0,
    progress: Callable[[Result], Any] | None = None,
) -> Results:
    """Serve every mutant to a client and return what the client did with each mutant.

    Before each mutant, the valid response that it was made from is served. If the client does not accept this
    valid response, the result is inconclusive, and the mutants made from it are not served. If the client
    does not accept the operation's normal response, no mutant of the operation is served.

    Raises:
        KitError: An operation is unknown.
        ClientUnusableError: The client could not be run.
    """
    mutants, controls = catalogue.mutants(operations, sample), Controls(catalogue)
    if isinstance(client, Receiver):
        mutants = filter(client.can_get, mutants)
    try:
        results = run_mutants(catalogue, client, mutants, jobs, timeout, progress, controls)
    except NothingCoveredError:
        results = Results(())  # the skipped parts explain why
    refused = {each.mutant.id: each for each in controls.refused}
    served = [refused.pop(each.mutant.id, each) for each in results.all]
    if isinstance(client, Receiver):  # it returns nothing to compare
        served = [evolve(each, not_compared="") for each in served]
    return evolve(results, all=(*served, *refused.values()), skipped=tuple(catalogue.gaps(operations)))


def run_mutants(
    catalogue: Catalogue,
    client: Client | Receiver,
    mutants: Iterable[Mutant],
    jobs: int,
    timeout: float,
    progress: Callable[[Result], Any] | None,
    controls: Controls,
) -> Results:
    """Serve these mutants to a client as `run_client` does; the catalogue serves other requests."""
    results: list[Result] = []
    with closing(_results(catalogue, client, mutants, controls, jobs, timeout)) as found:
        for each in found:
            results.append(each)
            if progress:
                progress(each)
    return Results(tuple(results), controls=tuple(controls.failed))


def _results(
    catalogue: Catalogue,
    client: Client | Receiver,
    mutants: Iterable[Mutant],
    controls: Controls,
    jobs: int,
    timeout: float,
) -> Generator[Result, None, None]:
    """Yield what the client did with each mutant, in order; several calls are made at the same time."""
    pending: deque[Future[Result]] = deque()
    tasks: SimpleQueue[_Task | None] = SimpleQueue()
    stopped = False

    def work(run: Run) -> None:
        while (task := tasks.get()) and not stopped:
            future, mutant = task
            try:
                future.set_result(controls.judged(mutant, run))
            except BaseException as error:  # raised in the thread that reads the result
                future.set_exception(error)

    def stop() -> None:
        nonlocal stopped
        stopped = True
        for _ in range(jobs):
            tasks.put(None)

    with ExitStack() as stack:
        for run in _runs(catalogue, client, jobs, timeout, stack):
            # Not an executor: Ctrl-C in its `submit` can leave a lock locked, and its exit waits for threads.
            threading.Thread(target=work, args=(run,), name="contract-kit", daemon=True).start()
        stack.callback(stop)  # runs before the other callbacks, so that no new call starts
        for mutant in mutants:
            pending.append(Future())
            tasks.put((pending[-1], mutant))
            while pending and (pending[0].done() or len(pending) > jobs * _AHEAD):
                yield _first(pending)
        while pending:
            yield _first(pending)


def _runs(
    catalogue: Catalogue, client: Client | Receiver, jobs: int, timeout: float, stack: ExitStack
) -> Iterator[Run]:
    """Yield, for each thread, a function that sends a mutant; `stack` closes what the functions need."""
    if isinstance(client, Receiver):
        client.check()
        yield from [partial(deliver, client, timeout)] * jobs
        return
    server = stack.enter_context(KitServer(catalogue, offers_only=True))
    for _ in range(jobs):
        caller = client.caller(timeout)
        stack.callback(caller.close)
        yield partial(run_mutant, server, caller)


def deliver(receiver: Receiver, timeout: float, mutant: Mutant) -> Result:
    """Deliver one mutant to a receiver and return what the receiver did."""
    call = receiver.call(mutant, timeout)
    return Result.of(mutant, call.outcome, call.detail, [_ADVICE])


def _first(pending: deque[Future[Result]]) -> Result:
    while not wait([pending[0]], _LOOK).done:
        pass
    return pending.popleft().result()


def run_mutant(server: KitServer, caller: Caller, mutant: Mutant) -> Result:
    """Serve one mutant to a client and return what the client did."""
    operation = mutant.operation
    with server.offer(mutant) as offer:
        call = caller.call(offer.url, operation)
        # Perhaps a leftover of an earlier call, such as a timer, ended the worker before this call began.
        if call.is_cut_off and offer.is_untouched:
            call = caller.call(offer.url, operation)
    if offer.problem and call.outcome is not Outcome.INCONCLUSIVE:
        detail = f"{offer.problem} ({call.detail})" if call.detail else offer.problem
        call = evolve(call, outcome=Outcome.NOT_REQUESTED, detail=detail)
    if offer.is_endless:
        call = evolve(call, outcome=Outcome.HUNG, detail=f"requested the page {len(offer.requests):,} times")
    elif len(offer.requests) > 1 and call.outcome is Outcome.HUNG and not mutant.misleads:
        call = evolve(call, outcome=Outcome.INCONCLUSIVE)
    result = Result.of(offer.judged, call.outcome, call.detail, advice(operation, offer.requests))
    text = unlinked(call.returned.text, offer.url)  # the URL differs from mutant to mutant
    return evolve(result, returned=evolve(call.returned, text=text))
