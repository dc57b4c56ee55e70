"""`make peers` compares clients that exist, and reports what each client did."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_kit.derive.model import Expect
from contract_kit.judge.matrix import Matrix, Row
from contract_kit.serve.clients import Outcome, PythonClient, WorkerClient

from benchmarks.peers.peers import PEERS, Peer
from benchmarks.peers.report import table

ROOT = Path(__file__).parents[3]


def row(group: str, expect: Expect, outcome: Outcome) -> Row:
    return Row("get:200", "get", group, "", "is 7", "", expect, outcome, "")


def test_the_table_counts_verdicts_and_names_the_keywords_believed_most() -> None:
    believed, crashed = Outcome.BELIEVED, Outcome.CRASHED
    rows = (
        row("format", Expect.REFUSE, believed),
        *[row("type", Expect.REFUSE, believed)] * 2,
        row("enum", Expect.REFUSE, Outcome.REFUSED),
        row("required", Expect.REFUSE, crashed),
        row("legal", Expect.ACCEPT, believed),
        row("legal", Expect.ACCEPT, Outcome.REFUSED),
    )
    assert list(table({"some client": Matrix(rows, ())})) == [
        "| client | mutants | refused by body | refused by status | believed | crashed | hung "
        "| wrongly refused | accepted | tolerated | inconclusive | believed most | crashed most |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|",
        "| some client | 7 | 1 | - | 3 | 1 | - | 1 | 1 | - | - | type 2, format 1 | required 1 |",
    ]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_each_client_exists_and_is_in_the_report(peer: Peer) -> None:
    match peer.client:
        case PythonClient(function):
            module, _, name = function.partition(":")
            file = (ROOT / module.replace(".", "/")).with_suffix(".py")
            assert f"def {name}(url: str, _: str, arguments: dict[str, Any])" in file.read_text()
        case WorkerClient(command):
            assert Path(command[-1]).is_file()
    assert f"\n| {peer.name} | " in (ROOT / "benchmarks" / "PEERS.md").read_text()
