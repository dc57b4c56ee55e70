"""What both clients share: everything except I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any, ClassVar, Generic, TypeAlias
from urllib.parse import quote
from uuid import UUID

from attrs import evolve
from bluejay_api.api.simulation_results.retrieve_simulation_results import PATH as RUN_PATH
from bluejay_api.models import QueueSimulationRunRequest

from .._defaults import MAX_BODY_BYTES
from .._secrets import Secret, as_secret
from ..errors import BluejayError, ConfigurationError, InvalidIdError, UsageError
from ..recording.exchange import ReadSettings
from ..recording.har import save
from ..results.app_url import named_simulation, run_id_in
from ..results.queued import QueuedRun
from ..results.responses import OnViolation, check_on_violation
from ..results.result import SimulationResult, result_alone
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .config import Config, check_count
from .deadline import Clock, Deadline, seconds
from .http_clients import MAX_CONNECTIONS, HTTPClientT
from .polling import OnUpdate, Polling
from .queueing import queue_request
from .retries import OnFault, RateLimit
from .retrieval import Retrieval, RunSoFar
from .sending import IO, Sending, list_runs, queue_run, retrieve_record

Retrieved: TypeAlias = tuple[str, SimulationRun | BluejayError]
RecordPath: TypeAlias = str | PathLike[str] | None
UNUSABLE_ID = re.compile(r"^\.{0,2}$|[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Matches ids that can't be requested: they'd change the URL's meaning, or contain a control character."""


