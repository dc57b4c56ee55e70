"""PEERS.md: a table of what each client did, and how to read it."""

from __future__ import annotations

import platform
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import metadata

from contract_kit.matrix import Matrix, Verdict

from ..verdicts import SHOWN
from .peers import PEERS, SCRIPTED

COMPARED = (
    *("bluejay-results", "bluejay-sdk", "openapi-python-client", "datamodel-code-generator"),
    *("pydantic", "httpx"),
)
_HEAD = """\
# What clients believe

Written by `make peers`. Each client gets, over HTTP on this machine, the mutants that `contract-kit` derives
from `openapi.yaml`: responses that break the contract, which a client should refuse, and legal ones, which it
should accept. With a few it may do either, such as an enum value that it doesn't know: they are tolerated.

A client refuses by the errors that it documents, and by those of httpx and json where it lets them through.
It crashes where it raises anything else. openapi-python-client raises for undocumented statuses here,
an option of it. The models of datamodel-code-generator stand behind httpx, once with pydantic's `strict`.
A client that raises for any error status refuses a broken 422 by its status alone.
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
    yield "| client | refuses by |\n|---|---|"
    yield from (f"| {peer.name} | {peer.refuses} |" for peer in PEERS)
    ours = matrices[PEERS[0].name]
    yield f"\nWhat ours gets wrong: {len(ours.failures):,}\n"
    yield from (f"- {row.verdict}: `{row.id}` {row.breaks}" for row in ours.failures)
    yield f"\n{_versions(SCRIPTED.name in matrices)}"


def _versions(with_node: bool) -> str:
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {metadata.version(name)}" for name in COMPARED]
    if with_node:
        found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)  # noqa: S607 - that of PATH
        versions.append(f"Node {found.stdout.strip().removeprefix('v')}")
    return f"With {', '.join(versions)}."
