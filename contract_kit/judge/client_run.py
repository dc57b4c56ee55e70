"""Runs a client or a receiver: sends it each mutant over HTTP, and observes what it does.

Each mutant's result is compared with the result for the valid response that the mutant was made from. If a
client doesn't accept the valid response, then its refusal of the mutant proves nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, closing
from functools import partial
from itertools import cycle
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
from .controls import Controls, Process, Run
from .results import Result, Results

_AHEAD = 16
"""The number of mutants queued per caller, so that a call that hangs doesn't hold up the others."""

_Task: TypeAlias = tuple[Future[Any], Callable[[Run, Process], Any]]
"""A task for a thread: a function that calls the client, and the future for its result."""

_ADVICE = "The receiver's log might explain why. If it verifies signatures, check --sign and --secret."
_LOOK = 0.2
"""Seconds per wait. Waits are short, because Ctrl-C pressed just before a wait takes effect only after it."""


def run_client(
    catalogue: Catalogue,
    client: Client | Receiver,
    operations: Collection[str] = (),
    sample: int | None = None,
    jobs: int = 2,
    timeout: float = 10.0,
    progress: Callable[[Result], Any] | None = None,
) -> Results:
    """Serve every mutant to a client, and return the results.

    Each mutant is preceded by the valid response that it was made from. If the client doesn't accept the
    valid response, the result is inconclusive, and the mutants made from this response aren't served. If the
    client doesn't accept an operation's normal response, none of the operation's mutants are served.

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
    if isinstance(client, Receiver):  # a receiver returns nothing to compare
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
    """Serve these mutants to a client as `run_client` does. The catalogue responds to other requests."""
    results: list[Result] = []
    with closing(_results(catalogue, client, mutants, controls, jobs, timeout)) as found:
        for each in found:
            results.append(each)
            if progress:
                progress(each)
    return Results(tuple(map(controls.doubted, results)), controls=tuple(controls.failed))


def _results(
    catalogue: Catalogue,
    client: Client | Receiver,
    mutants: Iterable[Mutant],
    controls: Controls,
    jobs: int,
    timeout: float,
) -> Generator[Result, None, None]:
    """Yield each mutant's result, in order. Several mutants are served in parallel.

    The threads take turns, so that the same process gets the same mutants in each run.
    """
    pending: deque[Future[Any]] = deque()
    queues = [SimpleQueue[_Task | None]() for _ in range(jobs)]
    stopped = False

    def work(tasks: SimpleQueue[_Task | None], run: Run, process: Callable[[], Process]) -> None:
        while (task := tasks.get()) and not stopped:
            future, do = task
            try:
                future.set_result(do(run, process()))
            except BaseException as error:  # raised in the thread that reads the result
                future.set_exception(error)

    def stop() -> None:
        nonlocal stopped
        stopped = True
        for tasks in queues:
            tasks.put(None)

    def add(tasks: SimpleQueue[_Task | None], do: Callable[[Run, Process], Any]) -> None:
        pending.append(Future())
        tasks.put((pending[-1], do))

    with ExitStack() as stack:
        for tasks, run in zip(queues, _runs(catalogue, client, jobs, timeout, stack), strict=True):
            # Not an executor: Ctrl-C in its `submit` can leave a lock locked, and its exit waits for threads.
            threading.Thread(target=work, args=(tasks, *run), name="contract-kit", daemon=True).start()
        stack.callback(stop)  # runs before the other callbacks, so that no new call starts
        for tasks, mutant in zip(cycle(queues), mutants, strict=False):
            add(tasks, partial(controls.judged, mutant))
            while pending and (pending[0].done() or len(pending) > jobs * _AHEAD):
                yield _first(pending)
        while pending:
            yield _first(pending)
        for tasks in queues:
            add(tasks, controls.check_again)
        while pending:
            _first(pending)


def _runs(
    catalogue: Catalogue, client: Client | Receiver, jobs: int, timeout: float, stack: ExitStack
) -> Iterator[tuple[Run, Callable[[], Process]]]:
    """For each thread, yield a function that serves a mutant, and one that identifies the client's process.

    `stack` closes what the functions use.
    """
    if isinstance(client, Receiver):
        client.check()
        yield from [(partial(deliver, client, timeout), lambda: (0, 0))] * jobs
        return
    server = stack.enter_context(KitServer(catalogue, offers_only=True))
    for number in range(jobs):
        caller = client.caller(timeout)
        stack.callback(caller.close)
        yield partial(run_mutant, server, caller), partial(_process, number, caller)


def _process(number: int, caller: Caller) -> Process:
    return number, caller.stopped


def deliver(receiver: Receiver, timeout: float, mutant: Mutant) -> Result:
    """Deliver a mutant to a receiver, and return the result."""
    call = receiver.call(mutant, timeout)
    return Result.of(mutant, call.outcome, call.detail, [_ADVICE])


def _first(pending: deque[Future[Any]]) -> Any:
    while not wait([pending[0]], _LOOK).done:
        pass
    return pending.popleft().result()


def run_mutant(server: KitServer, caller: Caller, mutant: Mutant) -> Result:
    """Serve a mutant to a client, and return the result."""
    operation = mutant.operation
    with server.offer(mutant) as offer:
        call = caller.call(offer.url, operation)
        # Something from an earlier call, such as a timer, might have ended the worker before this call.
        if call.is_cut_off and offer.is_untouched:
            call = caller.call(offer.url, operation)
    if offer.problem and call.outcome is not Outcome.INCONCLUSIVE:
        detail = f"{offer.problem} ({call.detail})" if call.detail else offer.problem
        call = evolve(call, outcome=Outcome.NOT_REQUESTED, detail=detail)
    if offer.is_endless:
        call = evolve(
            call, outcome=Outcome.HUNG, detail=f"requested the same page {len(offer.requests):,} times"
        )
    elif len(offer.requests) > 1 and call.outcome is Outcome.HUNG and not mutant.misleads:
        call = evolve(call, outcome=Outcome.INCONCLUSIVE)
    result = Result.of(offer.judged, call.outcome, call.detail, advice(operation, offer.requests))
    text = unlinked(call.returned.text, offer.url)  # each mutant has a different URL
    return evolve(result, returned=evolve(call.returned, text=text))
