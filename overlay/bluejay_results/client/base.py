"""The parts that both clients share: everything except I/O."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from bluejay_api.models import QueueSimulationRunRequest

from .._defaults import MAX_BODY_BYTES
from .._secrets import as_secret
from ..clock import Clock, Deadline
from ..errors import ConfigurationError
from ..reading.body import OnViolation, check_on_violation
from ..recording.recording import Settings
from ..results.app_url import run_id_in
from ..results.page import Record
from ..results.queued import QueuedRun
from ..results.result import SimulationResult, result_alone
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .call import Call
from .config import (
    Config,
    check_count,
    seconds,
)
from .http_clients import MAX_CONNECTIONS, HTTPClients, HTTPClientT
from .many_runs import Many
from .operations import (
    RESULTS_PATH,
    RUNS_PATH,
    SIMULATIONS_PATH,
    BoundOperation,
    list_runs,
    queue_run,
    retrieve_record,
)
from .polling import OnFault, OnUpdate, Polling
from .queue_request import queue_request
from .reading import Reading
from .record import Path, list_steps, recorded
from .retrieval import Calls, retrieve_steps, wait_steps
from .steps import Steps, send_with_retries

T = TypeVar("T")


class BaseClient(HTTPClients[HTTPClientT]):
    """The parts that both clients share: everything except I/O."""

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
        """Create a client; nothing is sent yet.

        Args:
            api_key: The API key; by default, the environment variable BLUEJAY_API_KEY.
            base_url: The base URL, with or without `/v1`; by default, BLUEJAY_API_URL or the production
                service.
            request_timeout: The maximum number of seconds for connecting, and for each part of a response.
            retries: The maximum number of retries of one request after a connection error or status 429, 500,
                502, 503 or 504. The pauses between retries grow.
            max_body_bytes: The maximum size of a decompressed body (bytes).
            organization_id: The organization whose results to read; by default, BLUEJAY_ORGANIZATION_ID.
                Only requests that read a run or a conversation send it.
            http_client: Your own client of httpx or httpx2, for proxies or certificates. You close it.
            clock: A clock for tests, in place of the system clock.

        Raises:
            ConfigurationError: An argument, or a setting that httpx reads from the environment, is missing or
                invalid.
        """
        key, api_key = as_secret(api_key), None  # so that no inner frame contains the plain key
        self._config = Config.resolve(
            key,
            base_url,
            request_timeout,
            retries,
            max_body_bytes,
            organization_id,
        )
        self._clock = clock or Clock()
        self._set_http_client(http_client)

    def __repr__(self) -> str:
        config = getattr(self, "_config", None)  # a traceback may show a client whose __init__ failed
        return f"<{type(self).__name__} {config.base_url if config else 'without settings'}>"

    def _needs_its_own(self, call: Call[Any]) -> bool:
        """Whether a request needs a new connection, because the service may have closed an idle one."""
        return self._makes_its_own and not call.operation.is_repeatable

    def _deadline(self, timeout: float) -> Deadline:
        if not self._is_usable:
            raise ConfigurationError("The client is closed. Make a new one.")
        return Deadline(self._clock, seconds("timeout", timeout))

    def _call_of(self, operation: BoundOperation[T], timeout: float) -> Call[T]:
        return Call(self._config, operation, self._deadline(timeout), self._config.max_body_bytes)

    def _calls(self, run_id: str, timeout: float, on_violation: OnViolation, settings: Settings) -> Calls:
        run_id = run_id_in(run_id) if str(run_id).startswith("http") else run_id
        self._config.check_run_id(run_id, RUNS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        seconds("tool_call_grace", settings.tool_call_grace, may_be_0=True)
        deadline = self._deadline(timeout)
        return Calls(self._config, self._clock, deadline, on_violation, run_id, settings)

    def _retrieve_steps(
        self,
        run_id: str,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
        record: Path = None,
    ) -> Steps[SimulationRun]:
        settings = Settings(tool_call_grace=grace, timeout=timeout, secret=self._config.api_key)
        calls = self._calls(run_id, timeout, on_violation, settings)
        reading = Reading(settings, self._clock)
        return recorded(retrieve_steps(calls, reading, complete=complete), reading, record)

    def _many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
    ) -> tuple[Many, Iterator[str]]:
        if isinstance(run_ids, str):
            raise ConfigurationError("run_ids must be several ids, got one string. Put it in a list.")
        check_count("concurrency", concurrency, 1, MAX_CONNECTIONS)
        # This raises for invalid arguments.
        self._calls("-", timeout, on_violation, Settings(tool_call_grace=grace))
        many = Many(
            timeout,
            self._clock,
            lambda run_id: self._retrieve_steps(run_id, complete, grace, timeout, on_violation),
        )
        return many, (each.id if isinstance(each, ListedRun) else each for each in run_ids)

    def _wait_steps(
        self,
        run: str | QueuedRun,
        timeout: float,
        poll_interval: float,
        grace: float,
        on_update: OnUpdate | None,
        on_fault: OnFault | None,
        on_violation: OnViolation,
        record: Path = None,
    ) -> Steps[SimulationRun]:
        queued = run if isinstance(run, QueuedRun) else None
        run_id = run.run_id if isinstance(run, QueuedRun) else run
        settings = Settings(
            is_wait=True,
            tool_call_grace=grace,
            timeout=timeout,
            poll_interval=poll_interval,
            queued_ids=queued.result_ids if queued else (),
            simulation_id=queued.simulation_id if queued else None,
            secret=self._config.api_key,
        )
        calls = self._calls(run_id, timeout, on_violation, settings)
        url = calls.page(0, 1).url.partition("?")[0]
        polling = Polling(
            calls.run_id, url, calls.deadline, poll_interval, on_update, on_fault, is_queued=bool(queued)
        )
        reading = Reading(settings, self._clock)
        return recorded(wait_steps(calls, reading, polling), reading, record)

    def _result_steps(
        self, result_id: str | int, timeout: float, on_violation: OnViolation
    ) -> Steps[SimulationResult]:
        text = str(result_id) if isinstance(result_id, int) else result_id
        self._config.check_id("result id", text, RESULTS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        return _result_alone(self._call_of(retrieve_record(text, on_violation), timeout))

    def _runs_steps(
        self, simulation_id: str, timeout: float, on_violation: OnViolation, record: Path
    ) -> Steps[SimulationRuns]:
        self._config.check_id("simulation id", simulation_id, SIMULATIONS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        call = self._call_of(list_runs(simulation_id, on_violation), timeout)
        reading = Reading(Settings(timeout=timeout, secret=self._config.api_key), self._clock)
        return recorded(list_steps(call, reading), reading, record)

    def _queue_steps(
        self,
        run: str | QueueSimulationRunRequest,
        digital_human_ids: Sequence[str | int] | None,
        agent_version_id: str | UUID | None,
        timeout: float,
    ) -> Steps[QueuedRun]:
        request = queue_request(run, digital_human_ids, agent_version_id)
        self._config.check_id("simulation id", request.simulation_id)
        return send_with_retries(self._call_of(queue_run(request), timeout))


def _result_alone(call: Call[Record]) -> Steps[SimulationResult]:
    return result_alone((yield from send_with_retries(call)))