class BaseClient(Generic[HTTPClientT]):
    """The base class of both clients, with everything except I/O."""

    _IO: ClassVar[type[Any]]
    """Creates the client's I/O."""
    _io: IO

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        request_timeout: float = 30.0,
        retries: int = 3,
        max_body_bytes: int = MAX_BODY_BYTES,
        organization_id: str | None = None,
        http_client: HTTPClientT | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Create a client without sending anything.

        Args:
            api_key: The API key; by default, the environment variable BLUEJAY_API_KEY.
            base_url: The base URL, with or without `/v1`; by default, BLUEJAY_API_URL or the production
                service.
            request_timeout: The timeout in seconds for connecting, and for each part of a response.
            retries: The maximum number of retries per request after a connection error or status 429, 500,
                502, 503 or 504, with exponential backoff.
            max_body_bytes: The maximum size of a decompressed body, or of all responses of a run together, in
                bytes.
            organization_id: The organization whose results to read; by default, BLUEJAY_ORGANIZATION_ID. The
                id is sent only with requests that read a run or a conversation.
            http_client: Your own httpx or httpx2 client, for example with proxies or certificates. You have
                to close it.
            clock: A clock to use instead of the system clock, for tests.

        Raises:
            ConfigurationError: An argument, or a setting that httpx reads from the environment, is missing or
                invalid.
        """
        key, api_key = as_secret(api_key), None  # so that no inner frame contains the plain key
        self._config = Config.resolve(
            key, base_url, request_timeout, retries, max_body_bytes, organization_id
        )
        self._io = self._IO(http_client, clock or Clock())

    async def _queue(
        self,
        run: str | QueueSimulationRunRequest,
        digital_human_ids: Sequence[str | int] | None,
        agent_version_id: str | UUID | None,
        timeout: float,
    ) -> QueuedRun:
        request = queue_request(run, digital_human_ids, agent_version_id)
        check_id(self._config.api_key, "simulation id", request.simulation_id)
        return await self._sending(timeout).send(queue_run(request))

    async def _retrieve(
        self,
        run_id: str,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
        on_fault: OnFault | None = None,
        record: RecordPath = None,
        rate_limit: RateLimit | None = None,
    ) -> SimulationRun:
        settings = ReadSettings(tool_call_grace=seconds("tool_call_grace", grace, may_be_0=True))
        retrieval = self._retrieval(run_id, on_violation, settings, timeout, rate_limit)
        with recorded(retrieval.so_far, record, self._config.api_key):
            return await retrieval.retrieve(complete=complete, on_fault=on_fault)

    def _many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
    ) -> tuple[Callable[[str], Coroutine[Any, Any, Retrieved]], Iterator[str]]:
        """Check the arguments; return the function that retrieves each run, along with the run ids."""
        if isinstance(run_ids, str):
            raise ConfigurationError("run_ids must be a collection of ids, got one string. Put it in a list.")
        check_count("concurrency", concurrency, 1, MAX_CONNECTIONS)
        # The result isn't used: the call only checks the arguments.
        seconds("tool_call_grace", grace, may_be_0=True)
        self._retrieval("-", on_violation, ReadSettings(), timeout)
        rate_limit = RateLimit(self._io.clock, timeout)

        async def retrieve(run_id: str) -> Retrieved:
            if left := rate_limit.left():  # the call's timeout starts with its first request
                await self._io.sleep(left)
            try:
                run = self._retrieve(run_id, complete, grace, timeout, on_violation, rate_limit=rate_limit)
                return run_id, await run
            except BluejayError as error:
                return run_id, error

        return retrieve, (each.id if isinstance(each, ListedRun) else each for each in run_ids)

    async def _wait(
        self,
        run: str | QueuedRun,
        timeout: float,
        poll_interval: float,
        grace: float,
        on_update: OnUpdate | None,
        on_fault: OnFault | None,
        on_violation: OnViolation,
        record: RecordPath,
    ) -> SimulationRun:
        queued = run if isinstance(run, QueuedRun) else None
        settings = ReadSettings(
            is_wait=True,
            tool_call_grace=seconds("tool_call_grace", grace, may_be_0=True),
            queued_ids=queued.result_ids if queued else (),
            simulation_id=queued.simulation_id if queued else None,
        )
        retrieval = self._retrieval(run, on_violation, settings, timeout)
        run_id, deadline = retrieval.run_id, retrieval.sending.deadline
        url = self._config.base_url + RUN_PATH.format(simulation_run_id=quote(run_id, safe=""))
        interval = seconds("poll_interval", poll_interval)
        url = self._config.api_key.redact(url)
        polling = Polling(run_id, url, deadline, interval, on_update, on_fault, queued is not None)
        with recorded(retrieval.so_far, record, self._config.api_key):
            return await retrieval.wait(polling)

    async def _result(
        self, result_id: str | int, timeout: float, on_violation: OnViolation
    ) -> SimulationResult:
        text = str(result_id) if isinstance(result_id, int) else result_id
        check_id(self._config.api_key, "result id", text)
        check_on_violation(on_violation)
        return result_alone(await self._sending(timeout).send(retrieve_record(text, on_violation)))

    async def _runs(
        self, simulation_id: str, timeout: float, on_violation: OnViolation, record: RecordPath
    ) -> SimulationRuns:
        check_id(self._config.api_key, "simulation id", simulation_id)
        check_on_violation(on_violation)
        so_far = RunSoFar(ReadSettings())
        with recorded(so_far, record, self._config.api_key):
            runs = await self._sending(timeout).send(list_runs(simulation_id, on_violation))
            so_far.listed(runs.exchange)
            return runs

    def _retrieval(
        self,
        run: str | QueuedRun,
        on_violation: OnViolation,
        settings: ReadSettings,
        timeout: float,
        rate_limit: RateLimit | None = None,
    ) -> Retrieval:
        key, run_id = self._config.api_key, run.run_id if isinstance(run, QueuedRun) else run
        check_id(key, "run id", run_id)
        if not isinstance(run, QueuedRun):
            settings = evolve(settings, simulation_id=named_simulation(run))
            run_id = run_id_in(run)
            check_id(key, "run id", run_id)
        check_on_violation(on_violation)
        so_far = RunSoFar(settings)
        return Retrieval(self._sending(timeout, rate_limit), run_id, so_far, on_violation)

    def _sending(self, timeout: float, rate_limit: RateLimit | None = None) -> Sending:
        self._io.http_clients.check_open()
        deadline = Deadline(self._io.clock, seconds("timeout", timeout))
        return Sending(
            self._io, self._config, deadline, rate_limit or RateLimit(self._io.clock, deadline.seconds)
        )


def check_id(key: Secret, noun: str, value: object) -> None:
    """Raise InvalidIdError for an id that contains the key or would change the meaning of its URL."""
    if not isinstance(value, str):
        raise InvalidIdError(f"The {noun} must be a string, got {type(value).__name__}.")
    if key.is_in(value):
        raise InvalidIdError(f"The {noun} contains the API key. Were the two swapped?")
    if UNUSABLE_ID.search(value):
        run_id = value if noun == "run id" else None
        raise InvalidIdError(f"The {noun} can't be {value!r}. Check the id.", run_id=run_id)


@contextmanager
def recorded(so_far: RunSoFar, path: RecordPath, key: Secret) -> Iterator[None]:
    """Record what a call received; if it received nothing, write nothing.

    If the call fails, its error is raised even if the file can't be written.

    Raises:
        UsageError: The call succeeded, but the file can't be written.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            so_far.failed(error)
        try:
            _write(so_far, path, key)
        except UsageError as failure:
            error.add_note(str(failure))
        raise
    _write(so_far, path, key)


def _write(so_far: RunSoFar, path: RecordPath, key: Secret) -> None:
    recording = None if path is None else so_far.recording
    if path is None or recording is None or not any(each.status for each in recording.exchanges):
        return
    try:
        save(recording, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"The recording can't be written to {key.redact(str(path))} ({reason}).") from None
