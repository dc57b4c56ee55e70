"""PEERS.md: a table of what each client did, and how to read it."""

from __future__ import annotations

import platform
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import metadata

from contract_kit.judge.matrix import Matrix, Verdict

from ..verdicts import SHOWN
from .peers import PEERS, SCRIPTED

COMPARED = (
    *("bluejay-results", "bluejay-sdk", "openapi-python-client", "datamodel-code-generator"),
    *("pydantic", "httpx"),
)
_HEAD = """\
# What clients believe

`make peers` writes this page. The command serves each client, over HTTP on this machine, the mutants that
`contract-kit` derives from `openapi.yaml`. A mutant is a response that breaks the contract, which a client
should refuse, or a legal response, which a client should accept. A few mutants are *tolerated*, because a
client may refuse or accept them: for example, an enum value that the client doesn't know.

A client refuses a response if it raises an error that it documents, or an error of httpx or json that it lets
through. Any other exception is a crash. openapi-python-client runs with its option to raise for undocumented
statuses. The models of datamodel-code-generator are used behind httpx, once with pydantic's `strict`. A
client that raises for every error status also refuses a broken 422, but it doesn't check the body.
"""


def table(matrices: Mapping[str, Matrix]) -> Iterator[str]:
    """Yield the lines of the table: a row for each client, by its name."""
    yield f"| client | mutants | {' | '.join(SHOWN)} | believed most | crashed most |"
    yield f"|---|{'--:|' * (len(SHOWN) + 1)}---|---|"
    for name, matrix in matrices.items():
        counts = matrix.counts
        cells = (f"{counts[verdict]:,}" if counts[verdict] else "-" for verdict in SHOWN)
        most = (_most(matrix, verdict) for verdict in (Verdict.BELIEVED, Verdict.CRASHED))
        yield f"| {name} | {len(matrix.rows):,} | {' | '.join(cells)} | {' | '.join(most)} |"


def _most(matrix: Matrix, verdict: Verdict) -> str:
    """Name the three keywords with the most rows of a verdict."""
    keywords = Counter(row.group for row in matrix.rows if row.verdict is verdict)
    return ", ".join(f"{keyword} {count:,}" for keyword, count in keywords.most_common(3)) or "-"


def markdown(matrices: Mapping[str, Matrix]) -> str:
    """Return the whole report."""
    return "\n".join([_HEAD, *table(matrices), "", *_details(matrices)]) + "\n"


def _details(matrices: Mapping[str, Matrix]) -> Iterator[str]:
    yield from (f"{peer.name} could not be run here.\n" for peer in PEERS if peer.name not in matrices)
    yield "| client | refuses a response by |\n|---|---|"
    yield from (f"| {peer.name} | {peer.refuses} |" for peer in PEERS)
    ours = matrices[PEERS[0].name]
    yield f"\nFaults of our client: {len(ours.failures):,}\n"
    yield from (f"- {row.verdict}: `{row.id}` {row.breaks}" for row in ours.failures)
    yield f"\n{_versions(SCRIPTED.name in matrices)}"


def _versions(with_node: bool) -> str:
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {metadata.version(name)}" for name in COMPARED]
    if with_node:
        found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607 - the node in PATH
        versions.append(f"Node {found.stdout.strip().removeprefix('v')}")
    return f"Measured with {', '.join(versions)}."
