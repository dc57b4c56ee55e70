"""The parts that both clients share: everything except I/O."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

from attrs import evolve
from bluejay_api.types import Response

from .._defaults import MAX_BODY_BYTES
from .._secrets import as_secret
from ..clock import Clock, Deadline
from ..errors import ConfigurationError
from ..reading.body import OnViolation, check_on_violation
from ..recording.recorder import Recorder
from ..recording.recording import Settings
from ..results.queued import QueuedRun
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .call import Call
from .config import (
    Config,
    check_count,
    joined_headers,
    seconds,
)
from .http_clients import MAX_CONNECTIONS, HTTPClients, HTTPClientT
from .many_runs import Many
from .operations import (
    RESULTS_PATH,
    RUNS_PATH,
    SIMULATIONS_PATH,
    BoundOperation,
    any_request,
    list_runs,
    queue_run,
    retrieve_result,
)
from .polling import OnFault, OnUpdate, Polling
from .request_log import log_to_stderr
from .retrieval import CallFactory, retrieve_steps, wait_steps
from .steps import Steps, send_with_retries

T = TypeVar("T")


class BaseClient(HTTPClients[HTTPClientT]):
    """The parts that both clients share: everything except I/O."""

    _QUEUE: type
    """The type of the queue from which `wait` takes events."""

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        *,
        request_timeout: float = 30.0,
        retries: int = 3,
        max_body_bytes: int = MAX_BODY_BYTES,
        default_headers: Mapping[str, str] | None = None,
        user_agent_suffix: str = "",
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
            default_headers: Headers to add to every request.
            user_agent_suffix: Text to append to the User-Agent header, such as `my-pipeline/2.1`.
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
            default_headers,
            user_agent_suffix,
            organization_id,
        )
        log_to_stderr()
        self._clock = clock or Clock()
        self._set_http_client(http_client)

    def with_options(
        self,
        *,
        request_timeout: float | None = None,
        retries: int | None = None,
        max_body_bytes: int | None = None,
        default_headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a client with other settings that shares the connections of this client.

        Omitted settings keep their values. Closing the new client leaves the connections open.

        Raises:
            ConfigurationError: A setting is invalid.
        """
        old = self._config
        other = copy.copy(self)
        other._is_owner = False
        other._config = Config.resolve(
            old.api_key,
            old.base_url,
            old.request_timeout if request_timeout is None else request_timeout,
            old.retries if retries is None else retries,
            old.max_body_bytes if max_body_bytes is None else max_body_bytes,
            default_headers,
        )
        other._config = evolve(
            other._config,
            headers=joined_headers(old.headers, default_headers or {}),
            organization_id=old.organization_id,
        )
        return other

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
        return Call(self._config, operation, self._deadline(timeout))

    def _calls(
        self, timeout: float, on_violation: OnViolation, settings: Settings, recorder: Recorder | None
    ) -> CallFactory:
        check_on_violation(on_violation)
        grace = seconds("tool_call_grace", settings.tool_call_grace, may_be_0=True)
        recorder = recorder or Recorder()
        recorder.begin(settings, self._clock, self._config.api_key)
        return CallFactory(self._config, self._clock, self._deadline(timeout), on_violation, grace, recorder)

    def _run_call(
        self, calls: CallFactory, run_id: str, queued_ids: tuple[str, ...] = ()
    ) -> Call[SimulationRun]:
        self._config.check_run_id(run_id, RUNS_PATH.partition("{")[0])
        return calls.run_call(run_id, queued_ids)

    def _retrieve_steps(
        self,
        run_id: str,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
        recorder: Recorder | None = None,
    ) -> Steps[SimulationRun]:
        settings = Settings(is_wait=False, tool_call_grace=grace, timeout=timeout)
        calls = self._calls(timeout, on_violation, settings, recorder)
        return retrieve_steps(calls, self._run_call(calls, run_id), complete=complete)

    def _many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int,
        complete: bool,
        grace: float,
        timeout: float,
        on_violation: OnViolation,
    ) -> Many:
        if isinstance(run_ids, str):
            raise ConfigurationError("run_ids must be several ids, got one string. Put it in a list.")
        check_count("concurrency", concurrency, 1, MAX_CONNECTIONS)
        settings = Settings(is_wait=False, tool_call_grace=grace, timeout=timeout)
        self._calls(timeout, on_violation, settings, None)  # raises for invalid arguments
        return Many(
            (each.id if isinstance(each, ListedRun) else each for each in run_ids),
            concurrency,
            timeout,
            self._clock,
            lambda run_id: self._retrieve_steps(run_id, complete, grace, timeout, on_violation),
        )

    def _wait_steps(
        self,
        run: str | QueuedRun,
        timeout: float,
        poll_interval: float,
        grace: float,
        on_update: OnUpdate | None,
        on_fault: OnFault | None,
        on_violation: OnViolation,
        recorder: Recorder | None = None,
        events: Any = None,
    ) -> Steps[SimulationRun]:
        if events is not None and not isinstance(events, self._QUEUE):
            expected = f"{self._QUEUE.__module__.partition('.')[0]}.Queue"
            raise ConfigurationError(f"events must be of type {expected}, got {type(events).__name__}.")
        is_queued = isinstance(run, QueuedRun)
        run_id, queued_ids = (run.run_id, run.result_ids) if isinstance(run, QueuedRun) else (run, ())
        settings = Settings(
            is_wait=True,
            tool_call_grace=grace,
            timeout=timeout,
            poll_interval=poll_interval,
            queued_ids=queued_ids,
        )
        calls = self._calls(timeout, on_violation, settings, recorder)
        call = self._run_call(calls, run_id, queued_ids)
        polling = Polling(call, poll_interval, on_update, on_fault, is_queued=is_queued)
        return wait_steps(calls, call, polling, events)

    def _result_steps(
        self, result_id: str | int, timeout: float, on_violation: OnViolation
    ) -> Steps[SimulationResult]:
        text = str(result_id) if isinstance(result_id, int) else result_id
        self._config.check_id("result id", text, RESULTS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        return send_with_retries(self._call_of(retrieve_result(text, on_violation), timeout))

    def _runs_steps(
        self, simulation_id: str, timeout: float, on_violation: OnViolation, recorder: Recorder | None
    ) -> Steps[SimulationRuns]:
        self._config.check_id("simulation id", simulation_id, SIMULATIONS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        deadline = self._deadline(timeout)
        if recorder:
            settings = Settings(is_wait=False, tool_call_grace=0.0, timeout=timeout)
            recorder.begin(settings, self._clock, self._config.api_key)
        operation = list_runs(simulation_id, on_violation)
        return send_with_retries(Call(self._config, operation, deadline, recorder))

    def _queue_steps(self, simulation_id: str, timeout: float, **options: Any) -> Steps[QueuedRun]:
        self._config.check_id("simulation id", simulation_id)
        return send_with_retries(self._call_of(queue_run(simulation_id, **options), timeout))

    def _request_steps(self, method: str, path: str, document: Any, timeout: float) -> Steps[Response[Any]]:
        self._config.check_path(path)
        return send_with_retries(self._call_of(any_request(method, path, document), timeout))
