"""The operations of the service, and how the stub recognises them."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        id: The operationId.
        method: The method, in capitals.
        path: The path, with at most one parameter.
    """

    id: str
    method: str
    path: str

    def resource(self, path: str) -> str | None:
        """The decoded id in a path; "" if the operation has no id, None if the path doesn't match."""
        match = self._pattern.fullmatch(path)
        return unquote("".join(match.groups())) if match else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path))


RESULTS = Operation(
    "retrieve_simulation_results",
    "GET",
    "/v1/retrieve-simulation-results/{path_id}",
)
RESULT = Operation(
    "retrieve_simulation_result",
    "GET",
    "/v1/retrieve-simulation-result/{path_id}",
)
QUEUE = Operation("queue_simulation_run", "POST", "/v1/queue-simulation-run")
RUNS = Operation("get_simulation_runs", "GET", "/v1/get-simulation-runs/{path_id}")
_ALL = (RESULTS, RESULT, QUEUE, RUNS)


def operation_at(path: str) -> tuple[Operation | None, str]:
    """The operation that a percent-encoded path belongs to, and the decoded id in the path."""
    for operation in _ALL:
        if (resource_id := operation.resource(path)) is not None:
            return operation, resource_id
    return None, ""
