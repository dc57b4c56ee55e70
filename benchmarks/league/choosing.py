"""Chooses the league's public documents by the rule in choice.toml, and writes chosen.json.

Usage: python -m benchmarks.league.choosing
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, frozen
from benchmarks.corpus.documents import BUILT as CORPUS
from benchmarks.corpus.documents import PACKAGE, ROOT, Document, documents

from .cutting import JSON, cut, qualifying

_FOLDER = Path(__file__).parent
RULE: dict[str, Any] = tomllib.loads((_FOLDER / "choice.toml").read_text(encoding="utf-8"))
"""The rule in choice.toml."""
CHOSEN = _FOLDER / "chosen.json"
BUILT = ROOT / ".build" / "league"
_SOURCES: dict[str, Path] = {
    PACKAGE: CORPUS / "node_modules" / PACKAGE / "api",
    RULE["github"]["package"]: BUILT / "node_modules" / RULE["github"]["package"],
}


@frozen
class Stratum:
    """A group of documents.

    Attributes:
        version: The version of OpenAPI: 3.0 or 3.1.
        size: `small`, `medium` or `large`, depending on the number of qualifying operations.
        unions: Whether the document has `oneOf` or `anyOf`.
    """

    version: str
    size: str
    unions: bool

    def __str__(self) -> str:
        return f"{self.version}, {self.size}, {'unions' if self.unions else 'no unions'}"


@frozen
class Chosen:
    """A public document in the league.

    Attributes:
        name: The provider.
        package: The npm package that contains the document.
        file: The path of the file in the package, or in its folder `api`.
        version: The document's own version, from `info`.
        stratum: The stratum, in words.
        sha256: The hash of the file.
    """

    name: str
    package: str
    file: str
    version: str
    stratum: str
    sha256: str

    @property
    def path(self) -> Path:
        """The file."""
        return _SOURCES[self.package] / self.file


def stratum(document: JSON) -> Stratum | None:
    """Return a document's stratum; None if the document doesn't qualify."""
    version, count = str(document.get("openapi"))[:3], len(qualifying(document))
    if version not in RULE["strata"]["version"] or count < RULE["fewest"]:
        return None
    size = next((name for name, most in RULE["strata"]["size"].items() if count <= most), "large")
    return Stratum(version, size, _has_unions(document))


def draw(groups: Mapping[Stratum, Sequence[Document]], seed: int, left_out: str) -> dict[Stratum, Document]:
    """Draw one document from each group, but no two from the same provider.

    Args:
        groups: The documents by stratum.
        seed: The seed.
        left_out: A provider whose documents are not drawn.
    """
    taken, drawn = {left_out}, dict[Stratum, Document]()
    by_providers = sorted(groups, key=lambda each: (len({one.provider for one in groups[each]}), str(each)))
    for each in by_providers:
        generator = random.Random(f"{seed} {each}")  # noqa: S311 - not a secret
        if providers := sorted({one.provider for one in groups[each]} - taken):
            provider = generator.choice(providers)
            drawn[each] = generator.choice([one for one in groups[each] if one.provider == provider])
            taken.add(provider)
    return drawn


def load_chosen() -> tuple[Chosen, ...]:
    """Return the documents listed in chosen.json."""
    return tuple(Chosen(**each) for each in json.loads(CHOSEN.read_bytes()))


def write_cut(chosen: Chosen, file: Path) -> None:
    """Cut a chosen document by the rule, and write it."""
    content = chosen.path.read_bytes()
    if hashlib.sha256(content).hexdigest() != chosen.sha256:
        raise ValueError(f"{chosen.path} isn't the document in chosen.json.")
    document = cut(json.loads(content), RULE["operations"], f"{RULE['seed']} {chosen.name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def _has_unions(node: Any) -> bool:
    if isinstance(node, dict):
        return "oneOf" in node or "anyOf" in node or any(map(_has_unions, node.values()))
    return isinstance(node, list) and any(map(_has_unions, node))


def _described(package: str, path: Path, name: str) -> Chosen:
    content = path.read_bytes()
    document = json.loads(content)
    return Chosen(
        name,
        package,
        str(path.relative_to(_SOURCES[package])),
        str(document["info"]["version"]),
        str(stratum(document)),
        hashlib.sha256(content).hexdigest(),
    )


def _grouped(found: Iterable[Document]) -> dict[Stratum, list[Document]]:
    groups: dict[Stratum, list[Document]] = {}
    for each in found:
        if place := stratum(json.loads(each.path.read_bytes())):
            groups.setdefault(place, []).append(each)
    return groups


def main() -> int:
    """Run the command and return its exit code."""
    github = RULE["github"]
    groups = _grouped(documents(_SOURCES[PACKAGE]))
    drawn = draw(groups, RULE["seed"], github["provider"])
    for each in sorted(groups, key=str):
        providers = {one.provider for one in groups[each]}
        sys.stderr.write(f"{each}: {len(groups[each]):,} documents of {len(providers):,} providers\n")
    chosen = [_described(PACKAGE, drawn[each].path, drawn[each].provider) for each in sorted(drawn, key=str)]
    source = _SOURCES[github["package"]] / github["file"]
    chosen.append(_described(github["package"], source, github["provider"]))
    CHOSEN.write_text(json.dumps([asdict(each) for each in chosen], indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
