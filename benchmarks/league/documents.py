"""The league's documents: our own five, and the chosen public ones, which are cut before use."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus.documents import ROOT

from .choosing import BUILT, load_chosen, write_cut

PUBLIC = {each.name: each for each in load_chosen()}
"""The chosen public documents, by name."""
OWN = {
    "contract": ROOT / "openapi.yaml",
    **{
        name: ROOT / "examples" / name / "openapi.yaml"
        for name in ("orders", "calendar", "payments", "files")
    },
}
"""The documents in this repository, by name."""
DOCUMENTS: dict[str, Path] = {name: BUILT / "documents" / f"{name}.json" for name in PUBLIC} | OWN
"""The documents that clients are generated from, by name."""


def write_documents() -> None:
    """Cut the public documents by the rule, and write them."""
    for name, chosen in PUBLIC.items():
        write_cut(chosen, DOCUMENTS[name])
