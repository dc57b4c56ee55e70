"""Builds what the benchmarks need: other generators' code for our contract, and the bodies as files."""

from __future__ import annotations

import json
import os
import shutil
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from .case import run

ROOT = Path(__file__).parent.parent
BUILT = ROOT / ".build" / "bench-fresh"
CODE = BUILT / "code"
FULL = (1, 10, 100, 1_000, 10_000)
"""Numbers of conversations with 7 kB each, from the stub's `large` scenario: 7 kB to 70 MB in total."""
SHORT = (10, 2_000, 20_000)
"""Numbers of short conversations with 150 bytes each: one caller, a status and one evaluation."""
GAPS = 50
"""How many of the 1,000 conversations in `gaps` lack their tool calls."""


def full(conversations: int) -> Path:
    """Return the path of the file with a run of this many conversations."""
    return BUILT / f"{conversations}.json"


def short(conversations: int) -> Path:
    """Return the path of the file with a run of this many short conversations."""
    return BUILT / f"{conversations}-short.json"


def gaps() -> tuple[Path, Path]:
    """Return the paths of a run whose list lacks tool calls, and of the complete results to fetch by id."""
    return BUILT / "gaps.json", BUILT / "singles.json"


def build() -> None:
    """Write the generated code and the bodies to `BUILT`."""
    build_code()
    build_bodies()
    from .export import build_runs  # loaded late: it imports this module

    build_runs()


def build_code() -> None:
    """Write only the generated code."""
    shutil.rmtree(BUILT, ignore_errors=True)
    CODE.mkdir(parents=True)
    # The stock generator formats its output with ruff, which it looks up in PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    contract = str(ROOT / "openapi.yaml")
    stock = ("--meta", "none", "--output-path", str(CODE / "stock_client"))
    run(sys.executable, "-m", "openapi_python_client", "generate", "--path", contract, *stock)
    pydantic = (
        "--input",
        contract,
        "--input-file-type",
        "openapi",
        "--output",
        str(CODE / "pydantic_models.py"),
    )
    options = ("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11")
    run(sys.executable, "-m", "datamodel_code_generator", *pydantic, *options, "--formatters", "builtin")


def build_bodies() -> None:
    """Write only the bodies."""
    from bluejay_contract.stub import SCENARIOS  # loaded late: the processes that measure don't need it

    BUILT.mkdir(parents=True, exist_ok=True)
    [large] = SCENARIOS["large"].bodies
    document = json.loads(large)
    for count in FULL:
        full(count).write_bytes(_body(document, document["simulation_results"], count))
    evaluation = {"agent_speak_percentage": 40.0, "avg_agent_latency": 900.0, "goal_success": True}
    result = {"digital_human_id": 1001, "status": "COMPLETED", "evaluations": [evaluation]}
    for count in SHORT:
        short(count).write_bytes(_body(document, [result], count))
    _build_gaps(document)


def usual_body(count: int) -> bytes:
    """Return a body with this many conversations of 7 kB each."""
    from bluejay_contract.stub import SCENARIOS  # loaded late: as above

    [large] = SCENARIOS["large"].bodies
    document = json.loads(large)
    return _body(document, document["simulation_results"], count)


def _build_gaps(document: dict[str, Any]) -> None:
    whole = list(islice(cycle(filter(_is_complete, document["simulation_results"])), 1_000))
    whole = [each | {"id": 482_210_000 + number} for number, each in enumerate(whole)]
    left_out = [
        each | {"tool_calls": [tool | {"actual": []} for tool in each["tool_calls"]]}
        for each in whole[-GAPS:]
    ]
    uncounted = {name: None for name in document["simulation_run"] if name.startswith("tests_")}
    listed = document | {
        "simulation_run": document["simulation_run"] | uncounted,
        "simulation_results": [*whole[:-GAPS], *left_out],
    }
    gaps()[0].write_text(json.dumps(listed, separators=(",", ":")))
    gaps()[1].write_text(json.dumps({each["id"]: each for each in whole[-GAPS:]}))


def _is_complete(result: dict[str, Any]) -> bool:
    """Whether a conversation has a verdict and every expected call, so that nothing is fetched by id."""
    calls = result["tool_calls"] or ()
    return result["status"] == "COMPLETED" and bool(calls) and all(each["actual"] for each in calls)


def _body(document: dict[str, Any], results: list[dict[str, Any]], count: int) -> bytes:
    uncounted = {name: None for name in document["simulation_run"] if name.startswith("tests_")}
    numbered = enumerate(islice(cycle(results), count), 1)
    made = {
        "simulation_run": document["simulation_run"] | uncounted | {"total_tests": count},
        "simulation_results": [{**result, "id": number} for number, result in numbered],
        "status": "200",
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
