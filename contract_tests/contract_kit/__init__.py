"""What does a client do when the server breaks its contract? A kit that asks, for any OpenAPI document.

The command is `contract-kit`. In pytest:

    @contract_kit.each_mutant("openapi.yaml", operation="getOrder", sample=50)
    def test_client(mutant):
        mutant.check(lambda: get_order(mutant.url, **mutant.arguments), refuses=OrderError)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pytest

__all__ = ["each_mutant"]


def each_mutant(
    document: str | Path,
    *,
    operation: str | None = None,
    sample: int | None = None,
    strictness: Literal["must", "should", "may"] = "must",
) -> pytest.MarkDecorator:
    """Run a test once for each mutant of a document, which it gets as the argument `mutant`.

    Args:
        document: The path of an OpenAPI document; a relative one starts at pytest's root directory.
        operation: The id of the operation to answer with mutants; all where it is None.
        sample: How many mutants, spread evenly and the same every time; all where it is None.
        strictness: Whether to judge the client by what standards say that it must do, by should too, or by
            may too.
    """
    from .pytest_plugin import MARK  # loaded late: only tests need pytest

    return MARK.with_args(document, operation, sample, strictness)
