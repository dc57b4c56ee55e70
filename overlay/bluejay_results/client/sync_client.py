"""The blocking client."""

from collections.abc import Generator, Iterable, Mapping, Sequence
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
from .polling import OnFault, OnUpdate
from .sync_sending import SyncSending
from .threads import retrieve_all


class BluejayClient(SyncSending):
    """Queues simulation runs and reads their results. Safe to share between threads.

    A forked process makes connections of its own. With your own httpx client its calls raise
    `ConfigurationError`.
    """

    def queue(
        self,
        simulation_id: str,
        *,
        digital_human_ids: Sequence[str | int] | None = None,
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
        """Queue a run of a simulation. It costs money, so a request that may have arrived is never repeated.

        It is sent again only where no connection was made, and after status 429. It goes out on a connection
        of its own, unless the httpx client is yours.

        Args:
            simulation_id: The simulation to run.
            digital_human_ids: The callers, once for each conversation. Default: all of the simulation's.
            prompt_id: The agent's prompt to use.
            knowledge_base_id: The knowledge base to use.
            phone_number: The number to call in place of the agent's own.
            sip_uri: The SIP address to call in place of the agent's own.
            livekit_agent_name: The LiveKit agent to dispatch.
            livekit_metadata: Metadata for it, which JSON can hold.
            pipecat_agent_name: The Pipecat agent to start.
            pipecat_agent_configuration: Its configuration, which JSON can hold.
            pipecat_room_properties: Properties of its room, which JSON can hold.
            timeout: Seconds that the call may take.

        Raises:
            UsageError: An argument can't be sent; nothing was.
            BluejayError: Every other failure. Where its `run_may_exist` is true, look in the app before you
                queue the run again.
        """
        return self._run(
            self._queue_steps(
                simulation_id,
                timeout,
                digital_human_ids=digital_human_ids,
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

    def retrieve(
        self,
        run_id: str,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        recorder: Recorder | None = None,
    ) -> SimulationRun:
        """Return a run as it is now.

        Args:
            run_id: The run to read.
            complete: Fetch conversations by id, once, in which the list may have left out tool calls. Without
                it `SimulationRun.incomplete` names them.
            tool_call_grace: Seconds after the end of a conversation in which its tool calls may still arrive.
            timeout: Seconds that the call may take, retries included.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract and lists the
                rest in `SimulationRun.violations`.
            recorder: Collects what is received, to save it even if the call fails.

        Raises:
            BluejayError: Every failure; `bluejay_results.errors` lists the kinds.
        """
        return self._run(
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
    ) -> Generator[tuple[str, SimulationRun | BluejayError], None, None]:
        """Retrieve runs in threads; yield each id with its run, or with its error, as the results arrive.

        After a 429 all calls pause, and fewer are made at once. Closing the iterator cancels the calls that
        have not begun; threads under way end with their calls.

        Args:
            run_ids: The runs to read: their ids, or what `runs` returned.
            concurrency: How many to read at once, 1 to 100.
            complete: As in `retrieve`.
            tool_call_grace: As in `retrieve`.
            timeout: Seconds that each call may take, retries included, from when it is first sent.
            on_violation: As in `retrieve`.

        Raises:
            ConfigurationError: An argument is invalid, or the client is closed.
        """
        many = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return retrieve_all(many, lambda run_id: self._retrieved(many, run_id))

    def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return one conversation in full, as it is now; its run is not known.

        Args:
            result_id: The conversation to read.
            timeout: Seconds that the call may take, retries included.
            on_violation: As in `retrieve`, for `SimulationResult.violations`.

        Raises:
            BluejayError: Every failure.
        """
        return self._run(self._result_steps(result_id, timeout, on_violation))

    def runs(
        self,
        simulation_id: str,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        recorder: Recorder | None = None,
    ) -> SimulationRuns:
        """Return the runs of a simulation, the newest first, without their conversations.

        Args:
            simulation_id: The simulation whose runs to list.
            timeout: Seconds that the call may take, retries included.
            on_violation: As in `retrieve`, for `SimulationRuns.violations`.
            recorder: Collects what is received, to save it even if the call fails.

        Raises:
            BluejayError: Every failure.
        """
        return self._run(self._runs_steps(simulation_id, timeout, on_violation, recorder))

    def wait(
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
    ) -> SimulationRun:
        """Return a run once it is settled: it has ended, and no conversation is under way or missing.

        Conversations in which the list may have left out tool calls are fetched by id.

        Args:
            run: The run to wait for: its id, or what `queue` returned. Then it is known how many
                conversations to expect, and the service may not know the run for the first 60 seconds.
            timeout: Seconds to wait.
            poll_interval: Seconds between polls.
            tool_call_grace: Seconds after the end of a conversation in which its tool calls may still arrive.
            on_update: Called with the run after each poll.
            on_fault: Called with the error of each request that failed and is made again, by a retry or by
                the next poll.
            on_violation: As in `retrieve`. A run whose end a violation hides is not settled.
            recorder: Collects what is received, to save it even if the call fails.

        Raises:
            WaitTimeoutError: It had not settled in time; the error carries the last state.
            BluejayError: A non-transient error. If the first poll can't connect, `wait` fails at once: the
                URL is more likely wrong than the service away.
        """
        return self._run(
            self._wait_steps(
                run,
                timeout,
                poll_interval,
                tool_call_grace,
                on_update,
                on_fault,
                on_violation,
                recorder,
            )
        )

    def request(
        self, method: str, path: str, *, json: Any = None, timeout: float = RETRIEVE_TIMEOUT
    ) -> Response[Any]:
        """Call an operation of the service that has no method here, and return the response undecoded.

        Args:
            method: Such as `GET`. Only GET and HEAD are sent again where they may have arrived.
            path: What follows the base URL, such as `/v1/simulations?limit=5`.
            json: The body, if there is one.
            timeout: Seconds that the call may take, retries included.

        Raises:
            BluejayError: Every failure, among them any status other than 2xx.
        """
        return self._run(self._request_steps(method, path, json, timeout))

    def close(self) -> None:
        """Close the connections, unless the httpx client is yours."""
        if http := self._to_close():
            http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
