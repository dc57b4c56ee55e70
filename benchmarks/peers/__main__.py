"""Serve the mutants of our contract to every client and write PEERS.md.

Usage: python -m benchmarks.peers
"""

from __future__ import annotations

import os
import shutil
import sys

from contract_kit.derive.catalogue import Catalogue
from contract_kit.judge.matrix import Matrix
from contract_kit.judge.proof import prove

from benchmarks.build import CODE, ROOT, build_code

from .peers import PEERS, SCRIPTED, Peer
from .report import markdown

OPERATION = "retrieve_simulation_results"
"""The operation that every client is asked to call, because all of them have it."""


def main() -> None:
    """Run the command."""
    os.chdir(ROOT)
    # In this folder, the processes that call a client find the client's code and errors.
    os.environ["PYTHONPATH"] = str(CODE)
    build_code()
    matrices = {}
    for peer in PEERS:
        if peer is not SCRIPTED or shutil.which("node"):
            matrices[peer.name] = _prove(peer)
    (ROOT / "benchmarks" / "PEERS.md").write_text(markdown(matrices), encoding="utf-8")


def _prove(peer: Peer) -> Matrix:
    matrix = prove(Catalogue.load(ROOT / "openapi.yaml"), peer.client, [OPERATION])
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in matrix.counts.most_common())
    sys.stderr.write(f"{peer.name}: {counts}\n")
    return matrix


if __name__ == "__main__":
    main()
