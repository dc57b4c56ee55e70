"""Examples of users' code. This file is never run; mypy and pyright check its types."""

import asyncio
from typing import Any, assert_type

from bluejay_api.models import QueueSimulationRunRequest
from bluejay_contract.stub import Answer, Stub, run
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    ListedRun,
    Outcome,
    QueuedRun,
    SimulationResult,
    SimulationRun,
    WaitTimeoutError,
)
from bluejay_results.compare import Effect, Pair, compare
from bluejay_results.export import ExportReport, export, saved_runs, to_rows
from bluejay_results.gate import Rules, RuleVerdict, Verdict, gate
from bluejay_results.results.figures import RunFigure
from bluejay_results.results.metrics import metrics
from bluejay_results.results.run_figures import figures


def queue_and_wait() -> None:
    with BluejayClient(retries=0) as client:
        queued = client.queue("731", digital_human_ids=["55", 56])
        assert_type(client.queue(QueueSimulationRunRequest("731", livekit_agent_name="nightly")), QueuedRun)
        assert_type(queued.result_ids, tuple[str, ...])
        assert_type(client.wait(queued, timeout=600), SimulationRun)


def read_a_run(client: BluejayClient) -> None:
    run = client.retrieve("48213", complete=True, record="run.har")
    assert_type(run.pass_rate, float | None)
    assert_type(run.results, tuple[SimulationResult, ...])
    assert_type(run.results_by_outcome[Outcome.VOID], tuple[SimulationResult, ...])
    assert_type(figures(run), tuple[RunFigure, ...])
    assert_type(run.result(482130004), SimulationResult)
    assert_type(run.response.simulation_run.total_tests, int | None)


def read_a_result(result: SimulationResult) -> None:
    assert_type(result.latency.p95, float | None)
    assert_type(metrics(result)[0].number, float | None)


def read_many(client: BluejayClient) -> None:
    runs = client.runs("731")
    assert_type(runs[0], ListedRun)
    assert_type(runs[:3], tuple[ListedRun, ...])
    for run_id, found in client.retrieve_many(runs):
        assert_type(run_id, str)
        if isinstance(found, BluejayError):
            assert_type(found.status_code, int | None)
        else:
            assert_type(found, SimulationRun)


def handle_a_timeout(client: BluejayClient) -> SimulationRun | None:
    try:
        return client.wait("48213")
    except WaitTimeoutError as error:
        return error.run


async def read_asynchronously() -> None:
    async with AsyncBluejayClient() as client:
        assert_type(client, AsyncBluejayClient)
        assert_type(await client.wait("48213"), SimulationRun)
        run, result = await asyncio.gather(client.retrieve("48213"), client.retrieve_result("482130001"))
        assert_type(run, SimulationRun)
        assert_type(result, SimulationResult)
        async for _, found in client.retrieve_many(["48213"]):
            assert_type(found, SimulationRun | BluejayError)


def decide(run: SimulationRun, base: SimulationRun) -> None:
    rules = Rules(min_pass_rate=90, require=["p90(latency.p95) <= 1500 ms"])
    verdict = gate(run, rules)
    assert_type(verdict, Verdict)
    assert_type(verdict.runs[0].findings[0].verdict, RuleVerdict)
    assert_type(gate([run, base]), Verdict)
    assert_type(gate(run, base=base), Verdict)
    comparison = compare(base, run)
    assert_type(comparison.if_failed, Effect | None)
    assert_type(comparison.pairs, tuple[Pair, ...])


def export_runs(client: BluejayClient) -> None:
    report = export(client.retrieve_many(["48213"]), "runs", format="csv")
    assert_type(report, ExportReport)
    assert_type(export(saved_runs(["recordings"]), "saved"), ExportReport)
    assert_type(to_rows(client.retrieve("48213"), "conversations"), list[dict[str, Any]])


def test_offline(bluejay_stub: Stub) -> None:
    bluejay_stub.serve("48300", Answer.json(run(passed=3)), Answer(status=502, delay=0.1))
    assert_type(bluejay_stub.client(), BluejayClient)


def refused(client: BluejayClient) -> None:
    """Each line has a type error. If a type checker misses one, it reports the ignore comment as unused."""
    client.retrieve(48213)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.retrieve("48213", on_violation="keep")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.wait("48213", 600)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Rules(min_pass_rat=80)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
