"""Exports to S3, on a moto server on loopback, and to other file systems of fsspec."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import fsspec
import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import committed_files, export, formats, pending, place, read_table, to_rows
from moto.server import ThreadedMotoServer

from ...cli.command import Bad, InProcess

RUN = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
PLACE = "s3://exports/runs"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, for which the environment has the credentials."""
    settings = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3").clear_instance_cache()
    bucket = boto3.resource("s3").create_bucket(Bucket="exports")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def _keys(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}


def test_a_run_is_written_to_s3_and_read_back(bucket: Any) -> None:
    export([(RUN.id, RUN)], PLACE)
    assert "runs/conversations/simulation_id=731/run_id=48213/part.parquet" in _keys(bucket)
    assert read_table(PLACE, "conversations").to_pylist() == to_rows(RUN, "conversations")
    assert committed_files(PLACE, "runs") == [f"{PLACE}/runs/simulation_id=731/run_id=48213/part.parquet"]


@pytest.mark.usefixtures("bucket")
def test_a_run_that_is_settled_on_s3_is_skipped() -> None:
    export([(RUN.id, RUN)], PLACE)
    assert list(pending(["48213", "1"], PLACE)) == ["1"]
    assert export([(RUN.id, RUN)], PLACE, resume=True).skipped == ["48213"]


def test_an_error_while_writing_a_table_uploads_no_part_of_the_table(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(file: Any, table: Any, batches: Any) -> int:
        if table.name == "metrics":
            file.write(b"half")
            raise KeyboardInterrupt
        return formats.write_parquet(file, table, batches)

    monkeypatch.setitem(formats.FORMATS, "parquet", broken)
    with pytest.raises(KeyboardInterrupt):
        export([(RUN.id, RUN)], PLACE)
    assert not [each for each in _keys(bucket) if each.startswith("runs/metrics/")]
    assert committed_files(PLACE, "runs") == []


def test_a_large_upload_that_fails_is_aborted(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first parts were uploaded before the failure."""

    def cut_short(file: Any, upload: Any) -> None:
        upload.write(file.read(6 * 2**20))
        assert list(bucket.multipart_uploads.all()) != []
        raise KeyboardInterrupt

    monkeypatch.setattr(place, "_ONE_REQUEST", 5 * 2**20)
    with place.place_at(PLACE).writing("whole") as file:
        file.write(b"x" * 6 * 2**20)
    monkeypatch.setattr(place, "copyfileobj", cut_short)
    with pytest.raises(KeyboardInterrupt), place.place_at(PLACE).writing("half") as file:
        file.write(b"x" * 12 * 2**20)
    gc.collect()  # a finalizer must not complete the aborted upload
    assert _keys(bucket) == {"runs/whole"}
    assert list(bucket.multipart_uploads.all()) == []


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_does_not_exist_prints_one_line(command: InProcess) -> None:
    settings = {name: os.environ[name] for name in os.environ if name.startswith("AWS_")}
    ended = command("export", "48213", "-o", "s3://nowhere/runs", environment=settings)
    Bad("", 2, "s3://nowhere/runs: ").check(ended)


def test_a_url_without_a_backend_is_refused() -> None:
    with pytest.raises(UsageError, match=r"nothing://x can't be opened"):
        export([], "nothing://x")


def test_a_file_url_names_a_local_folder(tmp_path: Path) -> None:
    export([(RUN.id, RUN)], f"file://{tmp_path}")
    assert read_table(tmp_path, "conversations").num_rows == 15


def test_a_backend_with_folders_can_be_used() -> None:
    export([(RUN.id, RUN)], "memory://runs")
    assert read_table("memory://runs", "conversations").num_rows == 15
