"""What the two clients share: everything but the I/O."""

import copy
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Generic, Self, TypeVar

import httpx
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
from .http.patch_httpcore import unusable_proxy_port
from .many_runs import Many
from .operations import (
    RESULTS_PATH,
    RUNS_PATH,
    SIMULATIONS_PATH,
    Operation,
    any_request,
    list_runs,
    queue_run,
    retrieve_result,
)
from .polling import OnFault, OnUpdate, Polling
from .request_log import log_to_stderr
from .retrieval import Reads, retrieved, waited
from .steps import Steps, sent

MAX_CONNECTIONS = 100

# By default httpx keeps 20 of 100: busy with more, it makes a new connection for every request.
LIMITS = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)


def no_cookies() -> CookieJar:
    """Return a jar that takes no cookie: the service needs none, and they would pile up in each request."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


HTTPClientT = TypeVar("HTTPClientT", httpx.Client, httpx.AsyncClient)
T = TypeVar("T")


class BaseClient(Generic[HTTPClientT]):
    """What the two clients share: everything but the I/O."""

    _HTTP_CLIENT: type[HTTPClientT]

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
        http_client: HTTPClientT | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Create a client; nothing is sent yet.

        Args:
            api_key: Default: BLUEJAY_API_KEY.
            base_url: With or without `/v1`. Default: BLUEJAY_API_URL, else production.
            request_timeout: Seconds to connect, and to wait for each part of a response.
            retries: How often to send a request again, with growing pauses, after a connection fault or
                status 429, 500, 502, 503 or 504.
            max_body_bytes: The largest body that is accepted, decompressed (bytes).
            default_headers: Headers that every request carries as well.
            user_agent_suffix: What the User-Agent header ends with, such as `my-pipeline/2.1`.
            http_client: Your own httpx client, for proxies or certificates. You close it.
            clock: Replaces the system clock in tests.

        Raises:
            ConfigurationError: An argument, or a setting that httpx reads from the environment, is missing or
                invalid.
        """
        key, api_key = as_secret(api_key), None  # no frame below holds the plain key
        self._config = Config.resolve(
            key, base_url, request_timeout, retries, max_body_bytes, default_headers, user_agent_suffix
        )
        log_to_stderr()
        self._clock = clock or Clock()
        self._is_owner = self._makes_its_own = http_client is None
        self._is_closed = False
        http = self._own_http_client() if http_client is None else http_client
        self._check_http_client(http)
        self._http_of: dict[int, HTTPClientT] = {os.getpid(): http}
        self._line_of: dict[int, Any] = {}

    def with_options(
        self,
        *,
        request_timeout: float | None = None,
        retries: int | None = None,
        max_body_bytes: int | None = None,
        default_headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a client with other settings for a call or more. It shares this one's connections.

        What is not given stays as it is. Closing it closes nothing.

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
        other._config = evolve(other._config, headers=joined_headers(old.headers, default_headers or {}))
        return other

    def __repr__(self) -> str:
        config = getattr(self, "_config", None)  # a traceback may show a client whose __init__ failed
        return f"<{type(self).__name__} {config.base_url if config else 'without settings'}>"

    @property
    def _http(self) -> HTTPClientT:
        """The httpx client of this process.

        If two processes read one connection, each can get the other's response. An inherited client is left
        open: closing it could end the connections of the other process.
        """
        process = os.getpid()
        if http := self._http_of.get(process):
            return http
        if not self._makes_its_own:
            raise ConfigurationError(
                "A forked process can't use its parent's httpx client. Make new clients in this process."
            )
        return self._http_of.setdefault(process, self._own_http_client())  # of two threads one wins

    def _check_http_client(self, http: HTTPClientT) -> None:
        kind = self._HTTP_CLIENT
        if not isinstance(http, kind):
            got = type(http).__name__
            raise ConfigurationError(f"http_client must be an httpx.{kind.__name__}, got {got}.")
        if port := unusable_proxy_port(http):
            raise ConfigurationError(f"A proxy can't have the port {port}. Check the proxies.")

    @contextmanager
    def _while_open(self) -> Iterator[None]:
        """Raise ConfigurationError where httpx raises RuntimeError because the client is closed."""
        try:
            yield
        except RuntimeError:
            if not self._http.is_closed:
                raise
        else:
            return
        raise ConfigurationError("The client was closed during the call. Close it after its last call.")

    def _own_http_client(self) -> HTTPClientT:
        try:
            return self._new_http_client()
        except httpx.InvalidURL:  # its text can hold a part of the proxy's password
            reason = "a proxy is not a URL"
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).rstrip(".")
        raise ConfigurationError(
            f"The HTTP settings of the environment fail: {reason}. Check the proxies and SSL_CERT_FILE."
        )

    def _new_http_client(self) -> HTTPClientT:
        raise NotImplementedError

    def _needs_its_own(self, call: Call[Any]) -> bool:
        """Whether a request goes out on a connection of its own: one that is new can't break under it."""
        return self._makes_its_own and not call.operation.is_repeatable

    def _to_close(self) -> HTTPClientT | None:
        """Mark the client as closed; return the httpx client that this process has to close."""
        self._is_closed = self._is_owner
        return self._http_of.get(os.getpid()) if self._is_owner else None

    def _deadline(self, timeout: float) -> Deadline:
        if self._is_closed or self._http.is_closed:
            raise ConfigurationError("The client is closed. Make a new one.")
        return Deadline(self._clock, seconds("timeout", timeout))

    def _call_of(self, operation: Operation[T], timeout: float) -> Call[T]:
        return Call(self._config, operation, self._deadline(timeout))

    def _reads(
        self, timeout: float, on_violation: OnViolation, settings: Settings, recorder: Recorder | None
    ) -> Reads:
        check_on_violation(on_violation)
        grace = seconds("tool_call_grace", settings.tool_call_grace, may_be_0=True)
        recorder = recorder or Recorder()
        recorder.begin(settings, self._clock, self._config.api_key)
        return Reads(self._config, self._clock, self._deadline(timeout), on_violation, grace, recorder)

    def _run_call(self, reads: Reads, run_id: str, queued_ids: tuple[str, ...] = ()) -> Call[SimulationRun]:
        self._config.check_run_id(run_id, RUNS_PATH.partition("{")[0])
        return reads.run_call(run_id, queued_ids)

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
        reads = self._reads(timeout, on_violation, settings, recorder)
        return retrieved(reads, self._run_call(reads, run_id), complete=complete)

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
        self._reads(timeout, on_violation, settings, None)  # refuses what can't be used
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
    ) -> Steps[SimulationRun]:
        is_queued = isinstance(run, QueuedRun)
        run_id, queued_ids = (run.run_id, run.result_ids) if isinstance(run, QueuedRun) else (run, ())
        settings = Settings(
            is_wait=True,
            tool_call_grace=grace,
            timeout=timeout,
            poll_interval=poll_interval,
            queued_ids=queued_ids,
        )
        reads = self._reads(timeout, on_violation, settings, recorder)
        call = self._run_call(reads, run_id, queued_ids)
        polling = Polling(call, poll_interval, on_update, on_fault, is_queued=is_queued)
        return waited(reads, call, polling)

    def _result_steps(
        self, result_id: str | int, timeout: float, on_violation: OnViolation
    ) -> Steps[SimulationResult]:
        text = str(result_id) if isinstance(result_id, int) else result_id
        self._config.check_id("result id", text, RESULTS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        return sent(self._call_of(retrieve_result(text, on_violation), timeout))

    def _runs_steps(
        self, simulation_id: str, timeout: float, on_violation: OnViolation, recorder: Recorder | None
    ) -> Steps[SimulationRuns]:
        self._config.check_id("simulation id", simulation_id, SIMULATIONS_PATH.partition("{")[0])
        check_on_violation(on_violation)
        deadline = self._deadline(timeout)
        if recorder:
            settings = Settings(is_wait=False, tool_call_grace=0.0, timeout=timeout)
            recorder.begin(settings, self._clock, self._config.api_key)
        return sent(Call(self._config, list_runs(simulation_id, on_violation), deadline, recorder))

    def _queue_steps(self, simulation_id: str, timeout: float, **options: Any) -> Steps[QueuedRun]:
        self._config.check_id("simulation id", simulation_id)
        return sent(self._call_of(queue_run(simulation_id, **options), timeout))

    def _request_steps(self, method: str, path: str, document: Any, timeout: float) -> Steps[Response[Any]]:
        self._config.check_path(path)
        return sent(self._call_of(any_request(method, path, document), timeout))
