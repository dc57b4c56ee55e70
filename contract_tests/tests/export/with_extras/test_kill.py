"""An export killed at any moment can be continued; the result is the same as without the kill."""

import subprocess
import sys
from pathlib import Path

import pytest
from bluejay_results.export import export, exporting, saved_runs
from bluejay_results.export.tables import TABLES

from ... import builders
from ..runs import without_export_time
from .tables import files, rows


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five runs that can be exported, a run that isn't settled, and a broken file."""
    folder = tmp_path_factory.mktemp("saved")
    for run_id in range(5):
        body = builders.response(builders.result(run_id), builders.result(run_id + 100), id=str(run_id))
        (folder / f"{run_id}.json").write_bytes(builders.encoded(body))
    (folder / "1-running.json").write_bytes(builders.encoded(builders.response(id="9", status="RUNNING")))
    (folder / "2-broken.json").write_text("{")
    return folder


def test_an_export_can_be_continued_after_being_killed_at_any_file_operation(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path(__file__).with_name("killed_export.py")
    subprocess.run([sys.executable, program, saved, tmp_path], check=True, timeout=600)
    *killed, whole = sorted(tmp_path.glob("[1-9]*"), key=lambda each: int(each.name))
    assert len(killed) > 60
    assert len(rows(whole, "runs")) == 5
    assert {each["type"] for each in rows(whole, "errors")} == {"NotSettled", "ContractViolationError"}
    monkeypatch.setattr(exporting, "PART", 2)
    for place in killed:
        export(saved_runs([saved]), place, resume=True)
        assert files(place) == files(whole)
        for table in TABLES:
            found, expected = (without_export_time(rows(each, table)) for each in (place, whole))
            assert found == expected
