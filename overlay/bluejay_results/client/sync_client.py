"""The blocking client."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from queue import Queue
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
from .polling import OnFault, OnUpdate
from .sync_sending import SyncSending
from .threads import retrieve_all


class BluejayClient(SyncSending):
    """Queues simulation runs and reads their results. Threads can share one client.

    A forked process makes new connections. If you passed your own httpx client, calls in a forked process
    raise `ConfigurationError`.
    """

    def queue(
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
        """Queue a run of a simulation. A run costs money, so a request that may have arrived is not repeated.

        The request is repeated only if no connection was made, or after status 429. It is sent on a new
        connection, unless you passed your own httpx client.

        Args:
            simulation_id: The simulation to run.
            digital_human_ids: The callers. For several conversations with a caller, repeat its id. Default:
                all callers of the simulation.
            agent_version_id: The id of the agent version to test.
            prompt_id: Deprecated: the same id as `agent_version_id`. Two different ids are refused.
            knowledge_base_id: The id of the knowledge base that the agent uses.
            phone_number: The number to call instead of the agent's number.
            sip_uri: The SIP address to call instead of the agent's address.
            livekit_agent_name: The LiveKit agent to dispatch.
            livekit_metadata: The metadata of the LiveKit agent; must be serializable as JSON.
            pipecat_agent_name: The Pipecat agent to start.
            pipecat_agent_configuration: The configuration of the Pipecat agent; must be serializable as JSON.
            pipecat_room_properties: The properties of the Pipecat room; must be serializable as JSON.
            timeout: Seconds that the call may take.

        Raises:
            UsageError: An argument is invalid; nothing was sent.
            BluejayError: Every other failure. If its `run_may_exist` is true, look in the app before you
                queue the run again.
        """
        return self._run(
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
        """Return the current state of a run.

        Args:
            run_id: The run to read.
            complete: Fetch by id, once each, the conversations whose tool calls the list may have left out.
                If false, `SimulationRun.incomplete` lists these conversations.
            tool_call_grace: How many seconds after a conversation's end its tool calls may still arrive.
            timeout: Seconds that the call may take, retries included.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
                violations in `SimulationRun.violations`.
            recorder: Records the responses, so that they can be saved even if the call fails.

        Raises:
            BluejayError: Every failure; `bluejay_results.errors` lists the error classes.
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

        After a 429, all calls pause, and fewer run at once. Closing the iterator cancels the calls that have
        not started; running threads finish their current call.

        Args:
            run_ids: The runs to read: their ids, or the result of `runs`.
            concurrency: The number of runs to read at once, 1 to 100.
            complete: As in `retrieve`.
            tool_call_grace: As in `retrieve`.
            timeout: Seconds that each call may take from its first request on, retries included.
            on_violation: As in `retrieve`.

        Raises:
            ConfigurationError: An argument is invalid, or the client is closed.
        """
        many = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return retrieve_all(many, lambda run_id: self._retrieve_one(many, run_id))

    def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return the full record of one conversation. The record does not name its run.

        Args:
            result_id: The conversation to fetch.
            timeout: Seconds that the call may take, retries included.
            on_violation: As in `retrieve`; the violations are in `SimulationResult.violations`.

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
        """Return the runs of a simulation, newest first, without their conversations.

        Args:
            simulation_id: The simulation whose runs to list.
            timeout: Seconds that the call may take, retries included.
            on_violation: As in `retrieve`; the violations are in `SimulationRuns.violations`.
            recorder: Records the response, so that it can be saved even if the call fails.

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
        events: Queue[WebhookEvent] | None = None,
    ) -> SimulationRun:
        """Wait until a run is settled, and return it.

        A settled run has ended, and no conversation is under way or missing from the list.

        A conversation is fetched by id if the list may have left out its tool calls.

        Args:
            run: The run to wait for: its id, or the result of `queue`. From the result of `queue`, the client
                knows which conversations to expect, and it accepts a 404 in the first 60 seconds.
            timeout: Seconds to wait.
            poll_interval: Seconds between polls.
            tool_call_grace: How many seconds after a conversation's end its tool calls may still arrive.
            on_update: Called with the run after each poll.
            on_fault: Called with the error of each failed request before the next retry or poll.
            on_violation: As in `retrieve`. If a violation hides whether a run has ended, the run is not
                settled.
            recorder: Records the responses, so that they can be saved even if the call fails.
            events: A queue of webhook events. An event of this run ends the pause before the next poll, but
                polls stay at least a second apart. Events of other runs are removed from the queue, so use
                one queue for each call.

        Raises:
            WaitTimeoutError: The run had not settled in time; the error contains the last state.
            BluejayError: A non-transient error. If the first poll can't connect, `wait` fails at once,
                because a wrong URL is more likely than a service that is down.
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
                events,
            )
        )

    def request(
        self, method: str, path: str, *, json: Any = None, timeout: float = RETRIEVE_TIMEOUT
    ) -> Response[Any]:
        """Call an operation that this client has no method for, and return the undecoded response.

        Args:
            method: The HTTP method, such as `GET`. A request that may have arrived is repeated only if its
                method is GET or HEAD.
            path: The path after the base URL, such as `/v1/simulations?limit=5`.
            json: The body, serialized as JSON; None for no body.
            timeout: Seconds that the call may take, retries included.

        Raises:
            BluejayError: Every failure, including any non-2xx status.
        """
        return self._run(self._request_steps(method, path, json, timeout))

    def close(self) -> None:
        """Close the connections, unless you passed your own httpx client."""
        if http := self._to_close():
            http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
