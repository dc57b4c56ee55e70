"""Exports on a local Dask cluster: two workers, each in its own process."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import dask
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results.export import cluster as cluster_module
from distributed import Client, LocalCluster

from ... import builders
from ...cli.command import InProcess, check_refused
from .tables import files, rows

LOCAL: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
RUNS = [str(48400 + number) for number in range(12)]


@pytest.fixture(scope="module")
def cluster(stub: Stub) -> Iterator[LocalCluster]:
    """A cluster whose workers have the stub's key in their environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stub.environment.items():
            patch.setenv(name, value)
        with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, **LOCAL) as running:
            yield running


@pytest.fixture
def runs(stub: Stub) -> list[str]:
    """Runs on the stub, with one conversation each."""
    for each in RUNS:
        stub.serve(each, Answer.json(builders.response(builders.result(int(each)), id=each)))
    return RUNS


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks with at most five runs."""
    monkeypatch.setattr(cluster_module, "PART", 5)


def test_each_dask_task_writes_one_part_of_the_export(
    command: InProcess, cluster: LocalCluster, runs: list[str], tmp_path: Path
) -> None:
    ended = command("export", *runs, "99999", "--dask", cluster.scheduler_address, "-o", tmp_path)
    assert ended.code == 3
    assert sorted(each["run_id"] for each in rows(tmp_path, "conversations")) == RUNS
    assert [each["type"] for each in rows(tmp_path, "errors")] == ["RunNotFoundError"]
    assert {each for each in files(tmp_path) if each.startswith("runs/")} == {
        f"runs/part-0000{number}.parquet" for number in (1, 2, 3)
    }


def test_a_dask_tasks_errors_are_the_same_rows_as_without_dask(
    command: InProcess, cluster: LocalCluster, stub: Stub, tmp_path: Path
) -> None:
    """Errors travel from the workers as pickles, which must keep their JSON paths."""
    stub.serve("48450", Answer.json(builders.response(builders.result(), id="48450", total_tests="1")))
    ids, scheduler = ("48450", "99999"), ("--dask", cluster.scheduler_address)
    for place, options in (("here", ()), ("there", scheduler)):
        assert command("export", *ids, *options, "-o", tmp_path / place).code == 3
    found, expected = (
        sorted(rows(tmp_path / place, "errors"), key=lambda each: str(each["run_id"]))
        for place in ("there", "here")
    )
    assert [each["path"] for each in expected] == ["$.simulation_run.total_tests", None]
    assert found == expected


def test_another_worker_writes_the_part_if_a_worker_is_killed(
    command: InProcess, cluster: LocalCluster, runs: list[str], stub: Stub, tmp_path: Path
) -> None:
    """The first request for a run is never answered, and the worker that sent it is killed."""
    whole = Answer.json(builders.response(builders.result(), id=runs[3]))
    stub.serve(runs[3], Answer.json({}, delay=3600), whole)
    seen, killed = len(stub.requests), list[int]()

    def kill() -> None:
        while runs[3] not in {each.run_id for each in stub.requests[seen:]}:
            time.sleep(0.05)
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            [worker] = [address for address, tasks in client.processing().items() if tasks]
            killed.append(client.run(os.getpid)[worker])
            os.kill(killed[0], signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    ended = command("export", *runs[:5], "--dask", cluster.scheduler_address, "-o", tmp_path)
    killer.join()
    assert ended.code == 0
    assert len(killed) == 1
    assert sorted(each["run_id"] for each in rows(tmp_path, "conversations")) == RUNS[:5]
    assert not [each for each in files(tmp_path) if each.startswith(".")]


def test_a_dask_task_fetches_missing_tool_calls_by_conversation_id(
    command: InProcess, cluster: LocalCluster, tmp_path: Path
) -> None:
    run_id = SCENARIOS["gaps"].run_id
    command("export", run_id, "--dask", cluster.scheduler_address, "-o", tmp_path)
    assert {each["tool_calls_from"] for each in rows(tmp_path, "conversations")} == {"list", "id"}


def test_the_export_prints_one_line_if_the_scheduler_is_unreachable(
    command: InProcess, closed: str, tmp_path: Path
) -> None:
    address = closed.replace("http://", "tcp://")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        ended = command("export", "48213", "--dask", address, "-o", tmp_path)
    check_refused(ended, 2, address)


def test_the_export_prints_one_line_if_a_worker_has_no_api_key(command: InProcess, tmp_path: Path) -> None:
    with LocalCluster(n_workers=1, processes=True, **LOCAL) as keyless:
        ended = command("export", "48213", "--dask", keyless.scheduler_address, "-o", tmp_path)
    check_refused(ended, 2, "BLUEJAY_API_KEY")
    assert files(tmp_path) == {"README.txt"}
