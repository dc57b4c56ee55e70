"""All kept texts, by group: a group is made at once, and is one text or a folder of them."""

from collections.abc import Callable, Iterable

from . import changes
from .outputs import outputs, refusals

TABLES: dict[str, Callable[[], Iterable[str]]] = {
    "diff-documents.txt": changes.of_documents,
    "diff-schemas.txt": changes.of_schemas,
    "refusals.txt": refusals,
}
OUTPUTS = "outputs"
GROUPS = (*TABLES, OUTPUTS)


def texts(group: str) -> dict[str, str]:
    """Return the texts of a group, by name."""
    if group == OUTPUTS:
        return {f"{OUTPUTS}/{name}": text for name, text in outputs()}
    return {group: "".join(f"{line}\n" for line in TABLES[group]())}
