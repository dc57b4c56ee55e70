"""The asynchronous client."""

from asyncio import Queue
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from bluejay_api.types import Response

from .._defaults import (
    POLL_INTERVAL,
    RETRIEVE_TIMEOUT,
    TOOL_CALL_GRACE,
    WAIT_TIMEOUT,
)
from ..errors import BluejayError
from ..reading.body import OnViolation
from ..recording.recorder import Recorder
from ..results.queued import QueuedRun
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from ..webhooks.event import WebhookEvent
from .async_sending import AsyncSending
from .polling import OnFault, OnUpdate
from .tasks import retrieve_all


class AsyncBluejayClient(AsyncSending):
    """The methods of `BluejayClient` as coroutines.

    At most 100 requests run at once; other calls wait in the order in which they started. A client works only
    in the asyncio event loop of its first call. In another loop, and under trio, the client raises
    `ConfigurationError`.
    """

    async def queue(
        self,
        simulation_id: str,
        *,
        digital_human_ids: Sequence[str | int] | None = None,
        agent_version_id: str | UUID | None = None,
        prompt_id: str | UUID | None = None,
        knowledge_base_id: str | UUID | None = None,
        phone_number: str | None = None,
        sip_uri: str | None = None,
        livekit_agent_name: str | None = None,
        livekit_metadata: Mapping[str, Any] | None = None,
        pipecat_agent_name: str | None = None,
        pipecat_agent_configuration: Mapping[str, Any] | None = None,
        pipecat_room_properties: Mapping[str, Any] | None = None,
        timeout: float = RETRIEVE_TIMEOUT,
    ) -> QueuedRun:
        """Queue a run of a simulation; see `BluejayClient.queue`."""
        return await self._run(
            self._queue_steps(
                simulation_id,
                timeout,
                digital_human_ids=digital_human_ids,
                agent_version_id=agent_version_id,
                prompt_id=prompt_id,
                knowledge_base_id=knowledge_base_id,
                phone_number=phone_number,
                sip_uri=sip_uri,
                livekit_agent_name=livekit_agent_name,
                livekit_metadata=livekit_metadata,
                pipecat_agent_name=pipecat_agent_name,
                pipecat_agent_configuration=pipecat_agent_configuration,
                pipecat_room_properties=pipecat_room_properties,
            )
        )

    async def retrieve(
        self,
        run_id: str,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        recorder: Recorder | None = None,
    ) -> SimulationRun:
        """Return the current state of a run; see `BluejayClient.retrieve`."""
        return await self._run(
            self._retrieve_steps(run_id, complete, tool_call_grace, timeout, on_violation, recorder)
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
        """Retrieve runs in tasks; yield each id with its run or error. See `BluejayClient.retrieve_many`.

        Closing the iterator also cancels the calls that are under way.
        """
        many = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return retrieve_all(many, lambda run_id: self._retrieve_one(many, run_id))

    async def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return the full record of one conversation; see `BluejayClient.retrieve_result`."""
        return await self._run(self._result_steps(result_id, timeout, on_violation))

    async def runs(
        self,
        simulation_id: str,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        recorder: Recorder | None = None,
    ) -> SimulationRuns:
        """Return the runs of a simulation, newest first; see `BluejayClient.runs`."""
        return await self._run(self._runs_steps(simulation_id, timeout, on_violation, recorder))

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
        recorder: Recorder | None = None,
        events: Queue[WebhookEvent] | None = None,
    ) -> SimulationRun:
        """Return a run once it is settled; see `BluejayClient.wait`."""
        return await self._run(
            self._wait_steps(
                run,
                timeout,
                poll_interval,
                tool_call_grace,
                on_update,
                on_fault,
                on_violation,
                recorder,
                events,
            )
        )

    async def request(
        self, method: str, path: str, *, json: Any = None, timeout: float = RETRIEVE_TIMEOUT
    ) -> Response[Any]:
        """Call an operation that this client has no method for; see `BluejayClient.request`."""
        return await self._run(self._request_steps(method, path, json, timeout))

    async def aclose(self) -> None:
        """Close the connections, unless you passed your own httpx client."""
        if http := self._to_close():
            self._limit()
            await http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()
