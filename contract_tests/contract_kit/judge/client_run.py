"""Runs a client: serves every mutant to it over HTTP, and observes what the client does.

Each mutant is compared with the valid response that it is made from: if a client doesn't accept the valid
response, the client's refusal of the mutant says nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, closing
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeAlias

from attrs import evolve

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import CONTROL, Expect, Mutant, Operation
from contract_kit.errors import NothingCoveredError
from contract_kit.serve.clients import Caller, Client, Outcome
from contract_kit.serve.server import KitServer

from .advice import advice
from .controls import Controls, is_accepted
from .results import Result, Results

_AHEAD = 16
"""The number of mutants queued for each caller, so that one call that hangs doesn't stop the others."""

_Task: TypeAlias = tuple[Future[Result], Mutant, Sequence[Future[Result]]]
"""A thread's task: the future of the result, the mutant to serve, and the valid responses to wait for."""

_LOOK = 0.2
"""Seconds per wait. Waits are short because Ctrl-C just before a wait is noticed only after the wait."""


def run_client(
    catalogue: Catalogue,
    client: Client,
    operations: Collection[str] = (),
    sample: int | None = None,
    jobs: int = 2,
    timeout: float = 10.0,
    progress: Callable[[Result], Any] | None = None,
) -> Results:
    """Serve every mutant to a client and return what the client did with each mutant.

    Before the mutants of a documented response, the valid response is served. If the client does not accept
    this valid response, its result is inconclusive, and its mutants are not served. If the client does not
    accept the operation's normal response, no mutant of the operation is served.

    Raises:
        KitError: An operation is unknown.
        ClientUnusableError: The client could not be run.
    """
    mutants, valid_responses = catalogue.mutants(operations, sample), Controls(catalogue)
    try:
        results = run_mutants(catalogue, client, mutants, jobs, timeout, progress, valid_responses)
    except NothingCoveredError:
        results = Results(())  # the skipped parts say why
    every = (*results.all, *valid_responses.refused)
    return evolve(results, all=every, skipped=tuple(catalogue.gaps(operations)))


def run_mutants(
    catalogue: Catalogue,
    client: Client,
    mutants: Iterable[Mutant],
    jobs: int,
    timeout: float,
    progress: Callable[[Result], Any] | None,
    valid_responses: Controls | None = None,
) -> Results:
    """Serve these mutants to a client as `run_client` does; the catalogue answers other requests."""
    results: list[Result] = []
    controls: dict[tuple[str, str], Future[Result]] = {}
    with closing(_results(catalogue, client, mutants, controls, jobs, timeout, valid_responses)) as found:
        for each in found:
            results.append(each)
            if progress:
                progress(each)
    served = [each.result() for each in controls.values()]
    failed = (inconclusive(each) for each in served if not is_accepted(each) and not each.is_unserved)
    return Results(tuple(results), controls=tuple(failed))


def _results(
    catalogue: Catalogue,
    client: Client,
    mutants: Iterable[Mutant],
    controls: dict[tuple[str, str], Future[Result]],
    jobs: int,
    timeout: float,
    valid_responses: Controls | None,
) -> Generator[Result, None, None]:
    """Yield what the client did with each mutant, in order; several calls are made at the same time."""
    pending: deque[Future[Result]] = deque()
    tasks: SimpleQueue[_Task | None] = SimpleQueue()
    stopped = False

    def run_next(caller: Caller, mutant: Mutant, before: Sequence[Future[Result]]) -> Result:
        valid = [each.result() for each in before]
        if not all(map(is_accepted, valid)):
            return Result.of(mutant, Outcome.INCONCLUSIVE)
        run = partial(run_mutant, server, caller)
        if mutant.group == CONTROL:
            return valid_responses.serve(mutant, run) if valid_responses else run(mutant)
        found = valid_responses.current(mutant) if valid_responses else mutant
        return found if isinstance(found, Result) else compared(run(found), valid[-1])

    def work(caller: Caller) -> None:
        while (task := tasks.get()) and not stopped:
            future, mutant, before = task
            try:
                future.set_result(run_next(caller, mutant, before))
            except BaseException as error:  # the thread that reads the result raises the error
                future.set_exception(error)

    def submit(mutant: Mutant, before: Sequence[Future[Result]]) -> Future[Result]:
        future: Future[Result] = Future()
        tasks.put((future, mutant, before))
        return future

    def control(operation: Operation, base: str) -> Future[Result]:
        # The valid response is ahead of its mutants in the queue, because they wait for it.
        if (key := (operation.id, base)) not in controls:
            before = [control(operation, "")] if base else []
            controls[key] = submit(catalogue.control(operation, base), before)
        return controls[key]

    def stop() -> None:
        nonlocal stopped
        stopped = True
        for _ in range(jobs):
            tasks.put(None)

    with ExitStack() as stack:
        server = stack.enter_context(KitServer(catalogue, offers_only=True))
        for _ in range(jobs):
            caller = client.caller(timeout)
            stack.callback(caller.close)
            # Not an executor: Ctrl-C in its `submit` can leave a lock locked, and its exit waits for threads.
            threading.Thread(target=work, args=(caller,), name="contract-kit", daemon=True).start()
        stack.callback(stop)  # runs before the other callbacks, so that no new call starts
        for mutant in mutants:
            before = [control(mutant.operation, base) for base in bases(mutant)]
            pending.append(submit(mutant, before))
            while pending and (pending[0].done() or len(pending) > jobs * _AHEAD):
                yield _first(pending)
        while pending:
            yield _first(pending)


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
    if offer.problem:
        detail = f"{offer.problem} ({call.detail})" if call.detail else offer.problem
        call = evolve(call, outcome=Outcome.NOT_REQUESTED, detail=detail)
    if offer.is_endless:
        call = evolve(call, outcome=Outcome.HUNG, detail=f"requested the page {len(offer.requests):,} times")
    elif len(offer.requests) > 1 and call.outcome is Outcome.HUNG and not mutant.misleads:
        call = evolve(call, outcome=Outcome.INCONCLUSIVE)
    return Result.of(offer.judged, call.outcome, call.detail, advice(operation, offer.requests))


def bases(mutant: Mutant) -> list[str]:
    """Return the labels of the valid responses to serve before a mutant; the normal response comes first."""
    return ["", mutant.base] if mutant.base else [""]


def inconclusive(control: Result) -> Result:
    """Turn the result for a valid response that was not accepted into an inconclusive one with the reason."""
    if control.verdict.is_inconclusive:
        return control
    did = {Outcome.REFUSED: "refused", Outcome.CRASHED: "crashed on", Outcome.HUNG: "hung on"}
    detail = f"the client {did[control.outcome]} the valid response: {control.detail}".removesuffix(": ")
    return evolve(control, outcome=Outcome.INCONCLUSIVE, detail=detail)


def compared(result: Result, control: Result) -> Result:
    """Return the result for a mutant; it is tolerated if the client also refused the valid response.

    A client may refuse a valid redirect, or a valid response whose content type it doesn't read. The client
    then refuses the mutants of this response for the same reason. Mutants of error responses (400 or above)
    are judged as usual, because a client refuses every error response.
    """
    is_refused = result.outcome is control.outcome is Outcome.REFUSED
    if not is_refused or control.mutant.response.status >= 400:
        return result
    mutant = evolve(result.mutant, expect=Expect.EITHER, reason=control.mutant.reason)
    return evolve(result, mutant=mutant)
