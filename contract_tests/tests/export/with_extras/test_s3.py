"""Exports to S3, with a moto server on loopback, and to other fsspec file systems."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import fsspec
import pyarrow.parquet
import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import dataset, export, pending, place, to_rows
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
    """An empty bucket; its credentials are in environment variables."""
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


def test_a_file_that_another_program_adds_is_listed_immediately(bucket: Any) -> None:
    found = place.place_at(PLACE)
    for number in (1, 2):
        bucket.put_object(Key=f"runs/runs/part-{number}", Body=b"")
        assert len(found.names("runs")) == number


def test_an_interrupted_export_uploads_no_part_and_can_be_continued(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dataset.PartWriter, "flush", broken)
        with pytest.raises(KeyboardInterrupt):
            export([(RUN.id, RUN)], PLACE)
    gc.collect()  # runs finalizers: none may complete the aborted upload
    assert _keys(bucket) == {"runs/README.txt"}
    bucket.put_object(Key="runs/events/part-00001.parquet", Body=b"of a part without runs")
    export([], PLACE, resume=True)
    assert _keys(bucket) == {"runs/README.txt"}
    export([(RUN.id, RUN)], PLACE, resume=True)
    data = bucket.Object("runs/conversations/part-00001.parquet").get()["Body"].read()
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(data))
    assert table.to_pylist() == to_rows(RUN, "conversations")
    assert pending(["48213", "1"], PLACE) == ["1"]


def test_a_large_upload_that_fails_is_aborted(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time the upload fails, its first parts have been uploaded."""
    monkeypatch.setattr(place, "_BLOCK", 5 * 2**20)
    with place.place_at(PLACE).writing("whole") as file:
        file.write(b"x" * 6 * 2**20)
    stack = ExitStack()
    stack.enter_context(place.place_at(PLACE).writing("half")).write(b"x" * 12 * 2**20)
    assert list(bucket.multipart_uploads.all()) != []
    stack.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    gc.collect()  # runs finalizers: none may complete this aborted upload
    assert _keys(bucket) == {"runs/whole"}
    assert list(bucket.multipart_uploads.all()) == []


@pytest.mark.usefixtures("bucket")
def test_the_export_prints_one_line_if_the_bucket_does_not_exist(command: InProcess) -> None:
    settings = {name: os.environ[name] for name in os.environ if name.startswith("AWS_")}
    ended = command("export", "48213", "-o", "s3://nowhere/runs", environment=settings)
    Bad("", 2, "s3://nowhere/runs").check(ended)


def test_a_url_with_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing://x"):
        export([], "nothing://x")


@pytest.mark.parametrize("url", ["file://{folder}", "memory://runs"])
def test_an_export_can_be_written_to_a_file_system_that_has_folders(url: str, tmp_path: Path) -> None:
    place = url.format(folder=tmp_path)
    export([(RUN.id, RUN)], place)
    assert export([(RUN.id, RUN)], place, resume=True).skipped == ["48213"]
