"""Reads the values of `--ignore`. `judge/results.py` matches them with the faults."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from contract_kit.derive.keyword_changes import KEYWORDS
from contract_kit.derive.model import LEGAL, PROTOCOL
from contract_kit.errors import KitError
from contract_kit.read.document import nearest
from contract_kit.terminal import terminal_safe

_COMMENT = re.compile(r"(^|\s)#.*")
_GROUPS = frozenset({*KEYWORDS, LEGAL, PROTOCOL})


def read_ignored(given: Sequence[str], operations: Collection[str]) -> tuple[str, ...]:
    """Return the keywords and fields that the values of `--ignore` name.

    Args:
        given: Keywords, fields as the list of faults prints them, or `@` followed by the path of a file with
            one keyword or field per line. A comment starts with `#` after a space or at the start of a line.
        operations: The ids of the document's operations.

    Raises:
        KitError: A file can't be read, or a value is neither a keyword nor a field of an operation.
    """
    found: dict[str, None] = {}
    for where, entry in _entries(given):
        is_field = any(entry.startswith(f"{terminal_safe(name)} ") for name in operations)
        if entry not in _GROUPS and not is_field:
            near = nearest(entry.partition(" ")[0], [*_GROUPS, *operations])
            raise KitError(
                f"{where}: {entry!r} is neither a keyword nor a field. The list of faults prints a field as "
                f"OPERATION STATUS LOCATION.{near}"
            )
        found[entry] = None
    return tuple(found)


def _entries(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the origin of each keyword or field (the option, or the line of a file), then the name itself."""
    for value in given:
        if not value.startswith("@"):
            yield "--ignore", " ".join(value.split())
            continue
        path = Path(value[1:])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise KitError(f"--ignore {value}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise KitError(f"--ignore {value}: the file isn't UTF-8.") from None
        for number, line in enumerate(lines, 1):
            if entry := " ".join(_COMMENT.sub("", line).split()):
                yield f"{path}, line {number}", entry
