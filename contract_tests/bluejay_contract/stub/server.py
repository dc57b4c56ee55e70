"""Runs the stub as a server on loopback, in its own thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from contract_kit.serve.loopback import LOOPBACK, Loopback

from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS, Page

from .answer import Answer
from .app import create_app
from .recording import answers_in
from .requests_and_answers import RecordedRequest, StubState
from .scenarios import run_list
from .scenarios.conversation import Document
from .webhooks import events_of, send_all

if TYPE_CHECKING:
    from bluejay_contract.clients import BluejayClient


class Stub(Loopback):
    """A stub of the service that runs for the duration of a `with` statement.

    The stub serves the scenarios, queued runs, and the responses passed to `serve`.

    Args:
        api_key: The key that the stub accepts.
        port: The port to listen on; 0 for any free port.
        queued_run_seconds: How long a queued run takes to complete.
        pages: Whether the stub paginates runs. If False, it ignores `limit` and `offset`.
    """

    def __init__(
        self, *, api_key: str = "test-key", port: int = 0, queued_run_seconds: float = 3, pages: bool = True
    ) -> None:
        self._state = StubState(api_key, queued_run_seconds, pages=pages)
        super().__init__(create_app(self._state), port=port, name="stub")

    @property
    def api_key(self) -> str:
        """The key that the stub accepts."""
        return self._state.api_key

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a client or a command to this stub, without a proxy."""
        settings = {"BLUEJAY_API_URL": self.url, "BLUEJAY_API_KEY": self.api_key}
        return settings | dict.fromkeys(("NO_PROXY", "no_proxy"), LOOPBACK)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last 10,000 requests, in the order received."""
        return self._state.requests

    @property
    def now(self) -> datetime:
        """The stub's time, which `Date` headers and queued runs follow. Set it to change the clock."""
        return self._state.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._state.now = moment

    @property
    def pages(self) -> bool:
        """Whether the stub paginates runs. A new value applies until the next `reset`."""
        return self._state.pages

    @pages.setter
    def pages(self, pages: bool) -> None:
        self._state.pages = pages

    def client(self, **options: Any) -> BluejayClient:
        """Return a client that reads from this stub; close it when done.

        Args:
            **options: Passed to `BluejayClient`, such as `retries=0`.
        """
        # Imported late because the server itself shares no code with the client that it tests.
        from bluejay_contract.clients import make_client

        return make_client(self.environment, **options)

    def serve(self, run_id: str, first: Answer, *rest: Answer, offset: int | None = None) -> None:
        """Respond to successive reads of a run with these responses; the last one repeats.

        A read starts with a request for the first page (`offset=0`), which uses the next response; later
        pages come from the same response. If its body is a JSON object with a list of results, each page
        contains its part of this list, in the given order. Any other body is sent unchanged.

        Args:
            run_id: The decoded run id. If a scenario has the same id, it is replaced.
            first: The response to the next read.
            *rest: The responses to later reads.
            offset: Serve the responses only for requests with this offset, with their bodies unchanged.

        Raises:
            TypeError: An argument is not an `Answer`.
        """
        page = None if offset is None else Page(offset=offset)
        self._state.serve(RESULTS, run_id, {page: _checked(first, *rest)})

    def serve_result(self, result_id: str, first: Answer, *rest: Answer) -> None:
        """Respond to successive fetches of a result by id with these responses; the last one repeats."""
        self._state.serve(RESULT, result_id, {None: _checked(first, *rest)})

    def serve_queue(self, first: Answer, *rest: Answer) -> None:
        """Respond to valid requests to queue a run with these responses. From then on, no run is queued."""
        self._state.serve(QUEUE, "", {None: _checked(first, *rest)})

    def serve_runs(self, simulation_id: str, first: Answer, *rest: Answer) -> None:
        """Respond to successive requests for a simulation's runs with these responses; the last one repeats.

        By default, the list contains the simulation's scenarios and queued runs, but no runs passed to
        `serve`.
        """
        self._state.serve(RUNS, simulation_id, {None: _checked(first, *rest)})

    def serve_simulation(self, simulation_id: str, runs: Iterable[Document]) -> None:
        """Serve built runs as a simulation's runs: each run by its id, and the list of all of them.

        Args:
            simulation_id: The id of the simulation, which replaces the simulation id in each run.
            runs: Responses, for example from `run(...)`; each run needs a different, numeric `id`.

        Raises:
            ValueError: Two runs have the same id.
        """
        ids = {"simulation_id": simulation_id}
        of_it = [{**each, "simulation_run": {**each["simulation_run"], **ids}} for each in runs]
        by_id = {each["simulation_run"]["id"]: each for each in of_it}
        if len(by_id) < len(of_it):
            raise ValueError(
                "two runs have the same id; give each run its own id, as in run(passed=1, id='48301')"
            )
        for run_id, each in by_id.items():
            self.serve(run_id, Answer.json(each))
        self.serve_runs(simulation_id, Answer.json(run_list(of_it)))

    def deliver(
        self,
        url: str,
        secret: str,
        run_id: str = "",
        *,
        events: Sequence[Document] = (),
        fault: str = "none",
        delay: float = 0,
    ) -> list[int | None]:
        """Send signed webhook deliveries to a URL, one after another, and return the statuses.

        Args:
            url: The receiver's URL.
            secret: The signing secret.
            run_id: The run whose events are sent. Two events are derived from each conversation in the run's
                last response: one for its end, one for its evaluation. A queued run is treated as complete.
            events: The events to send instead of the run's events.
            fault: `none` (the default), `twice`, `out of order`, `forged` (signed with another secret) or
                `cut` (only half of the body).
            delay: How many seconds to wait before each delivery.

        Returns:
            The status of each response; None if no response came within 5 seconds.

        Raises:
            LookupError: The stub has no run with this id.
            ValueError: The stub has no fault with this name.
        """
        return send_all(
            url, events or events_of(run_id, self._state.last_bodies(run_id)), secret, fault, delay
        )

    def serve_recording(self, path: str | PathLike[str]) -> str:
        """Replay a recording from a client, a browser or a proxy; return the run's id.

        Each request gets the next recorded response for the same page, with its `Date`; the last one repeats.

        Args:
            path: A HAR file, for example written by `bluejay-results wait RUN --har FILE`.

        Raises:
            OSError: The file can't be read.
            ValueError: The file isn't a recording of exactly one run.
        """
        run_id, answers = answers_in(path)
        for (operation, resource_id), pages in answers.items():
            self._state.serve(operation, resource_id, pages)
        return run_id

    def reset(self) -> None:
        """Forget responses set by the test, polls, queued runs and recorded requests, and reset the clock."""
        self._state.reset()


def _checked(*answers: object) -> tuple[Answer, ...]:
    for each in answers:
        if not isinstance(each, Answer):
            raise TypeError(f"expected an Answer, got {type(each).__name__}")
    return cast("tuple[Answer, ...]", answers)
