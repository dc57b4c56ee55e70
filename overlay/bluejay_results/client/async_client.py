"""The asynchronous client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from os import PathLike
from typing import Self
from uuid import UUID

from bluejay_api.models import QueueSimulationRunRequest

from .._defaults import (
    POLL_INTERVAL,
    RETRIEVE_TIMEOUT,
    TOOL_CALL_GRACE,
    WAIT_TIMEOUT,
)
from ..errors import BluejayError
from ..reading.body import OnViolation
from ..results.queued import QueuedRun
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .async_io import AsyncIO, parallel
from .base import BaseClient
from .http_clients import AsyncHTTPClient
from .polling import OnUpdate
from .retries import OnFault


class AsyncBluejayClient(BaseClient[AsyncHTTPClient]):
    """The methods of `BluejayClient` as coroutines.

    At most 100 requests run at once; other calls wait. A client works only in the asyncio event loop of its
    first call. In another loop, and under trio, the client raises `ConfigurationError`.
    """

    _IO = AsyncIO
    _io: AsyncIO

    async def queue(
        self,
        run: str | QueueSimulationRunRequest,
        *,
        digital_human_ids: Sequence[str | int] | None = None,
        agent_version_id: str | UUID | None = None,
        timeout: float = RETRIEVE_TIMEOUT,
    ) -> QueuedRun:
        """Queue a run of a simulation; see `BluejayClient.queue`."""
        return await self._queue(run, digital_human_ids, agent_version_id, timeout)

    async def retrieve(
        self,
        run_id: str,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Return the current state of a run; see `BluejayClient.retrieve`."""
        return await self._retrieve(
            run_id, complete, tool_call_grace, timeout, on_violation, on_fault, record
        )

    def retrieve_many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int = 20,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> AsyncGenerator[tuple[str, SimulationRun | BluejayError], None]:
        """Retrieve several runs at once, in tasks. Yield each id with its run or error, as they arrive.

        See `BluejayClient.retrieve_many`. Closing the iterator also cancels the calls that are under way.
        """
        retrieve, ids = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return parallel(retrieve, ids, concurrency)

    async def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return the full record of one conversation; see `BluejayClient.retrieve_result`."""
        return await self._result(result_id, timeout, on_violation)

    async def runs(
        self,
        simulation_id: str,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRuns:
        """Return the runs of a simulation, newest first; see `BluejayClient.runs`."""
        return await self._runs(simulation_id, timeout, on_violation, record)

    async def wait(
        self,
        run: str | QueuedRun,
        *,
        timeout: float = WAIT_TIMEOUT,
        poll_interval: float = POLL_INTERVAL,
        tool_call_grace: float = TOOL_CALL_GRACE,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Return a run once it is settled; see `BluejayClient.wait`."""
        return await self._wait(
            run, timeout, poll_interval, tool_call_grace, on_update, on_fault, on_violation, record
        )

    async def aclose(self) -> None:
        """Close the connections, unless you passed your own httpx client."""
        if http := self._io.http_clients.to_close():
            self._io.check_loop()
            await http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()
