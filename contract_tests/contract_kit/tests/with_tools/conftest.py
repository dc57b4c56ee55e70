"""Writes the document into the current folder of each test."""

import pytest

from ..command import Run
from .serving import write_document


@pytest.fixture(autouse=True)
def _document(kit: Run) -> None:  # noqa: ARG001 - changes to an empty folder
    write_document()
