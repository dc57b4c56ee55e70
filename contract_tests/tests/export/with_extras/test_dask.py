"""Exports on a cluster of Dask on this machine: two workers, each a process."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import dask
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results.export import committed_files, read_table
from distributed import Client, LocalCluster

from ... import builders
from ...cli.command import Bad, InProcess
from ...faults._connection import Connection
from ...faults._http import response
from ...faults._server import FaultServer

LOCAL: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
RUNS = [str(48400 + number) for number in range(12)]


@pytest.fixture(scope="module")
def cluster(stub: Stub) -> Iterator[LocalCluster]:
    """A cluster whose workers have the key of the stub in their environment."""
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


def test_the_workers_write_one_dataset(
    command: InProcess, cluster: LocalCluster, runs: list[str], tmp_path: Path
) -> None:
    ended = command("export", *runs, "99999", "--dask", cluster.scheduler_address, "-o", tmp_path)
    assert ended.code == 3
    assert ended.lines == [f"Exported 12 runs with 12 conversations to {tmp_path}; 1 failed"]
    assert sorted(read_table(tmp_path, "conversations")["run_id"].to_pylist()) == RUNS
    assert read_table(tmp_path, "errors")["type"].to_pylist() == ["RunNotFoundError"]


def test_another_worker_writes_the_run_of_a_worker_that_was_killed(
    command: InProcess, cluster: LocalCluster, runs: list[str], stub: Stub, tmp_path: Path
) -> None:
    """The first request for a run is never answered, and the worker that sent it is killed."""
    whole = Answer.json(builders.response(builders.result(), id=runs[5]))
    stub.serve(runs[5], Answer.json({}, delay=3600), whole)
    seen, killed = len(stub.requests), list[int]()

    def kill() -> None:
        while runs[5] not in {each.run_id for each in stub.requests[seen:]}:
            time.sleep(0.05)
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            [worker] = [address for address, tasks in client.processing().items() if tasks]
            killed.append(client.run(os.getpid)[worker])
            os.kill(killed[0], signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    options = ("--concurrency", "1", "--dask", cluster.scheduler_address, "-o", tmp_path)
    ended = command("export", *runs, *options)
    killer.join()
    assert ended.code == 0
    assert len(killed) == 1
    assert sorted(read_table(tmp_path, "conversations")["run_id"].to_pylist()) == RUNS


def test_concurrency_limits_all_workers_together(
    command: InProcess, cluster: LocalCluster, tmp_path: Path
) -> None:
    lock, under_way, most = Lock(), 0, 0

    def script(connection: Connection) -> None:
        nonlocal under_way, most
        while connection.read_request():
            with lock:
                under_way += 1
                most = max(most, under_way)
            Event().wait(0.05)
            with lock:
                under_way -= 1
            connection.send(response(builders.encoded(builders.response(id=connection.run_id))))

    with FaultServer(script) as server:
        options = ("--concurrency", "2", "--dask", cluster.scheduler_address, "-o", tmp_path)
        ended = command("export", *RUNS, "--base-url", server.url, *options)
    assert ended.code == 0
    assert most == 2


def test_an_unreachable_scheduler_prints_one_line(command: InProcess, closed: str, tmp_path: Path) -> None:
    address = closed.replace("http://", "tcp://")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        ended = command("export", "48213", "--dask", address, "-o", tmp_path)
    Bad("", 2, f"The Dask scheduler {address} can't be reached").check(ended)


def test_a_worker_without_a_key_prints_one_line(command: InProcess, tmp_path: Path) -> None:
    with LocalCluster(n_workers=1, processes=True, **LOCAL) as keyless:
        ended = command("export", "48213", "--dask", keyless.scheduler_address, "-o", tmp_path)
    Bad("", 2, "A Dask worker can't export: ").check(ended)
    assert committed_files(tmp_path, "runs") == []
