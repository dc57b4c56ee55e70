"""What a stub was asked, and what it answers next."""

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from ._answer import Answer
from .scenarios import scenario_answers

_REMEMBERED = 10_000
"""How many requests a stub keeps: the memory of one that runs for days must not grow."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it arrived, without the key that came with it.

    Attributes:
        method: The method, in capitals.
        path: The path as it was sent, still percent-encoded, without the query.
        run_id: The decoded run id, None where the path is not the operation's.
        headers: Lower-case name to value; several headers of one name are joined by a comma.
        key_accepted: Whether the request carried the key that the stub accepts.
    """

    method: str
    path: str
    run_id: str | None
    headers: Mapping[str, str]
    key_accepted: bool


class StubState:
    """The state of one stub. The server's thread and the test's thread share it."""

    def __init__(self, api_key: str) -> None:
        self.api_key = api_key
        self._lock = threading.Lock()
        self._served: dict[str, tuple[Answer, ...]] = {}
        self._polls: Counter[str] = Counter()
        self._requests: deque[RecordedRequest] = deque(maxlen=_REMEMBERED)

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last requests, in the order of their arrival."""
        with self._lock:
            return list(self._requests)

    def accepts(self, api_key: str | None) -> bool:
        """Tell whether this is the accepted key."""
        return api_key == self.api_key

    def record(self, request: RecordedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self._requests.append(request)

    def serve(self, run_id: str, answers: tuple[Answer, ...]) -> None:
        """Answer the run with these from its next request on."""
        with self._lock:
            self._served[run_id] = answers
            del self._polls[run_id]

    def take(self, run_id: str, *, key_accepted: bool, method: str = "GET") -> Answer | None:
        """Take the run's next answer, None where there is none for this caller."""
        with self._lock:
            answers = self._served.get(run_id) or scenario_answers(run_id)
            if not answers:
                return None
            answer = answers[min(self._polls[run_id], len(answers) - 1)]
            if answer.method != method or (answer.authenticated and not key_accepted):
                return None
            self._polls[run_id] += 1
            return answer

    def reset(self) -> None:
        """Forget the served answers, the polls and the requests."""
        with self._lock:
            self._served.clear()
            self._polls.clear()
            self._requests.clear()
