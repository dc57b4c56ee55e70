"""JSON paths as people write them."""

from collections.abc import Iterable


def json_path(parts: Iterable[str | int]) -> str:
    """Join the steps into a document: `$.simulation_results[0].id`, `$['odd key']`."""
    path = "$"
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if part.isidentifier() else f"[{part!r}]"
    return path
