"""Tests what an API client does when the server's responses violate the OpenAPI document.

The command is `contract-kit`. In pytest:

    @contract_kit.each_mutant("openapi.yaml", operation="getOrder", sample=50)
    def test_client(mutant):
        mutant.check(lambda: get_order(mutant.url, **mutant.arguments), refuses=OrderError)
"""

from __future__ import annotations

from collections.abc import Sequence
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
    ref_root: str | Path | None = None,
    baseline: str | Path | None = None,
    ignore: Sequence[str] = (),
) -> pytest.MarkDecorator:
    """Run a test once for each mutant of a document, and pass it to the test as the argument `mutant`.

    Ignored faults are expected failures. With a baseline, new faults and faults that are no worse than in the
    baseline are, too.

    Args:
        document: The path of an OpenAPI document; a relative path is relative to pytest's root directory.
        operation: The id of the operation whose responses are mutated; None for all operations.
        sample: The number of mutants to draw; None for all. Every run draws the same mutants.
        strictness: `must` judges the client only by MUST requirements in the standards; `should` and `may`
            also apply weaker requirements.
        ref_root: A folder whose files the document may refer to, in addition to files in its own folder.
        baseline: A file written by `contract-kit test --write-baseline`; a relative path is resolved like
            `document`.
        ignore: The faults to ignore, in the format of `contract-kit test --ignore`.
    """
    from .pytest_plugin import MARK  # imported late, because only tests need pytest

    return MARK.with_args(document, operation, sample, strictness, ref_root, baseline, tuple(ignore))
