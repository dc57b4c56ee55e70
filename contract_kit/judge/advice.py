"""Gives advice if a client's result is inconclusive, based on the requests that the client sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from contract_kit.derive.model import Operation


def advice(operation: Operation, requests: Sequence[str]) -> Iterator[str]:
    """Yield one line for each way in which the client's requests differ from the requests of a correct call.

    Args:
        operation: The operation that the client should call.
        requests: The decoded path and query of each request to the operation.
    """
    counts = Counter(requests)
    for target, count in counts.most_common(1):
        if count > 1:
            yield f"The client requested {target} {count:,} times, so turn off its retries."
    queries: dict[str, list[str]] = {}
    for target in counts:
        queries.setdefault(target.partition("?")[0], []).append(target)
    for first, *others in queries.values():
        if others:
            both = f"{others[0]} after {first}"
            yield f"The client requested {both}. If it follows pages, make it read only the first page."
    expected = unquote(operation.request.path.partition("?")[0])
    if elsewhere := [path for path in queries if unquote(path) != expected]:
        yield f"The client requested {elsewhere[0]} instead of {expected}, so pass the arguments to it."
