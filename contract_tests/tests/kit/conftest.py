"""A folder with a document and a client, where the command runs."""

from pathlib import Path

import pytest

from .command import CLIENT, DOCUMENT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with `orders.yaml` and `client.py`."""
    (tmp_path / "orders.yaml").write_text(DOCUMENT)
    (tmp_path / "client.py").write_text(CLIENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path
